"""Write the numbers that Word sets before paragraphs (一、, （二）, 1.1) and keeps out of their text.

A further way to write numbers is an entry in `WRITTEN`. Bullets are no numbers, and are not written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFF = ("0", "false", "off")  # how a setting says no
LEVELS = 9  # that a list may have
HAN = "零一二三四五六七八九"
LEGAL, LEGAL_UNITS = "零壹贰叁肆伍陆柒捌玖", ("仟", "佰", "拾", "")
UNITS = ("千", "百", "十", "")
ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
CIRCLED, PARENTHESIZED, DOTTED = (
    0x2460,
    0x2474,
    0x2488,
)  # characters for 1, and for numbers up to 20 behind it
LAST_CIRCLED = 20
LONGEST = 6  # digits of a number that is counted from
MOST = 9_999  # beyond which numbers are written in Arabic digits only


def write_number(number: int, form: str) -> str:
    """Write a number as Word does by one of its formats (``w:numFmt``); "" for a bullet or none."""
    if form in ("bullet", "none"):
        return ""
    return WRITTEN.get(form, str)(number) if 0 < number <= MOST else str(number)


def _counted(number: int, digits: str, units: Sequence[str]) -> str:
    """Write a number up to `MOST` with units: 一百零二."""
    said, gap = "", False
    for figure, unit in zip(f"{number:04d}", units, strict=True):
        if figure == "0":
            gap = bool(said)
            continue
        said += (digits[0] if gap else "") + digits[int(figure)] + unit
        gap = False
    return said


def _han(number: int) -> str:
    """Write a number as it is read: 十二, 二十一."""
    said = _counted(number, HAN, UNITS)
    return said.removeprefix("一") if said.startswith("一十") else said


def _roman(number: int) -> str:
    said = ""
    for value, letters in ROMAN:
        said += letters * (number // value)
        number %= value
    return said


def _letter(number: int) -> str:
    """Write a letter, doubled behind the alphabet: A to Z, AA, BB."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _sign(first: int) -> Callable[[int], str]:
    return lambda number: chr(first + number - 1) if number <= LAST_CIRCLED else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


def _digits(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(figure)] for figure in str(number))


WRITTEN: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            *("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand"),
            *("japaneseCounting", "koreanCounting"),
        ),
        _han,
    ),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"), _digits),
    "chineseLegalSimplified": lambda number: _counted(number, LEGAL, LEGAL_UNITS),
    "ideographLegalTraditional": lambda number: _counted(number, "零壹貳參肆伍陸柒捌玖", LEGAL_UNITS),
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: "".join(chr(ord(figure) + 0xFEE0) for figure in str(number)),
    "decimalFullWidth2": lambda number: "".join(chr(ord(figure) + 0xFEE0) for figure in str(number)),
    "decimalEnclosedCircle": _sign(CIRCLED),
    "decimalEnclosedCircleChinese": _sign(CIRCLED),
    "decimalEnclosedParen": _sign(PARENTHESIZED),
    "decimalEnclosedFullstop": _sign(DOTTED),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
}


class Level(NamedTuple):
    """How one level of a list is numbered: from where, by which format, in which words (``%1、``)."""

    start: int
    form: str
    words: str
    legal: bool  # numbers of higher levels are written in Arabic digits


class ListNumbers:
    """The numbers of the lists of a document, counted while its paragraphs are read in their order."""

    def __init__(self, numbering: Any | None, styles: Any) -> None:  # noqa: ANN401 - lxml elements have no types
        self._lists = dict(_lists(numbering)) if numbering is not None else {}
        self._styles = dict(_settings(styles))
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()

    def label(self, paragraph: Any) -> str:  # noqa: ANN401 - as above
        """Count a paragraph, and return the number that stands before it; "" for none."""
        name, at = self._place(paragraph)
        found = self._lists.get(name)
        if found is None or at not in found.levels:
            return ""
        level = found.levels[at]
        counts = self._counts.setdefault(found.counted, [None] * LEVELS)
        before = None if name not in self._begun and at in found.restarts else counts[at]
        self._begun.add(name)
        counts[at:] = [level.start if before is None else before + 1, *repeat(None, LEVELS - at - 1)]
        return _label(level, counts, found.levels)

    def _place(self, paragraph: Any) -> tuple[str, int]:  # noqa: ANN401 - as above
        """Return the list and level of a paragraph, by its own setting or its style's; "" for none."""
        settings = paragraph.find(W + "pPr")
        if settings is None:
            return "", 0
        style = settings.find(W + "pStyle")
        name, at = self._styles.get(_value(style), ("", 0))
        own = settings.find(W + "numPr")
        if own is None:
            return name, at
        given, level = own.find(W + "numId"), own.find(W + "ilvl")
        return (name if given is None else _value(given)), (at if level is None else _count(level, at))


class _List(NamedTuple):
    """A list: which others it counts with, its levels, and those that it begins anew."""

    counted: str
    levels: Mapping[int, Level]
    restarts: frozenset[int]


def _label(level: Level, counts: Sequence[int | None], levels: Mapping[int, Level]) -> str:
    words = level.words
    for at in range(LEVELS):
        if f"%{at + 1}" in words:
            form = "decimal" if level.legal or at not in levels else levels[at].form
            count = counts[at]
            if count is None:  # a level above that no paragraph has
                count = levels[at].start if at in levels else 1
            words = words.replace(f"%{at + 1}", write_number(count, form))
    shown = "" if level.form in ("bullet", "none") else words.strip()
    return f"{shown} " if shown[-1:].isascii() and shown else shown


def _lists(numbering: Any) -> Iterator[tuple[str, _List]]:  # noqa: ANN401 - as above
    """Yield the lists of a document by their names."""
    abstract = {one.get(W + "abstractNumId"): one for one in numbering.iter(W + "abstractNum")}
    for one in numbering.iter(W + "num"):
        counted = _value(one.find(W + "abstractNumId"))
        base = abstract.get(counted)
        own = list(one.iter(W + "lvlOverride"))
        given = chain(
            () if base is None else base.iter(W + "lvl"), *(change.iter(W + "lvl") for change in own)
        )
        levels = {_at(level): _level(level) for level in given if _at(level) < LEVELS}
        restarts = {_at(change): change.find(W + "startOverride") for change in own}
        for at, start in restarts.items():
            if start is not None and at in levels:
                levels[at] = levels[at]._replace(start=_count(start, 1))
        begun = frozenset(at for at, start in restarts.items() if start is not None)
        yield one.get(W + "numId", ""), _List(counted, levels, begun)


def _level(element: Any) -> Level:  # noqa: ANN401 - as above
    start, form, words = (element.find(W + name) for name in ("start", "numFmt", "lvlText"))
    legal = element.find(W + "isLgl") is not None
    return Level(_count(start, 1), _value(form) or "decimal", _value(words), legal)


def _settings(styles: Any) -> Iterator[tuple[str, tuple[str, int]]]:  # noqa: ANN401 - as above
    """Yield the list and level of each style that is numbered, by its own setting or that of its base."""
    known = {style.get(W + "styleId", ""): style for style in styles.iter(W + "style")}
    for name in known:
        style, given, level = known.get(name), None, None
        for _ in repeat(None, LEVELS):
            if style is None:
                break
            found = style.find(f"{W}pPr/{W}numPr")
            if found is not None:
                given = found.find(W + "numId") if given is None else given
                level = found.find(W + "ilvl") if level is None else level
            style = known.get(_value(style.find(W + "basedOn")))
        if given is not None:
            yield name, (_value(given), _count(level, 0))


def _at(element: Any) -> int:  # noqa: ANN401 - as above
    return _whole(element.get(W + "ilvl", "0"), LEVELS)


def _value(element: Any | None) -> str:  # noqa: ANN401 - as above
    return "" if element is None else str(element.get(W + "val", ""))


def _count(element: Any | None, default: int) -> int:  # noqa: ANN401 - as above
    return _whole(_value(element), default)


def _whole(value: str, default: int) -> int:
    return int(value) if value.isdecimal() and len(value) <= LONGEST else default

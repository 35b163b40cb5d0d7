"""Damage of one kind done to whole articles, so that what a rule should make of it is known.

`DAMAGES` has an entry for each rule whose damage can be made by hand: a function that damages a part of an
article's paragraphs. Forms of characters are taken from Unicode's own tables, not from those of the rules.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

# Each paragraph as it was damaged, and what it must become.
Pairs = list[tuple[str, str]]
Damage = Callable[[list[str], random.Random], Pairs]

SHARE = 0.3  # of the places that could be damaged
INVISIBLE = "\u200b\u200c\ufeff\u00ad\u200e\u2060"
SPACES = "\u00a0\u2002\u2009\u202f"
ENTITIES = {
    "“": "&ldquo;",
    "”": "&rdquo;",
    "—": "&mdash;",
    "…": "&hellip;",
    "·": "&middot;",
    "《": "&#12298;",
}
MARKS = "，。；：？！、）》”"
CAPTIONS = ("图{n}  项目完成情况示意", "图为工作人员在现场查看。新华社发", "（责任编辑：何晓燕）", "资料图片")
SHORTEST_CUT = 60


def places(pattern: str, make: Callable[[re.Match[str], random.Random], str]) -> Damage:
    """Damage a share of what a pattern finds."""

    def damage(paragraphs: list[str], rng: random.Random) -> Pairs:
        def one(match: re.Match[str]) -> str:
            return make(match, rng) if rng.random() < SHARE else match[0]

        return [(re.sub(pattern, one, paragraph), paragraph) for paragraph in paragraphs]

    return damage


def whole(pattern: str, make: Callable[[re.Match[str]], str]) -> Damage:
    """Damage all that a pattern finds, in a share of the articles."""

    def damage(paragraphs: list[str], rng: random.Random) -> Pairs:
        spared = rng.random() >= SHARE
        return [(one if spared else re.sub(pattern, make, one), one) for one in paragraphs]

    return damage


def forms(*blocks: tuple[int, int], form: str) -> Damage:
    """Write the characters that a block of Unicode calls equal to plain ones."""
    table: dict[str, list[str]] = {}
    for first, last in blocks:
        for code in range(first, last + 1):
            plain = unicodedata.normalize(form, chr(code))  # type: ignore[arg-type]
            if len(plain) == 1 and plain != chr(code) and not plain.isspace():
                table.setdefault(unicodedata.normalize("NFC", plain), []).append(chr(code))
    wide = str.maketrans(",:;!?()", "，：；！？（）")
    table = {plain.translate(wide): others for plain, others in table.items()}
    return places(f"[{re.escape(''.join(table))}]", lambda match, rng: rng.choice(table[match[0]]))


def of_paragraphs(make: Callable[[str], str], fits: Callable[[str], bool]) -> Damage:
    """Damage whole paragraphs."""

    def damage(paragraphs: list[str], rng: random.Random) -> Pairs:
        return [(make(one) if fits(one) and rng.random() < SHARE else one, one) for one in paragraphs]

    return damage


def misread(encoding: str) -> Callable[[str], str]:
    """UTF-8 read as if it were another encoding, where that can be undone."""

    def make(text: str) -> str:
        try:
            return text.encode().decode(encoding)
        except UnicodeDecodeError:
            return text

    return make


def with_notes(paragraphs: list[str], rng: random.Random) -> Pairs:
    """Cut sentences in two by captions and notes, and set others between whole paragraphs."""
    out: Pairs = []
    for number, paragraph in enumerate(paragraphs):
        note, cut = rng.choice(CAPTIONS).format(n=number), rng.randrange(20, SHORTEST_CUT - 20)
        if len(paragraph) >= SHORTEST_CUT and rng.random() < SHARE and not _ends_near(paragraph, cut):
            out.append((f"{paragraph[:cut]}\n\n{note}\n\n{paragraph[cut:]}", f"{paragraph}\n{note}"))
        elif rng.random() < SHARE / 3:
            out += [(paragraph, paragraph), (note, note)]
        else:
            out.append((paragraph, paragraph))
    return out


def _ends_near(paragraph: str, cut: int) -> bool:
    """Whether a mark or a number stands where a page would not end."""
    return re.search(r"[\W\d]", paragraph[cut - 2 : cut + 2]) is not None


DAMAGES: Mapping[str, Damage] = {
    "invisible": places(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", lambda _, rng: rng.choice(INVISIBLE)),
    "entity": places(f"[{''.join(ENTITIES)}]", lambda match, _: ENTITIES[match[0]]),
    "space kind": places(" ", lambda _, rng: rng.choice(SPACES)),
    "ends": of_paragraphs(lambda text: f"\u00ad\u3000{text}\u00ad ", lambda text: len(text) > 1),
    "compatibility ideograph": forms((0xF900, 0xFAFF), form="NFC"),
    "radical": forms((0x2F00, 0x2FD5), form="NFKC"),
    "presentation form": forms(
        (0xFE10, 0xFE19), (0xFE30, 0xFE44), (0xFE50, 0xFE51), (0xFE54, 0xFE6B), form="NFKC"
    ),
    "doubled glyphs": of_paragraphs(
        lambda text: "".join(c if c.isspace() else c * 2 for c in text), lambda text: len(text) > 3
    ),
    "letter spacing": of_paragraphs(
        " ".join, lambda text: re.fullmatch("[\u4e00-\u9fff]{4,20}", text) is not None
    ),
    "width": whole(r"[0-9A-Za-z]", lambda match: chr(ord(match[0]) + 0xFEE0)),
    "year zero": whole("〇", lambda _: "○"),
    "ellipsis": places("……", lambda _, rng: rng.choice(("......", "...", "。。。"))),
    "quotes": whole("[“”]", lambda _: '"'),
    "brackets": whole("[（）]", lambda match: "()"[match[0] == "）"]),
    "punctuation": whole("[，；：？！]", lambda match: ",;:?!"["，；：？！".index(match[0])]),
    "space at mark": places(f"(?<=[{MARKS}])(?=[\u4e00-\u9fff])", lambda _, _rng: " "),
    "stray space": places(
        r"(?<=[\u4e00-\u9fff]{2})(?=[\u4e00-\u9fff]{2})", lambda _, rng: " " * (rng.random() < SHARE / 5)
    ),
    "mojibake": of_paragraphs(misread("latin-1"), lambda text: len(text) > 20),
    "moved note": with_notes,
}


def damaged(rule: str, paragraphs: Sequence[str], seed: str) -> tuple[str, str]:
    """One article with the damage that a rule mends, and what it must become; the seed decides where."""
    pairs = DAMAGES[rule](list(paragraphs), random.Random(f"{rule} {seed}"))
    return "\n\n".join(raw for raw, _ in pairs), "\n".join(gold for _, gold in pairs)

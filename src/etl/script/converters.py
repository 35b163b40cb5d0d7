"""Convert with OpenCC in every direction, chosen by what the text shows; safe to share between threads.

A direction is one entry in `CHAINS`: OpenCC's configurations, one after the other. Names are converted
character by character with `Converters.name`, since phrase tables know words, not people.
"""

import re
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Literal

from etl.script.detection import detect, is_wholly_traditional
from etl.script.names import named_spans
from etl.script.tables import PLAIN_FORM, common_forms, keep_meant, simplifiable
from etl.script.words import Forms, convert_by_words
from etl.text.folding import Folding, converter
from etl.text.surnames import SAME_IN_BOTH_SCRIPTS

Target = Literal["hans", "hant", "tw", "hk"]
Conversion = Callable[[str], str]

# From traditional text of a region, from traditional text at large, from anything else.
CHAINS: dict[tuple[str, str | None], tuple[str, ...]] = {
    ("hans", "tw"): ("tw2s",),
    ("hans", "hk"): ("hk2s",),
    ("hans", "hant"): ("t2s",),
    ("hans", None): ("t2s",),
    ("hant", None): ("s2t",),
    ("tw", None): ("s2t", "t2tw"),
    ("hk", None): ("s2t", "t2hk"),
    ("hant", "tw"): (),
    ("hant", "hk"): (),
    ("hant", "hant"): (),
    ("tw", "tw"): (),
    ("tw", "hk"): ("hk2t", "t2tw"),
    ("tw", "hant"): ("t2tw",),
    ("hk", "hk"): (),
    ("hk", "tw"): ("tw2t", "t2hk"),
    ("hk", "hant"): ("t2hk",),
}
_FOREIGN = re.compile("([\x00\ud800-\udfff]+)")
# 麦面, which no phrase knows.
_NOODLES = re.compile("面(?<=[麥蕎莜]面)(?![前對臨])")
# Characters that stay as they are in names: to simplified variants that are no simplification, to traditional
# those whose other form is another word (丑 and 醜).
_SAME_IN_NAMES = frozenset("里岳余丑谷于后松郁姜曲咸")
_IN_NAMES = {"hans": frozenset("乾昇甦汎旂喆"), **dict.fromkeys(("hant", "tw", "hk"), _SAME_IN_NAMES)}


class Converters:
    """The conversions to each script; ``traditional`` says what the target ``hant`` means: hant, tw or hk."""

    def __init__(self, traditional: str) -> None:
        self._traditional = traditional

    @cached_property
    def _names(self) -> dict[str, Forms]:
        return {to: Forms(_chain((to, None))) for to in ("hans", "hant", "tw", "hk")}

    def leaves(self, text: str, to: Target) -> bool:
        """Check by its characters alone whether conversion is sure to leave a text as it is."""
        return text.isascii() or (to == "hans" and not simplifiable().search(text))

    def text(self, text: str, to: Target) -> str:
        """Convert any string to another script, with the conversion that fits its own script and region.

        >>> Converters("hant").text("皇后的头发", "tw")
        '皇后的頭髮'
        """
        return self.chosen(text, to)(text)

    def chosen(self, text: str, to: Target) -> Conversion:
        """Choose the conversion that fits the script and region of ``text``, to be used on pieces of it.

        Raises:
            ValueError: ``to`` is no script offered.
        """
        if (to, None) not in CHAINS:
            raise ValueError(f"cannot convert to {to!r}; choose hans, hant, tw or hk")
        target = self._traditional if to == "hant" else to
        conversion = _chain((target, _origin(text, target)))
        return lambda piece: self._with_names(piece, conversion(piece), to)

    def _with_names(self, text: str, converted: str, to: Target) -> str:
        """Return ``converted``, the persons' names in ``text`` converted character by character instead."""
        if len(text) != len(converted) or text.isascii():
            return converted
        if not (named_ones := named_spans(text)):
            return converted
        out = list(converted)
        for start, end in named_ones:
            named = self.name(text[start:end], to)
            if to == "hans":  # OpenCC knows more of simplified names (钱锺书) than their characters say
                named = "".join(map(_kept, text[start:end], converted[start:end]))
            out[start:end] = named
        return "".join(out)

    def name(self, text: str, to: Target) -> str:
        """Convert a person's name to another script, character by character.

        >>> Converters("hant").name("余发展", "hant")
        '余發展'
        """
        target = self._traditional if to == "hant" else to
        forms, same = self._names[target], _IN_NAMES[target]
        named = [old if old in same else forms[old] for old in text]
        if target != "hans" and text[:1] in SAME_IN_BOTH_SCRIPTS:
            named[0] = text[0]
        return "".join(named)


def _kept(old: str, new: str) -> str:
    return old if old in _IN_NAMES["hans"] else new


def _origin(text: str, target: str) -> str | None:
    """Return the script of a text to convert from: a region, ``hant``, or None for all else."""
    if target != "hans" and not is_wholly_traditional(text):
        return None
    found = detect(text)
    return (found.region or "hant") if found.script == "hant" else None


@lru_cache(maxsize=len(CHAINS))
def _chain(direction: tuple[str, str | None]) -> Conversion:
    steps = _steps(CHAINS[direction])
    forms = common_forms() if direction == ("hant", None) else Folding()

    def plain(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    def corrected(text: str) -> str:
        converted = plain(text)
        return keep_meant(text, converted) if direction[0] == "hans" else converted.replace(*PLAIN_FORM)

    def conversion(text: str) -> str:
        """Convert a text except its lone surrogates and NUL characters, which OpenCC cannot take."""
        pieces = _FOREIGN.split(text)
        whole = "".join(piece if index % 2 else corrected(piece) for index, piece in enumerate(pieces))
        return forms.fold(whole) if forms else whole

    return conversion


def _steps(configurations: Sequence[str]) -> list[Conversion]:
    """Return OpenCC's conversions, one after the other; words decide in what was simplified."""
    steps: list[Conversion] = [converter(name).convert for name in configurations]
    return [_by_words(steps[0]), *steps[1:]] if configurations[:1] == ("s2t",) else steps


def _by_words(convert: Conversion) -> Conversion:
    forms = Forms(convert)  # reports repeat their words
    return lambda text: _NOODLES.sub("麪", convert_by_words(text, convert, forms))

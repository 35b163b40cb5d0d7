"""Convert a traced text between scripts, with provenance for every character and few lines in the ledger.

Names in ``keep`` are converted character by character and split the text, so that no phrase reaches across
their edges. Changes nearer than `_NEAR` characters share one line of the ledger.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from etl.model.traced import Change, Edit, Traced, apply
from etl.script.converters import Converters, Target
from etl.text.differences import differences

# Traditional text changes every third character: one entry a stretch would be a ledger larger than the text.
_NEAR = 16
_PIECE = re.compile(r"[^\n。！？；，]*[\n。！？；，]?")


def convert(
    traced: Traced, converters: Converters, to: Target, keep: Sequence[str] = ()
) -> tuple[Traced, tuple[Change, ...]]:
    """Convert a text to script ``to``; return it with the changes. No phrase rewrites names in ``keep``."""
    return apply(traced, _edits(traced.text, converters, to, keep), "convert")


def _edits(text: str, converters: Converters, to: Target, keep: Sequence[str]) -> Iterator[Edit]:
    if text.isascii():
        return
    conversion = converters.chosen(text, to)
    at = 0
    for start, end in _names(text, keep):
        yield from _stretches(text[at:start], conversion, at)
        yield from _stretches(text[start:end], lambda name: converters.name(name, to), start)
        at = end
    yield from _stretches(text[at:], conversion, at)


def _names(text: str, keep: Sequence[str]) -> list[tuple[int, int]]:
    """Return the spans of the names in a text; of names that begin at one place, the longest."""
    names = sorted({name for name in keep if name}, key=len, reverse=True)
    if not names:
        return []
    return [m.span() for m in re.finditer("|".join(map(re.escape, names)), text)]


def _stretches(text: str, conversion: Callable[[str], str], shift: int) -> Iterator[Edit]:
    converted = conversion(text)
    if converted == text:
        return
    if len(converted) == len(text):
        yield from _aligned(text, converted, shift)
        return
    for match in _PIECE.finditer(text):  # align sentence by sentence what does not keep its length
        piece = match.group()
        form = conversion(piece)
        if len(form) == len(piece):
            yield from _aligned(piece, form, shift + match.start())
        else:
            yield Edit(shift + match.start(), shift + match.end(), form, "script")


def _aligned(text: str, converted: str, shift: int) -> Iterator[Edit]:
    """Yield the edits between equally long texts; changes of one line nearer than `_NEAR` share an edit."""
    start = end = -1
    for at in differences(text, converted):
        if start >= 0 and (at - end >= _NEAR or "\n" in text[end:at]):
            yield Edit(shift + start, shift + end, converted[start:end], "script")
            start = -1
        start, end = (at if start < 0 else start), at + 1
    if start >= 0:
        yield Edit(shift + start, shift + end, converted[start:end], "script")

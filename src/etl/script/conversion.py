"""Convert a traced text between scripts, with provenance for every character and few lines in the ledger.

Names in ``keep`` are converted character by character and split the text, so that no phrase reaches across
their edges. Changes nearer than `_NEAR` characters share one line of the ledger.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise

from etl.model.traced import Change, Edit, Traced, apply
from etl.script.converters import Converters, Target
from etl.text.differences import differences
from etl.text.folding import SEPARATOR

# Traditional text changes every third character: one entry a stretch would be a ledger larger than the text.
_NEAR = 16
_PIECE = re.compile(r"[^\n。！？；，]*[\n。！？；，]?")


def convert(
    traced: Traced, converters: Converters, to: Target, keep: Sequence[str] = ()
) -> tuple[Traced, tuple[Change, ...]]:
    """Convert a text to script ``to``; return it with the changes. No phrase rewrites names in ``keep``."""
    if converters.leaves(traced.text, to):
        return traced, ()
    return apply(traced, _edits(traced.text, converters, to, keep), "convert")


def convert_text(text: str, converters: Converters, to: Target, keep: Sequence[str] = ()) -> str:
    """Convert a text as `convert` does, without provenance and ledger."""
    return "".join([new for _, new in _stretches(text, converters, to, keep)])


def _edits(text: str, converters: Converters, to: Target, keep: Sequence[str]) -> Iterator[Edit]:
    at = 0
    for old, new in _stretches(text, converters, to, keep):
        if len(old) != len(new):
            yield Edit(at, at + len(old), new, "script")
        elif old != new:
            yield from _aligned(old, new, at)
        at += len(old)


def _stretches(
    text: str, converters: Converters, to: Target, keep: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield each stretch of a text with its new form: names and what stands between them.

    What does not keep its length comes sentence by sentence.
    """
    if converters.leaves(text, to):
        yield text, text
        return
    conversion = converters.chosen(text, to)
    stretches = _split(text, _names(text, keep))
    between = iter(_at_once(stretches[::2], conversion))
    for index, old in enumerate(stretches):
        new = converters.name(old, to) if index % 2 else next(between)
        if index % 2 or len(old) == len(new):
            yield old, new
        else:
            yield from ((piece, conversion(piece)) for piece in _PIECE.findall(old))


def _names(text: str, keep: Sequence[str]) -> list[tuple[int, int]]:
    """Return the spans of the names in a text; of names that begin at one place, the longest."""
    ends: dict[int, int] = {}
    for name in sorted(filter(None, keep), key=len):
        at = text.find(name)
        while at >= 0:
            ends[at] = at + len(name)
            at = text.find(name, at + 1)
    spans, last = list[tuple[int, int]](), 0
    for start, end in sorted(ends.items()):
        if start >= last:
            spans.append((start, end))
            last = end
    return spans


def _split(text: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    """Return what stands before, in and between spans: every second piece is one of them."""
    cuts = [0, *chain.from_iterable(spans), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _at_once(pieces: Sequence[str], conversion: Callable[[str], str]) -> list[str]:
    """Convert pieces together, which takes less time than one after the other; no phrase bridges two."""
    forms = conversion(SEPARATOR.join(pieces)).split(SEPARATOR)
    if list(map(len, forms)) == list(map(len, pieces)):
        return forms
    return list(map(conversion, pieces))


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

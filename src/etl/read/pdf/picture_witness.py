"""Read characters that nothing else tells from the picture of their page, by character recognition.

The words that it recognizes are laid over the glyphs of the text layer, which keep their places; where the
two do not fit together, the glyphs stay as they are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from etl.read.pdf.engine import PageDrawing
from etl.read.pdf.lines import EYE_HEIGHT
from etl.read.pdf.page import Glyph
from etl.read.pdf.quality import is_strange
from etl.read.pdf.recognition import RecognizedWord

MOSTLY = 0.5  # of the characters of a font: where as many are not told, the others may be codes, too
# Of the size: how far the middle of a glyph may lie beside a word, whose box ends with the ink of a mark.
SLACK = 0.35
UNKNOWN = "\0"  # stands for a glyph that is not told, and is like no character


def told_by_picture(shown: PageDrawing, words: Sequence[RecognizedWord]) -> PageDrawing:
    """Return a page with the glyphs that are not told as the words at their places have them."""
    untrue = _untrue_fonts(shown.glyphs)
    wrong = [not glyph.confidence or glyph.font in untrue for glyph in shown.glyphs]
    told: dict[int, Glyph] = {}
    for word in words:
        within = _within(shown.glyphs, word)
        if any(wrong[k] for k in within):
            told |= _told(within, shown.glyphs, wrong, word)
    return replace(shown, glyphs=tuple(told.get(k, glyph) for k, glyph in enumerate(shown.glyphs)))


def _untrue_fonts(glyphs: Sequence[Glyph]) -> set[str]:
    """Return the fonts of which nothing holds: most characters are not told, or what is told is strange."""
    counts = Counter(glyph.font for glyph in glyphs)
    untold = Counter(glyph.font for glyph in glyphs if not glyph.confidence)
    strange = {glyph.font for glyph in glyphs if glyph.confidence == 1 and is_strange(glyph.text)}
    return strange | {font for font, count in counts.items() if untold[font] > MOSTLY * count}


def _within(glyphs: Sequence[Glyph], word: RecognizedWord) -> list[int]:
    """Return the numbers of the glyphs that a word covers, from left to right."""
    xs, ys = zip(*word.corners, strict=True)
    top, bottom = min(ys), max(ys)
    found = [
        k
        for k, glyph in enumerate(glyphs)
        if min(xs) - SLACK * glyph.size <= (glyph.x0 + glyph.x1) / 2 <= max(xs) + SLACK * glyph.size
        and top <= glyph.base - EYE_HEIGHT * glyph.size <= bottom
    ]
    return sorted(found, key=lambda k: glyphs[k].x0)


def _told(
    within: Sequence[int], glyphs: Sequence[Glyph], wrong: Sequence[bool], word: RecognizedWord
) -> Mapping[int, Glyph]:
    """Return the glyphs of a word that are not told, as its characters where it has as many."""
    known = [UNKNOWN if wrong[k] else glyphs[k].text for k in within]
    signs = [sign for sign in word.text if not sign.isspace()]
    return {
        within[at]: glyphs[within[at]]._replace(text=sign, confidence=word.confidence)
        for at, sign in _pairs(known, signs)
        if wrong[within[at]]
    }


def _pairs(known: Sequence[str], signs: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the places between what is known for which the recognized characters are as many."""
    for kind, a, b, c, d in SequenceMatcher(None, known, signs, autojunk=False).get_opcodes():
        if kind == "replace" and b - a == d - c:
            yield from zip(range(a, b), signs[c:d], strict=True)

"""Make a page of the words recognized in its picture: straight, with rules, in the direction of its type."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from etl.read.pdf.directions import held_box, turned_box
from etl.read.pdf.page import PdfPage
from etl.read.pdf.recognition import Picture, RecognizedWord, lines_of_words, skew_of
from etl.read.pdf.scanned_rules import rules_of

RUNS_DOWN = 1.5  # heights to widths of a word from which its characters stand one below the other


def scanned_page(picture: Picture, words: Sequence[RecognizedWord]) -> PdfPage:
    """Return the page of a picture; it is turned where most characters stand one below the other."""
    width, height = picture.width * picture.scale, picture.height * picture.scale
    turned = [*_turned(words, width)]
    level = [word for word in words if not _runs_down(word)]
    runs_down = _count(turned) > _count(level)
    skew = skew_of(turned if runs_down else words)
    strokes = rules_of(picture, skew)
    if not runs_down:
        return PdfPage(picture.page, width, height, lines_of_words(words, picture.page), strokes, ocr=True)
    straight = [_straight(word, -skew) for word in words]
    down = lines_of_words([*_turned(straight, width)], picture.page)
    across = lines_of_words([word for word in straight if not _runs_down(word)], picture.page)
    held = tuple(replace(line, box=held_box(line.box, width), vertical=True) for line in down)
    page = PdfPage(picture.page, width, height, across, strokes, ocr=True, crossing=held)
    return PdfPage(
        picture.page, height, width,
        tuple(replace(line, vertical=True) for line in down),
        tuple(turned_box(box, width) for box in strokes),
        ocr=True,
        across=page,
        crossing=tuple(replace(line, box=turned_box(line.box, width)) for line in across),
    )  # fmt: skip


def _count(words: Sequence[RecognizedWord]) -> int:
    return sum(len(word.text) for word in words)


def _runs_down(word: RecognizedWord) -> bool:
    left, right, below, _ = word.corners
    return len(word.text) > 1 and math.dist(right, below) >= RUNS_DOWN * math.dist(left, right)


def _turned(words: Sequence[RecognizedWord], width: float) -> Iterator[RecognizedWord]:
    """Yield the words that run down, on the page of this width held a quarter against the clock."""
    for word in filter(_runs_down, words):
        left, *others = word.corners
        yield word._replace(corners=tuple((y, width - x) for x, y in (*others, left)))


def _straight(word: RecognizedWord, angle: float) -> RecognizedWord:
    """Return a word of the page turned by an angle (radians)."""
    sine, cosine = math.sin(angle), math.cos(angle)
    places = ((x * cosine - y * sine, x * sine + y * cosine) for x, y in word.corners)
    return word._replace(corners=tuple(places))

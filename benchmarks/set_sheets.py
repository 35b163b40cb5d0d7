"""Sheets of a newspaper in lines from top to bottom: articles with a headline and registers each.

`laid_in_sheets` draws how a paper looks and fills its boxes, from right to left and downwards, with the
paragraphs of texts. Another place for a headline is one more choice in `Paper.headline`.
"""

import html
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from set_down import HEADS, LEVEL, TITLES, figured, quoted

POINT = 25.4 / 72  # millimetres
WIDTH, HEIGHT, TOP = 244.0, 340.0, 14.0  # millimetres of the type of a sheet, and of its head
GAP = 5.0  # millimetres between boxes
MOST_SHEETS = 2
LONGEST = 320  # characters of a paragraph of a newspaper


class Field(NamedTuple):
    """A box of a sheet, in millimetres from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass
class Paper:
    """How one newspaper is set; every field is drawn from `rng`."""

    rng: random.Random

    def __post_init__(self) -> None:
        """Draw everything."""
        pick = self.rng.choice
        self.size, self.leading, self.face = (
            pick((8, 8.5, 9, 10)),
            pick((1.3, 1.4, 1.6, 1.8)),
            pick(("serif", "sans-serif")),
        )
        self.indent, self.gap = pick(("2em", "2em", "1em")), pick((1.5, 2, 2.5))
        self.figures, self.old = pick(("sideways", "upright", "combined")), pick((True, True, False))
        self.boxed, self.ruled = pick(("", "beside", "around")), pick((True, False))
        self.headline = pick(("down", "down", "across", "mixed"))
        self.rows, self.fill = pick((2, 2, 3)), pick(("auto", "balance"))
        self.head, self.day = pick(HEADS)

    def __str__(self) -> str:
        """Say what tells papers apart."""
        parts = [f"sheet, {self.rows} rows of articles, headline {self.headline}, {self.figures}"]
        parts += [f"rules {self.boxed}"] * bool(self.boxed) + ["ruled"] * self.ruled
        return f"{', '.join(parts)}, indent {self.indent}, {self.size}/{self.leading}"


def laid_in_sheets(
    texts: Sequence[Sequence[str]], rng: random.Random, old: Callable[[str], str]
) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
    """A paper of one or two sheets: its pages as HTML, its paragraphs, no rows, and a name of its layout."""
    paper = Paper(rng)
    left = [one for text in texts for one in text if 20 < len(one) < LONGEST]
    words = [quoted(old(one)) if paper.old else one for one in left]
    sheets, used = [], 0
    for number in range(rng.randint(1, MOST_SHEETS)):
        parts = [_head(paper, number)]
        for field in _fields(paper):
            box, count = _article(paper, field, words[used:])
            parts.append(box)
            used += count
        sheets.append(f"<section>{''.join(parts)}</section>")
    head = f"<!doctype html><meta charset=utf-8><style>{_style(paper)}</style>"
    return f"{head}<body>{''.join(sheets)}", tuple(words[:used]), (), str(paper)


def _head(paper: Paper, number: int) -> str:
    return f"<header><b>{paper.head}</b><span>{paper.day}</span><span>第{number + 1}版</span></header>"


def _fields(paper: Paper) -> Iterator[Field]:
    """Yield the boxes of a sheet in the order in which they are read."""
    height = (HEIGHT - TOP - GAP * (paper.rows - 1)) / paper.rows
    for row in range(paper.rows):
        y, share = TOP + row * (height + GAP), paper.rng.choice((1.0, 0.6, 0.45))
        wide = WIDTH * share - (GAP / 2 if share < 1 else 0)
        yield Field(WIDTH - wide, y, wide, height)
        if share < 1:
            yield Field(0, y, WIDTH - wide - GAP, height)


def _article(paper: Paper, field: Field, words: Sequence[str]) -> tuple[str, int]:
    """One article in a box, and how many of the paragraphs it takes."""
    across = paper.headline == "across" or (paper.headline == "mixed" and paper.rng.random() < 0.5)
    size = paper.size * POINT
    registers = max(1, round(field.height / paper.rng.choice((45, 55, 70))))
    height, width = field.height - (12 if across else 0), field.width - (0 if across else 12)
    signs = int((height - (registers - 1) * paper.gap * size) / registers / size)
    room, count = registers * (int(width / (size * paper.leading)) - 1), 0
    while count < len(words) and (room := room - math.ceil((len(words[count]) + 4) / (signs - 1))) >= 0:
        count += 1
    said = "".join(f"<p>{figured(html.escape(one), paper.figures)}</p>" for one in words[:count])
    x, y, wide, high = field
    place = f"left: {x:.1f}mm; top: {y:.1f}mm; width: {wide:.1f}mm; height: {high:.1f}mm"
    title = f"<h1>{paper.rng.choice(TITLES)}</h1>"
    kind = "across" if across else "down"
    body = f'{title}<div style="columns: {registers}">{said}</div>'
    return f'<article class={kind} style="{place}">{body}</article>', count


def _style(paper: Paper) -> str:
    border = {"": "", "beside": "border-left: .5pt solid black", "around": "outline: .5pt solid black"}[
        paper.boxed
    ]
    rule = "0.4pt solid black" if paper.ruled else "none"
    return f"""
      @page {{ size: 280mm 396mm; margin: 20mm 18mm }}
      body {{ font: {paper.size}pt/{paper.leading} {paper.face}; margin: 0; text-align: justify }}
      section {{ position: relative; width: {WIDTH}mm; height: {HEIGHT}mm; break-after: page }}
      header {{ {LEVEL} display: flex; justify-content: space-between; height: 8mm }}
      header {{ border-bottom: 1pt solid black }}
      header b {{ font-size: 1.8em; letter-spacing: .3em }}
      article {{ position: absolute; {border} }} article.down {{ writing-mode: vertical-rl }}
      article.across {{ display: flex; flex-direction: column }}
      h1 {{ margin: 0; text-align: center; font-size: 20pt; line-height: 12mm }}
      article.down h1 {{ width: 12mm }} article.across h1 {{ height: 12mm }}
      div {{ writing-mode: vertical-rl; column-gap: {paper.gap}em;
        column-rule: {rule}; column-fill: {paper.fill} }}
      article.down div {{ height: 100%; width: calc(100% - 12mm) }}
      article.across div {{ flex: 1; min-height: 0; width: 100% }}
      p {{ margin: 0; text-indent: {paper.indent} }}
      .two {{ text-combine-upright: all }} .up {{ text-orientation: upright }}"""

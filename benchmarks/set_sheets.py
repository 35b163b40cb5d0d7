"""Sheets of a newspaper in lines from top to bottom: articles with a headline and registers each.

`laid_in_sheets` draws how a paper looks and fills its boxes, from right to left and downwards, with the
paragraphs of texts. Another place for a headline is one more choice in `Paper.headline`.
"""

import html
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from set_down import HEADS, LEVEL, TITLES, figured, quoted

POINT = 25.4 / 72  # millimetres
WIDTH, HEIGHT, TOP = 244.0, 340.0, 14.0  # millimetres of the type of a sheet, and of its head
GAP = 5.0  # millimetres between boxes
HEADLINE, LARGE = 12.0, 20.0  # millimetres of a headline, and points of its type
SHORTEST = min(map(len, TITLES)) + 1  # characters of a headline
MOST_SHEETS, MOST_ARTICLES, MOST_PARAGRAPHS = 2, 3, 7  # of a paper, of a row, of an article
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
        for row in range(paper.rows):
            boxes, count = _row(paper, row, words[used:])
            parts += boxes
            used += count
        sheets.append(f"<section>{''.join(parts)}</section>")
    head = f"<!doctype html><meta charset=utf-8><style>{_style(paper)}</style>"
    return f"{head}<body>{''.join(sheets)}", tuple(words[:used]), (), str(paper)


def _head(paper: Paper, number: int) -> str:
    return f"<header><b>{paper.head}</b><span>{paper.day}</span><span>第{number + 1}版</span></header>"


def _row(paper: Paper, row: int, words: Sequence[str]) -> tuple[list[str], int]:
    """One row of articles, the first at the right, and how many of the paragraphs it takes."""
    height = (HEIGHT - TOP - GAP * (paper.rows - 1)) / paper.rows
    left, used, out = WIDTH, 0, list[str]()
    while len(out) < MOST_ARTICLES:
        across = paper.headline == "across" or (paper.headline == "mixed" and paper.rng.random() < 0.5)
        registers = max(1, round(height / paper.rng.choice((45, 55, 70))))
        count = paper.rng.randint(2, MOST_PARAGRAPHS)
        while (
            count and (width := _width(paper, height, registers, words[used : used + count], across)) > left
        ):
            count -= 1
        if count == 0 or not words[used:]:
            break
        said = words[used : used + count]
        field = Field(left - width, TOP + row * (height + GAP), width, height)
        out.append(_article(paper, field, registers, said, across))
        left, used = left - width - GAP, used + len(said)
    return out, used


def _width(paper: Paper, height: float, registers: int, words: Sequence[str], across: bool) -> float:  # noqa: FBT001
    """How wide an article is, in millimetres: its registers are as full as can be."""
    size = paper.size * POINT
    high = height - (HEADLINE if across else 0) - (registers - 1) * paper.gap * size
    signs = int(high / registers / size)
    lines = sum(math.ceil((len(one) + 4) / (signs - 1)) for one in words)
    wide = (math.ceil(lines / registers) + 1) * size * paper.leading
    return max(wide, SHORTEST * LARGE * POINT) if across else wide + HEADLINE


def _article(paper: Paper, field: Field, registers: int, words: Sequence[str], across: bool) -> str:  # noqa: FBT001
    said = "".join(f"<p>{figured(html.escape(one), paper.figures)}</p>" for one in words)
    x, y, wide, high = field
    place = f"left: {x:.1f}mm; top: {y:.1f}mm; width: {wide:.1f}mm; height: {high:.1f}mm"
    kind = "across" if across else "down"
    room = wide if across else high
    titles = [one for one in TITLES if len(one) * LARGE * POINT <= room]
    body = f'<h1>{paper.rng.choice(titles)}</h1><div style="columns: {registers}">{said}</div>'
    return f'<article class={kind} style="{place}">{body}</article>'


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
      h1 {{ margin: 0; text-align: center; font-size: {LARGE}pt; line-height: {HEADLINE}mm }}
      article.down h1 {{ width: {HEADLINE}mm }} article.across h1 {{ height: {HEADLINE}mm }}
      div {{ writing-mode: vertical-rl; column-gap: {paper.gap}em;
        column-rule: {rule}; column-fill: {paper.fill} }}
      article.down div {{ height: 100%; width: calc(100% - {HEADLINE}mm) }}
      article.across div {{ flex: 1; min-height: 0; width: 100% }}
      p {{ margin: 0; text-indent: {paper.indent} }}
      .two {{ text-combine-upright: all }} .up {{ text-orientation: upright }}"""

"""Articles set by CSS in lines from top to bottom, as gazettes and newspapers of Taiwan were.

`laid_down` draws a layout: registers, sizes, indents, heads above or beside the text, page numbers, rules,
and how figures stand in a line. Another habit of printers is one more choice in `Habits`.
"""

import html
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HEADS = (
    ("水利月報", "中華水利協會發行"),
    ("縣政府公報", "第十二期"),
    ("河工通訊", "民國五十八年三月"),
    ("農田旬刊", "渠道專號"),
)
TITLES = ("渠道修復進展通報", "本縣各鄉鎮完工渠道一覽", "春灌籌備情形")
SECTIONS = ("一、籌備經過", "二、施工情形", "三、經費來源", "四、各方意見", "五、今後計畫")
TOWNS = ("柳樹鎮", "石橋鎮", "上坪鄉", "楊家灣", "馬家坪", "青河縣", "北渠村", "南渠村")
NUMBERS = (
    ("bottom", '"— " counter(page) " —"'),
    ("bottom", "counter(page)"),
    ("bottom", '"第 " counter(page) " 頁"'),
    ("beside", "counter(page, cjk-decimal)"),
    ("beside", 'counter(page, trad-chinese-informal) "頁"'),
    ("", ""),
)
PAPERS = {"A5": (1, 1, 2), "B5": (1, 2, 2, 3), "A4": (2, 3, 3, 4), "tabloid": (3, 4, 5)}
SHEETS = {"tabloid": "280mm 396mm"}
LEVEL = "writing-mode: horizontal-tb;"
FRAME = "border: .5pt solid black; padding: 1em; box-sizing: border-box; box-decoration-break: clone"
TWO_DIGITS = re.compile(r"(?<![0-9A-Za-z.])[0-9]{2}(?![0-9A-Za-z.%])")
DIGITS = re.compile(r"[0-9]+")


@dataclass
class Habits:
    """How one publication is set; every field is drawn from `rng`."""

    rng: random.Random

    def __post_init__(self) -> None:
        """Draw everything."""
        pick = self.rng.choice
        self.paper = pick(tuple(PAPERS))
        self.registers = pick(PAPERS[self.paper])
        self.size, self.leading = pick((8.5, 9, 10, 10.5, 12)), pick((1.3, 1.5, 1.6, 1.75, 2))
        self.indent, self.spacing = (
            pick(("2em", "2em", "2em", "1em", "0")),
            pick(("0", "0", "0.05em", "0.15em")),
        )
        self.face = pick(("serif", "serif", "sans-serif"))
        self.head, (self.number_at, self.number) = pick(("above", "beside", "")), pick(NUMBERS)
        self.ruled, self.gap = pick((True, False)), pick(("2em", "2.5em", "3em"))
        self.figures = pick(("sideways", "sideways", "upright", "combined"))
        self.old, self.sections = pick((True, True, False)), pick((True, False))
        self.table, self.framed = pick(("", "", "down", "across")), pick((True, False, False))

    def __str__(self) -> str:
        """Say what tells layouts apart."""
        parts = [f"{self.paper} {self.registers} registers", f"indent {self.indent}"]
        parts += [f"head {self.head}"] * bool(self.head) + [f"number {self.number_at}"] * bool(self.number_at)
        parts += (
            [self.figures]
            + ["ruled"] * self.ruled
            + ["framed"] * self.framed
            + [f"table {self.table}"] * bool(self.table)
        )
        return ", ".join(parts)


def laid_down(
    text: Sequence[str], rng: random.Random, old: Callable[[str], str]
) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
    """One article: its page as HTML, its paragraphs, the rows of its table, and a name of its layout."""
    habits = Habits(rng)
    words = tuple(quoted(old(one)) if habits.old else one for one in text)
    rows = _rows(rng) if habits.table else ()
    parts = [f"<p>{figured(html.escape(one), habits.figures)}</p>" for one in words]
    half = len(parts) // 2
    if rows:
        parts.insert(half, _table(rows, habits.table))
    if habits.sections:
        for k, name in enumerate(SECTIONS[: max(1, len(text) // 4)]):
            parts.insert(k * 4 + k, f"<h2>{name}</h2>")
    title = rng.choice(TITLES)
    head = f"<!doctype html><meta charset=utf-8><style>{_style(habits)}</style>"
    page = f"{head}<body><h1>{title}</h1>{''.join(parts)}"
    return page, words, tuple("\t".join(row) for row in rows), str(habits)


def quoted(text: str) -> str:
    """Write the quotation marks that such print has."""
    return text.translate(str.maketrans("“”‘’", "「」『』"))


def figured(text: str, how: str) -> str:
    """Set the figures of a text one below the other, or two of them side by side."""
    if how == "combined":
        return TWO_DIGITS.sub(r"<span class=two>\g<0></span>", text)
    return DIGITS.sub(r"<span class=up>\g<0></span>", text) if how == "upright" else text


def _rows(rng: random.Random) -> tuple[tuple[str, ...], ...]:
    rows = [("鄉鎮", "渠道", "長度", "備註")]
    rows += [
        (town, str(rng.randint(2, 60)), f"{rng.uniform(1, 90):.1f}", rng.choice(("", "已完工")))
        for town in rng.sample(TOWNS, rng.randint(3, 6))
    ]
    return tuple(rows)


def _table(rows: Sequence[Sequence[str]], how: str) -> str:
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<figure class={how}><table>{cells}</table></figure>"


def _style(habits: Habits) -> str:
    first, second = habits.rng.choice(HEADS)
    boxes = []
    if habits.head == "above":
        boxes.append(
            f'@top-right {{ {LEVEL} content: "{first}" }} @top-left {{ {LEVEL} content: "{second}" }}'
        )
    if habits.head == "beside":
        boxes.append(f'@right-top {{ content: "{first}"; writing-mode: vertical-rl; vertical-align: top }}')
    if habits.number_at == "bottom":
        boxes.append(f"@bottom-center {{ {LEVEL} content: {habits.number} }}")
    if habits.number_at == "beside":
        boxes.append(
            f"@left-bottom {{ content: {habits.number}; writing-mode: vertical-rl; vertical-align: bottom }}"
        )
    margin = "0" if habits.indent != "0" else "0 0 0 .9em"
    return f"""
      @page {{ size: {SHEETS.get(habits.paper, habits.paper)}; margin: 20mm 18mm;
        font: 8pt {habits.face}; {" ".join(boxes)} }}
      html {{ writing-mode: vertical-rl }}
      body {{ font: {habits.size}pt/{habits.leading} {habits.face}; margin: 0; text-align: justify;
        letter-spacing: {habits.spacing}; columns: {habits.registers}; column-gap: {habits.gap};
        column-rule: {"0.5pt solid black" if habits.ruled else "none"}; column-fill: auto; height: 100%;
        {FRAME * habits.framed} }}
      h1 {{ font-size: 1.7em; text-align: center; margin: 0 0 0 .6em;
        {"column-span: all" if habits.registers > 1 else ""} }}
      h2 {{ font-size: 1.15em; text-indent: 1em; margin: 0 .5em }}
      p {{ margin: {margin}; text-indent: {habits.indent} }}
      .two {{ text-combine-upright: all; letter-spacing: 0 }} .up {{ text-orientation: upright }}
      figure {{ margin: 0 1em; break-inside: avoid }} figure.across {{ writing-mode: horizontal-tb }}
      table {{ border-collapse: collapse; font-size: .85em; letter-spacing: 0 }}
      td {{ border: 1px solid black; padding: 3px }}"""

"""Articles set as pages of invented magazines, newspapers, gazettes and yearbooks, kept with their truth.

`typeset` writes one PDF with pymupdf and returns what a reader would call its text. A new habit of printers
is one more choice in `Layout`.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pymupdf

FONT = pymupdf.Font("cjk")
PAGES = {"A4": (595, 842), "16K": (524, 737), "A5": (420, 595), "tabloid": (794, 1123)}
COLUMNS = {"A4": (1, 1, 2, 3), "16K": (1, 2, 2), "A5": (1, 1, 2), "tabloid": (3, 4)}
NO_START, NO_END, ENDS = frozenset("，。、；：？！）》”’…—·%"), frozenset("（《“‘"), "。！？…”；："
DIGITS, ROMAN = (
    "〇一二三四五六七八九",
    ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
WHO = ("陈立", "吴珊", "郝国强", "孟小楠", "尹志平")
WHAT = (
    "查看工程进度",
    "参加志愿服务",
    "交流种植经验",
    "检修供电线路",
    "清理河道",
    "登记来访群众",
    "装运货物",
)
BYLINES = ("文/ 周立新 何晓燕", "本报记者 韩建国", "□ 郑海涛 吴桂兰", "◎本刊编辑部")
SECTIONS = (
    "财政·税务",
    "基层党建",
    "本期关注",
    "环境保护",
    "特稿",
    "新闻调查",
    "卫生与健康",
    "交通 邮电",
    "视点",
)
HEADS = (
    ("工 作 研 究", "工 作 研 究"), ("江淮风纪", "2019年第4期"), ("南岭县年鉴（2016）", "{section}"),
    ("", ""), ("云溪市人民政府公报", "2021·7"), ("{section}", "{title}"),
    ("山 海 学 刊 2008 年 第 3 期", "{title}"),
    ("{section} | SHENDU", "{section} | SHENDU"), ("2020年11月6日 星期五", "{section}"), ("", "{section}"),
    ("责编：冯玉兰  美编：邵阳", "Tel：0571-8512345"), ("沙河论坛    总第186期", "SHAHE LUNTAN"),
)  # fmt: skip
NUMBERS = (
    "{n}", "· {n} ·", "—{n}—", "- {n} -", "第 {n} 页 共 {m} 页", "第{n}页", "{roman}", "第{han}页", "{n}/{m}",
    "[ {n} ]", "{han}", "", "/ {n}",
)  # fmt: skip
CAPTIONS = (
    "图为工作人员在现场{what}。", "村民在广场上{what}。  {who} 摄", "图{n} {what}人数变化情况",
    "▲ 队伍正在{what}。 资料图片", "图为{who}（左二）带领群众{what}。{who} 摄", "表{n} {what}统计表",
)  # fmt: skip
NOTES = (
    "[{n}] {who}：《{what}纪实》，《县域经济》2009年第6期，第18页。",
    "注：关于{what}的统计口径，各年略有不同。", "[{n}] {who}访谈记录，2012年5月。",
)  # fmt: skip
Item = tuple[float, float, str, float]
Article = Mapping[str, Any]


@dataclass
class Layout:
    """How one publication is set; every field is drawn from `rng`."""

    rng: random.Random

    def __post_init__(self) -> None:
        """Draw everything."""
        rng, pick = self.rng, self.rng.choice
        paper = pick(("A4", "A4", "16K", "A5", "tabloid"))
        self.page, self.columns = PAGES[paper], pick(COLUMNS[paper])
        self.size = pick((9, 9.5, 10.5)) if self.columns > 1 else pick((10.5, 12, 14))
        self.leading = self.size * rng.uniform(1.35, 1.75)
        self.indent = pick((2, 2, 2, 0))
        self.between = self.leading * (pick((0, 0, 0, 0.5)) if self.indent else 1)
        self.heads, self.number, self.section = pick(HEADS), pick(NUMBERS), pick(SECTIONS)
        self.number_at = pick(("bottom", "bottom", "top", "outer"))
        self.first = pick((1, 1, 2, rng.randint(3, 60), rng.randint(60, 300)))
        self.order = pick(("head first", "head last", "around"))
        self.notes, self.pictures = rng.random() < 0.2, rng.random() < 0.25
        self.margin = self.page[0] * rng.uniform(0.08, 0.13)
        self.top, self.bottom = self.page[1] * 0.1, self.page[1] * 0.9
        gutter = self.size * 2
        inner = self.page[0] - 2 * self.margin - gutter * (self.columns - 1)
        self.em = int(inner / self.columns / self.size)
        self.lefts = [self.margin + k * (self.em * self.size + gutter) for k in range(self.columns)]


@dataclass
class Truth:
    """What a set article says; `joins` are 8 characters each side of a cut, `asides` notes and captions."""

    title: str
    paragraphs: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)


@cache
def width(text: str) -> float:
    """Of a text set in size 1."""
    return float(FONT.text_length(text, fontsize=1))


def wrap(text: str, ems: float, indent: int = 0) -> Iterator[tuple[int, int]]:
    """Offsets of the lines of print."""
    start, room = 0, ems - indent
    while start < len(text):
        end, used = start, 0.0
        while end < len(text):
            used += width(text[end])
            if used > room and not (used <= room + 1 and text[end] in NO_START):
                break
            end += 1
        while end < len(text) and end - start > 2 and not _may_end(text, end):
            end -= 1
        yield start, end
        start, room = end, ems


def _may_end(text: str, end: int) -> bool:
    a, b = text[end - 1], text[end]
    if b in NO_START or a in NO_END:
        return False
    return not (a.isascii() and b.isascii() and (a.isalnum() or a in ".,") and (b.isalnum() or b in ".,%"))


def roman(n: int) -> str:
    """A number below 90 in small Roman letters."""
    out = ""
    for value, sign in ROMAN:
        while n >= value:
            out, n = out + sign, n - value
    return out


class Setter:
    """Fills pages with lines."""

    def __init__(self, layout: Layout, title: str) -> None:
        self.layout, self.truth = layout, Truth(title)
        self.pages: list[list[Item]] = []
        self.late: list[Item] = []
        self.y = self.foot = self.start = 0.0
        self._page()
        self._title(title)

    def paragraph(self, text: str) -> None:
        """Set one; the cuts that columns and pages make in mid-sentence are noted."""
        layout = self.layout
        self.truth.paragraphs.append(text)
        for a, b in wrap(text, layout.em, layout.indent):
            if self._room() and a and text[a - 1] not in ENDS:
                self.truth.joins.append(text[max(0, a - 8) : a + 8])
            self._line(text[a:b], 0 if a else layout.indent)
        self.y += layout.between

    def heading(self, text: str) -> None:
        """Set one, centred or at the margin, never at the foot of a column."""
        layout = self.layout
        self.truth.paragraphs.append(text)
        self._room(3)
        self.y += layout.leading * 0.5
        style = layout.rng.choice((0, layout.indent, -1))
        for a, b in wrap(text, layout.em - max(style, 0)):
            self._line(text[a:b], (layout.em - width(text[a:b])) / 2 if style < 0 else style)
        self.y += layout.leading * 0.5

    def save(self, path: Path) -> Truth:
        """Write the PDF, heads and feet before, behind or around the text of each page."""
        self._flush()
        document = pymupdf.open()
        for k, body in enumerate(self.pages):
            top, foot = self._furniture(self.layout.first + k)
            orders = {"head first": [*top, *foot, *body], "head last": [*body, *top, *foot]}
            page = document.new_page(width=self.layout.page[0], height=self.layout.page[1])
            writer = pymupdf.TextWriter(page.rect)
            for x, y, text, size in orders.get(self.layout.order, [*top, *body, *foot]):
                writer.append((x, y), text, font=FONT, fontsize=size)
            writer.write_text(page)
            self.truth.furniture += [item[2] for item in (*top, *foot)]
        document.subset_fonts()
        document.save(path, garbage=3, deflate=True)
        return self.truth

    def _title(self, text: str) -> None:
        size = self.layout.size * 1.7
        self.y += size
        for a, b in wrap(text, (self.layout.page[0] - 2 * self.layout.margin) / size):
            x = (self.layout.page[0] - width(text[a:b]) * size) / 2
            self.pages[-1].append((x, self.y, text[a:b], size))
            self.y += size * 1.4
        self.y += self.layout.leading
        self.start = self.y

    def _page(self) -> None:
        self.pages.append([])
        self.column, self.start = 0, self.layout.top
        self._column()

    def _column(self) -> None:
        """Begin a column, now and then with a picture over it or a note at its foot."""
        layout, n = self.layout, len(self.truth.asides) + 1
        rng, self.y, self.foot = layout.rng, self.start, layout.bottom
        words = {"n": n, "what": rng.choice(WHAT), "who": rng.choice(WHO)}
        if layout.pictures and len(self.pages) > 1 and rng.random() < 0.3:
            self.y += layout.leading * 6
            self._aside(rng.choice(CAPTIONS).format(**words), self.y, self.pages[-1])
            self.y += layout.leading * 2.5
        elif layout.notes and rng.random() < 0.4 and self.y < self.foot * 0.7:
            self.foot -= layout.leading * 2.2
            self._aside(rng.choice(NOTES).format(**words), self.foot + layout.leading * 1.2, self.late)

    def _aside(self, text: str, y: float, into: list[Item]) -> None:
        self.truth.asides.append(text)
        size = self.layout.size * 0.85
        for a, b in wrap(text, self.layout.em / 0.85):
            into.append((self.layout.lefts[self.column], y, text[a:b], size))
            y += size * 1.3

    def _flush(self) -> None:
        self.pages[-1] += self.late
        self.late = []

    def _room(self, lines: int = 1) -> bool:
        """Go on to the next column or page where the lines do not fit; says whether it did."""
        if self.y + self.layout.leading * lines <= self.foot:
            return False
        self._flush()
        if self.column + 1 < self.layout.columns:
            self.column += 1
            self._column()
        else:
            self._page()
        return True

    def _line(self, text: str, indent: float) -> None:
        size = self.layout.size
        x = self.layout.lefts[self.column] + indent * size
        self.pages[-1].append((x, self.y + size, text, size))
        self.y += self.layout.leading

    def _furniture(self, n: int) -> tuple[list[Item], list[Item]]:
        """What page n prints at its head and foot; right pages have odd numbers."""
        layout, odd = self.layout, n % 2
        head = layout.heads[odd].format(title=self.truth.title[:22], section=layout.section)
        han, last = "".join(DIGITS[int(d)] for d in str(n)), len(self.pages) + layout.first - 1
        number = layout.number.format(n=n, m=last, roman=roman(n) if n < 90 else n, han=han)
        high, low = layout.top * 0.6, layout.page[1] * 0.95
        at_top = layout.number_at == "top"
        outer = odd != at_top
        centred = (layout.page[0] - width(number) * 9) / 2
        x = centred if layout.number_at == "bottom" else self._beside(number, right=outer)
        heads = [(self._beside(head, right=bool(odd)), high, head, 9.0)] if head else []
        numbers = [(x, high if at_top else low, number, 9.0)] if number else []
        return (heads + numbers, []) if at_top else (heads, numbers)

    def _beside(self, text: str, *, right: bool) -> float:
        margin = self.layout.margin
        return self.layout.page[0] - margin - width(text) * 9 if right else margin


def typeset(article: Article, rng: random.Random, path: Path) -> tuple[Truth, Layout]:
    """Set an article in a layout drawn from `rng`."""
    layout = Layout(rng)
    setter = Setter(layout, article["title"])
    for text in article["paragraphs"]:
        short = len(text) <= 30 and text[-1] not in ENDS + "，"
        (setter.heading if short else setter.paragraph)(text)
    return setter.save(path), layout


def compose(articles: Sequence[Article], rng: random.Random) -> Article:
    """An article, often with a byline, and others under it as sections."""
    one = rng.choice(articles)
    paragraphs = [rng.choice(BYLINES)] if rng.random() < 0.5 else []
    paragraphs += one["paragraphs"]
    size = rng.choice((1500, 2500, 4000, 6000))
    for other in rng.sample(articles, 20):
        if sum(map(len, paragraphs)) >= size:
            break
        if other["title"] != one["title"]:
            paragraphs += [other["title"], *other["paragraphs"]]
    return {"title": one["title"], "paragraphs": [text for text in paragraphs if text.strip()]}

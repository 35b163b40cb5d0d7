"""Words and looks of invented publications: how pages are printed, headed, numbered and extracted.

A new habit of printers is one more choice in `Look` or `Heads`.
"""

import random
from dataclasses import dataclass, field


def parts(text: str, mark: str | None = None) -> tuple[str, ...]:
    """The parts of a text between white space, or between marks."""
    return tuple(text.split(mark))


DIGITS = "〇一二三四五六七八九"
ROMAN = (
    (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
PLACES = parts("青河 临川 平遥 和县 东营 宁海 万源 石城 新丰 德安 南漳 靖远 洛川")
ORGANS = parts("日报 工作 通讯 学刊 观察 建设 晚报 月刊 简报 政协 画报 年鉴 内参")
SECTIONS = parts(
    "要闻 综合 理论与实践 一线传真 特别报道 经验交流 专题策划 调查研究 人物 法治在线 乡村振兴 党史天地 "
    "文艺副刊 国际视野 民生关注 图片新闻 学习园地 热点聚焦 卷首语"
)
LATIN = parts("YAOWEN;ZONGHE;TEBIE BAODAO;REVIEW;NEWS;SPECIAL REPORT;DIAOCHA YANJIU;FOCUS;Xinwen", ";")
NAMES = parts("王志刚 李秀兰 陈卫东 刘洋 赵敏 高建军 欧阳雪 何涛 罗小英 唐国庆 宋佳 马骏")
NUMBERS = parts(
    "— {n} —;-{n}-;{n};第 {n} 页;第{n}页 共{m}页;- {n} -;·{n}·;{n}/{m};P{n};第{c}页;{n};０{n};[{n}];— {n};"
    "Page {n};{n} / {m};第{n}版;～{n}～;{r};{c};/ {n}",
    ";",
)
NUMBERED = parts(
    "{n}  {h};{h} · {n} ·;{h}  {n};{n} {h};{h}　{n};{h}—{n}—;{n}|{h};{h} 第{n}页;{n}\n{h};{h}\n{n};A{n} {h}",
    ";",
)
GAPS = (*("\n" * k for k in (4, 3, 2, 5, 6, 1)), "\n\f\n", "\f", "\n\f", "\f\n", "\n \n \n")


@dataclass
class Look:
    """How one report is printed and extracted; every field is drawn once a report."""

    rng: random.Random
    width: int = 0
    by_display: bool = False
    wrapped: bool = False
    between: str = "\n\n"
    pages: bool = True
    columns: int = 0
    furnished: bool = False
    gaps: tuple[str, ...] = ("\n\n\n\n",)
    half: bool = False
    stray: float = 0.0
    landing: float = 0.0
    page_lines: int = 20
    spaced: str = ""

    def __post_init__(self) -> None:
        """Draw everything."""
        draw, pick = self.rng.random, self.rng.choice
        self.width = self.rng.randint(14, 44)
        self.by_display = draw() < 0.4
        style = draw()
        self.between = (
            "\n\n"
            if style < 0.45
            else "\n"
            if style < 0.65
            else "\n" + pick(("　　", "　　", "    ", "  ", "　"))
        )
        if style > 0.93:
            self.between = "\n\n" + pick(("　　", "    "))
        self.wrapped = draw() < (0.08 if self.between == "\n" else 0.55)
        damage = draw()
        self.pages = damage > 0.2
        self.columns = 0 if damage < 0.36 else pick((1, 1, 1, 2, 2, 3))
        self.furnished = self.pages and draw() < 0.5
        self.gaps = tuple(pick(GAPS) for _ in range(pick((1, 1, 2, 4))))
        self.half = draw() < 0.4
        self.stray = pick((0, 0, 0, 0.01, 0.03))
        self.landing = draw() * 0.6 if draw() < 0.35 else 0.0
        self.page_lines = self.rng.randint(9, 36)
        self.spaced = pick(("before", "both", "random")) if draw() < 0.3 else ""


@dataclass
class Heads:
    """Running headers, footers and page numbers of one publication."""

    rng: random.Random
    title: str
    number: int = 0
    total: int = 0
    styles: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw a publication."""
        pick, rng = self.rng.choice, self.rng
        self.number = rng.choice((1, 2, rng.randint(1, 90), rng.randint(100, 400)))
        self.total = self.number + rng.randint(5, 30)
        year, month = rng.randint(1998, 2026), rng.randint(1, 12)
        own = pick(PLACES) + pick(ORGANS)
        issue = f"第{month}期（总第{rng.randint(20, 900)}期）"
        day = f"{year}年{month}月{rng.randint(1, 28)}日 星期{pick('一二三四五六日')}"
        section, other = pick(SECTIONS), pick(LATIN)
        names = [
            own,
            f"{own} {year}·{month}",
            f"{own}{year}年第{month}期",
            day,
            section,
            f"{section} {other}",
            other,
        ]
        names += [f"{own}·{section}", f"【{section}】", year_of(year, issue), f"总第{rng.randint(20, 900)}期"]
        names += [self.title[: rng.randint(6, 20)], self.title, f"□ {section}", f"责任编辑：{pick(NAMES)}"]
        names += [f"{own}  {other}", f"| {own} |", f"{section} / {other}", " ".join(own), f"{year}·{month}"]
        names += [f"Tel：0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}"]
        self.names = [pick(names) for _ in range(pick((1, 1, 1, 2)))]
        self.styles = [pick([*NUMBERS, "{h}", *NUMBERED]) for _ in range(1 if rng.random() < 0.65 else 2)]
        self.together = rng.random() < 0.3

    def next(self) -> list[str]:
        """Lines of furniture of the next page break."""
        self.number += 1
        chinese = "".join(DIGITS[int(d)] for d in str(self.number))
        styles = self.styles if self.together else [self.styles[self.number % len(self.styles)]]
        out: list[str] = []
        for style in styles:
            head = self.names[self.number % len(self.names)]
            words = {"n": self.number, "m": self.total, "h": head, "c": chinese, "r": roman(self.number)}
            out += style.format(**words).split("\n")
        return [line for line in out if line.strip()]


def roman(number: int) -> str:
    """A number in small Roman letters.

    >>> roman(14), roman(249)
    ('xiv', 'ccxlix')
    """
    out = ""
    for value, sign in ROMAN:
        out, number = out + sign * (number // value), number % value
    return out


def year_of(year: int, issue: str) -> str:
    """An issue with its year."""
    return f"{year}年{issue}"

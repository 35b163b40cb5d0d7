"""Break whole reports the ways extractions do, and know of every character where it belongs.

Training data for the combiners of ``etl.repair``, and property tests, come from `broken`. A new kind of
damage is one more choice in `Look` or one more piece in `Press`; nothing here is known to the code it trains.
"""

import gzip
import json
import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NEVER_FIRST = set("，。、；：？！）》〉】」』”’…—·%‰℃,.;:?!)]")
NEVER_LAST = set("（《〈【「『“‘([")
SENTENCE_ENDS = set("。！？…”；：")
HALF = str.maketrans({"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "？": "?", "！": "!"})
DIGITS = "〇一二三四五六七八九"
PLACES = (
    "青河",
    "临川",
    "平遥",
    "和县",
    "东营",
    "宁海",
    "万源",
    "石城",
    "新丰",
    "德安",
    "南漳",
    "靖远",
    "洛川",
)
ORGANS = (
    "日报",
    "工作",
    "通讯",
    "学刊",
    "观察",
    "建设",
    "晚报",
    "月刊",
    "简报",
    "政协",
    "画报",
    "年鉴",
    "内参",
)
SECTIONS = (
    "要闻", "综合", "理论与实践", "一线传真", "特别报道", "经验交流", "专题策划", "调查研究", "人物", "法治在线",
    "乡村振兴", "党史天地", "文艺副刊", "国际视野", "民生关注", "图片新闻", "学习园地", "热点聚焦", "卷首语",
)  # fmt: skip
LATIN = (
    "YAOWEN",
    "ZONGHE",
    "TEBIE BAODAO",
    "REVIEW",
    "NEWS",
    "SPECIAL REPORT",
    "DIAOCHA YANJIU",
    "FOCUS",
    "Xinwen",
)
NAMES = (
    "王志刚",
    "李秀兰",
    "陈卫东",
    "刘洋",
    "赵敏",
    "高建军",
    "欧阳雪",
    "何涛",
    "罗小英",
    "唐国庆",
    "宋佳",
    "马骏",
)


@dataclass(frozen=True)
class Broken:
    """A broken report and its truth.

    Attributes:
        text: as an extraction would have written it.
        places: for each character of `text` its place in ``"\\n".join(paragraphs)``; -1 for what is not the article's.
        paragraphs: the article, title first.
    """

    text: str
    places: tuple[int, ...]
    paragraphs: tuple[str, ...]


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
    marks: bool = False
    footnotes: bool = False
    page_lines: int = 20
    heads: "Heads | None" = None
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
        every = (
            "\n\n\n\n",
            "\n\n\n",
            "\n\f\n",
            "\n\n",
            "\n\n\n\n\n",
            "\f",
            "\n\f",
            "\f\n",
            "\n\n\n\n\n\n",
            "\n \n \n",
            "\n",
        )
        self.gaps = tuple(pick(every) for _ in range(pick((1, 1, 2, 4))))
        self.half = draw() < 0.4
        self.stray = pick((0, 0, 0, 0.01, 0.03))
        self.landing = draw() * 0.6 if draw() < 0.35 else 0.0
        self.marks = draw() < 0.06
        self.footnotes = draw() < 0.06
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
        names = [
            own, f"{own} {year}·{month}", f"{own}{year}年第{month}期", f"{year}年{month}月{rng.randint(1, 28)}日 星期{pick('一二三四五六日')}",
            pick(SECTIONS), f"{pick(SECTIONS)} {pick(LATIN)}", f"{pick(LATIN)}", f"{own}·{pick(SECTIONS)}", f"【{pick(SECTIONS)}】",
            f"{year}年第{month}期（总第{rng.randint(20, 900)}期）", f"总第{rng.randint(20, 900)}期", self.title[: rng.randint(6, 20)], self.title,
            f"□ {pick(SECTIONS)}", f"责任编辑：{pick(NAMES)}", f"{own}  {pick(LATIN)}", f"| {own} |", f"{pick(SECTIONS)} / {pick(LATIN)}",
        ]  # fmt: skip
        self.names = [pick(names) for _ in range(pick((1, 1, 1, 2)))]
        numbers = [
            "— {n} —",
            "-{n}-",
            "{n}",
            "第 {n} 页",
            "第{n}页 共{m}页",
            "- {n} -",
            "·{n}·",
            "{n}/{m}",
            "P{n}",
            "第{c}页",
            "{n}",
            "０{n}",
            "[{n}]",
            "— {n}",
            "Page {n}",
            "{n} / {m}",
            "第{n}版",
            "～{n}～",
        ]
        both = [
            "{n}  {h}",
            "{h} · {n} ·",
            "{h}  {n}",
            "{n} {h}",
            "{h}　{n}",
            "{h}—{n}—",
            "{n}|{h}",
            "{h} 第{n}页",
            "{n}\n{h}",
            "{h}\n{n}",
            "A{n} {h}",
        ]
        self.styles = [pick([*numbers, "{h}", *both])]
        if rng.random() < 0.35:
            self.styles.append(pick([*numbers, "{h}", *both]))
        self.together = rng.random() < 0.3

    def next(self) -> list[str]:
        """Lines of furniture of the next page break."""
        self.number += 1
        chinese = "".join(DIGITS[int(d)] for d in str(self.number))
        styles = self.styles if self.together else [self.styles[self.number % len(self.styles)]]
        out: list[str] = []
        for style in styles:
            head = self.names[self.number % len(self.names)]
            out += style.format(n=self.number, m=self.total, h=head, c=chinese).split("\n")
        return [line for line in out if line.strip()]


Line = tuple[int, int, int]  # paragraph, start, end


def set_lines(paragraph: str, width: int, *, by_display: bool) -> list[tuple[int, int]]:
    """Break a paragraph into printed lines with the rules for what may start and end one."""
    out, start = [], 0
    while start < len(paragraph):
        end, used = start, 0.0
        while end < len(paragraph):
            used += 0.5 if by_display and paragraph[end].isascii() else 1
            if used > width:
                break
            end += 1
        end = _legal(paragraph, max(end, start + 1), start) if end < len(paragraph) else end
        out.append((start, end))
        start = end
    return out


def _legal(paragraph: str, end: int, start: int) -> int:
    for k in (end, end + 1, end - 1, end - 2, end + 2, end - 3):
        if start < k < len(paragraph) and _may_break(paragraph, k):
            return k
    return min(end, len(paragraph))


def _may_break(paragraph: str, k: int) -> bool:
    a, b = paragraph[k - 1], paragraph[k]
    if b in NEVER_FIRST or a in NEVER_LAST:
        return False
    return not (a.isascii() and b.isascii() and a.isalnum() and b.isalnum())


class Press:
    """Prints one article and loses its order, keeping places."""

    def __init__(self, paragraphs: Sequence[str], look: Look) -> None:
        self.paragraphs, self.look, self.rng = paragraphs, look, look.rng
        self.offsets, at = [], 0
        for paragraph in paragraphs:
            self.offsets.append(at)
            at += len(paragraph) + 1
        self.lines: list[Line] = [
            (n, a, b)
            for n, p in enumerate(paragraphs)
            for a, b in set_lines(p, look.width, by_display=look.by_display)
        ]
        self.out: list[tuple[str, int]] = []
        self.heads = Heads(self.rng, paragraphs[0])

    def weights(self) -> list[float]:
        """How likely a page or column ends after each line; 0 where it may not."""
        out = []
        told = (
            0.06 if self.look.between.endswith(("　", " ")) else 0.0
        )  # else nobody could tell the cut from an end
        for n, _, b in self.lines:
            p = self.paragraphs[n]
            if b == len(p):
                out.append(0.35 if n else 0.0)
            elif len(p) < 40 or len(p) - b < 2 or b < 6:
                out.append(0.0)
            else:
                out.append(told if p[b - 1] in SENTENCE_ENDS else 1.0)
        out[-1] = 0.0
        return out

    def cuts(self) -> tuple[dict[int, str], list[tuple[int, int]]]:
        """Page ends by line index (the cut stands after the line), and columns as (first, last + 1)."""
        weights, count = self.weights(), len(self.lines)
        pages: dict[int, str] = {}
        columns: list[tuple[int, int]] = []
        for _ in range(self.look.columns):
            for _ in range(30):
                a = self.draw(weights, 0, count)
                b = self.draw(weights, a + 3, min(a + 40, count)) if a is not None else None
                if a is None or b is None or any(not (b < x or a > y) for x, y in columns):
                    continue
                if (
                    self.lines[a][2] == len(self.paragraphs[self.lines[a][0]])
                    and self.lines[b][2] == len(self.paragraphs[self.lines[b][0]])
                    and self.rng.random() < 0.9
                ):
                    continue
                columns.append((a, b))
                break
        at = self.rng.randint(3, self.look.page_lines)
        while self.look.pages and at < count - 1:
            cut = self.draw(weights, at - 2, at + 3)
            if cut is not None and not any(a <= cut <= b for a, b in columns):
                pages[cut] = "page"
            at += max(4, int(self.rng.gauss(self.look.page_lines, 2)))
        return pages, columns

    def draw(self, weights: Sequence[float], low: int, high: int) -> int | None:
        """A line index in [low, high) by weight."""
        span = range(max(low, 0), min(high, len(weights)))
        total = sum(weights[k] for k in span)
        return self.rng.choices(span, [weights[k] for k in span])[0] if total > 0 else None

    def put(self, text: str) -> None:
        """Write what is not the article's."""
        self.out.append((text, -1))

    def print_lines(self, first: int, last: int) -> None:
        """Write the lines [first, last) with the breaks between them."""
        for k in range(first, last):
            n, a, b = self.lines[k]
            if k > first:
                self.put(self.paragraph_gap(n) if a == 0 else "\n" if self.look.wrapped else "")
            self.out.append((self.paragraphs[n][a:b], self.offsets[n] + a))

    def paragraph_gap(self, n: int) -> str:
        """What stands before paragraph n: in some reports more space around headings."""
        look, between = self.look, self.look.between
        head = [len(self.paragraphs[k]) < 31 and self.paragraphs[k][-1] not in "。！？" for k in (n - 1, n)]
        wide = {"before": head[1], "both": head[0] or head[1], "random": self.rng.random() < 0.06}.get(
            look.spaced, False
        )
        return "\n" * (between.count("\n") + 1 + (n % 2)) + between.lstrip("\n") if wide else between

    def page_gap(self) -> None:
        """A page break, with its furniture."""
        gap = self.rng.choice(self.look.gaps)
        if not self.look.furnished or self.rng.random() < 0.08:
            self.put(gap)
            return
        lines = self.heads.next()
        near = self.rng.choice(("\n\n", "\n\n", "\n", "\n\n\n"))
        if len(lines) > 1 and self.rng.random() < 0.6:
            half = len(lines) // 2
            self.put(near + near.join(lines[:half]) + gap + near.join(lines[half:]) + near)
        elif self.rng.random() < 0.5:
            self.put(near + "\n".join(lines) + gap)
        else:
            self.put(gap + "\n".join(lines) + near)

    def run(self) -> Broken:
        """Print, move, and make the characters dirty."""
        pages, columns = self.cuts()
        edges = sorted({0, len(self.lines), *(k + 1 for k in pages), *(x + 1 for c in columns for x in c)})
        body, moved = [], []
        for a, b in zip(edges, edges[1:], strict=False):
            inside = any(x + 1 <= a and b <= y + 1 for x, y in columns)
            (moved if inside else body).append((a, b))
        landed, tails = self.share(body, moved)
        last: int | None = None
        for k, (a, b) in enumerate(body):
            if last is not None:
                self.seam(a, last)
            self.print_lines(a, b)
            last = b
            for piece in landed.get(k, ()):
                self.land(piece)
                last = -1
        for piece in tails:
            self.land(piece)
        return self.dirty()

    def share(
        self, body: list[tuple[int, int]], moved: list[tuple[int, int]]
    ) -> tuple[dict[int, list[tuple[int, int]]], list[tuple[int, int]]]:
        """Which moved piece lands behind which piece of the body, and which at the end of the file."""
        landed: dict[int, list[tuple[int, int]]] = {}
        tails = []
        for piece in moved:
            spots = [k for k in range(len(body) - 1) if body[k][1] != piece[0]]
            if spots and self.rng.random() < self.look.landing:
                landed.setdefault(self.rng.choice(spots), []).append(piece)
            else:
                tails.append(piece)
        self.rng.shuffle(tails)
        return landed, tails

    def seam(self, start: int, last: int) -> None:
        """What stands between two pieces of the body: a page break, or a hole that closed up."""
        if last in (start, -1):
            self.page_gap()
            return
        self.put(
            self.rng.choice(
                [
                    self.look.between.rstrip("　 "),
                    self.look.between.rstrip("　 "),
                    "\n\n\n\n",
                    "\n",
                    self.rng.choice(self.look.gaps),
                ]
            )
        )

    def land(self, piece: tuple[int, int]) -> None:
        """Write a displaced piece where it does not belong."""
        if self.look.furnished and self.rng.random() < 0.3:
            self.page_gap()
        else:
            self.put(
                self.rng.choice(
                    ["\n\n\n\n", "\n\n\n", self.rng.choice(self.look.gaps), "\n\n\n\n\n", "\n\n\n"]
                )
            )
        self.print_lines(*piece)

    def dirty(self) -> Broken:
        """Half width, stray spaces; places kept."""
        chars: list[str] = []
        places: list[int] = []
        for text, at in self.out:
            for k, char in enumerate(text):
                chars.append(char)
                places.append(at + k if at >= 0 and not char.isspace() else -1)
                if (
                    self.look.stray
                    and at >= 0
                    and k + 1 < len(text)
                    and "一" <= char <= "龥"
                    and "一" <= text[k + 1] <= "龥"
                    and self.rng.random() < self.look.stray
                ):
                    chars.append(" ")
                    places.append(-1)
        whole = "".join(chars)
        return Broken(
            whole.translate(HALF) if self.look.half else whole, tuple(places), tuple(self.paragraphs)
        )


# ------------------------------------------------------------------------------------------- articles


def documents(folder: Path, keep: Sequence[int]) -> list[list[str]]:
    """Title and paragraphs of the corpus documents whose id falls into the shares `keep` of ten."""
    out = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if zlib.crc32(row["id"].encode()) % 10 in keep:
                    out.append(_pieces(row))
    return [d for d in out if len(d) > 1]


def _pieces(row: dict[str, object]) -> list[str]:
    raw = [str(row["title"]), *(str(p) for p in row["paragraphs"])]  # type: ignore[attr-defined]
    clean = (re.sub(r"\[\^?\d+\]|[#*>`\\|]|^-+", "", p) for p in raw)
    return [p for p in ("".join(p.split()) for p in clean) if p and not p.startswith("![") and len(p) < 1500]


def _ends_open(paragraph: str) -> bool:
    return len(paragraph) > 40 and paragraph[-1] not in "。！？…”；：）》.!?;:)、，"


def articles(docs: Sequence[list[str]], rng: random.Random) -> Iterator[list[str]]:
    """Endless articles of 600 to 6000 characters: stretches of long documents, and short ones set together."""
    short = [d for d in docs if sum(map(len, d)) < 6000]
    long = [d for d in docs if sum(map(len, d)) >= 3000]
    while True:
        if long and rng.random() < 0.35:
            doc = rng.choice(long)
            start = rng.randrange(1, max(2, len(doc) - 5))
            article = [doc[0], *doc[start : start + rng.randint(6, 40)]]
        else:
            article = list(rng.choice(short))
            while sum(map(len, article)) < rng.randint(300, 3000):
                article += rng.choice(short)
        if rng.random() < 0.35:
            article.insert(1, _byline(rng))
        if rng.random() < 0.2:
            at = rng.randint(1, len(article))
            article[at:at] = _interlude(rng, rng.choice(short))
        article = article[: rng.randint(10, 60)]
        if sum(map(len, article)) > 500 and not any(map(_ends_open, article)):
            yield article


def _byline(rng: random.Random) -> str:
    a, b = rng.choice(NAMES), rng.choice(NAMES)
    return rng.choice(
        [f"文/{a}{b}", f"本报记者 {a}", f"（记者 {a}）", f"◎{a}", f"作者：{a} {b}", f"□ {a}", f"本刊通讯员 {a} {b}", f"{a} {b}", f"{a}　文/图",
         f"□本报记者{a}", f"（{rng.randint(1990, 2026)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日）", f"撰文/{a}", f"来源：{rng.choice(PLACES)}{rng.choice(ORGANS)}"]
    )  # fmt: skip


def _interlude(rng: random.Random, doc: Sequence[str]) -> list[str]:
    """What is no running prose and must come out as it went in: contents, tables, verse, laws, talk, chronicles."""
    clauses = [c for p in doc[1:] for c in re.split("[，。；！？、：]", p) if 2 < len(c) < 16] or [
        "春耕",
        "秋收",
        "夏管",
    ]
    many = [rng.choice(clauses) for _ in range(rng.randint(4, 12))]
    number, year = rng.randint(1, 40), rng.randint(1949, 2015)
    counted = sorted(rng.randint(1, 200) for _ in many)
    sentences = [c + "。" for c in clauses]
    kind = rng.randrange(9)
    if kind == 0:
        leader = rng.choice(("……", "...........", "    ", "———"))
        return [f"{c}{leader}{n}" for c, n in zip(many, counted, strict=True)]
    if kind == 1:
        return [f"{c[:5]}  {rng.randint(1, 999)}  {rng.random() * 100:.1f}" for c in many]
    if kind == 2:
        return [x for c in many for x in (c[:6], str(rng.randint(1, 9999)))]
    if kind == 3:
        length = rng.choice((5, 7, 9))
        return [
            ("".join(rng.choices(clauses, k=3)) * 2)[:length] + rng.choice(("", "，", "。")) for _ in many
        ]
    if kind == 4:
        return [
            f"第{DIGITS[n]}条　{''.join(rng.choices(sentences, k=rng.randint(1, 4)))}" for n in range(1, 8)
        ]
    if kind == 5:
        return [
            f"{who}：{''.join(rng.choices(sentences, k=rng.randint(1, 3)))}"
            for _ in range(4)
            for who in ("记者", rng.choice(NAMES))
        ]
    if kind == 6:
        return [
            x
            for n in range(5)
            for x in (f"{year + n}年", "".join(rng.choices(sentences, k=rng.randint(1, 4))))
        ]
    if kind == 7:
        mark = rng.choice(("案例", "点评", "【链接】", "编者按", "小贴士"))
        return [
            x
            for n in range(4)
            for x in (
                mark + rng.choice(("", str(number + n))),
                "".join(rng.choices(sentences, k=rng.randint(2, 5))),
            )
        ]
    return [f"{rng.choice(NAMES)}　{rng.choice(PLACES)}{c[:6]}" for c in many]


def broken(article: Sequence[str], rng: random.Random) -> Broken:
    """One broken report."""
    return Press(article, Look(rng)).run()

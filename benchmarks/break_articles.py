"""Articles to break: stretches of long documents, short ones set together, and what is no running prose.

A new kind of text that must come out as it went in is one more function in `INTERLUDES`.
"""

import gzip
import json
import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from break_looks import DIGITS, NAMES, ORGANS, PLACES

LONGEST_HEADING = 32
NO_PROSE = frozenset({"laws", "orders", "gazette", "records"})


def documents(folder: Path, keep: Sequence[int]) -> list[list[str]]:
    """Title and paragraphs of the corpus documents whose id falls into the shares `keep` of ten."""
    out = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row.get("genre") not in NO_PROSE and zlib.crc32(row["id"].encode()) % 10 in keep:
                    out.append(_pieces(row))
    return [d for d in out if len(d) > 1]


def _pieces(row: dict[str, object]) -> list[str]:
    raw = [str(row.get("title", "")), *(str(p) for p in row["paragraphs"])]  # type: ignore[attr-defined]
    clean = (re.sub(r"\[\^?\d+\]|[#*>`\\|]|^-+", "", p) for p in raw)
    return [p for p in ("".join(p.split()) for p in clean) if p and not p.startswith("![") and len(p) < 1500]


def _ends_open(paragraph: str) -> bool:
    return len(paragraph) > 40 and paragraph[-1] not in "。！？…”；：）》.!?;:)、，"


def articles(docs: Sequence[list[str]], rng: random.Random) -> Iterator[list[str]]:
    """Endless articles of 600 to 6000 characters: stretches of long documents, short ones set together."""
    short = [d for d in docs if sum(map(len, d)) < 6000]
    long = [d for d in docs if sum(map(len, d)) >= 3000]
    printed = _printed_headings(docs)
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
        if rng.random() < 0.3:
            for _ in range(rng.randint(2, 5)):
                article.insert(rng.randint(1, len(article)), _heading(rng, printed))
        if rng.random() < 0.2:
            at = rng.randint(1, len(article))
            article[at:at] = _interlude(rng, rng.choice(short))
        article = article[: rng.randint(10, 60)]
        if sum(map(len, article)) > 500 and not any(map(_ends_open, article)):
            yield article


def _byline(rng: random.Random) -> str:
    a, b, place = rng.choice(NAMES), rng.choice(NAMES), rng.choice(PLACES)
    date = f"（{rng.randint(1990, 2026)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日）"
    forms = [
        f"文/{a}{b}",
        f"本报记者 {a}",
        f"（记者 {a}）",
        f"◎{a}",
        f"作者：{a} {b}",
        f"□ {a}",
        f"□本报记者{a}",
        date,
    ]
    forms += [
        f"本刊通讯员 {a} {b}",
        f"{a} {b}",
        f"{a}　文/图",
        f"撰文/{a}",
        f"来源：{place}{rng.choice(ORGANS)}",
    ]
    return rng.choice(forms)


def _printed_headings(docs: Sequence[list[str]]) -> list[str]:
    """Titles and short lines without an end, as somebody wrote them.

    A clause out of a sentence will not do: it looks cut, and a model that has seen such headings takes the
    first printed line of a cut paragraph for one.
    """
    short = (p for d in docs for p in d if 3 < len(p) <= LONGEST_HEADING)
    return [
        p for p in short if p[-1] not in "。！？…”；：，、）.!?;:)" and not (p[0].isdigit() or p[0] == "—")
    ]


def _heading(rng: random.Random, printed: Sequence[str]) -> str:
    one, number = rng.choice(printed), rng.choice("一二三四五六七")
    bare = re.sub(r"^[一二三四五六七八九十]{1,3}、|^（.{1,3}）|^第.{1,3}[章节条编]", "", one) or one
    return rng.choice([one, one, one, bare, bare, f"{number}、{bare}", f"（{number}）{bare}"])


def _clauses(doc: Sequence[str]) -> list[str]:
    clauses = [c for p in doc[1:] for c in re.split("[，。；！？、：“”]", p) if 2 < len(c) < 16]
    return clauses or ["春耕", "秋收", "夏管"]


def _interlude(rng: random.Random, doc: Sequence[str]) -> list[str]:
    return rng.choice(INTERLUDES)(rng, _clauses(doc))


def _contents(rng: random.Random, clauses: Sequence[str]) -> list[str]:
    leader = rng.choice(("……", "...........", "    ", "———"))
    pages = sorted(rng.randint(1, 200) for _ in range(rng.randint(4, 12)))
    return [f"{rng.choice(clauses)}{leader}{page}" for page in pages]


def _table(rng: random.Random, clauses: Sequence[str]) -> list[str]:
    rows = range(rng.randint(4, 12))
    return [f"{rng.choice(clauses)[:5]}  {rng.randint(1, 999)}  {rng.random() * 100:.1f}" for _ in rows]


def _cells(rng: random.Random, clauses: Sequence[str]) -> list[str]:
    return [x for _ in range(rng.randint(4, 9)) for x in (rng.choice(clauses)[:6], str(rng.randint(1, 9999)))]


def _verse(rng: random.Random, clauses: Sequence[str]) -> list[str]:
    length = rng.choice((5, 7, 9))
    lines = ("".join(rng.choices(clauses, k=4))[:length] for _ in range(rng.choice((4, 8, 12))))
    return [line + rng.choice(("", "，", "。")) for line in lines]


def _law(rng: random.Random, clauses: Sequence[str]) -> list[str]:
    return [f"第{DIGITS[n]}条　{_sentences(rng, clauses)}" for n in range(1, 8)]


def _talk(rng: random.Random, clauses: Sequence[str]) -> list[str]:
    guest = rng.choice(NAMES)
    return [f"{who}：{_sentences(rng, clauses)}" for _ in range(4) for who in ("记者", guest)]


def _chronicle(rng: random.Random, clauses: Sequence[str]) -> list[str]:
    year = rng.randint(1949, 2015)
    return [x for n in range(5) for x in (f"{year + n}年", _sentences(rng, clauses))]


def _marked(rng: random.Random, clauses: Sequence[str]) -> list[str]:
    mark, number = rng.choice(("案例", "点评", "【链接】", "编者按", "小贴士")), rng.choice((0, 1))
    return [x for n in range(1, 5) for x in (mark + str(n) * number, _sentences(rng, clauses))]


def _names(rng: random.Random, clauses: Sequence[str]) -> list[str]:
    return [
        f"{rng.choice(NAMES)}　{rng.choice(PLACES)}{rng.choice(clauses)[:6]}"
        for _ in range(rng.randint(4, 12))
    ]


def _sentences(rng: random.Random, clauses: Sequence[str]) -> str:
    return "".join(rng.choice(clauses) + "。" for _ in range(rng.randint(1, 4)))


INTERLUDES: tuple[Callable[[random.Random, Sequence[str]], list[str]], ...] = (
    *(_contents, _table, _cells, _verse, _law, _talk, _chronicle, _marked, _names),
)
"""What is no running prose and must come out as it went in."""

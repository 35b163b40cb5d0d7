"""Reprints: precision, recall and time, on news with 200 made reprints among them, at three sizes.

usage: python benchmarks/bench_reprints.py [--sizes N ...] [--reprints N] [--seed N] [--news FILE.jsonl.gz]

A reprint is cut, gets another header, goes through OpenCC to traditional (three houses in turn) or gets
half-width marks; everything is cleaned as the product does, loaded into an embedded server, and linked.
Every link is counted: one between two of the news themselves is a wrong one. The news come from the data
beside the project (ETL_SHARED).
"""

import argparse
import gzip
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from opencc import OpenCC
from plain_reports import load as store
from plain_reports import report
from pydantic import SecretStr

import etl
from etl.reprints import fold_text, signature
from etl.settings import load
from etl.store.changelog import reconcile
from etl.store.driver.connection import Db, connect
from etl.store.embedded import launcher
from etl.store.schema import collections

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("ETL_SHARED", ROOT.parent / "shared"))
HALF_WIDTH = str.maketrans("，。：；！？（）“”％", ',.:;!?()""%')
HEADERS = (
    "本报综合消息　",
    "【转载】据当地媒体报道，",
    "来源：河东晚报　编辑：邱宁　2024年3月5日\n",
    "首页 > 新闻 > 国内\n分享到：微信 微博\n责任编辑：谢敏　字号：大 中 小\n",
)


@dataclass(frozen=True)
class News:
    """One article; ``of`` is the id of the article that it is a made reprint of, and ``kind`` how."""

    id: str
    title: str
    body: str
    published_on: str
    of: str | None = None
    kind: str = ""


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 4000, 11_409])
    parser.add_argument("--reprints", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--news", type=Path, default=SHARED / "corpus/news_2022_2024.jsonl.gz")
    args = parser.parse_args()
    news = read(args.news)
    for size in args.sizes:
        dice = random.Random(args.seed)
        with tempfile.TemporaryDirectory() as scratch, launcher.serve(Path(scratch), "256M") as uri:
            settings = load(data_dir=Path(scratch)).model_copy(update={"mongo_uri": SecretStr(uri)})
            with connect(settings) as connection:
                collections.ensure_schema(connection.database)
                measure(connection.database, with_reprints(dice.sample(news, size), args.reprints, dice))


def read(path: Path) -> list[News]:
    """The articles, each with the day that its id begins with."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        News(row["id"], row["title"], "\n".join(row["paragraphs"]), str(date.fromisoformat(row["id"][:8])))
        for row in rows
    ]


def with_reprints(news: list[News], count: int, dice: random.Random) -> list[News]:
    """The articles with reprints of some of them, published up to five days later, in any order."""
    made = []
    for at, one in enumerate(dice.sample(news, count)):
        kind = list(KINDS)[at % len(KINDS)]
        title, body = KINDS[kind](one, dice)
        day = date.fromisoformat(one.published_on) + timedelta(days=dice.randrange(1, 6))
        made.append(News(f"{one.id}-reprint", title, body, str(day), one.id, kind))
    together = [*news, *made]
    dice.shuffle(together)
    return together


def cut(news: News, dice: random.Random) -> tuple[str, str]:
    """Half to nine tenths of the body, mostly its beginning."""
    size = int(len(news.body) * dice.uniform(0.5, 0.9))
    start = dice.choice((0, 0, 0, (len(news.body) - size) // 2))
    return news.title, news.body[start : start + size]


def headed(news: News, dice: random.Random) -> tuple[str, str]:
    """Without its title, under the header of another house."""
    return "", dice.choice(HEADERS) + news.body


def traditional(news: News, dice: random.Random) -> tuple[str, str]:
    """In the words of Taiwan, in the characters of Hong Kong, or as OpenCC writes."""
    convert = OpenCC(dice.choice(("s2twp", "s2hk", "s2t"))).convert
    return convert(news.title), convert(news.body)


def half_width(news: News, dice: random.Random) -> tuple[str, str]:
    """With half-width marks and a space here and there."""
    marks = news.body.translate(HALF_WIDTH)
    return news.title, "".join(c + " " if dice.random() < 0.02 else c for c in marks)


KINDS: Mapping[str, Callable[[News, random.Random], tuple[str, str]]] = {
    "cut": cut,
    "another header": headed,
    "traditional": traditional,
    "half-width": half_width,
}


def cleaned(news: News) -> str:
    """The text as the product stores it."""
    return etl.convert(etl.clean("\n\n".join((news.title, *news.body.split("\n"))).strip()).text, "hans")


def measure(db: Db, news: list[News]) -> None:
    """Load, link, and print what is right and how long it took."""
    texts = [cleaned(one) for one in news]
    started = time.process_time()
    for text in texts:
        signature(fold_text(text))
    signed = time.process_time() - started
    store(db, [report(one.id, text, one.published_on) for one, text in zip(news, texts, strict=True)])
    started = time.perf_counter()
    reconcile.reconcile(db)
    linked = time.perf_counter() - started
    characters = sum(map(len, texts))
    print(
        f"{len(news)} reports, {characters} characters: signatures {signed:.1f} s, "
        f"linked in {linked:.1f} s ({linked / len(news) * 1000:.1f} ms a report)"
    )
    print("  " + score(news, links(db)))


def links(db: Db) -> dict[str, str]:
    """Reprint and original by their ids in the news."""
    names = {e["_id"]: e["source"]["uri"] for e in db.reports.find({}, {"source.uri": 1})}
    found = db.reports.find({"reprint_of": {"$ne": None}}, {"reprint_of": 1})
    return {names[entry["_id"]]: names[entry["reprint_of"]] for entry in found}


def score(news: list[News], found: Mapping[str, str]) -> str:
    """Precision over all links, recall over the made ones and by kind."""
    precision, recall = rates(news, found)
    kinds = []
    for kind in KINDS:
        of_kind = [one for one in news if one.kind == kind]
        right = sum(found.get(one.id) == one.of for one in of_kind)
        kinds.append(f"{kind} {right}/{len(of_kind)}")
    return f"precision {precision:.3f}, recall {recall:.3f}; " + ", ".join(kinds)


def rates(news: list[News], found: Mapping[str, str]) -> tuple[float, float]:
    """Precision and recall of links."""
    wanted = {one.id: one.of for one in news if one.of}
    right = sum(wanted.get(one) == of for one, of in found.items())
    return right / len(found), right / len(wanted)


if __name__ == "__main__":
    main()

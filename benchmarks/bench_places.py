"""Measures places as they were: has a place the code that its name had in the report's year?

usage: python benchmarks/bench_places.py [SHARED] [--made N] [--seed N]

SHARED is the folder that holds `bench/` (ETL_SHARED). Two sets: the rows of `bench/places` (names of the
years 1984 to 2022 in five sentences), and rows made of the table of divisions itself with other sentences,
which show what is found and not whether the table is right. A name that several divisions have is right
with its code or with none.
"""

import argparse
import json
import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.engines import Engines, shared
from etl.extraction.extractor import extract
from etl.extraction.resources.division_table import COUNTY, Division
from etl.extraction.resources.gazetteer import Gazetteer
from etl.settings import load

SHARED = Path(os.environ.get("ETL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
ROWS = "bench/places/by_year.jsonl"
SENTENCES = (
    "他生于{}，", "{}人民政府决定表彰先进。", "{}粮食产量创新高。", "昨日{}境内发生地震。", "专家到{}调研。",
    "据{}统计，", "{}的三名学生获奖。", "公路经过{}。",
)  # fmt: skip
WITHOUT_YEARS = ("71", "81", "82")


@dataclass(frozen=True)
class Row:
    """A sentence of a day, with the span and the code of a place."""

    text: str
    day: date
    span: tuple[int, int]
    code: str
    kind: str
    unique: bool


def given(path: Path) -> Iterator[Row]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = "gone" if row["gone"] else "standing"
        span = (row["start"], row["end"])
        yield Row(
            row["text"], date.fromisoformat(row["published_on"]), span, row["code"], kind, row["unique"]
        )


def made(gazetteer: Gazetteer, count: int, seed: int) -> Iterator[Row]:
    chance = random.Random(seed)
    counties = [d for d in gazetteer.divisions if d.level == COUNTY and not d.code.startswith(WITHOUT_YEARS)]
    for _ in range(count):
        division = chance.choice(counties)
        year = chance.randint(division.since, division.until)
        yield row_of(gazetteer, division, date(year, chance.randint(1, 12), chance.randint(1, 28)), chance)


def row_of(gazetteer: Gazetteer, division: Division, day: date, chance: random.Random) -> Row:
    whole = chance.random() < 0.5
    name = division.chain if whole else division.name
    before, after = chance.choice(SENTENCES).split("{}")
    readings = gazetteer.on(day).read_name(name)
    kind = "gone" if division.until < gazetteer.last else "standing"
    span = (len(before), len(before) + len(name))
    return Row(before + name + after, day, span, division.code, kind, len(readings) == 1)


def measure(title: str, rows: Sequence[Row], engines: Engines) -> None:
    tried, right, other = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        entities = extract(row.text, None, row.day, engines).entities
        near = (e for e in entities if e.start < row.span[1] and e.end > row.span[0])
        codes = {e.code for e in near if e.type == "place"} - {None}
        for kind in (row.kind, "all"):
            tried[kind] += 1
            right[kind] += row.code in codes or (not row.unique and not codes)
            other[kind] += bool(codes) and row.code not in codes
    print(f"\n{title}")
    for kind, count in sorted(tried.items()):
        share = right[kind] / count
        print(f"  {kind:10} right {right[kind]:>5} of {count:>5} = {share:.3f}, another code {other[kind]}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shared", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--made", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    engines = shared(load())
    if (args.shared / ROWS).exists():
        measure("names by year", list(given(args.shared / ROWS)), engines)
    rows = list(made(engines.gazetteer, args.made, args.seed))
    measure("made of the table", rows, engines)


if __name__ == "__main__":
    main()

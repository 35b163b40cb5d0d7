"""How extraction answers the cases of Microsoft's recognizers for Chinese: dates, sums, numbers, percentages.

Run `python benchmarks/recognizers.py [FOLDER]` with the folder of their tables (below ETL_SHARED). A case
passes when the words named are found with their value; ends of periods are inclusive here and exclusive
there. With ``--failures`` the cases that do not pass are printed.
"""

import argparse
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from etl.engines import Engines, default
from etl.extraction.amounts.money import find_money
from etl.extraction.amounts.percentages import FRACTION
from etl.extraction.amounts.quantities import find_quantities
from etl.extraction.context import Context
from etl.extraction.times.finder import find_times
from etl.text.numerals import NUMBER, parse_number

Case = dict[str, Any]
SHARED = Path(os.environ.get("ETL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
TABLES_FOLDER = SHARED / "bench" / "ner" / "data" / "recognizers"
LED = re.compile("^[从在]")
BLANKS = re.compile(r"\s+")
WIDE_SIGNS = str.maketrans("．，％－：", ".,%-:")


@dataclass(frozen=True, slots=True)
class Answer:
    """Words found, and what they mean."""

    text: str
    meaning: tuple[str, ...]


def context(text: str, published_on: date | None, engines: Engines) -> Context:
    folding = engines.lexicon.folding
    return Context(text, text.translate(folding), (), engines.lexicon, published_on)


def times(case: Case, engines: Engines) -> Iterator[Answer]:
    reference = case.get("Context", {}).get("ReferenceDateTime")
    anchor = date.fromisoformat(reference[:10]) if reference else None
    for time in find_times(context(case["Input"], anchor, engines)):
        yield Answer(time.text, tuple(d for d in (time.start_date, time.end_date) if d))


def wanted_times(result: Case) -> tuple[str, set[tuple[str, ...]]]:
    value = result.get("Value") or {}
    meanings: set[tuple[str, ...]] = set()
    for name in ("PastResolution", "FutureResolution"):
        resolution = value.get(name) or {}
        if "date" in resolution:
            meanings.add((resolution["date"], resolution["date"]))
        elif "startDate" in resolution:
            last = date.fromisoformat(resolution["endDate"])
            for end in (last, last - timedelta(days=1), date(last.year, 12, 31)):
                meanings.add((resolution["startDate"], end.isoformat()))
    return LED.sub("", result["Text"]), meanings


def sums(case: Case, engines: Engines) -> Iterator[Answer]:
    for money in find_money(context(case["Input"].translate(WIDE_SIGNS), None, engines)):
        yield Answer(money.text, (f"{money.value or 0:g}", money.currency))


def wanted_sums(result: Case) -> tuple[str, set[tuple[str, ...]]]:
    resolution = result["Resolution"]
    return result["Text"], {(_short(resolution["value"]), resolution.get("isoCurrency") or "USD")}


def percentages(case: Case, engines: Engines) -> Iterator[Answer]:
    for found in find_quantities(context(case["Input"].translate(WIDE_SIGNS), None, engines), ()):
        if found.unit in {"%", "个百分点"}:
            yield Answer(found.text, ("" if found.value is None else f"{found.value:g}",))


def wanted_percentages(result: Case) -> tuple[str, set[tuple[str, ...]]]:
    return result["Text"], {(_short(result["Resolution"]["value"].removesuffix("%")),)}


def numbers(case: Case, engines: Engines) -> Iterator[Answer]:
    folded = case["Input"].translate(engines.lexicon.folding).translate(WIDE_SIGNS)
    for match in re.finditer(NUMBER, folded):
        value = parse_number(match[0])
        yield Answer(match[0], () if value is None else (f"{float(value):g}",))
    for match in FRACTION.finditer(folded):
        parts, share = parse_number(match["parts"]), parse_number(match["share"])
        if parts and share is not None:
            yield Answer(match[0], (f"{float(share / parts):g}",))


def _short(value: str | None) -> str:
    return f"{float(value):g}" if value else ""


TABLES: dict[str, tuple[Callable[[Case, Engines], Iterator[Answer]], Callable[[Case], Any]]] = {
    "DateTime__Chinese__DateExtractor.json": (times, wanted_times),
    "DateTime__Chinese__DateParser.json": (times, wanted_times),
    "DateTime__Chinese__DatePeriodParser.json": (times, wanted_times),
    "NumberWithUnit__Chinese__CurrencyModel.json": (sums, wanted_sums),
    "Number__Chinese__NumberModel.json": (numbers, wanted_sums),
    "Number__Chinese__PercentModel.json": (percentages, wanted_percentages),
}


def passes(case: Case, answers: Iterable[Answer], wanted: Callable[[Case], Any], engines: Engines) -> bool:
    """Whether each result is among the answers; a case without results wants no answer."""
    found = {(_plain(a.text, engines), a.meaning) for a in answers}
    if not case["Results"]:
        return not found
    for result in case["Results"]:
        text, meanings = wanted(result)
        matching = {meaning for words, meaning in found if words == _plain(text, engines)}
        if not matching or (meanings and not matching & {m[: len(next(iter(matching)))] for m in meanings}):
            return False
    return True


def _plain(text: str, engines: Engines) -> str:
    return BLANKS.sub("", text.translate(engines.lexicon.folding).translate(WIDE_SIGNS)).lower()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=TABLES_FOLDER)
    parser.add_argument("--failures", action="store_true")
    args = parser.parse_args()
    engines = default()
    for name, (answer, wanted) in TABLES.items():
        cases = json.loads((args.folder / name).read_text(encoding="utf-8"))
        failed = [c for c in cases if not passes(c, list(answer(c, engines)), wanted, engines)]
        print(f"{name:46} {len(cases) - len(failed):4} of {len(cases):4}")
        for case in failed if args.failures else ():
            print("   ", case["Input"][:60], [a.text + str(a.meaning) for a in answer(case, engines)])


if __name__ == "__main__":
    main()

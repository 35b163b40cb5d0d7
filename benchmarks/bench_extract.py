"""Measures extraction: names by type, the facts of the seed report, speed and where the time goes.

usage: python benchmarks/bench_extract.py [SHARED] [--errors N]

SHARED is the folder that holds `bench/` (ETL_SHARED). Names are scored as exact spans, sentence by
sentence, beside what the tagger alone says; speed is measured on one thread after a warm-up, in
processor time.
``--errors N`` prints the most frequent mistakes of each type.
"""

import argparse
import cProfile
import json
import os
import pstats
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from etl.engines import Engines, default
from etl.extraction.extractor import extract
from etl.model.mentions import Extraction, Money, Person, Time

Span = tuple[str, int, int]
Finder = Callable[[str], set[Span]]
KINDS = {"person": "PER", "organization": "ORG", "place": "LOC", "time": "TIME", "money": "MONEY"}
SETS = ("reports_dev.bio", "weibo_dev.bio", "people_time_dev.bio", "peoples_daily_dev.bio")
PUBLISHED = date(2020, 2, 15)
SHARED = Path(os.environ.get("ETL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
# What the columns of the profile add up, each under the function that does all of it.
STAGES = (
    "read", "find_money", "find_times", "find_quantities", "find_organizations", "find_people", "find_places",
    "add_roles", "link_entities", "find_facts", "find_terms", "find_keywords",
)  # fmt: skip


@dataclass(slots=True)
class Score:
    """Right, found and marked spans of one type, and how often each mistake was made."""

    right: int = 0
    found: int = 0
    marked: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    invented: Counter[str] = field(default_factory=Counter)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where nothing is found or marked."""
        return 2 * self.right / (self.found + self.marked) if self.found + self.marked else 0.0

    def line(self) -> str:
        """Precision, recall, F1 and the marked spans, in columns."""
        precision = self.right / self.found if self.found else 0.0
        recall = self.right / self.marked if self.marked else 0.0
        return f"{precision:7.3f} {recall:7.3f} {self.f1:7.3f} {self.marked:6}"


def spans(tags: list[str]) -> set[Span]:
    """Spans of BIO or BMES tags; of Weibo only named mentions, its GPE as places."""
    found, start, kind = set(), None, ""
    for i, tag in enumerate([*tags, "O"]):
        if start is not None and not (tag[:2] in {"I-", "M-", "E-"} and tag[2:] == kind):
            found.add((kind, start, i))
            start = None
        if tag[:2] in {"B-", "S-"}:
            start, kind = i, tag[2:]
    named = {(k.removesuffix(".NAM"), a, b) for k, a, b in found if not k.endswith(".NOM")}
    return {("LOC" if k == "GPE" else k, a, b) for k, a, b in named}


def sentences(path: Path) -> Iterator[tuple[str, set[Span]]]:
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split() for line in block.splitlines() if line.strip()]
        if rows:
            yield "".join(row[0][0] for row in rows), spans([row[-1] for row in rows])


def finders(engines: Engines) -> tuple[Finder, Finder]:
    """Extraction as the product does it, and the tagger's words of those types as they come."""

    def product(text: str) -> set[Span]:
        found = extract(text, None, None, engines).entities
        return {(KINDS[e.type], e.start, e.end) for e in found if e.type in KINDS}

    def alone(text: str) -> set[Span]:
        return {(w.tag, w.start, w.end) for w in engines.tagger.tag(text) if w.tag in KINDS.values()}

    return product, alone


def measure(gold: list[tuple[str, set[Span]]], finder: Finder) -> tuple[dict[str, Score], float]:
    """Scores by type, and seconds; types that nobody marked do not count."""
    kinds = sorted({kind for _, marked in gold for kind, _, _ in marked})
    started = time.process_time()
    found = [finder(text) for text, _ in gold]
    seconds = time.process_time() - started
    scores = {kind: Score() for kind in [*kinds, "all"]}
    for (text, marked), have in zip(gold, found, strict=True):
        for kind in kinds:
            for score in (scores[kind], scores["all"]):
                a, b = ({s for s in side if s[0] == kind} for side in (have, marked))
                score.right += len(a & b)
                score.found += len(a)
                score.marked += len(b)
                score.missed.update(text[s:e] for _, s, e in b - a)
                score.invented.update(text[s:e] for _, s, e in a - b)
    return scores, seconds


def print_sets(folder: Path, engines: Engines, errors: int) -> None:
    product, alone = finders(engines)
    for path in (folder / name for name in SETS if (folder / name).is_file()):
        gold = list(sentences(path))
        bare, _ = measure(gold, alone)
        scores, seconds = measure(gold, product)
        speed = sum(len(text) for text, _ in gold) / seconds
        print(f"\n{path.name}: {speed:,.0f} characters/s")
        print("       precis.  recall      F1   gold  tagger alone (F1)")
        for kind, score in scores.items():
            print(f"{kind:6}{score.line()} {bare[kind].f1:10.3f}")
            if errors and kind != "all":
                print("       missed  ", score.missed.most_common(errors))
                print("       invented", score.invented.most_common(errors))


def print_seed(folder: Path, engines: Engines) -> None:
    gold = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    found = extract((folder / "restored.txt").read_text(encoding="utf-8"), None, PUBLISHED, engines)
    people = [e for e in found.entities if isinstance(e, Person)]
    wanted = {person["name"]: person for person in gold["persons"]}
    right = {p.text for p in people} & set(wanted)
    told = {
        p.text
        for p in people
        if p.text in wanted
        and set(wanted[p.text]["roles"]) <= {*p.roles, "作者"}
        and (wanted[p.text]["of"] in {None, p.of})
    }
    print("\nseed report")
    print(
        f"  persons      {len(right)} of {len(wanted)}, false {len({p.text for p in people} - set(wanted))}"
    )
    print(f"  role and of  {len(told)} of {len(wanted)}")
    sums = {(e.text, e.value, e.at_least) for e in found.entities if isinstance(e, Money)}
    print(
        f"  sums         {sum((m['text'], m['value'], m['at_least']) in sums for m in gold['money'])} of 13"
    )
    days = {(e.text, e.start_date) for e in found.entities if isinstance(e, Time)}
    resolved = sum((d["text"], d["value"]) in days for d in gold["dates"])
    print(f"  days         {resolved} of {len(gold['dates'])}")
    print_gifts(found, gold["donations"])


def print_gifts(found: Extraction, wanted: list[dict[str, Any]]) -> None:
    """Donations that agree in donor, gift, sum, goods and recipient with one that is wanted."""
    gold = {_gift(d, d["money"]) for d in wanted}
    facts = [fact.fields for fact in found.facts if fact.type == "donation"]
    have = {_gift(fields, (fields["money"] or {}).get("value")) for fields in facts}
    loose, wanted_loose = ({gift[:2] for gift in side} for side in (have, gold))
    print(f"  donations    {len(have & gold)} of {len(gold)} in every field", end=", ")
    print(f"{len(loose & wanted_loose)} by donor and gift, {len(loose - wanted_loose)} invented")


def _gift(fields: Mapping[str, Any], value: float | None) -> tuple[object, ...]:
    return (fields["donor"], fields["gift"], value, fields["goods"], fields["recipient"])


def print_speed(folder: Path, engines: Engines) -> None:
    text = (folder / "restored.txt").read_text(encoding="utf-8")
    rounds = 5
    best = min(_seconds(text, engines) for _ in range(rounds))
    profile = cProfile.Profile()
    profile.runcall(extract, text, None, PUBLISHED, engines)
    stats: dict[tuple[str, int, str], Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    cumulative: Counter[str] = Counter()
    for (file, _, name), row in stats.items():
        if "etl/extraction" in file.replace("\\", "/"):
            cumulative[name] = max(cumulative[name], row[3])
    whole = cumulative["extract"]
    print(f"\nspeed on the seed report: {len(text) / best:,.0f} characters/s, best of {rounds}")
    for name in STAGES:
        print(f"  {name:20} {cumulative[name] / whole:6.1%}")


def _seconds(text: str, engines: Engines) -> float:
    started = time.process_time()
    extract(text, None, PUBLISHED, engines)
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shared", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--errors", type=int, default=0, help="print so many mistakes of each type")
    args = parser.parse_args()
    engines = default()
    extract("江州市人民政府昨日通报。", None, None, engines)
    print_sets(args.shared / "bench" / "ner" / "data", engines, args.errors)
    print_seed(args.shared / "bench" / "seed", engines)
    print_speed(args.shared / "bench" / "seed", engines)


if __name__ == "__main__":
    main()

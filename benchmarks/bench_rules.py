"""Measure how often each rule that changes a text is right, and show its changes on real texts to be read.

usage: bench_rules.py [--shared FOLDER] [--rule NAME]… [--set NAME]… [--articles N] [--show N]

FOLDER holds ``bench`` and ``corpus``. Sets with a gold text: `made` (whole articles, each damaged by hand in
the way that the rule mends, see rule_damage.py), `repair` (articles as damage.py breaks them), `wild` (cases
after public bug reports). There a change is right where the characters round its place stand so in the gold
text; what also happens to the gold text itself, when it is cleaned, is not counted. Others: `harm` (real
texts that nobody damaged; of lines it is known whether they end paragraphs), `corpus` (news, reports of
governments, mixed kinds). ``--show`` prints changes of these, drawn evenly, with what stands around them.
"""

import argparse
import gzip
import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench_harm import texts
from bench_honesty import is_right, placed
from bench_repair import damaged as broken
from bench_repair import load
from rule_damage import DAMAGES, damaged

import etl
from etl.api import CleanText
from etl.model.traced import Change
from etl.rules import cards

SHARED = Path(os.environ.get("ETL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SEAM, AROUND, LONGEST_SHOWN = 6, 18, 40
SEED, PER_LEVEL, CHARACTERS, LONGEST_TEXT = 31, 60, 2_500_000, 20_000
Places = npt.NDArray[np.int64]
CORPORA = ("news_2022_2024", "gov_reports_to_2014", "mixed_kinds")


@dataclass(frozen=True, slots=True)
class Effect:
    """One change of a text.

    Attributes:
        rule: that made it.
        where: the set, and the name of the text in it.
        shown: what stands around it, before and after.
        right: None where nothing tells.
    """

    rule: str
    where: tuple[str, str]
    shown: str
    right: bool | None


def folded(text: str) -> str:
    """The text without space."""
    return "".join(text.split())


def origins(done: CleanText, length: int) -> Places:
    """For each character of the raw text its place in the result; -1 where it is gone."""
    out, at = np.full(length + 1, -1), 0
    for paragraph in done.paragraphs:
        for run in paragraph.body.runs:
            size = run.end - run.start
            if run.raw_end - run.raw_start == size:
                out[run.raw_start : run.raw_end] = np.arange(at + run.start, at + run.end)
            else:
                out[run.raw_start : run.raw_end] = at + run.start
        at += len(paragraph.body.text) + 1
    return out


def window(done: CleanText, change: Change, where: Places) -> str:
    """The result round the place of a change."""
    before = where[max(0, change.start - 2 * SEAM) : change.start]
    kept = np.flatnonzero(before >= 0)
    at = int(before[kept[-1]]) + 1 if len(kept) else max(0, int(where[change.start]))
    if change.to is not None:  # where the moved piece begins now
        at = max(0, int(where[change.start]))
    return done.text[max(0, at - SEAM) : at + len(change.after or "") * (change.to is None) + SEAM]


def judged(raw: str, gold: str, where: tuple[str, str]) -> Iterator[Effect]:
    """The changes of a text whose gold is known. A line end counts where the rule is of normalization."""
    done = etl.clean(raw)
    found, house = origins(done, len(raw)), etl.clean(gold).text
    for change in done.edits:
        if not change.applied:
            continue
        seen = window(done, change, found)
        if change.rule == "furniture":
            kept = folded(change.before) in set(map(folded, gold.split("\n")))
            yield Effect(change.rule, where, seen, not kept)
            continue
        plain: Callable[[str], str] = folded if change.stage == "repair" and change.to is not None else str
        right = plain(seen) in plain(gold)
        yield Effect(change.rule, where, seen, None if not right and plain(seen) in plain(house) else right)


def made(shared: Path, rules: Sequence[str], count: int) -> Iterator[Effect]:
    """Each rule on articles with its own damage; what other rules do there is not counted."""
    with gzip.open(shared / "bench/repair/articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines][:count]
    for rule in rules:
        for article in articles if rule in DAMAGES else ():
            paragraphs = [article["title"], *article["paragraphs"]]
            effects = judged(*damaged(rule, paragraphs, article["id"]), ("made", article["id"]))
            yield from (effect for effect in effects if effect.rule == rule)


def repaired(shared: Path, *_: object) -> Iterator[Effect]:
    """Articles as pages break them; a half-width mark of theirs stands full width in the gold text."""
    bench = load(shared)
    for gold, raw in broken(bench, SEED, PER_LEVEL):
        text = "\n".join([str(gold["title"]), *map(str, gold["paragraphs"])])  # type: ignore[call-overload]
        yield from judged(raw, text, ("repair", str(gold["file"])))


def wild(shared: Path, *_: object) -> Iterator[Effect]:
    """Cases that say what the whole text must become."""
    for line in (shared / "bench/wild/cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["call"] == "clean" and (case["options"] or {}).get("mode", "equal") == "equal":
            yield from judged(case["input"], case["expected"], ("wild", case["id"]))


def unbroken(shared: Path, *_: object) -> Iterator[Effect]:
    """Real texts that nobody damaged, whose line ends are known."""
    for row in texts(shared, None):
        told = placed(row)
        for change in etl.clean(row["text"]).edits:
            if change.applied:
                right = is_right(change, told) if change.stage == "repair" else None
                yield Effect(change.rule, ("harm", row["id"]), shown(row["text"], change), right)


def corpus(shared: Path, *_: object) -> Iterator[Effect]:
    """Real texts of which nothing is known."""
    for name in CORPORA:
        left = CHARACTERS
        with gzip.open(shared / f"corpus/{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                text = (row.get("text") or "\n".join(row["paragraphs"]))[:LONGEST_TEXT]
                left -= len(text)
                if left < 0:
                    break
                for change in etl.clean(text).edits:
                    if change.applied:
                        yield Effect(change.rule, (name, str(row["id"])), shown(text, change), None)


def shortened(text: str) -> str:
    """The text, or its beginning."""
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def shown(raw: str, change: Change) -> str:
    """A change with what stands around it in the raw text."""
    before, after = map(shortened, (change.before, change.after))
    left, right = raw[max(0, change.start - AROUND) : change.start], raw[change.end : change.end + AROUND]
    return f"{left}【{before}→{after}】{right}".replace("\n", "⏎").replace("\f", "␌")


SETS: Mapping[str, Callable[[Path, Sequence[str], int], Iterator[Effect]]] = {
    "made": made,
    "repair": repaired,
    "wild": wild,
    "harm": unbroken,
    "corpus": corpus,
}


def table(effects: Sequence[Effect]) -> Iterator[str]:
    """For each rule and set: how many changes, and of those that something tells of how many are right."""
    counts: dict[tuple[str, str], Counter[bool | None]] = defaultdict(Counter)
    for effect in effects:
        counts[effect.rule, effect.where[0]][effect.right] += 1
    yield f"{'rule':26}{'set':22}{'changes':>9}{'right':>9}{'of':>9}{'share':>8}"
    for rule in cards():
        for (name, of), found in sorted(counts.items()):
            told = found[True] + found[False]
            if name == rule:
                share = f"{found[True] / told:8.4f}" if told else ""
                yield f"{rule:26}{of:22}{found.total():9,}{found[True]:9,}{told:9,}{share}"


def drawn(effects: Sequence[Effect], count: int) -> Iterator[str]:
    """Of each rule some changes that nothing tells of, and as many that are wrong."""
    by_rule: dict[tuple[str, bool], list[Effect]] = defaultdict(list)
    for effect in effects:
        if not effect.right:
            by_rule[effect.rule, effect.right is None].append(effect)
    for (rule, is_open), found in sorted(by_rule.items()):
        yield f"\n{rule}: {'to be read' if is_open else 'wrong'}, of {len(found)}"
        chosen = random.Random(rule).sample(found, min(count, len(found)))
        yield from (f"  {' '.join(one.where)}: {one.shown!r}" for one in chosen)


def main() -> None:
    """Print the table, then what is to be read."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--rule", action="append", choices=list(cards()))
    parser.add_argument("--set", action="append", choices=list(SETS))
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    rules = args.rule or list(cards())
    found = (e for name in args.set or SETS for e in SETS[name](args.shared, rules, args.articles))
    effects = [effect for effect in found if effect.rule in rules]
    print("\n".join(table(effects)))
    if args.show:
        print("\n".join(drawn(effects, args.show)))


if __name__ == "__main__":
    main()

"""Measure extraction with the house's tagger on texts that it did not see, and how its names are chosen best.

usage: choose_names.py GOLD FOLDER [--tagger network|both] [--folds N] [--errors N] [--judged CORPUS]
                       [--also FILE…] [--names FILE…]

GOLD holds texts marked by hand, FOLDER what ``finish_tagger.py`` wrote: each text is read with the tagger
of its fold. Printed are precision, recall and F1 by type and genre as `etl.extraction.choosing` is now,
then with the weights that are best on the other folds. Weights are fitted on whole texts and on each sentence
by itself, so that they also hold where nothing is said twice.

With --judged they are also fitted on the names of ``judged_names.tsv``, found in other kinds of texts, with
--also and --names on every other sentence of other sets (.bio), so that the rest can measure: --also for
persons only, since most sets mark other names in other ways. `BELIEVED` is added to what was fitted.
"""

import argparse
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bench_extract
import numpy as np
from judged_names import FIRST as SEEN
from judged_names import RIGHT, judged_names
from sklearn.linear_model import LogisticRegression
from tagger_data import FOLDS, Labelled, folds, marked

from etl.engines import Engines, default
from etl.extraction import choosing, extractor
from etl.extraction.choosing import FEATURES, FOUND, KINDS, Weighed, surest
from etl.extraction.context import Context, Span
from etl.settings import load

FORM, NAMES = FEATURES.index("form"), ("PER", "ORG", "LOC")
TYPES = {"person": "PER", "organization": "ORG", "place": "LOC", "time": "TIME", "money": "MONEY"}
# How strongly weights are held near zero, and what is tried to be added to all odds.
HELD, TRIED = 0.3, (-0.6, -0.3, 0.0, 0.3, 0.6, 0.9, 1.2)
# How much a judged name of another kind of text counts, and a sentence of another set.
PERSON, OF_JUDGED, OF_OTHER_SETS = "PER", 3.0, 3.0
# What the finders count more than was fitted, and what they have by a form: on kinds of texts that taught
# the network nothing they know more than it does (docs/decisions/0130, 0135).
BELIEVED = {"ORG": (1.0, 2.8), "PER": (1.25, 2.7), "LOC": (0.5, 1.5), "TIME": (4.0, 2.5)}
SENTENCE = re.compile("[^。！？\n]{6,}[。！？”」]*")
Weights = tuple[dict[str, tuple[float, ...]], dict[str, float]]
Spans = set[tuple[str, int, int]]


@dataclass
class Case:
    """One text or sentence: who marked what, what was found, and what was weighed."""

    fold: int
    genre: str
    text: Labelled
    whole: bool = True
    weight: float = 1.0
    found: Spans = field(default_factory=set)
    weighed: list[Weighed] = field(default_factory=list)

    @property
    def gold(self) -> Spans:
        """What was marked by hand."""
        return set(self.text.entities)

    def names(self, weights: Weights) -> Spans:
        """What would stand with other weights."""
        every = (weighed.candidate(*weights) for weighed in self.weighed)
        return {(c.kind, c.start, c.end) for c in surest([c for c in every if c.score > 0])}


def read(case: Case, engines: Engines) -> None:
    """Fill in what the product finds, and what its names were chosen from."""

    def recorded(
        context: Context, found: Mapping[str, Sequence[Span]], taken: Iterable[Span]
    ) -> Mapping[str, list[Span]]:
        taken = list(taken)
        if context.tag_probabilities is not None:
            case.weighed += choosing.weigh(context, context.tag_probabilities, found, taken)
        return choosing.choose_names(context, found, taken)

    setattr(extractor, "choose_names", recorded)  # noqa: B010 - for this run
    entities = extractor.extract(case.text.text, None, None, engines).entities
    case.found = {(TYPES[e.type], e.start, e.end) for e in entities if e.type in TYPES}


def folder_engines(folder: Path, tagger: str) -> Engines:
    """Return the engines with the network of a folder."""
    settings = load()
    extract = settings.extract.model_copy(update={"tagger": tagger})
    return Engines(settings.model_copy(update={"extract": extract, "config_dir": folder}))


def cases(gold: Path, folder: Path, count: int, tagger: str) -> Iterator[Case]:
    """Read every text with the tagger of its fold."""
    for fold, dealt in enumerate(folds(marked(gold), count)):
        engines = folder_engines(folder / f"fold{fold}", tagger)
        for genre, text in dealt:
            for case in (Case(fold, genre, text), *sentences(fold, genre, text)):
                read(case, engines)
                yield case


def sentences(fold: int, genre: str, text: Labelled) -> Iterator[Case]:
    """Yield the sentences of a text, with what is marked in them."""
    for match in SENTENCE.finditer(text.text):
        first, last = match.span()
        marks = ((k, a - first, b - first) for k, a, b in text.entities if first <= a and b <= last)
        yield Case(fold, genre, Labelled(match[0], (), tuple(marks)), whole=False)


def judged(corpus: Path, count: int) -> Iterator[Case]:
    """Read the names that were judged; nothing else of their texts is asked."""
    for number, one in enumerate(one for one in judged_names(corpus) if one.sample == SEEN):
        span = (TYPES[one.type], one.start, one.end)
        gold = (span,) if one.judged == RIGHT and span[0] == PERSON else ()
        case = Case(number % count, "judged", Labelled(one.text, (), gold), whole=False, weight=OF_JUDGED)
        read(case, default())
        case.weighed = [w for w in case.weighed if w[:3] == span and w.kind == PERSON]
        yield case


def of_other_sets(
    files: Iterable[Path], kinds: Collection[str], count: int, engines: Engines
) -> Iterator[Case]:
    """Read the names of these kinds in every other sentence of other sets."""
    for path in files:
        for number, (text, spans) in enumerate(itertools.islice(bench_extract.sentences(path), 0, None, 2)):
            gold = tuple(span for span in spans if span[0] in kinds)
            case = Case(
                number % count, path.stem, Labelled(text, (), gold), whole=False, weight=OF_OTHER_SETS
            )
            read(case, engines)
            case.weighed = [w for w in case.weighed if w.kind in kinds]
            yield case


def f1(pairs: Iterable[tuple[Spans, Spans]]) -> tuple[float, float, float, int]:
    """Precision, recall, F1 and how many are marked."""
    right = have = want = 0
    for found, wanted in pairs:
        right, have, want = right + len(found & wanted), have + len(found), want + len(wanted)
    return right / max(have, 1), right / max(want, 1), 2 * right / max(have + want, 1), want


def only(spans: Spans, kind: str) -> Spans:
    return {span for span in spans if span[0] == kind}


def table(every: Sequence[Case], found: Mapping[int, Spans]) -> None:
    """Print the figures by type and by genre."""
    rows: dict[str, list[tuple[Spans, Spans]]] = defaultdict(list)
    for case in every:
        if not case.whole:
            continue
        have, gold = found[id(case)], case.gold
        for kind in TYPES.values():
            rows[kind].append((only(have, kind), only(gold, kind)))
        rows["all"].append((have, gold))
        rows[f"({case.genre})"].append((have, gold))
    for name, pairs in rows.items():
        p, r, f, n = f1(pairs)
        print(f"  {name:12} precision {p:.3f}  recall {r:.3f}  F1 {f:.3f}  gold {n}")


def best(every: Sequence[Case]) -> Weights:
    """Return weights by logistic regression, kind by kind, and then the first odds with the highest F1."""
    weights: dict[str, tuple[float, ...]] = {}
    first: dict[str, float] = {}
    for kind in KINDS:
        rows = [
            (w.features, (kind, w.start, w.end) in c.gold, c.weight)
            for c in every
            for w in c.weighed
            if w.kind == kind
        ]
        features, right, shares = zip(*rows, strict=True)
        fitted = LogisticRegression(C=HELD, max_iter=500).fit(features, right, sample_weight=shares)
        weights[kind], first[kind] = tuple(map(float, fitted.coef_[0])), float(fitted.intercept_[0])

    weights = believed(weights)
    marked_whole = [case for case in every if case.weight == 1]

    def score(more: float) -> float:
        tried = (weights, {kind: value + more for kind, value in first.items()})
        return f1((case.names(tried), {s for s in case.gold if s[0] in KINDS}) for case in marked_whole)[2]

    added = max(TRIED, key=score)
    return weights, {kind: value + added for kind, value in first.items()}


def believed(weights: Mapping[str, Sequence[float]]) -> dict[str, tuple[float, ...]]:
    """Add to the weights what the finders count more than was fitted."""
    return {
        kind: tuple(
            value + BELIEVED[kind][0] * (i == FOUND) + BELIEVED[kind][1] * (i == FORM)
            for i, value in enumerate(of_kind)
        )
        for kind, of_kind in weights.items()
    }


def others(case: Case) -> Spans:
    """What is found and not chosen: times and sums."""
    return {span for span in case.found if span[0] not in KINDS}


def print_errors(every: Sequence[Case], found: Mapping[int, Spans], many: int) -> None:
    for kind in TYPES.values():
        missed: Counter[str] = Counter()
        invented: Counter[str] = Counter()
        for case in (case for case in every if case.whole):
            have, gold, text = found[id(case)], case.gold, case.text.text
            missed.update(text[a:b] for k, a, b in gold - have if k == kind)
            invented.update(text[a:b] for k, a, b in have - gold if k == kind)
        print(kind, "missed", missed.most_common(many), "\n   invented", invented.most_common(many))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tagger", choices=("network", "both"), default="network")
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--judged", type=Path)
    parser.add_argument("--also", type=Path, nargs="*", default=())
    parser.add_argument("--names", type=Path, nargs="*", default=())
    args: Any = parser.parse_args()
    every = list(cases(args.gold, args.folder, args.folds, args.tagger))
    every += judged(args.judged, args.folds) if args.judged else ()
    first_fold = folder_engines(args.folder / "fold0", args.tagger)
    every += of_other_sets(args.also, (PERSON,), args.folds, first_fold)
    every += of_other_sets(args.names, NAMES, args.folds, first_fold)
    print("the finders alone")
    table(every, {id(c): others(c) | {w[:3] for w in c.weighed if w.features[FOUND]} for c in every})
    print("as it is")
    table(every, {id(case): case.found for case in every})
    chosen = {fold: best([c for c in every if c.fold != fold]) for fold in range(args.folds)}
    chosen_names = {id(c): c.names(chosen[c.fold]) | others(c) for c in every}
    print("with the best numbers of the other folds")
    table(every, chosen_names)
    weights, first = best(every)
    print("WEIGHTS", {kind: np.round(value, 2).tolist() for kind, value in weights.items()})
    print("FIRST", {kind: round(value, 2) for kind, value in first.items()})
    print_errors(every, chosen_names, args.errors)


if __name__ == "__main__":
    main()

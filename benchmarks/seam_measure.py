"""Measure a continuation model on articles it was not trained on.

    python benchmarks/seam_measure.py FOLDER_OR_FILE --model src/etl/models/joins.npz [--buckets 0 1 2]

Prints, for cuts among 10, 20 and 40 ends and starts of the same report, how often the true partner is
the best one of its row and of its column; how well starts and ends tell paragraphs from cut sentences (area
under the curve); and what a report costs.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import seam_scores
from seam_data import Group, groups, read_articles, sample

from etl.repair.scorer.continuation import ContinuationScorer
from etl.repair.scorer.scores import Scores

SENTENCE_ENDS = frozenset("。！？…；：”")  # after these, which rival goes on is anybody's guess


def area(scores: np.ndarray, truth: np.ndarray) -> float:
    """Area under the receiver's curve."""
    rank = np.argsort(np.argsort(scores)) + 1
    yes = truth.sum()
    return float((rank[truth].sum() - yes * (yes + 1) / 2) / (yes * (len(truth) - yes)))


def retrieval(
    model: ContinuationScorer, cases: Sequence[Group], rivals: int, *, memory: bool
) -> dict[str, float]:
    """Top-1 of rows and of columns, and the area under the curve of all pairs."""
    rng = random.Random(3)
    rows, columns, scores, truth = [], [], [], []
    for group in cases:
        chosen = sample(group, rivals, rng)
        cut = (chosen.partner >= 0) & np.array(
            [group.pieces[k][-1] not in SENTENCE_ENDS for k in chosen.ends]
        )
        lefts, rights = [group.pieces[k] for k in chosen.ends], [group.pieces[k] for k in chosen.starts]
        got = seam_scores.pairs(model, lefts, rights, group.pieces if memory else ())
        at = np.arange(rivals)
        rows.append((got.argmax(1) == at)[cut])
        columns.append((got.argmax(0) == at)[cut])
        scores.append(got.ravel())
        truth.append((np.eye(rivals, dtype=bool) & cut[:, None]).ravel())
    every = area(np.concatenate(scores), np.concatenate(truth))
    return {
        "rows": float(np.concatenate(rows).mean()),
        "columns": float(np.concatenate(columns).mean()),
        "area": every,
    }


def edges(model: ContinuationScorer, cases: Sequence[Group]) -> dict[str, float]:
    """Areas under the curves of starts and of ends, and of the two halves of true and false seams in line."""
    ends, starts, joins, truth = [], [], [], []
    for group in cases:
        ends.append(seam_scores.ends(model, group.pieces[:-1]))
        starts.append(seam_scores.starts(model, group.pieces[1:]))
        joins.append(seam_scores.seams(model, group.pieces[:-1], group.pieces[1:], group.pieces))
        truth.append(~np.array(group.joined[:-1]))
    whole = np.concatenate(truth)
    names = {"ends": ends, "starts": starts, "seams": [-j for j in joins]}
    return {name: area(np.concatenate(values), whole) for name, values in names.items()}


def milliseconds(work: Callable[[], object]) -> float:
    """Best of five averages of twenty calls."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(20):
            work()
        took.append((time.perf_counter() - began) / 20)
    return 1000 * min(took)


def speed(model: ContinuationScorer, group: Group) -> dict[str, float]:
    """What typical questions cost, in milliseconds."""
    pieces = (group.pieces * 100)[:100]

    every = np.arange(len(pieces))

    def pairs(count: int) -> float:
        return milliseconds(lambda: seam_scores.pairs(model, pieces[:count], pieces[:count], group.pieces))

    return {
        "report of 100 lines": milliseconds(lambda: Scores(model, pieces).seams(every[:-1], every[1:])),
        "pairs 15 x 15": pairs(15),
        "pairs 40 x 40": pairs(40),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--buckets", type=int, nargs="*", default=list(range(10)))
    parser.add_argument("--groups", type=int, default=300)
    args = parser.parse_args()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    model = ContinuationScorer.load(args.model)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"load {took:.3f} s, {(after - before) / 1024:.0f} MB")
    articles = [
        a for path in args.articles for a in read_articles(path) if a.paragraphs and a.bucket in args.buckets
    ]
    stream = groups(articles, random.Random(5), (2500, 4000))
    cases = [next(stream) for _ in range(args.groups)]
    for rivals in (10, 20, 40):
        enough = [g for g in cases if sum(g.joined) >= rivals * 4 // 5]
        for memory in (False, True):
            figures = retrieval(model, enough, rivals, memory=memory)
            print(
                f"{rivals} rivals, {'with' if memory else 'without'} the report's words:",
                {k: round(v, 4) for k, v in figures.items()},
                len(enough),
            )
    print("edges", {k: round(v, 4) for k, v in edges(model, cases).items()})
    print("milliseconds", {k: round(v, 2) for k, v in speed(model, cases[0]).items()})


if __name__ == "__main__":
    main()

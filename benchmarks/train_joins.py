"""Train the tree classifiers of ``etl.repair`` on damage of our own making, and measure how sure they may be.

usage: train_joins.py CORPUS_FOLDER [--seams FILE] [--files N] [--out FILE]

CORPUS_FOLDER holds ``*.jsonl.gz`` files of ``{"id", "title", "paragraphs"}``, one a line; any collection of
whole reports will do. The continuation model must be trained first (``train_seams.py``) and on other
documents: here only ids whose checksum ends in 0 or 1 are trained on, and those in 2 set the confidence. It
is read from the file named by --seams and written beside the trees into --out; both are the shipped file
unless named. The shipped table of n-grams counts the whole corpus, so train with a model of your own that
left these ids out (``--buckets``), and put its trees together with the larger table by ``count_table.py``.
Needs lightgbm, skl2onnx and onnxmltools, which the product itself does not.
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from break_articles import articles, documents
from break_pages import paged
from break_reports import Broken, broken
from grow_trees import UNKNOWN, Grown, Ints, Rows
from whole_texts import kinds, whole
from write_models import put

from etl.repair.layout.lines import Floats, Lines, read_lines
from etl.repair.order import features, restorer
from etl.repair.order.confidence import confidence_features
from etl.repair.order.content import Content
from etl.repair.order.seam_odds import OPEN_FROM
from etl.repair.scorer.classifier import APART, BREAK, JOIN, TreeClassifier
from etl.repair.scorer.continuation import ContinuationScorer
from etl.repair.scorer.weights import MODEL, arrays

TRAINED, CONFIDENT = (0, 1), (2,)
NEGATIVES, PAGED, UNDAMAGED, THRESHOLD, FEWEST = 60, 0.2, 0.35, 0.7, 2


class Truth:
    """Where the lines of one broken report belong."""

    def __init__(self, report: Broken, lines: Lines) -> None:
        ends = np.cumsum([len(p) + 1 for p in report.paragraphs]) - 1
        self._borders = set(ends.tolist())
        spans = [self._span(report, a, b) for a, b in zip(lines.starts, lines.ends, strict=True)]
        self.first = np.array([a for a, _ in spans])
        self.last = np.array([b for _, b in spans])

    @staticmethod
    def _span(report: Broken, start: int, end: int) -> tuple[int, int]:
        """First and last place of a line; -1 for furniture, -2 for what is half of both."""
        places = [
            p
            for p, c in zip(report.places[start:end], report.text[start:end], strict=True)
            if not c.isspace()
        ]
        if max(places) < 0:
            return -1, -1
        return (places[0], places[-1]) if min(places) >= 0 else (-2, -2)

    def label(self, left: int, right: int) -> int:
        """What line `right` is to line `left`: joined, next paragraph, elsewhere, or not known."""
        end, start = self.last[left], self.first[right]
        if end < 0 or start < 0:
            return UNKNOWN
        if start == end + 1:
            return JOIN
        return BREAK if start == end + 2 and int(end) + 1 in self._borders else APART


@dataclass
class Case:
    """One broken report on its way through training."""

    truth: Truth
    content: Content
    paged: bool


def reports(
    folder: Path, shares: tuple[int, ...], rng: random.Random, without: frozenset[str]
) -> Iterator[tuple[Broken, bool]]:
    """Endless reports, and whether each was set by pages: most of them undamaged, as most texts are."""
    prose = articles(documents(folder, shares), rng)
    others = whole(kinds(folder, shares, without), rng)
    while True:
        if rng.random() < UNDAMAGED:
            yield next(others), False
        else:
            by_page = rng.random() < PAGED
            yield (paged if by_page else broken)(next(prose), rng), by_page


def cases(model: restorer.Restorer, stream: Iterator[tuple[Broken, bool]], count: int) -> Iterator[Case]:
    """So many reports as `Restorer.select_lines` lays them out."""
    for report, by_page in islice(stream, count):
        lines = read_lines(report.text, ())
        content, _ = model.select_lines(lines, THRESHOLD)
        if len(content) > FEWEST:
            yield Case(Truth(report, lines), content, by_page)


def labels_of(case: Case, content: Content, lefts: Ints, rights: Ints) -> Ints:
    """True relation of content lines."""
    kept = content.line_index
    return np.array(
        [case.truth.label(int(kept[a]), int(kept[b])) for a, b in zip(lefts, rights, strict=True)], np.int64
    )


def learn_seams(every: list[Case], out: dict[str, Grown]) -> None:
    """Train the first look, and with it everything that compares rivals."""
    first, wrapped, looked = Rows(), Rows(), []
    for case in every:
        n = np.arange(len(case.content) - 1)
        rows = features.adjacent(case.content, n, features.seam_scores(case.content, n))
        labels = labels_of(case, case.content, n, n + 1)
        wrapped.add(features.in_wrapped(case.content, rows), labels)
        if not case.paged:
            first.add(rows, labels)
            looked.append((case, rows, labels))
    model = first.fit("adjacent", out)
    wrapped.fit("wrapped", out)
    sets = {name: Rows() for name in ("second", "jumps", "finals")}
    rng = np.random.default_rng(3)
    for case, rows, labels in looked:
        gather(case, (rows, labels, model(rows)), sets, rng)
    for name, gathered in sets.items():
        gathered.fit(name, out)


def gather(
    case: Case, looked: tuple[Floats, Ints, Floats], sets: dict[str, Rows], rng: np.random.Generator
) -> None:
    """Rows of one report for everything behind the first look."""
    content, (rows, labels, odds) = case.content, looked
    open_seams = np.flatnonzero(odds[:, APART] > OPEN_FROM)
    if not len(open_seams):
        return
    together = np.logaddexp(odds[open_seams, JOIN], odds[open_seams, BREAK])
    found = features.rivals(content, open_seams, odds[open_seams, APART] - together)
    sets["second"].add(features.second_look(content, found, rows), labels[open_seams])
    final = (case.truth.last[content.line_index[found.left]] == case.truth.last.max()).astype(np.int64)
    if final.sum() == 1:
        sets["finals"].add(features.finals(content, found), final)
    i, j = np.nonzero(~np.eye(len(found.left), len(found.right), dtype=np.bool_))
    far = labels_of(case, content, found.left[i], found.right[j])
    true = (far == JOIN) | (far == BREAK)
    share = min(1.0, NEGATIVES / max(1, len(far)) + 0.02)
    taken = true | (rng.random(len(far)) < share)
    weights = np.where(true, 1.0, 1 / share).astype(np.float32)
    sets["jumps"].add(features.jumps(content, found, (i[taken], j[taken])), far[taken], weights[taken])


def learn_confidence(every: Iterator[Case], model: restorer.Restorer, out: dict[str, Grown]) -> None:
    """Learn on fresh documents how often a succession of the best order is right."""
    gathered = Rows()
    for case in every:
        content = case.content
        solved = model.score_pairs(content, model.classify_seams(content))
        if solved is None:
            continue
        path = model.choose_path(content, solved)
        right = np.append(solved.found.right, UNKNOWN)[list(path.follows)]
        ends = [
            case.truth.label(int(content.line_index[a]), int(content.line_index[b]))
            if b != UNKNOWN
            else UNKNOWN
            for a, b in zip(solved.found.left, right, strict=True)
        ]
        labels = np.array([UNKNOWN if e == UNKNOWN else int(e != APART) for e in ends], np.int64)
        gathered.add(confidence_features(content, solved, path.follows, path.kinds), labels)
    gathered.fit("trust", out)


class Untaught:
    """Stands for the tree classifier that is not there yet: as likely as not."""

    def __call__(self, rows: Floats) -> Floats:
        """Even odds for every row."""
        return np.full((len(rows), 2), np.log(0.5), np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--files", type=int, default=12000)
    parser.add_argument("--seams", type=Path, default=MODEL)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--without", nargs="*", default=[], help="kinds of text to hold out")
    args = parser.parse_args()
    seams, held_out = ContinuationScorer.load(args.seams), frozenset(args.without)
    blank = restorer.Restorer(seams, *[Untaught()] * 6)  # type: ignore[arg-type]
    grown: dict[str, Grown] = {}
    learn_seams(
        list(cases(blank, reports(args.corpus, TRAINED, random.Random(11), held_out), args.files)), grown
    )
    taught = {name: TreeClassifier(payload) for name, (payload, _) in grown.items()}
    untaught = restorer.Restorer(seams, **taught, confidence=Untaught())  # type: ignore[arg-type]
    fresh = reports(args.corpus, CONFIDENT, random.Random(12), held_out)
    learn_confidence(cases(untaught, fresh, args.files // 2), untaught, grown)
    put(args.out, arrays(args.seams), grown)


if __name__ == "__main__":
    main()

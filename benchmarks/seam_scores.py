"""Score any stretches of text by the continuation model, as repair does the lines of a report.

For measurements and tests: `pairs` and `seams` score continuations, `ends` and `starts` the edges alone.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from etl.repair.scorer.continuation import ContinuationScorer, ReportCache
from etl.repair.scorer.scores import Scores

Floats = npt.NDArray[np.float32]
Index = npt.NDArray[np.intp]


def pairs(
    model: ContinuationScorer, lefts: Sequence[str], rights: Sequence[str], report: Sequence[str] = ()
) -> Floats:
    """Score [lefts, rights] how likely each right text continues each left one; above 0 is likely.

    Args:
        model: the continuation model.
        lefts: stretches that may have been cut at their end.
        rights: stretches that may have been cut at their start.
        report: all stretches of the report, whose words and names then count as known.
    """
    scores, i, j = _scores(model, lefts, rights, report)
    a, b = np.meshgrid(i, j, indexing="ij")
    return scores.seams(a.ravel(), b.ravel()).reshape(a.shape)


def seams(
    model: ContinuationScorer, lefts: Sequence[str], rights: Sequence[str], report: Sequence[str] = ()
) -> Floats:
    """Score [n] how likely ``rights[k]`` continues ``lefts[k]``, as `pairs` does."""
    scores, i, j = _scores(model, lefts, rights, report)
    return scores.seams(i, j)


def ends(model: ContinuationScorer, texts: Sequence[str]) -> Floats:
    """Return log-odds [n] that each text ends a paragraph, and is not cut."""
    return _alone(model, texts).ends


def starts(model: ContinuationScorer, texts: Sequence[str]) -> Floats:
    """Return log-odds [n] that each text begins a paragraph, and is not the rest of a cut sentence."""
    return _alone(model, texts).starts


def _alone(model: ContinuationScorer, texts: Sequence[str]) -> Scores:
    """Return scores of texts, both sides of each encoded."""
    scores, every = Scores(model, texts), np.arange(len(texts))
    scores.encode(every, every)
    return scores


def _scores(
    model: ContinuationScorer, lefts: Sequence[str], rights: Sequence[str], report: Sequence[str]
) -> tuple[Scores, Index, Index]:
    """Return scores of the texts with the n-grams of a report in memory, and where each text stands."""
    texts = [*lefts, *rights]
    cache = ReportCache(texts=texts, memory=model.memory(report))
    return Scores(model, texts, cache), np.arange(len(lefts)), np.arange(len(lefts), len(texts))

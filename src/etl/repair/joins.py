"""The join model: what the seam model and the combiners, shipped with the package, make of a report's lines.

`JoinModel.judge` decides; `etl.repair` carries out. A new combiner is one more field, loaded in `load`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.repair import features, furniture
from etl.repair.combine import Combiner, load
from etl.repair.features import Content, Open
from etl.repair.lines import Floats, Lines
from etl.repair.order import best_path, successors
from etl.repair.scores import Scores
from etl.repair.seams import SeamModel
from etl.repair.sheet import Sheet, measure

Index = npt.NDArray[np.intp]
JOIN, BREAK, APART = 0, 1, 2
OPEN_FROM = float(np.log(0.01))
CLOSING = 2.5
UNLIKELY = -7.0
ALMOST = 0.999999


@dataclass(frozen=True, slots=True)
class JoinModel:
    """Everything learned that repair asks; built once a process by `load`."""

    seams: SeamModel
    furniture: Combiner
    adjacent: Combiner
    second: Combiner
    jumps: Combiner
    finals: Combiner
    kinds: Combiner

    @classmethod
    def load(cls) -> "JoinModel":
        """Read the models shipped with the package.

        Raises:
            FileNotFoundError: the package was installed without its models.
        """
        return cls(SeamModel.load(), *map(load, ("furniture", "adjacent", "second", "jumps", "finals", "kinds")))


@dataclass(frozen=True, slots=True)
class Link:
    """What follows a content line: content line `to` (None for the end), joined or as a new paragraph."""

    to: int | None
    joined: bool
    confidence: float
    given: bool


def find_furniture(model: JoinModel, lines: Lines, sheet: Sheet, scores: Scores) -> npt.NDArray[np.bool_]:
    """Which lines are page furniture."""
    out = np.zeros(len(lines), np.bool_)
    picked = furniture.candidates(lines, sheet)
    if picked:
        odds = model.furniture(furniture.describe(lines, sheet, picked, scores))
        out[picked] = odds[:, 1] > odds[:, 0]
    return out


def judge(model: JoinModel, content: Content) -> list[Link]:
    """For each content line what follows it in the restored text."""
    rows, _ = features.adjacent(content)
    first = model.adjacent(rows)
    open_seams = np.flatnonzero(first[:, APART] > OPEN_FROM)
    links = [
        Link(k + 1, bool(odds[JOIN] > odds[BREAK]), float(np.exp(max(odds[JOIN], odds[BREAK]))), given=True)
        for k, odds in enumerate(first)
    ]
    links.append(Link(None, joined=False, confidence=1.0, given=True))
    if len(open_seams):
        odds = first[open_seams, APART] - np.logaddexp(first[open_seams, JOIN], first[open_seams, BREAK])
        found = features.rivals(content, open_seams, odds)
        _relink(model, content, found, (rows, first), links)
    return links


def gains_of(model: JoinModel, content: Content, found: Open, looked: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Log-odds [n + 1, n + 1] that each piece follows each, joined and as a new paragraph."""
    rows, first = looked
    n = len(found.right)
    against = features.standing(found)
    join, apart = np.full((n + 1, n + 1), UNLIKELY, np.float32), np.full((n + 1, n + 1), UNLIKELY, np.float32)
    own = model.second(features.second_look(content, found, against, rows))
    diagonal = np.arange(n)
    kind = first[found.left[:-1]]
    together = np.log1p(-np.minimum(np.exp(own[:, APART]), ALMOST)) - own[:, APART]
    known = kind[:, :2] - np.logaddexp(kind[:, JOIN], kind[:, BREAK])[:, None]
    join[diagonal, diagonal], apart[diagonal, diagonal] = together + known[:, JOIN], together + known[:, BREAK]
    i, j = np.nonzero(~np.eye(n + 1, n, dtype=np.bool_))
    odds = model.jumps(features.jumps(content, found, against, (i, j)))
    none = np.log1p(-np.minimum(np.exp(odds[:, :2]), ALMOST))
    join[i, j], apart[i, j] = odds[:, JOIN] - none[:, JOIN], odds[:, BREAK] - none[:, BREAK]
    last = model.finals(features.finals(content, found, against))
    apart[:, n] = last[:, 1] - last[:, 0]
    return join, apart


def _relink(model: JoinModel, content: Content, found: Open, looked: tuple[Floats, Floats], links: list[Link]) -> None:
    join, apart = gains_of(model, content, found, looked)
    gains = np.maximum(join, apart).astype(np.float64)
    path = best_path(gains)
    path = best_path(closed(gains, join, path))
    follows = successors(path)
    kinds = _kinds(model, content, found, follows)
    for p, q in enumerate(follows):
        end = int(found.left[p])
        to = int(found.right[q]) if q < len(found.right) else None
        joined = bool(join[p, q] > apart[p, q])
        if p != q and to is not None:
            joined = bool(kinds[p] > 0)
        confidence = float(1 / (1 + np.exp(-max(join[p, q], apart[p, q]))))
        links[end] = Link(to, joined, confidence, given=p == q)


def _kinds(model: JoinModel, content: Content, found: Open, follows: list[int]) -> Floats:
    """For each piece the log-odds that it is joined to what follows it, given that it does."""
    p = np.arange(len(follows))
    q = np.minimum(np.array(follows), len(found.right) - 1)
    odds = model.kinds(features.kind_signs(content, (found.left, found.right[q]), found.plain[p, q]))
    out: Floats = odds[:, 1] - odds[:, 0]
    return out


def closed(gains: npt.NDArray[np.float64], join: Floats, path: list[int]) -> npt.NDArray[np.float64]:
    """The gains with a bonus where a stretch that was put in between two pieces meets the second of them."""
    out = gains.copy()
    n = len(gains)
    for p, q in enumerate(successors(path)):
        if q == p or q == n - 1 or join[p, q] <= 0:
            continue
        if p < n - 1:  # q + 1... was put in behind p: its end belongs before p + 1
            out[q + 1 :, p] += CLOSING
        out[q, : p] += CLOSING * (q != p)  # ...p was put in before q + 1: its start belongs behind q
    return out


def read(model: JoinModel, lines: Lines) -> tuple[Content, npt.NDArray[np.bool_]]:
    """Measure the page, find the furniture, lay out the content."""
    scores = Scores(model.seams, lines.texts)
    sheet = measure(lines, np.arange(len(lines)))
    dropped = find_furniture(model, lines, sheet, scores)
    sheet = measure(lines, np.flatnonzero(~dropped)) if dropped.any() else sheet
    return features.read_content(lines, sheet, scores, dropped), dropped

"""The join model: what the seam model and the combiners, shipped with the package, make of a report's lines.

`JoinModel.read` finds the content, `JoinModel.judge` says what follows what and how sure that is; `etl.repair`
carries it out. A new combiner is one more field, loaded in `load`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.repair import features, furniture
from etl.repair.combine import Combiner, load, load_confidence
from etl.repair.features import Content, Open
from etl.repair.lines import Floats, Lines
from etl.repair.order import FORBIDDEN, best_path, successors
from etl.repair.scores import Scores
from etl.repair.seams import SeamModel
from etl.repair.sheet import Sheet, measure

Gains = npt.NDArray[np.float64]
JOIN, BREAK, APART = 0, 1, 2
OPEN_FROM = float(np.log(0.01))
CLOSING = 2.5
UNLIKELY = -7.0
ALMOST = 0.999999
TRIES = 8


@dataclass(frozen=True, slots=True)
class Link:
    """What follows a content line: content line `to` (None for the end), joined or as a new paragraph."""

    to: int | None
    joined: bool
    confidence: float
    given: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A join that was likely, yet not sure enough: content lines, and whether they are neighbours in the file."""

    left: int
    right: int
    confidence: float
    given: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows each content line, and what was refused."""

    links: tuple[Link, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Odds:
    """Log-odds [n, n] that each piece follows each, joined and as a new paragraph; see `order.best_path`."""

    join: Floats
    apart: Floats

    @property
    def gains(self) -> Gains:
        """The better of the two."""
        return np.maximum(self.join, self.apart).astype(np.float64)


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
    confidence: Floats

    @classmethod
    def load(cls) -> "JoinModel":
        """Read the models shipped with the package.

        Raises:
            FileNotFoundError: the package was installed without its models.
        """
        names = ("furniture", "adjacent", "second", "jumps", "finals", "kinds")
        return cls(SeamModel.load(), *map(load, names), load_confidence())

    def read(self, lines: Lines) -> tuple[Content, Floats]:
        """The content lines, and for every line the probability that it is furniture."""
        scores = Scores(self.seams, lines.texts)
        sheet = measure(lines, np.arange(len(lines)))
        probability = self._furniture(lines, sheet, scores)
        dropped = probability > features.FURNITURE_FROM
        if dropped.any():
            sheet = measure(lines, np.flatnonzero(~dropped))
        return features.read_content(lines, sheet, scores, dropped), probability

    def _furniture(self, lines: Lines, sheet: Sheet, scores: Scores) -> Floats:
        out = np.zeros(len(lines), np.float32)
        picked = furniture.candidates(lines, sheet)
        if picked:
            out[picked] = np.exp(self.furniture(furniture.describe(lines, sheet, picked, scores))[:, 1])
        return out

    def judge(self, content: Content, threshold: float) -> Verdict:
        """What follows each content line in the restored text; nothing less sure than `threshold` is done."""
        rows = features.adjacent(content)
        first = self.adjacent(rows)
        links = [_plain(k, odds) for k, odds in enumerate(np.exp(first).tolist())]
        links.append(Link(None, joined=False, confidence=1.0, given=True))
        open_seams = np.flatnonzero(first[:, APART] > OPEN_FROM)
        refused: list[Refused] = []
        if len(open_seams):
            odds = first[open_seams, APART] - np.logaddexp(first[open_seams, JOIN], first[open_seams, BREAK])
            found = features.rivals(content, open_seams, odds)
            weights = self.odds(content, found, (rows, first))
            refused += self._relink(content, found, weights, threshold, links)
        return Verdict(tuple(_sure(links, refused, threshold)), tuple(refused))

    def odds(self, content: Content, found: Open, looked: tuple[Floats, Floats]) -> Odds:
        """Log-odds of every succession of the pieces."""
        rows, first = looked
        n = len(found.right)
        against = features.standing(found)
        join, apart = (np.full((n + 1, n + 1), UNLIKELY, np.float32) for _ in range(2))
        own = self.second(features.second_look(content, found, against, rows))[:, APART]
        together = np.log1p(-np.minimum(np.exp(own), ALMOST)) - own
        kind = first[found.left[:-1], :2]
        known = together[:, None] + kind - np.logaddexp(kind[:, JOIN], kind[:, BREAK])[:, None]
        np.fill_diagonal(join[:n, :n], known[:, JOIN])
        np.fill_diagonal(apart[:n, :n], known[:, BREAK])
        i, j = np.nonzero(~np.eye(n + 1, n, dtype=np.bool_))
        far = self.jumps(features.jumps(content, found, against, (i, j)))[:, :2]
        far -= np.log1p(-np.minimum(np.exp(far), ALMOST))
        join[i, j], apart[i, j] = far[:, JOIN], far[:, BREAK]
        last = self.finals(features.finals(content, found, against))
        apart[:, n] = last[:, 1] - last[:, 0]
        return Odds(join, apart)

    def _relink(
        self, content: Content, found: Open, odds: Odds, threshold: float, links: list[Link]
    ) -> list[Refused]:
        """Put the best path that is sure enough into `links`; what was not sure comes back."""
        gains, refused = odds.gains, []
        given = list(range(len(gains)))
        for _ in range(TRIES):
            path = best_path(gains)
            follows = successors(best_path(closed(gains, odds.join, path)))
            kinds = self._kinds(content, found, follows)
            sure = self.sureness(odds, gains, follows)
            moved = [p for p in given if follows[p] != p and follows[p] < len(given) - 1 and kinds[p] > 0]
            weak = min(moved, key=sure.__getitem__, default=None)
            if weak is None or sure[weak] >= threshold:
                break
            refused.append(Refused(int(found.left[weak]), int(found.right[follows[weak]]), float(sure[weak]), given=False))
            gains[weak, follows[weak]] = FORBIDDEN
        else:
            moved = []
        if not moved:
            follows = given
            sure = self.sureness(odds, odds.gains, follows)
        for p, q in enumerate(follows):
            to = int(found.right[q]) if q < len(found.right) else None
            joined = to is not None and bool(odds.join[p, q] > odds.apart[p, q] if p == q else kinds[p] > 0)
            links[int(found.left[p])] = Link(to, joined, float(sure[p]), given=p == q)
        return refused

    def sureness(self, odds: Odds, gains: Gains, follows: list[int]) -> Floats:
        """Probability for each piece that what follows it in the solution is right."""
        signs = confidence_signs(odds, gains, follows)
        weights = self.confidence[(np.array(follows) != np.arange(len(follows))).astype(int)]
        out: Floats = 1 / (1 + np.exp(-(signs * weights).sum(axis=1)))
        return out

    def _kinds(self, content: Content, found: Open, follows: list[int]) -> Floats:
        """For each piece the log-odds that it is joined to what follows it, given that it does."""
        p, q = np.arange(len(follows)), np.minimum(np.array(follows), len(found.right) - 1)
        odds = self.kinds(features.kind_signs(content, (found.left, found.right[q]), found.plain[p, q]))
        out: Floats = odds[:, 1] - odds[:, 0]
        return out


def _plain(k: int, odds: list[float]) -> Link:
    """The link of a line to its neighbour as the first look sees it."""
    joined = odds[JOIN] > odds[BREAK]
    return Link(k + 1, joined, odds[JOIN] if joined else odds[BREAK], given=True)


def _sure(links: list[Link], refused: list[Refused], threshold: float) -> list[Link]:
    """The links, joins of neighbours below the threshold taken back and noted in `refused`."""
    out = []
    for k, link in enumerate(links):
        if link.joined and link.given and link.to is not None and link.confidence < threshold:
            refused.append(Refused(k, link.to, link.confidence, given=True))
            out.append(Link(link.to, joined=False, confidence=1 - link.confidence, given=True))
        else:
            out.append(link)
    return out


def confidence_signs(odds: Odds, gains: Gains, follows: list[int]) -> Floats:
    """What the confidence of each succession is made of: its log-odds and its lead in row and column."""
    n, p, q = len(follows), np.arange(len(follows)), np.array(follows)
    own = odds.gains[p, q]
    others = odds.gains
    others[p, q] = FORBIDDEN
    row, column = own - others.max(axis=1), own - others.max(axis=0)[q]
    signs = [np.ones(n), np.clip(own, -8, 8), np.clip(row, -8, 8), np.clip(column, -8, 8)]
    return np.stack(signs, axis=1).astype(np.float32)


def closed(gains: Gains, join: Floats, path: list[int]) -> Gains:
    """The gains with a bonus where a stretch that was put in between two pieces meets the second of them."""
    out = gains.copy()
    n = len(gains)
    for p, q in enumerate(successors(path)):
        if q in (p, n - 1) or join[p, q] <= 0:
            continue
        if p < n - 1:
            out[q + 1 :, p] += CLOSING  # q + 1... was put in behind p: its end belongs before p + 1
        out[q, :p] += CLOSING  # ...p was put in before q + 1: its start belongs behind q
    return out

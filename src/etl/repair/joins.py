"""The join model: what the seam model and the combiners, shipped with the package, make of a report's lines.

`JoinModel.read` finds the content, `JoinModel.judge` says what follows what, and how sure that is; `repair`
carries it out. A new combiner is one more field, loaded in `load`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from etl.repair import features, furniture
from etl.repair.asides import FURNITURE_FROM, OBEYED, Apart, breaks_off, continued, find_asides
from etl.repair.combine import Combiner
from etl.repair.content import Content, plain_wraps, read_content
from etl.repair.decisions import Orders
from etl.repair.features import Open, Standing
from etl.repair.guards import barred, jumps_barred
from etl.repair.indents import read_indents
from etl.repair.lines import Floats, Lines
from etl.repair.links import Link, Path, Refused, Verdict, as_given, beside, sure_ones
from etl.repair.models import trees
from etl.repair.order import best_path, successors
from etl.repair.pages import page_marks
from etl.repair.plain import confirmed, plain_seams
from etl.repair.scores import Scores
from etl.repair.seams import Readings, SeamModel
from etl.repair.sheet import measure
from etl.repair.trust import Gains, Odds, Solved, closed, only, trust_signs
from etl.repair.witness import REPEATED

Index = npt.NDArray[np.intp]
JOIN, BREAK, APART = 0, 1, 2
OPEN_FROM = float(np.log(0.01))
CLOSING = 2.5
UNLIKELY = -7.0
IMPOSSIBLE = -14.0
NO_LINES = np.zeros(0, np.intp)
MOST_LINES = 0.6
PLAINLY = np.log(np.array([[0.9998, 1e-4, 1e-4], [1e-4, 0.9998, 1e-4]], np.float32))
ALMOST = 0.999999
FEW, RIVALS = 24, 4
NO_ORDERS = Orders()


@dataclass(frozen=True, slots=True)
class First:
    """The first look at the seams of the file: their rows, and log-probabilities of join, break, apart."""

    rows: Floats
    odds: Floats


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
    trust: Combiner

    @classmethod
    def load(cls) -> "JoinModel":
        """Read the models shipped with the package.

        Raises:
            FileNotFoundError: the package was installed without its models.
        """
        return cls(SeamModel.load(), **{name: Combiner(payload) for name, payload in trees().items()})

    def read(
        self, lines: Lines, known: Readings | None = None, orders: Orders = NO_ORDERS
    ) -> tuple[Content, Apart]:
        """The content lines, and what was taken out from between them; `known` is added to."""
        count = len(lines)
        lines, sheet = read_indents(lines, measure(lines, np.arange(count)))
        sheet = replace(sheet, marks=page_marks(lines, sheet))
        picked = np.array(furniture.candidates(lines, sheet), np.intp)
        content = read_content(
            lines, sheet, Scores(self.seams, lines.texts, NO_LINES, known), np.zeros(count, np.bool_)
        )
        if content.guard.whole and not (len(picked) or orders.orders):
            return content, Apart(np.zeros(count, np.float32), np.zeros(count, np.bool_), untouched=True)
        content = replace(content, scores=self._asked(content, picked))
        probability = np.zeros(count, np.float32)
        if len(picked):
            probability[picked] = furniture.probabilities(
                lines, sheet, picked.tolist(), content.scores, self.furniture
            )
            probability[: sheet.marks.heads] = REPEATED
        told = continued(lines)
        probability[[k for pair in told for k in pair]] = OBEYED
        return self._lay_out(content, orders.furniture(probability), told, orders)

    def _lay_out(
        self, content: Content, probability: Floats, told: list[tuple[int, int]], orders: Orders
    ) -> tuple[Content, Apart]:
        """The content without furniture and asides, bound to what marks told and people decided."""
        lines, scores = content.lines, content.scores
        dropped = probability > FURNITURE_FROM
        asides = orders.asides(find_asides(lines, content.sheet, dropped))
        out = dropped | asides
        if out.any():
            scores = scores if scores.complete else Scores(self.seams, lines.texts, read=scores.read)
            content = read_content(lines, measure(lines, np.flatnonzero(~dropped)), scores, out)
        told = [(a, b) for a, b in told if dropped[a] and dropped[b]]
        bound = orders.bind(content.kept, [(a, b, breaks_off(lines, a - 1) or None) for a, b in told])
        if bound and not scores.complete:
            scores = Scores(self.seams, lines.texts, read=scores.read)
        return replace(content, scores=scores, bound=bound), Apart(probability, asides)

    def _asked(self, content: Content, picked: Index) -> Scores:
        """Ask the seam model of the lines near seams that are not plain, and near what might be furniture."""
        seams = np.flatnonzero(plain_seams(content).others)
        near = (seams[:, None] + np.arange(-1, 3)).ravel()
        asked = np.unique(
            np.clip(np.append(near, (picked[:, None] + np.arange(-1, 2)).ravel()), 0, len(content) - 1)
        )
        most = len(asked) > MOST_LINES * len(content)
        return Scores(self.seams, content.lines.texts, None if most else asked, content.scores.read)

    def judge(self, content: Content, threshold: float) -> Verdict:
        """What follows each content line in the restored text; nothing less sure than `threshold` is done."""
        if content.guard.whole and not content.bound:
            return as_given(len(content))
        content, first = self.look(content)
        links = [beside(k, join, apart) for k, (join, apart, _) in enumerate(np.exp(first.odds).tolist())]
        links.append(Link(None, joined=False, confidence=1.0, given=True))
        solved = self.meet(content, first)
        refused = self._relink(content, solved, threshold, links) if solved else []
        links = sure_ones(links, refused, threshold)
        return Verdict(tuple(links), tuple(refused))

    def look(self, content: Content) -> "tuple[Content, First]":
        """The first look at every seam; where one is open, at more of them, with all lines encoded."""
        first = self._first(content)
        if content.scores.complete or not (first.odds[:, APART] > OPEN_FROM).any():
            return content, first
        content = replace(content, scores=Scores(self.seams, content.lines.texts, read=content.scores.read))
        return content, self._first(content)

    def _first(self, content: Content) -> "First":
        plain, count = plain_seams(content), len(content) - 1
        if content.scores.complete:
            scored = features.seam_scores(content, np.arange(count))
            plain = confirmed(content, plain, scored)
        others = np.flatnonzero(plain.others | content.bound.opened(count))
        odds = np.where(plain.wraps[:, None], PLAINLY[0], PLAINLY[1])
        rows = np.zeros((count, 0), np.float32)
        if len(others):
            if not content.scores.complete:
                scored = features.seam_scores(content, others)
            found = features.adjacent(content, others, scored)
            rows = np.zeros((count, found.shape[1]), np.float32)
            rows[others], odds[others] = found, self.adjacent(found)
        n = np.arange(count)
        odds[barred(content.guard, n, n + 1, plain_wraps(content)), JOIN] = IMPOSSIBLE
        return First(rows, content.bound.look(odds))

    def meet(self, content: Content, first: "First") -> Solved | None:
        """The open pieces and the odds of every succession; None where nothing is open."""
        odds = first.odds
        seams = np.flatnonzero(odds[:, APART] > OPEN_FROM)
        if not len(seams):
            return None
        apart = odds[seams, APART] - np.logaddexp(odds[seams, JOIN], odds[seams, BREAK])
        found = features.rivals(content, seams, apart)
        against = features.standing(found)
        return Solved(found, against, self._odds(content, (found, against), first))

    def _odds(self, content: Content, met: tuple[Open, Standing], first: "First") -> Odds:
        """Log-odds of every succession of the pieces."""
        found, against = met
        n = len(found.right)
        join, apart = (np.full((n + 1, n + 1), UNLIKELY, np.float32) for _ in range(2))
        own = self.second(features.second_look(content, found, against, first.rows))[:, APART]
        together = np.log1p(-np.minimum(np.exp(own), ALMOST)) - own
        kind = first.odds[found.left[:-1], :2]
        known = together[:, None] + kind - np.logaddexp(kind[:, JOIN], kind[:, BREAK])[:, None]
        np.fill_diagonal(join[:n, :n], known[:, JOIN])
        np.fill_diagonal(apart[:n, :n], known[:, BREAK])
        met_at_all = ~np.eye(n + 1, n, dtype=np.bool_)
        if n > FEW:  # of many pieces only the best rivals of each are looked at closely
            met_at_all &= (against.row_rank < RIVALS) | (against.column_rank < RIVALS)
        i, j = np.nonzero(met_at_all)
        far = self.jumps(features.jumps(content, found, against, (i, j)))[:, :2]
        far -= np.log1p(-np.minimum(np.exp(far), ALMOST))
        far[jumps_barred(content.guard, found.left[i], found.right[j]), JOIN] = UNLIKELY
        join[i, j], apart[i, j] = far[:, JOIN], far[:, BREAK]
        last = self.finals(features.finals(content, found, against))
        apart[:, n] = last[:, 1] - last[:, 0]
        content.bound.tie((found.left, found.right), join, apart)
        return Odds(join, apart)

    def _relink(self, content: Content, solved: Solved, threshold: float, links: list[Link]) -> list[Refused]:
        """Put the best path into `links`, joined only where sure enough; the jumps that are not come back."""
        path = self.follow(content, solved, solved.odds.gains)
        joined = [p for p in path.moved if path.kinds[p] > 0 or p in path.held]
        strong = [p for p in joined if path.sure[p] >= threshold]
        refused = [self._refuse(solved, path, p) for p in joined if p not in strong]
        if not strong:
            path = self._weigh(content, solved, range(len(path.follows)))
        elif refused:
            path = self.follow(content, solved, only(solved.odds, path.follows, strong))
        for p, (link, end) in enumerate(zip(path.links(solved.found), solved.found.left, strict=True)):
            links[int(end)] = link if link.given or p in strong else replace(link, joined=False)
        return refused

    def _refuse(self, solved: Solved, path: Path, p: int) -> Refused:
        left, right = solved.found.left[p], solved.found.right[path.follows[p]]
        return Refused(int(left), int(right), float(path.sure[p]), given=False)

    def follow(self, content: Content, solved: Solved, gains: Gains) -> Path:
        """The best order of the pieces by these gains, and how sure each succession is."""
        first = successors(best_path(gains))
        return self._weigh(
            content, solved, successors(best_path(closed(gains, solved.odds.join, first, CLOSING)))
        )

    def _weigh(self, content: Content, solved: Solved, follows: Sequence[int]) -> Path:
        p, q = np.arange(len(follows)), np.array(follows)
        kinds = np.where(
            p == q,
            solved.odds.join[p, q] - solved.odds.apart[p, q],
            self._kinds(content, solved.found, follows),
        )
        held = content.bound.hold((solved.found.left, solved.found.right), follows, kinds)
        sure = np.exp(self.trust(trust_signs(content, solved, follows, kinds))[:, 1])
        sure[held] = 1
        return Path(tuple(follows), kinds, sure, frozenset(held))

    def _kinds(self, content: Content, found: Open, follows: Sequence[int]) -> Floats:
        """For each piece the log-odds that it is joined to what follows it, given that it does."""
        p, q = np.arange(len(follows)), np.minimum(np.array(follows), len(found.right) - 1)
        odds = self.kinds(features.kind_signs(content, (found.left, found.right[q]), found.plain[p, q]))
        out: Floats = odds[:, 1] - odds[:, 0]
        out[jumps_barred(content.guard, found.left, found.right[q])] = IMPOSSIBLE
        return out

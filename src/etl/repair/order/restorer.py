"""Decide which line follows which in a report, with the continuation model and the tree classifiers.

`Restorer.select_lines` separates content from furniture, `Restorer.solve` says what follows each line and how
likely that is; `repair` carries it out. Another tree classifier is one more field, loaded in `load`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from etl.repair.furniture.floats import NonBody, continued, find_floats
from etl.repair.furniture.judge import find_furniture
from etl.repair.layout.chars import RUNNING
from etl.repair.layout.hanging import without_hanging
from etl.repair.layout.indents import read_indents
from etl.repair.layout.lines import JOINED, OPEN, Floats, Index, Lines
from etl.repair.layout.stats import measure_layout
from etl.repair.order import constraints, features, seam_odds, shortcuts, solution
from etl.repair.order.columns import FEWEST_OPEN, PARTED, part_columns
from etl.repair.order.confidence import Odds, Solved, best_order, confidence_features, probabilities_right
from etl.repair.order.content import Content, read_content
from etl.repair.order.features import Open
from etl.repair.order.movability import MOST_OPEN, may_move
from etl.repair.order.moves import moves
from etl.repair.order.path_solver import FORBIDDEN, chain_confident, keep_confident
from etl.repair.order.respaced import MOST_BREAKS, with_single_breaks
from etl.repair.order.seam_odds import IMPOSSIBLE, SeamOdds, keep_in_order
from etl.repair.order.solution import Path, Refused, Solution, Successor
from etl.repair.overrides import Overrides
from etl.repair.scorer.classifier import APART, BREAK, JOIN, TreeClassifier
from etl.repair.scorer.continuation import ContinuationScorer, ReportCache
from etl.repair.scorer.feature_names import TABLES, check
from etl.repair.scorer.scores import Scores
from etl.repair.scorer.weights import trees

# Where no source is named, a number was set by hand on the development sets and judged by `make bench-repair`
# and `make bench-harm` (docs/decisions/0035).
UNLIKELY = -7.0  # log-odds of what was not looked at, or is forbidden
ALMOST = 0.999999  # probability; a larger one is taken for it, so that logarithms stay finite
NO_OVERRIDES = Overrides()


@dataclass(frozen=True, slots=True)
class Restorer:
    """The models that repair asks; loaded once a process by `load`.

    Attributes:
        scorer: scores how likely one line end continues in another line.
        adjacent, wrapped: classify seams of the file, in any text and in wrapped text without blank lines.
        second: classifies open seams again, compared with their rivals.
        jumps: judges successions of pieces that are no neighbours.
        finals: judges which piece ends the text.
        confidence: gives the probability that a succession of the solution is right.
    """

    scorer: ContinuationScorer
    adjacent: TreeClassifier
    wrapped: TreeClassifier
    second: TreeClassifier
    jumps: TreeClassifier
    finals: TreeClassifier
    confidence: TreeClassifier

    @classmethod
    def load(cls) -> "Restorer":
        """Read the models shipped with the package.

        Raises:
            FileNotFoundError: the package was installed without its models.
            SetupError: the tree classifiers were trained on other features than this version gives them.
        """
        models = trees()
        check({name: features for name, (_, features) in models.items()})
        classifiers = {name: TreeClassifier(payload) for name, (payload, _) in models.items()}
        return cls(ContinuationScorer.load(), confidence=classifiers.pop("trust"), **classifiers)

    def select_lines(
        self,
        lines: Lines,
        threshold: float,
        known: ReportCache | None = None,
        overrides: Overrides = NO_OVERRIDES,
    ) -> tuple[Content, NonBody]:
        """Separate the content lines from furniture and notes; return both, the content described.

        Args:
            lines: all lines of the report.
            threshold: the probability from which on furniture is removed.
            known: what earlier passes encoded of this report; it is added to.
            overrides: what people decided about the lines.
        """
        lines = without_hanging(lines)
        lines, stats = read_indents(lines, measure_layout(lines, np.arange(len(lines))))
        scores = Scores(self.scorer, lines.texts, known)
        sure = overrides.furniture(find_furniture(lines, stats, scores))
        dropped = (sure >= threshold) & (sure > 0)
        floats = overrides.floats(find_floats(lines, stats, dropped))
        if (dropped | floats).all():  # nothing would be left
            sure, dropped, floats = np.zeros_like(sure), np.zeros_like(dropped), np.zeros_like(floats)
        out = dropped | floats
        if out.any():
            stats = measure_layout(lines, np.flatnonzero(~dropped))
        told = [(a, b) for a, b in continued(lines) if dropped[a] and dropped[b]]
        goes_on = [(a, b, bool(RUNNING[lines.end[a - 1]]) or None) for a, b in told]
        bound = overrides.bind(np.flatnonzero(~out), goes_on)
        content = replace(read_content(lines, stats, scores, out), overrides=bound)
        return content, NonBody(sure, dropped, floats)

    def solve(self, content: Content, threshold: float, known: SeamOdds | None = None) -> Solution:
        """Decide what follows each content line; what is less likely than ``threshold`` is only suggested.

        ``known`` are the odds of the seams where these are known.
        """
        movable = may_move(content)
        first = known or self.classify_seams(content, in_order=not (movable or content.overrides))
        links = solution.link_neighbours(first.odds if movable else keep_in_order(first.odds))
        seams = np.flatnonzero(first.open)
        if movable and len(seams) >= FEWEST_OPEN and (order := part_columns(content)):
            refused = threshold > PARTED or content.overrides.hold_places
            return solution.link_columns(range(len(content)) if refused else order, PARTED)
        tangled = movable and len(seams) > MOST_OPEN
        asked = content.overrides or (movable and not tangled)
        solved = self.score_pairs(content, first) if asked else None
        unsure = self._link_path(content, solved, threshold, links) if solved else []
        return replace(solution.refuse_unsure(links, unsure, threshold, tangled=tangled), seams=first)

    def stays(self, content: Content, first: SeamOdds, threshold: float, text: str) -> bool:
        """Check whether a further pass would surely leave ``text`` as it is, the result of a pass.

        ``content`` and ``first`` are those of that pass, in which no line seemed furniture or was decided.
        """
        if (again := with_single_breaks(content, text)) is None:
            return False
        rows, odds, asked = np.minimum(first.rows, MOST_BREAKS), first.odds.copy(), first.rows.any(axis=1)
        if asked.any():
            odds[asked] = self._ask(again, np.flatnonzero(asked), rows[asked])
        found = self.solve(again, threshold, SeamOdds(rows, odds))
        return not found.tangled and all(link.given and not link.joined for link in found.links)

    def classify_seams(self, content: Content, *, in_order: bool = False) -> SeamOdds:
        """Classify the seams with open line ends; constraints, the format and people overrule the trees.

        Where the order of the text stands (``in_order``), whole sentences are not asked about.
        """
        count, states = len(content) - 1, content.line_end_states
        inside = shortcuts.inside_paragraphs(content) | shortcuts.inside_blocks(content)
        inside |= shortcuts.inside_even_prose(content)
        asked = (states == OPEN) & ~inside & (not content.stats.even)
        asked &= ~shortcuts.ends_of_paragraphs(content, asked, in_order=in_order)
        asked |= content.overrides.open_seams(count)
        odds = seam_odds.SETTLED[np.where((states == JOINED) | inside & (states == OPEN), JOIN, BREAK)]
        rows, at = np.zeros((count, len(TABLES["adjacent"])), np.float32), np.flatnonzero(asked)
        if len(at):
            rows[at] = features.adjacent(content, at, features.seam_scores(content, at))
            odds[at] = self._ask(content, at, rows[at])
        return SeamOdds(rows, content.overrides.apply_to_seams(odds))

    def _ask(self, content: Content, at: Index, rows: Floats) -> Floats:
        """Return log-probabilities [n, 3] of the seams ``at`` by their rows [n, features] and constraints."""
        stats, told = content.stats, rows[:, 0]  # the first of the features is the seam's score
        single = stats.wrapped and max(stats.gap, stats.closed_gap) <= 1  # such text has its own trees
        odds = self.wrapped(features.in_wrapped(content, rows)) if single else self.adjacent(rows)
        bars = constraints.barred(content, at, told)
        odds[bars, JOIN] = IMPOSSIBLE
        inner = constraints.inside_phrases(content, at, told) & ~bars
        odds[inner, JOIN] = np.logaddexp(odds[inner, JOIN], odds[inner, BREAK])
        odds[inner, BREAK] = IMPOSSIBLE
        return odds

    def score_pairs(self, content: Content, first: SeamOdds) -> Solved | None:
        """Compare every open piece with every other; None where no seam is open.

        Where too many seams are open only those are compared at which people put a piece elsewhere.
        """
        odds = first.odds
        seams = np.flatnonzero(first.open)
        if len(seams) > MOST_OPEN:  # then there are orders, and nothing else is looked at
            seams = np.flatnonzero(content.overrides.open_seams(len(odds)))
        if not len(seams):
            return None
        apart = odds[seams, APART] - np.logaddexp(odds[seams, JOIN], odds[seams, BREAK])
        found = features.rivals(content, seams, apart)
        free = self._succession_odds(content, found, first)
        join, apart = free.join.copy(), free.apart.copy()
        decided = content.overrides.apply_to_successions((found.left, found.right), join, apart)
        return Solved(found, Odds(join, apart), free, decided)

    def _succession_odds(self, content: Content, found: Open, first: SeamOdds) -> Odds:
        """Return the log-odds of every succession: of neighbours, of compared pairs, and of the end.

        Args:
            content: the content lines.
            found: the open pieces.
            first: the odds of the seams.
        """
        n = len(found.right)
        join, apart = (np.full((n + 1, n + 1), UNLIKELY, np.float32) for _ in range(2))
        own = self.second(features.second_look(content, found, first.rows))[:, APART]
        together = np.log1p(-np.minimum(np.exp(own), ALMOST)) - own
        kind = first.odds[found.left[:-1], :2]
        kind[constraints.continues_paragraph(content, found.left[:-1]), BREAK] = IMPOSSIBLE
        known = together[:, None] + kind - np.logaddexp(kind[:, JOIN], kind[:, BREAK])[:, None]
        np.fill_diagonal(join[:n, :n], known[:, JOIN])
        np.fill_diagonal(apart[:n, :n], known[:, BREAK])
        i, j = np.nonzero(~np.eye(n + 1, n, dtype=np.bool_))
        far = self.jumps(features.jumps(content, found, (i, j)))[:, :2]
        far -= np.log1p(-np.minimum(np.exp(far), ALMOST))
        bars = constraints.forbidden(content, (found.left[i], found.right[j]), found.plain[i, j])
        far[bars, JOIN] = UNLIKELY
        join[i, j], apart[i, j] = far[:, JOIN], far[:, BREAK]
        last = self.finals(features.finals(content, found))
        apart[:, n] = last[:, 1] - last[:, 0]
        return Odds(join, apart)

    def _link_path(
        self, content: Content, solved: Solved, threshold: float, links: list[Successor]
    ) -> list[Refused]:
        """Put the best path into ``links``, with joins and moves above the threshold; return those below."""
        path = self.choose_path(content, solved)
        told, left = path.links, solved.found.left.tolist()
        moved = [p for p, link in enumerate(told) if link.to is not None and not link.given]
        joined = [p for p in moved if told[p].joined or path.held[p]]
        strong = {p: told[p] for p in joined if told[p].confidence >= threshold}
        least = min((one.confidence for one in strong.values()), default=None)
        for order, sure in ((keep_confident, None), (chain_confident, least)):
            follows = order(path.follows, strong)
            if any(follows[p] != path.follows[p] for p in strong):
                continue
            made = path if follows == path.follows else self._assess_path(content, solved, follows)
            put = list(links)
            for p, (end, link) in enumerate(zip(left, made.links, strict=True)):
                put[end] = strong[p] if p in strong else _without_join(link, sure)
            if all(move.confidence >= threshold for move in moves(content, put)):
                links[:] = put
                break
        return [(left[p], told[p]) for p in joined if p not in strong]

    def choose_path(self, content: Content, solved: Solved) -> Path:
        """Choose the best order of the pieces, with the probability of each succession.

        Refusals of people take moves away and make none: beside what people ordered, only the successions are
        allowed that the best order without their decisions has.
        """
        follows = best_order(solved.free, solved.free.gains)
        if content.overrides:
            gains = solved.odds.gains
            offered = np.eye(len(gains), dtype=np.bool_)
            offered[np.arange(len(gains)), follows] = True
            gains[~offered & ~solved.decided] = FORBIDDEN
            follows = best_order(solved.odds, gains)
        return self._assess_path(content, solved, follows)

    def _assess_path(self, content: Content, solved: Solved, follows: Sequence[int]) -> Path:
        """Return an order with the log-odds of joins and how sure each succession is; [n] each."""
        p, q, to = np.arange(len(follows)), np.array(follows), [*solved.found.right.tolist(), None]
        kinds, held = solved.odds.join[p, q] - solved.odds.apart[p, q], solved.decided[p, q]
        sure = probabilities_right(self.confidence(confidence_features(content, solved, follows, kinds)))
        sure = np.where(held, 1, sure) / (1 + np.exp(-np.abs(kinds, dtype=np.float64)))
        sure[held & (q != p) & (q < len(q) - 1)] = 1
        joined = (kinds > 0) & (q < len(q) - 1)
        every = zip(follows, joined.tolist(), sure.tolist(), (p == q).tolist(), strict=True)
        links = [Successor(to[k], one, confidence, given) for k, one, confidence, given in every]
        return Path(tuple(follows), kinds, links, held)


def _without_join(link: Successor, sure: float | None) -> Successor:
    """Return the link of a piece without a sure join; if it moved, as a new paragraph with ``sure``.

    ``sure`` is the confidence of the joins that moved it; None keeps the link's own.
    """
    if link.given:
        return link
    return link._replace(joined=False, confidence=link.confidence if sure is None else sure)

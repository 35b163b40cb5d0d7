"""What a batch has made so far, stored whenever enough has come together, and counted.

What storing means is up to the `Books`. A new number is counted in `_counted`.
"""

import logging
from collections.abc import Sequence

from etl.about import about
from etl.ingest.books import Books, Made
from etl.ingest.counts import UNCHANGED, Counts, written
from etl.ingest.identity import Places
from etl.model import RawReport, Rejected, Report
from etl.pipeline import rejected
from etl.store.records.documents import QuarantineRecord
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import ReportWrite, StoredHead, WriteResult
from etl.timing import stage

# Reports, and characters of them, that wait in memory at most.
MOST_REPORTS = 100
MOST_CHARACTERS = 1_000_000
log = logging.getLogger(__name__)


class Shelf:
    """Gathers the results of one batch; stores them when it is full and at the `finish`.

    ``heals`` says that what is stored is what the source holds now: nothing of it stays in quarantine.
    """

    def __init__(self, books: Books, *, heals: bool = True) -> None:
        self._books = books
        self._heals = heals
        self._made: list[Made] = []
        self._refused: list[QuarantineEntry] = []
        self._again: list[QuarantineRecord] = []
        self._healed: list[str] = []
        self._characters = 0
        self._counts = Counts()

    def count(self, counts: Counts) -> None:
        """Count what needs no storing."""
        self._counts += counts

    @property
    def dealt(self) -> int:
        """Reports that came to an end here, also those that wait to be stored."""
        return self._counts.read + self._counts.skipped + self._counts.left + len(self._made)

    @property
    def places(self) -> Places:
        """What the run has learned of the places of stored reports."""
        return self._books.places

    def readable(self, report: str) -> None:
        """Note that the file which would have had this id is read now, as a report with another id."""
        self._healed.append(report)

    def unchanged(self, held: StoredHead, modified: str | None) -> None:
        """Count a report that is stored as it is; were its file set aside meanwhile, it is no longer."""
        self._books.same(held, modified)
        self._as_stored(held)

    def moved(self, held: StoredHead, raw: RawReport) -> bool:
        """Count a report that is stored as it is, at another place; False when that could not be noted."""
        if not self._books.move(held, raw):
            return False
        self._as_stored(held)
        return True

    def aside_again(self, record: QuarantineRecord) -> None:
        """Count bytes that are in quarantine already and would end there again."""
        self._again.append(record)
        self._counts += Counts(read=1, quarantined=1)

    def refuse(self, refusal: QuarantineEntry) -> None:
        """Set a report aside."""
        refused = refusal.rejected
        with about(report=refusal.id):
            log.info("%s: set aside, %s/%s: %s", refused.uri, refused.stage, refused.reason, refused.message)
        self._refused.append(refusal)
        self._counts += Counts(read=1, quarantined=1)

    def put(self, made: Made) -> None:
        """Take one result."""
        if isinstance(made.result, Rejected):
            self.refuse(_refusal(made, made.result))
        else:
            self._made.append(made)
            self._characters += len(made.result.text)
        if len(self._made) + len(self._refused) >= MOST_REPORTS or self._characters >= MOST_CHARACTERS:
            self._store()

    def renew(self, drafts: Sequence[ReportWrite]) -> frozenset[str]:
        """Write reports made again of what is stored; ids of those that the database refuses."""
        with stage("store"):
            outcome = self._books.renew(drafts)
        for draft in drafts:
            if draft.report.id not in outcome.refused:
                self._counts += self._outcome(draft.report, draft.held, outcome)
        return frozenset(outcome.refused)

    def finish(self) -> Counts:
        """Store what is left; the counts of the batch."""
        self._store()
        with stage("store"):
            self._books.seen_again(self._again)
            if self._heals:
                self._books.heal(self._healed)
        return self._counts

    def _as_stored(self, held: StoredHead) -> None:
        self._healed.append(held.id)
        self._counts += self._books.counted(held)

    def _outcome(self, report: Report, held: StoredHead | None, outcome: WriteResult) -> Counts:
        if report.id in outcome.unchanged:
            return self._books.counted(held) if held else UNCHANGED
        return _counted(report, outcome)

    def _store(self) -> None:
        made = [(one, one.result) for one in self._made if isinstance(one.result, Report)]
        with stage("store"):
            if made:
                self._count(made, self._books.store(made))
            if self._refused:
                self._books.set_aside(self._refused)
        self._made, self._refused, self._characters = [], [], 0

    def _count(self, made: Sequence[tuple[Made, Report]], outcome: WriteResult) -> None:
        for one, report in made:
            error = outcome.refused.get(one.id)
            if error:
                self.refuse(_refusal(one, rejected(one.raw, error)))
            else:
                self._counts += self._outcome(report, one.held, outcome)
                self._healed.append(one.id)


def _counted(report: Report, outcome: WriteResult) -> Counts:
    figures = (len(report.text), report.quality.repairs, report.needs_review)
    return written(figures, new=report.id in outcome.inserted)


def _refusal(made: Made, refused: Rejected) -> QuarantineEntry:
    raw = made.raw
    day = raw.published_on.isoformat() if raw.published_on else None
    return QuarantineEntry(made.id, refused, raw.size, raw.modified, day)

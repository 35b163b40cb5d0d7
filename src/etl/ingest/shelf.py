"""What a batch has made so far, stored whenever enough has come together, and counted.

Bytes are stored before the reports and quarantine records that need them. A new number is counted
in `_counted`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from etl.ingest.counts import Counts
from etl.ingest.workshop import Workshop
from etl.model import RawReport, Rejected, Report
from etl.pipeline import rejected
from etl.store import quarantine, reports, sources
from etl.store.quarantine import Refusal
from etl.store.reports import Draft, Held, Outcome
from etl.store.sources import Kept

# Reports, and characters of them, that wait in memory at most.
MOST_REPORTS = 100
MOST_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """What became of the bytes of one report."""

    raw: RawReport
    id: str
    held: Held | None
    result: Report | Rejected


class Shelf:
    """Gathers the results of one batch; stores them when it is full and at the `finish`.

    ``heals`` says that what is stored is what the source holds now: nothing of it stays in quarantine.
    """

    def __init__(self, tools: Workshop, run_id: str, *, heals: bool = True) -> None:
        self._tools = tools
        self._heals = heals
        self._run_id = run_id
        self._made: list[Made] = []
        self._refused: list[Refusal] = []
        self._again: list[str] = []
        self._healed: list[str] = []
        self._characters = 0
        self._counts = Counts()

    def count(self, counts: Counts) -> None:
        """Count what needs no storing."""
        self._counts += counts

    def unchanged(self, report: str) -> None:
        """Count a report that is stored as it is; were its file set aside meanwhile, it is no longer."""
        self._healed.append(report)
        self._counts += Counts(read=1, unchanged=1)

    def readable(self, report: str) -> None:
        """Note that the file which would have had this id is read now, as a report with another id."""
        self._healed.append(report)

    def aside_again(self, report: str) -> None:
        """Count bytes that are in quarantine already and would end there again."""
        self._again.append(report)
        self._counts += Counts(read=1, quarantined=1)

    def refuse(self, refusal: Refusal) -> None:
        """Set a report aside."""
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

    def renew(self, drafts: Sequence[Draft]) -> frozenset[str]:
        """Write reports made again of what is stored; ids of those that the database refuses."""
        outcome = reports.write(self._tools.db, drafts, self._run_id)
        for draft in drafts:
            if draft.report.id not in outcome.refused:
                self._counts += _counted(draft.report, outcome)
        return frozenset(outcome.refused)

    def finish(self) -> Counts:
        """Store what is left; the counts of the batch."""
        self._store()
        quarantine.seen_again(self._tools.db, self._again, self._run_id)
        if self._heals:
            quarantine.heal(self._tools.db, self._healed)
        return self._counts

    def _store(self) -> None:
        made = [(one, one.result) for one in self._made if isinstance(one.result, Report)]
        if made:
            db, above = self._tools.db, self._tools.settings.store.gridfs_above
            sources.keep(db, [_kept(one.raw, report) for one, report in made], above)
            outcome = reports.write(db, [Draft(report, one.held) for one, report in made], self._run_id)
            self._count(made, outcome)
        self._set_aside()
        self._made, self._characters = [], 0

    def _count(self, made: Sequence[tuple[Made, Report]], outcome: Outcome) -> None:
        for one, report in made:
            error = outcome.refused.get(one.id)
            if error:
                self.refuse(_refusal(one, rejected(one.raw, error)))
            else:
                self._counts += _counted(report, outcome)
                self._healed.append(one.id)

    def _set_aside(self) -> None:
        if self._refused:
            tools = self._tools
            above = tools.settings.store.gridfs_above
            quarantine.put(tools.db, self._refused, self._run_id, (tools.pipeline, above))
        self._refused = []


def _counted(report: Report, outcome: Outcome) -> Counts:
    if report.id in outcome.unchanged:
        return Counts(read=1, unchanged=1)
    inserted = int(report.id in outcome.inserted)
    return Counts(
        read=1,
        inserted=inserted,
        updated=1 - inserted,
        characters=len(report.text),
        repaired=int(report.quality.repairs > 0),
        needs_review=int(report.needs_review),
    )


def _kept(raw: RawReport, report: Report) -> Kept:
    return Kept(report.source.sha256, raw.uri, raw.media_type, report.source.encoding, raw.payload)


def _refusal(made: Made, refused: Rejected) -> Refusal:
    raw = made.raw
    day = raw.published_on.isoformat() if raw.published_on else None
    return Refusal(made.id, refused, raw.size, raw.modified, day)

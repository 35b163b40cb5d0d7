"""What a run would do, by the code that does it: everything is read, decided and made, nothing is written.

`plan` is the way in. A new thing to say of a report is a field of `Planned`.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from etl.ingest import missing
from etl.ingest.batches import Batch, batches
from etl.ingest.books import Made
from etl.ingest.counts import UNCHANGED, Counts
from etl.ingest.identity import Places
from etl.ingest.load import fill
from etl.ingest.missing import Listing
from etl.ingest.shelf import Shelf
from etl.ingest.workshop import Workshop, forget, workshop
from etl.model import RawReport, Report
from etl.settings import Settings
from etl.sources import list_candidates
from etl.store.driver.connection import connect
from etl.store.embedded import launcher
from etl.store.query.staleness import first_change
from etl.store.records.documents import QuarantineRecord
from etl.store.reports.dry_run import predict_outcome, stored_texts, text_diff
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import ReportWrite, StoredHead, WriteResult
from etl.store.schema import collections

Action = Literal["new", "changed", "same", "quarantine", "gone", "skipped"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run would do with one report.

    Attributes:
        action: gone means marked as gone, never deleted; skipped is no report.
        uri: where the file is, or was.
        id: that the report has or would get; empty for what is skipped.
        why: what makes it so, in a few words; empty where ``action`` says it all.
        diff: lines of a unified diff from the text that is stored to the one that would be.
    """

    action: Action
    uri: str
    id: str
    why: str = ""
    diff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a run would come to: its counts, and how many reports it would mark as gone."""

    counts: Counts
    gone: int


Tell = Callable[[Planned], None]


def plan(sources: Sequence[str], settings: Settings, tell: Tell) -> Foreseen:
    """What `etl.ingest.ingest` would do with these sources now; ``tell`` hears of each report.

    Works in this process alone, and takes as long as making the reports takes.

    Raises:
        UnavailableError, TransientError: as `ingest`.
        SetupError: the database has the shape of another release.
    """
    with _untouched(settings) as unwritten, connect(unwritten) as connection:
        chosen = connection.settings(settings)
        collections.check_schema(connection.database)
        try:
            tools = workshop(chosen)
            listing, preview, counts = Listing(), Preview(tools, tell), Counts()
            for batch in batches(listing.watch(list_candidates(sources, settings.source)), settings.run):
                counts += _filled(batch, preview, tools)
            lost = missing.lost(tools.db, sources, listing, settings.source)
        finally:
            forget(chosen)
    gone = [held for held in lost if held.id not in preview.places.taken]
    for held in gone:
        tell(Planned("gone", held.uri, held.id))
    return Foreseen(counts, len(gone))


@contextmanager
def _untouched(settings: Settings) -> Iterator[Settings]:
    """Settings by which nothing comes into an empty data folder: its database would be as empty elsewhere."""
    if settings.mongo_uri or launcher.holds(settings.data_dir):
        yield settings
        return
    with tempfile.TemporaryDirectory(prefix="etl-plan-") as folder:
        yield settings.model_copy(update={"data_dir": Path(folder)})


def _filled(batch: Batch, preview: "Preview", tools: Workshop) -> Counts:
    counts = fill(Shelf(preview), batch, tools)
    for one in counts.why_skipped:
        preview.tell(Planned("skipped", one.uri, "", one.why))
    return counts


class Preview:
    """Books that tell instead of writing."""

    def __init__(self, tools: Workshop, tell: Tell) -> None:
        self._tools = tools
        self.tell = tell
        self.places = Places()

    def store(self, made: Sequence[tuple[Made, Report]]) -> WriteResult:
        """Tell which reports are new, changed, or come out as they are stored."""
        outcome = predict_outcome(self._tools.db, [ReportWrite(report, one.held) for one, report in made])
        before = stored_texts(self._tools.db, outcome.updated)
        for one, report in made:
            self._note(one.held, one.raw)
            if one.id in outcome.inserted:
                self.tell(Planned("new", one.raw.uri, one.id))
            elif one.id in outcome.updated:
                diff = text_diff(before[one.id], report.text)
                self.tell(Planned("changed", one.raw.uri, one.id, self._why(one), diff))
            elif one.id in outcome.unchanged:
                self.tell(Planned("same", one.raw.uri, one.id, "made again, it comes out as it is stored"))
        return outcome

    def renew(self, drafts: Sequence[ReportWrite]) -> WriteResult:
        """What `store` would come to for reports whose bytes are kept."""
        return predict_outcome(self._tools.db, drafts)

    def counted(self, held: StoredHead) -> Counts:
        """As unchanged."""
        del held
        return UNCHANGED

    def same(self, held: StoredHead, modified: str | None) -> None:
        """Tell that nothing is done."""
        del modified
        self.tell(Planned("same", held.uri, held.id, "its source is back" if held.gone_at else ""))

    def move(self, held: StoredHead, raw: RawReport) -> bool:
        """Tell where it lay before."""
        self._note(held, raw)
        self.tell(Planned("same", raw.uri, held.id, f"moved here from {held.uri}"))
        return True

    def set_aside(self, refusals: Sequence[QuarantineEntry]) -> None:
        """Tell why."""
        for refusal in refusals:
            refused = refusal.rejected
            why = f"{refused.stage}/{refused.reason}: {refused.message}"
            self.tell(Planned("quarantine", refused.uri, refusal.id, why))

    def seen_again(self, records: Sequence[QuarantineRecord]) -> None:
        """Tell what was said before."""
        for record in records:
            why = f"{record.stage}/{record.reason}, as before: {record.message}"
            self.tell(Planned("quarantine", record.uri, record.id, why))

    def heal(self, ids: Sequence[str]) -> None:
        """Nothing to tell: what leaves quarantine is new, changed or the same."""

    def _note(self, held: StoredHead | None, raw: RawReport) -> None:
        """Remember a report that moves: for the database it still lies at its old place."""
        if held and held.uri != raw.uri:
            self.places.taken.add(held.id)

    def _why(self, one: Made) -> str:
        held, result = one.held, one.result
        if held is None or not isinstance(result, Report):
            return ""
        stage = first_change(held.pipeline, self._tools.pipeline)
        reasons = (
            (held.sha256 != result.source.sha256, "other bytes"),
            (stage, f"other rules from {stage} on"),
            (held.published_on != result.source.published_on, "another day beside it"),
            (held.uri != one.raw.uri, f"moved here from {held.uri}"),
        )
        return ", ".join(words for holds, words in reasons if holds)

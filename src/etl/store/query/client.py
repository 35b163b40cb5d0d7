"""Read a loaded database through `Store`, for services and for the command line; nothing here writes.

`etl.wiring.open_store` or `etl.connect` gives a `Store`; use it in a ``with`` block. A new read is a method
that returns a frozen value.
"""

import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

from etl.model.errors import SetupError
from etl.model.layout import Layout
from etl.model.report import RawReport, Report
from etl.settings import Settings
from etl.store.annotations.notes import NONE, Notes, notes_of
from etl.store.blobs import layouts, overflow, source_blobs
from etl.store.coordination import runs
from etl.store.driver.connection import Connection, connect, with_retry
from etl.store.driver.queries import find_all, find_by_values, find_in_order
from etl.store.query import cases, history, review, staleness, status
from etl.store.query.feed import Change, FeedAt
from etl.store.query.finding import AskedEntities, Hit, Index, Page, Search
from etl.store.query.history import Version
from etl.store.query.review import Item, Review, Waiting
from etl.store.query.search import Query, count, newest_ids
from etl.store.query.status import Status
from etl.store.records import compact
from etl.store.records.changelog import EntityRecord
from etl.store.records.codec import Doc, from_bson
from etl.store.records.coordination import RunKind, RunRecord
from etl.store.records.report_codec import from_document
from etl.store.records.reports import QuarantineRecord
from etl.store.reports import quarantine, short_ids

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Text:
    """The functions of stages and search that a store needs, passed in because the store knows none of them.

    Attributes:
        index: returns the engine of search over a store.
        decode: decodes the bytes of a report to its raw text.
        arrow: returns a table of a store by the table's name, in memory; of one type of rows or all.
        layout: reads from the bytes of a report where its text stands on its pages.
        other: writes a text in the other script, given the names of people in it.
    """

    index: Callable[["Store"], Index]
    decode: Callable[[RawReport], str]
    arrow: Callable[["Store", str, Search, str | None], "pa.Table"]
    layout: Callable[[RawReport], Layout]
    other: Callable[[str, Collection[str]], str]


class Store:
    """A loaded database, read only. Close it, or use it in a ``with`` block.

    Args:
        connection: the open database.
        text: functions that a search and a review need beside the database.
        closing: closed together with this store.
    """

    def __init__(self, connection: Connection, text: Text, closing: ExitStack) -> None:
        self._db = connection.database
        self._text = text
        self._closing = closing
        # Whoever never closes it leaves no embedded server behind, nor the end of the process to clean up.
        weakref.finalize(self, closing.close)

    @property
    def name(self) -> str:
        """Name of the database."""
        return self._db.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The connection says in our words what the driver raised.
        self._closing.__exit__(kind, error, trace)

    def close(self) -> None:
        """Close the database; an embedded server that nobody else uses ends."""
        self._closing.close()

    def report(self, report_id: str) -> Report:
        """Return the report with this id.

        Raises:
            SetupError: no report has this id.
        """
        return self._with_layout(from_document(self.document(report_id)))

    def _with_layout(self, report: Report) -> Report:
        """Return the report with its page layout; read it anew where the kept one is of another reading."""
        if not report.quality.pages:
            return report
        kept = layouts.read_layout(self._db, report)
        if kept is None:
            payload = source_blobs.read_blob(self._db, report.source.sha256)
            raw = RawReport(report.source.uri, report.source.media_type, payload or b"")
            kept = self._text.layout(raw) if payload else Layout()
        return replace(report, layout=kept)

    def document(self, report_id: str, *, other_text: bool = True) -> Doc:
        """Return the report as it is printed, with its revision and times.

        Args:
            report_id: of which report.
            other_text: whether a text in the other script that is not stored is made; else it is empty.

        Raises:
            SetupError: no report has this id.
        """
        found = with_retry(partial(self._db.reports.find_one, {"_id": report_id}))
        if found is None:
            raise SetupError(f"no report has the id {report_id}; {self._where(report_id)}")
        return self._whole(found, other_text=other_text)

    def documents(self, ids: Iterable[str], fields: Iterable[str]) -> Iterator[Doc]:
        """Yield the stored ones of these reports with these fields only, as `document` returns them."""
        chosen = dict.fromkeys(fields, 1)
        chosen |= {other: 1 for name in chosen for other in compact.MADE_OF.get(name, ())}
        for found in find_by_values(self._db.reports, "_id", ids, chosen):
            yield self._whole(found)

    def _whole(self, found: Doc, *, other_text: bool = True) -> Doc:
        """Return a stored report as it is printed; make a text in the other script that is not stored."""
        entry = overflow.rehydrate(self._db, found)
        if entry.get("other_text", "") is None:
            people = {one["text"] for one in entry["entities"] if one["type"] == "person"}
            entry["other_text"] = self._text.other(entry["text"], people) if other_text else ""
        return entry

    def full_id(self, typed: str) -> str:
        """Return the id that begins with what a person typed; what was typed where there is none.

        Raises:
            SetupError: several ids begin with it.
        """
        return short_ids.resolve_id(self._db, typed)

    def short_id(self, report_id: str) -> str:
        """Return the first characters of an id that are enough to name it."""
        return short_ids.shorten_id(self._db, report_id)

    def _where(self, report_id: str) -> str:
        """Say that an id which is no report's is in quarantine and why, or where to look for ids."""
        aside = quarantine.records_by_id(self._db, [report_id]).get(report_id)
        if aside is None:
            return "find ids with `etl search`"
        return f"its file was quarantined ({aside.stage}/{aside.reason}: {aside.message})"

    def reports(self, query: Query | None = None, ids: Sequence[str] | None = None) -> Iterator[Report]:
        """Yield reports by id, or all that match, newest first; one after the other, never all in memory."""
        chosen = (
            newest_ids(self._db, query or Query(), count(self._db, "reports") + 1) if ids is None else ids
        )
        for one in chosen:
            for found in find_by_values(self._db.reports, "_id", [one]):
                yield self._with_layout(from_document(self._whole(found)))

    def search(  # noqa: PLR0913 - every filter is a keyword of its own
        self,
        words: str,
        *,
        person: str | None = None,
        organization: str | None = None,
        place: str | None = None,
        since: str | None = None,
        until: str | None = None,
        fact: str | None = None,
        limit: int = 20,
    ) -> tuple[Hit, ...]:
        """Return reports that hold all words, in either script, and match the filters; newest first."""
        return self.find(
            Search(
                words=words,
                person=person,
                organization=organization,
                place=place,
                since=since,
                until=until,
                fact=fact,
                limit=limit,
            )
        ).hits

    def find(self, search: Search) -> Page:
        """Return a page of matching reports and their number; the index reads the feed before it answers.

        Raises:
            SetupError: the index of search cannot be kept in the data folder, or the query is too long.
        """
        page = self._text.index(self).find(search)
        # A report that moved has no new revision, so the feed does not tell.
        moved = find_by_values(self._db.reports, "_id", [hit.id for hit in page.hits], {"source.uri": 1})
        uris = {entry["_id"]: entry["source"]["uri"] for entry in moved}
        return replace(page, hits=tuple(replace(hit, uri=uris.get(hit.id, hit.uri)) for hit in page.hits))

    def folders(self) -> tuple[str, ...]:
        """Return the folders in which sources lie or lay, sorted: the values of the facet ``source``."""
        return self._text.index(self).folders()

    def matching(self, search: Search) -> Sequence[str]:
        """Return the ids of all matching reports, in the order of the search, without its limit and offset.

        Raises:
            SetupError: as in `find`.
        """
        return self._text.index(self).ids(search)

    def asked_entities(self, search: Search) -> AskedEntities:
        """Return the entities that a search means by a person, an organization and a place.

        Raises:
            SetupError: as in `find`.
        """
        return self._text.index(self).asked_entities(search)

    def to_arrow(self, table: str, search: Search | None = None, kind: str | None = None) -> "pa.Table":
        """Return a table of reports, entities, facts or mentions in memory: all rows, or those that fit.

        Args:
            table: its name.
            search: chooses reports, and the rows of those that fit themselves; docs/exports.md says which.
            kind: only mentions or entities of this type.

        Raises:
            SetupError: there is no such table, or pyarrow is not installed.
        """
        return self._text.arrow(self, table, search or Search(), kind)

    def raw(self, report_id: str) -> bytes:
        """Return the bytes from which a report was made, or of a quarantined one.

        Raises:
            SetupError: no bytes are kept for this id.
        """
        for collection, path in (("reports", "source"), ("quarantine", "sha256")):
            found = with_retry(partial(self._db[collection].find_one, {"_id": report_id}, {path: 1}))
            sha = found and (found[path]["sha256"] if path == "source" else found[path])
            payload = source_blobs.read_blob(self._db, sha) if sha else None
            if payload is not None:
                return payload
        raise SetupError(f"no bytes are kept for the id {report_id}; find ids with `etl search`")

    def review(self, report_id: str) -> Review:
        """Return the numbered repairs of a report, and what people decided and corrected.

        Raises:
            SetupError: there is no such report, or its bytes are read differently now.
        """
        entry = self.document(report_id)
        return review.read_review(self._db, from_document(entry), entry["revision"], self._text.decode)

    def cases(self, ids: Sequence[str] | None = None) -> Iterator[Doc]:
        """Yield people's notes on these reports, or on all, as test cases that need no database."""
        yield from cases.cases_of(self._db, ids, self._text.decode)

    def suggestions(self, report_id: str) -> tuple[Item, ...]:
        """Return the suggestions of a report that wait for a decision."""
        return self.review(report_id).open

    def notes(self, report_id: str) -> Notes:
        """Return what people decided about and corrected in a report, also what was taken back."""
        return notes_of(self._db, [report_id]).get(report_id, NONE)

    def waiting(self, limit: int = 100, after: str = "") -> tuple[Waiting, ...]:
        """Return reports that need review, sorted by id, from those behind the id ``after``."""
        return review.reports_to_review(self._db, limit, after)

    def history(self, report_id: str) -> tuple[Version, ...]:
        """Return all versions of a report, oldest first.

        Raises:
            SetupError: no report has this id.
        """
        return history.versions_of(self._db, self.document(report_id), self._whole)

    def reprints(self, report_id: str) -> tuple[str, ...]:
        """Return the ids of the reprints of this report, sorted."""
        found = find_all(self._db.reprints, {"original": report_id}, {"_id": 1})
        return tuple(sorted(entry["_id"] for entry in found))

    def entity(self, key: str) -> EntityRecord | None:
        """Return an entity by its key ``type:canonical name``; None where no report names it."""
        found = with_retry(partial(self._db.entities.find_one, {"_id": key}))
        return from_bson(EntityRecord, found) if found else None

    def entities_of(self, keys: Iterable[str]) -> tuple[EntityRecord, ...]:
        """Return the entities with these keys, sorted by key; leave out keys that do not exist."""
        found = find_by_values(self._db.entities, "_id", keys)
        return tuple(sorted((from_bson(EntityRecord, one) for one in found), key=lambda one: one.id))

    def all_entities(self) -> Iterator[EntityRecord]:
        """Yield every entity, in order of the keys."""
        yield from (from_bson(EntityRecord, entry) for entry in find_in_order(self._db.entities))

    def entities(
        self, kind: str, prefix: str = "", limit: int = 100, after: str = ""
    ) -> tuple[EntityRecord, ...]:
        """Return entities of a type whose name begins so, sorted by key, from those behind ``after``."""
        start = f"{kind}:{prefix}"
        query = {"_id": {"$gte": start, "$lt": start + "\U0010ffff"} | ({"$gt": after} if after else {})}
        found = with_retry(lambda: list(self._db.entities.find(query).sort("_id").limit(limit)))
        return tuple(from_bson(EntityRecord, entry) for entry in found)

    def quarantined(
        self, reason: str | None = None, stage: str | None = None
    ) -> tuple[QuarantineRecord, ...]:
        """Return quarantine records, of one reason or stage or all, sorted by URI."""
        return tuple(quarantine.find_records(self._db, reason=reason, stage=stage))

    def reasons(self) -> Mapping[str, int]:
        """Count the quarantined reports by ``stage/reason``, the most frequent first."""
        return quarantine.reasons(self._db)

    def set_aside(self, run_id: str, limit: int) -> tuple[QuarantineRecord, ...]:
        """Return at most ``limit`` records that this run quarantined or met in quarantine again."""
        return tuple(quarantine.records_of_run(self._db, run_id, limit))

    def runs(self, limit: int = 20, kind: RunKind | None = None) -> tuple[RunRecord, ...]:
        """Return the newest runs, of one kind or of all, newest first."""
        return runs.newest_runs(self._db, limit, kind)

    def changes(self, since: int = 0, *, links: bool = False) -> Iterator[Change]:
        """Yield the feed behind the number ``since``: every revision once, with rising numbers.

        One number may bring many changes, which belong together; a reader goes on from the last number that
        it has finished. With ``links``, reports whose ``reprint_of`` changed are yielded, too. Entities and
        links agree with all that was yielded.
        """
        numbers = find_all(self._db.changes, {"_id": {"$gt": since}, "state": "done"}, {"_id": 1})
        for number in sorted(entry["_id"] for entry in numbers):
            entry = with_retry(
                partial(self._db.changes.find_one, {"_id": number}, {"changes": 1, "linked": 1})
            )
            for found in entry["changes"] if entry else ():
                yield Change(number, found["report_id"], found["revision"], found["deleted"])
            for one in entry.get("linked", ()) if entry and links else ():
                yield Change(number, one, 0, deleted=False)

    def feed_at(self, number: int) -> FeedAt:
        """Return the state of the feed for a reader who has finished all entries up to a number."""
        fields = {"planned_at": 1, "state": 1}
        newer = self._db.changes.find({"_id": {"$gte": number}}, fields).sort("_id").limit(2)
        found = {entry["_id"]: entry for entry in with_retry(lambda: list(newer.clone()))}
        own = found.pop(number, None)
        return FeedAt(
            own["planned_at"].isoformat() if own else "",
            more=any(entry["state"] == "done" for entry in found.values()),
        )

    def status(self) -> Status:
        """Return how much of everything is stored, and which job may write."""
        return status.read_status(self._db)

    def stale(self, pipeline: Mapping[str, str]) -> int:
        """Count the reports that another pipeline made than the one with these fingerprints."""
        return sum(self.stale_stages(pipeline).values())

    def stale_stages(self, pipeline: Mapping[str, str]) -> Mapping[str, int]:
        """Count stale reports by the first stage whose fingerprint differs."""
        return staleness.count_by_stage(self._db, pipeline)


def open_store(settings: Settings, text: Text) -> Store:
    """Open the database that the settings name, or the embedded one.

    Raises:
        UnavailableError: nobody answers.
        SetupError: the URI is not one.
    """
    closing = ExitStack()
    return Store(closing.enter_context(connect(settings)), text, closing)

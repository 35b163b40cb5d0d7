"""Typed reads of a loaded database, for services and for the command line; nothing here writes.

`etl.wiring.open_store` or `etl.connect` gives a `Store`; use it in a ``with`` block. A new read is a method
that returns a frozen value.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

from etl.errors import SetupError
from etl.layout import Layout
from etl.model import RawReport, Report
from etl.settings import Settings
from etl.store.annotations.notes import NONE, Notes, notes_of
from etl.store.blobs import layouts, overflow, source_blobs
from etl.store.coordination import runs
from etl.store.driver.connection import Connection, connect, with_retry
from etl.store.driver.queries import find_all, find_by_values, find_pages
from etl.store.query import cases, history, review, staleness, status
from etl.store.query.finding import Hit, Index, Page, Search
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
    """What the store asks of those who make texts.

    Attributes:
        index: the engine of search over what a store reads, which has a name.
        decode: decodes the bytes of a report to its raw text.
        arrow: a table of what a store reads, by its name, in memory.
        layout: reads from the bytes of a report where that stands on its pages.
        other: writes a text in the other script; what else is given are names of people in it.
    """

    index: Callable[["Store"], Index]
    decode: Callable[[RawReport], str]
    arrow: Callable[["Store", str, Search], "pa.Table"]
    layout: Callable[[RawReport], Layout]
    other: Callable[[str, Collection[str]], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the feed: this revision came into being, or this report was taken down.

    Revision 0 tells that only the link ``reprint_of`` of a report is another one now.
    """

    number: int
    report_id: str
    revision: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class FeedAt:
    """What the feed says at a number.

    Attributes:
        stamp: by which the entry of this number is known from that of another database; empty for none.
        more: whether there is more behind it.
    """

    stamp: str
    more: bool


class Store:
    """A loaded database, read only. Close it, or use it in a ``with`` block.

    Args:
        connection: the open database.
        text: what a search and a review need beside the database.
        closing: what ends with this store.
    """

    def __init__(self, connection: Connection, text: Text, closing: ExitStack) -> None:
        self._db = connection.database
        self._text = text
        self._closing = closing

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
        """Let go of the database; an embedded server that nobody else uses ends."""
        self._closing.close()

    def report(self, report_id: str) -> Report:
        """The report with this id.

        Raises:
            SetupError: there is none.
        """
        return self._with_layout(from_document(self.document(report_id)))

    def _with_layout(self, report: Report) -> Report:
        """The report with what is kept beside its bytes; read again where that is of another reading."""
        if not report.quality.pages:
            return report
        kept = layouts.read_layout(self._db, report)
        if kept is None:
            payload = source_blobs.read_blob(self._db, report.source.sha256)
            raw = RawReport(report.source.uri, report.source.media_type, payload or b"")
            kept = self._text.layout(raw) if payload else Layout()
        return replace(report, layout=kept)

    def document(self, report_id: str) -> Doc:
        """The report as it is printed, with its revision and times.

        Raises:
            SetupError: there is none.
        """
        found = with_retry(partial(self._db.reports.find_one, {"_id": report_id}))
        if found is None:
            raise SetupError(f"no report has the id {report_id}; {self._where(report_id)}")
        return self._whole(found)

    def documents(self, ids: Iterable[str], fields: Iterable[str]) -> Iterator[Doc]:
        """These fields of those of these reports that are stored, as `document` gives them."""
        chosen = dict.fromkeys(fields, 1)
        chosen |= {other: 1 for name in chosen for other in compact.MADE_OF.get(name, ())}
        for found in find_by_values(self._db.reports, "_id", ids, chosen):
            yield self._whole(found)

    def _whole(self, found: Doc) -> Doc:
        """A stored report as it is printed; a text in the other script that is not stored is made now."""
        entry = overflow.rehydrate(self._db, found)
        if entry.get("other_text", "") is None:
            people = {one["text"] for one in entry["entities"] if one["type"] == "person"}
            entry["other_text"] = self._text.other(entry["text"], people)
        return entry

    def full_id(self, typed: str) -> str:
        """The id that begins with what a person typed; what was typed where there is none.

        Raises:
            SetupError: several ids begin so.
        """
        return short_ids.resolve_id(self._db, typed)

    def short_id(self, report_id: str) -> str:
        """The first characters of an id that are enough to name it."""
        return short_ids.shorten_id(self._db, report_id)

    def _where(self, report_id: str) -> str:
        """What an id is that is no report's, and where to look instead."""
        aside = quarantine.records_by_id(self._db, [report_id]).get(report_id)
        if aside is None:
            return "find ids with `etl search`"
        return f"its file was set aside ({aside.stage}/{aside.reason}: {aside.message})"

    def reports(self, query: Query | None = None, ids: Sequence[str] | None = None) -> Iterator[Report]:
        """Reports by id, or all that match, newest first; one after the other, never all in memory."""
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
        """Reports that hold all words, in either script, and match the filters; newest first."""
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
        """A page of the reports that match, with how many there are; as the feed of changes knows them now.

        Raises:
            SetupError: the index of search cannot be kept in the data folder, or the query is too long.
        """
        page = self._text.index(self).find(search)
        # A report that moved has no new revision, so the feed does not tell.
        moved = find_by_values(self._db.reports, "_id", [hit.id for hit in page.hits], {"source.uri": 1})
        uris = {entry["_id"]: entry["source"]["uri"] for entry in moved}
        return replace(page, hits=tuple(replace(hit, uri=uris.get(hit.id, hit.uri)) for hit in page.hits))

    def folders(self) -> tuple[str, ...]:
        """The folders that sources of reports lie in, or lay in: values of the facet ``source``, in order."""
        return self._text.index(self).folders()

    def matching(self, search: Search) -> Sequence[str]:
        """Ids of all reports that match, in their order; limit and offset do not count.

        Raises:
            SetupError: as in `find`.
        """
        return self._text.index(self).ids(search)

    def to_arrow(self, table: str, search: Search | None = None) -> "pa.Table":
        """A table of reports, entities, facts or mentions in memory, of all reports or those that match.

        Raises:
            SetupError: there is no such table, or pyarrow is not installed.
        """
        return self._text.arrow(self, table, search or Search())

    def raw(self, report_id: str) -> bytes:
        """The bytes that a report was made of, or that wait in quarantine.

        Raises:
            SetupError: there are none.
        """
        for collection, path in (("reports", "source"), ("quarantine", "sha256")):
            found = with_retry(partial(self._db[collection].find_one, {"_id": report_id}, {path: 1}))
            sha = found and (found[path]["sha256"] if path == "source" else found[path])
            payload = source_blobs.read_blob(self._db, sha) if sha else None
            if payload is not None:
                return payload
        raise SetupError(f"no bytes are kept for the id {report_id}; find ids with `etl search`")

    def review(self, report_id: str) -> Review:
        """The repairs of a report, numbered, and what people decided about them.

        Raises:
            SetupError: there is no such report, or its bytes are read differently now.
        """
        entry = self.document(report_id)
        return review.read_review(self._db, from_document(entry), entry["revision"], self._text.decode)

    def cases(self, ids: Sequence[str] | None = None) -> Iterator[Doc]:
        """What people said of these reports, or of all, as test cases that need no database."""
        yield from cases.cases_of(self._db, ids, self._text.decode)

    def suggestions(self, report_id: str) -> tuple[Item, ...]:
        """Of these the ones that wait for a decision."""
        return self.review(report_id).open

    def notes(self, report_id: str) -> Notes:
        """What people decided and corrected in a report, also what was taken back."""
        return notes_of(self._db, [report_id]).get(report_id, NONE)

    def waiting(self, limit: int = 100, after: str = "") -> tuple[Waiting, ...]:
        """Reports that need review, in order of their ids, those behind the id ``after``."""
        return review.reports_to_review(self._db, limit, after)

    def history(self, report_id: str) -> tuple[Version, ...]:
        """All versions of a report, oldest first.

        Raises:
            SetupError: there is no such report.
        """
        return history.versions_of(self._db, self.document(report_id), self._whole)

    def reprints(self, report_id: str) -> tuple[str, ...]:
        """Ids of the reports that are reprints of this one, in order."""
        found = find_all(self._db.reprints, {"original": report_id}, {"_id": 1})
        return tuple(sorted(entry["_id"] for entry in found))

    def entity(self, key: str) -> EntityRecord | None:
        """What is known of one person, place ...; ``key`` is ``type:canonical name``."""
        found = with_retry(partial(self._db.entities.find_one, {"_id": key}))
        return from_bson(EntityRecord, found) if found else None

    def entities_of(self, keys: Iterable[str]) -> tuple[EntityRecord, ...]:
        """Those of these entities that there are, in order of their keys."""
        found = find_by_values(self._db.entities, "_id", keys)
        return tuple(sorted((from_bson(EntityRecord, one) for one in found), key=lambda one: one.id))

    def all_entities(self) -> Iterator[EntityRecord]:
        """Every entity, in order of the keys."""
        for page in find_pages(self._db, "entities", {}):
            yield from (from_bson(EntityRecord, entry) for entry in page)

    def entities(
        self, kind: str, prefix: str = "", limit: int = 100, after: str = ""
    ) -> tuple[EntityRecord, ...]:
        """Entities of a type whose name starts with ``prefix``, in order of their names, behind a key."""
        start = f"{kind}:{prefix}"
        query = {"_id": {"$gte": start, "$lt": start + "\U0010ffff"} | ({"$gt": after} if after else {})}
        found = with_retry(lambda: list(self._db.entities.find(query).sort("_id").limit(limit)))
        return tuple(from_bson(EntityRecord, entry) for entry in found)

    def quarantined(
        self, reason: str | None = None, stage: str | None = None
    ) -> tuple[QuarantineRecord, ...]:
        """What could not be made into reports, in order of URIs."""
        return tuple(quarantine.find_records(self._db, reason=reason, stage=stage))

    def reasons(self) -> Mapping[str, int]:
        """Why reports are in quarantine, as ``stage/reason`` with how many, the most frequent first."""
        return quarantine.reasons(self._db)

    def set_aside(self, run_id: str, limit: int) -> tuple[QuarantineRecord, ...]:
        """What this run set aside or met in quarantine again, at most ``limit`` of it."""
        return tuple(quarantine.records_of_run(self._db, run_id, limit))

    def runs(self, limit: int = 20, kind: RunKind | None = None) -> tuple[RunRecord, ...]:
        """The newest runs, of one kind or of all."""
        return runs.newest_runs(self._db, limit, kind)

    def changes(self, since: int = 0, *, links: bool = False) -> Iterator[Change]:
        """The feed: every revision once, numbers rising; go on with the last number that was dealt with.

        A number may bring many changes: all of one number belong together. With ``links`` it names reports
        whose ``reprint_of`` changed, too. Entities and links agree with what it has told.
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
        """The feed as one sees it who has dealt with all up to a number."""
        fields = {"planned_at": 1, "state": 1}
        newer = self._db.changes.find({"_id": {"$gte": number}}, fields).sort("_id").limit(2)
        found = {entry["_id"]: entry for entry in with_retry(lambda: list(newer.clone()))}
        own = found.pop(number, None)
        return FeedAt(
            own["planned_at"].isoformat() if own else "",
            more=any(entry["state"] == "done" for entry in found.values()),
        )

    def status(self) -> Status:
        """How much of everything there is."""
        return status.read_status(self._db)

    def stale(self, pipeline: Mapping[str, str]) -> int:
        """How many reports were made by another pipeline than the one with these fingerprints."""
        return sum(self.stale_stages(pipeline).values())

    def stale_stages(self, pipeline: Mapping[str, str]) -> Mapping[str, int]:
        """How many of them there are by the first stage that differs."""
        return staleness.count_by_stage(self._db, pipeline)


def open_store(settings: Settings, text: Text) -> Store:
    """The database that the settings name, or the embedded one.

    Raises:
        UnavailableError: nobody answers.
        SetupError: the URI is not one.
    """
    closing = ExitStack()
    return Store(closing.enter_context(connect(settings)), text, closing)

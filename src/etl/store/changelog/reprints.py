"""Link reports to the earliest one with the same text, alike in any order of loading.

The earliest report of its kind (by day, then id; undated ones last) is the original; a report that is the
same text as an earlier original is a reprint of the earliest such. `plan_links` works out what writes
change about that, at a cost that follows what is new; another condition on a link goes into `_original`.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne

from etl.model import SCHEMA_VERSION
from etl.reprints import alike, folded, resemble, signature
from etl.store.blobs import overflow
from etl.store.driver.connection import Db
from etl.store.driver.queries import find_all, find_by_values
from etl.store.records.changelog import ReprintRecord
from etl.store.records.codec import Doc, from_bson, to_bson

UNDATED = "9999"
FIELDS = {"text": 1, "published_on": 1, "batch": 1, "reprint_of": 1, "parts": 1}
Place = tuple[str, str]
Write = InsertOne[Doc] | ReplaceOne[Doc] | UpdateOne | DeleteOne


@dataclass(frozen=True, slots=True)
class LinkedReport:
    """A stored report as far as links go: the write that made it, its link, its folded text."""

    batch: str
    published_on: str | None
    reprint_of: str | None
    flat: str


def plan_links(db: Db, reports: Iterable[str], change: int) -> Doc:
    """What writes about these reports change: records to insert, replace and remove, and links to set."""
    links = _Links(db, sorted(set(reports)), change)
    links.follow()
    return links.plan()


def link_writes(plan: Doc, change: int, fence: int) -> tuple[list[Write], list[Write]]:
    """The plan as writes to ``reprints`` and to ``reports``; whoever is late overwrites nothing newer."""
    older = {"$lt": change}
    records: list[Write] = [InsertOne(entry) for entry in plan["new"]]
    records += [ReplaceOne({"_id": entry["_id"], "change": older}, entry) for entry in plan["changed"]]
    records += [DeleteOne({"_id": one, "change": older}) for one in plan["gone"]]
    links: list[Write] = [
        UpdateOne(
            {"_id": one, "batch": batch, "change": older},
            {"$set": {"reprint_of": original, "change": change}, "$max": {"fence": fence}},
        )
        for one, batch, original in plan["links"]
    ]
    return records, links


class _Links:
    """One pass over what was written and what depends on it, earlier reports first.

    What stands before a report is settled when its turn comes, so each is looked at once.
    """

    def __init__(self, db: Db, written: Sequence[str], change: int) -> None:
        self._db = db
        self._change = change
        self._written = frozenset(written)
        self._reports: dict[str, LinkedReport | None] = {}
        self._stored: dict[str, ReprintRecord] = {}
        self._new: dict[str, ReprintRecord | None] = {}
        self._originals: defaultdict[int, list[ReprintRecord]] = defaultdict(list)
        self._queue: list[Place] = []
        self._queued: set[str] = set()
        self._load(written)
        self._remember(find_by_values(db.reprints, "_id", written))
        for one in written:
            report = self._reports[one]
            if report:
                self._put(_place(one, report.published_on))
            else:
                self._new[one] = None
        self._put_reprints_of(written)

    def follow(self) -> None:
        """Work out every report whose link may have changed."""
        while self._queue:
            _, one = heapq.heappop(self._queue)
            report = self._read(one)
            if report:  # else it is being taken down, and a later pass is told
                self._new[one] = self._record(one, report)

    def plan(self) -> Doc:
        """See `plan_links`."""
        new, changed, gone, links = list[Doc](), list[Doc](), list[str](), list[list[str | None]]()
        for one, record in sorted(self._new.items()):
            old, report = self._stored.get(one), self._reports[one]
            original = record.original if record else None
            if report and report.reprint_of != original:
                links.append([one, report.batch, original])
            if record is None:
                gone += [one] if old else []
            elif old is None:
                new.append(to_bson(record))
            elif replace(old, change=self._change) != record:
                changed.append(to_bson(record))
        return {"new": new, "changed": changed, "gone": gone, "links": links}

    def _record(self, one: str, report: LinkedReport) -> ReprintRecord | None:
        """What is true of a report now, None where it is too short; wakes those on whom that bears."""
        bands, place, old = signature(report.flat), _place(one, report.published_on), self._stored.get(one)
        if not bands:
            return None
        firsts = self._near("bands", bands)
        original = self._original(report, bands, [r for r in firsts if _place(r.id, r.published_on) < place])
        known = one not in self._written
        if original is None and not (known and old and old.original is None):
            for record in [*firsts, *self._near("copied_bands", bands)]:
                if _place(record.id, record.published_on) > place:
                    self._put(_place(record.id, record.published_on))
        if original and known and old and old.original is None:
            self._put_reprints_of([one])
        first, copy = ((), bands) if original else (bands, ())
        record = ReprintRecord(one, report.published_on, original, first, copy, self._change, SCHEMA_VERSION)
        for band in first:
            self._originals[band].append(record)
        return record

    def _original(
        self, report: LinkedReport, bands: Sequence[int], stored: Iterable[ReprintRecord]
    ) -> str | None:
        """The earliest original with the same text, of those stored and those of this pass."""
        made = {record.id: record for band in bands for record in self._originals.get(band, ())}
        near = made | {record.id: record for record in stored if record.id not in self._new}
        likely = [record for record in near.values() if resemble(record.bands, bands)]
        self._load([record.id for record in likely])
        for record in sorted(likely, key=lambda record: _place(record.id, record.published_on)):
            other = self._read(record.id)
            if other and alike(report.flat, other.flat):
                return record.id
        return None

    def _near(self, field: str, bands: Sequence[int]) -> list[ReprintRecord]:
        """Stored records that share a band, but for those of reports just written: theirs are out of date."""
        found = self._remember(find_all(self._db.reprints, {field: {"$in": list(bands)}}))
        return [record for record in found if record.id not in self._written]

    def _put_reprints_of(self, originals: Sequence[str]) -> None:
        for record in self._remember(find_by_values(self._db.reprints, "original", originals)):
            if record.id not in self._written:
                self._put(_place(record.id, record.published_on))

    def _put(self, place: Place) -> None:
        if place[1] not in self._queued:
            self._queued.add(place[1])
            heapq.heappush(self._queue, place)

    def _remember(self, found: Iterable[Doc]) -> list[ReprintRecord]:
        records = [from_bson(ReprintRecord, entry) for entry in found]
        self._stored |= {record.id: record for record in records}
        return records

    def _read(self, one: str) -> LinkedReport | None:
        self._load([one])
        return self._reports[one]

    def _load(self, ids: Iterable[str]) -> None:
        """Read reports that were not read yet, each text no further than it is compared."""
        wanted = [one for one in ids if one not in self._reports]
        self._reports |= dict.fromkeys(wanted)
        for found in find_by_values(self._db.reports, "_id", wanted, FIELDS):
            text = overflow.rehydrate(self._db, found)["text"]
            self._reports[found["_id"]] = LinkedReport(
                found["batch"], found["published_on"], found["reprint_of"], folded(text)
            )


def _place(report: str, published_on: str | None) -> Place:
    """Sorts reports by day and id, those without a day last."""
    return published_on or UNDATED, report

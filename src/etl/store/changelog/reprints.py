"""Link each reprint to the earliest report with the same text, whatever the order of loading.

Of reports with the same text, the earliest (by day, then id; undated ones last) is the original and the
others are its reprints. `plan_links` works out what writes change about that, at a cost that follows what is
new; another condition on a link goes into `_original`.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne

from etl.model.report import SCHEMA_VERSION
from etl.reprints import fold_text, is_reprint, resemble, signature
from etl.store.blobs import overflow
from etl.store.driver.connection import Db
from etl.store.driver.queries import MOSTLY_NEW, find_by_values
from etl.store.records.changelog import ReprintRecord
from etl.store.records.codec import Doc, from_bson, to_bson

UNDATED = "9999"
FIELDS = {"text": 1, "published_on": 1, "batch": 1, "reprint_of": 1, "parts": 1}
# Numbers of signatures that are looked up at once: those of some 300 reports, of which few are known.
BANDS_AT_ONCE = 6000
Place = tuple[str, str]
Write = InsertOne[Doc] | ReplaceOne[Doc] | UpdateOne | DeleteOne


@dataclass(frozen=True, slots=True)
class LinkedReport:
    """What linking needs of a stored report: the write that made it, its day, its link, its folded text."""

    batch: str
    published_on: str | None
    reprint_of: str | None
    flat: str


def plan_links(db: Db, reports: Iterable[str], change: int, stored: Mapping[str, Doc]) -> Doc:
    """Plan what writes to these reports change: records to insert, replace and delete, and links to set.

    ``stored`` holds those of them that are stored, with the fields of `FIELDS`.
    """
    links = _Links(db, sorted(set(reports)), change, stored)
    links.look_up()
    links.follow()
    return links.plan()


def link_writes(plan: Doc, change: int, fence: int) -> tuple[list[Write], list[Write]]:
    """Return the plan as writes to ``reprints`` and to ``reports`` that overwrite no later change."""
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
    """One pass over the written reports and those that depend on them, earlier reports first.

    The links of earlier reports are known when a report's turn comes, so each is looked at once.
    """

    def __init__(self, db: Db, written: Sequence[str], change: int, stored: Mapping[str, Doc]) -> None:
        self._db = db
        self._change = change
        self._written = frozenset(written)
        self._reports: dict[str, LinkedReport | None] = {}
        self._stored: dict[str, ReprintRecord] = {}
        self._new: dict[str, ReprintRecord | None] = {}
        self._originals: defaultdict[int, list[ReprintRecord]] = defaultdict(list)
        self._queue: list[Place] = []
        self._queued: set[str] = set()
        self._signed: dict[str, tuple[int, ...]] = {}
        self._asked: dict[str, dict[int, list[ReprintRecord]]] = {"bands": {}, "copied_bands": {}}
        self._reports |= {one: _report_of(stored[one]) if one in stored else None for one in written}
        self._remember(find_by_values(db.reprints, "_id", written, at_once=MOSTLY_NEW))
        for one in written:
            report = self._reports[one]
            if report:
                self._put(_place(one, report.published_on))
            else:
                self._new[one] = None
        self._put_reprints_of(written)

    def look_up(self) -> None:
        """Read at once all records and texts with which the written reports are compared."""
        reports = {one: self._reports[one] for one in self._written}
        bands = {one: self._bands(one, report) for one, report in reports.items() if report}
        self._ask("bands", [band for each in bands.values() for band in each])
        likely = {
            one: [record.id for record in self._near("bands", each) if resemble(record.bands, each)]
            for one, each in bands.items()
        }
        self._load([record for near in likely.values() for record in near])
        self._ask("copied_bands", [band for one, each in bands.items() if not likely[one] for band in each])

    def follow(self) -> None:
        """Work out the record of every report whose link may have changed."""
        while self._queue:
            _, one = heapq.heappop(self._queue)
            report = self._read(one)
            if report:  # else it is being taken down, and a later pass is told
                self._new[one] = self._record(one, report)

    def plan(self) -> Doc:
        """Return the plan that `plan_links` describes."""
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
        """Return a report's present record, None where it is too short for a signature.

        Reports whose link may change with it are put into the queue.
        """
        bands, place, old = self._bands(one, report), _place(one, report.published_on), self._stored.get(one)
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
        """Return the earliest original with the same text, stored or found in this pass; None without one."""
        made = {record.id: record for band in bands for record in self._originals.get(band, ())}
        near = made | {record.id: record for record in stored if record.id not in self._new}
        likely = [record for record in near.values() if resemble(record.bands, bands)]
        self._load([record.id for record in likely])
        for record in sorted(likely, key=lambda record: _place(record.id, record.published_on)):
            other = self._read(record.id)
            if other and is_reprint(report.flat, other.flat):
                return record.id
        return None

    def _bands(self, one: str, report: LinkedReport) -> tuple[int, ...]:
        if one not in self._signed:
            self._signed[one] = signature(report.flat)
        return self._signed[one]

    def _near(self, field: str, bands: Sequence[int]) -> list[ReprintRecord]:
        """Return stored records that share a band, without those of written reports, now out of date."""
        self._ask(field, bands)
        found = {record.id: record for band in bands for record in self._asked[field][band]}
        return [record for record in found.values() if record.id not in self._written]

    def _ask(self, field: str, bands: Iterable[int]) -> None:
        """Read the stored records that have one of these bands, except for bands that were read before."""
        known = self._asked[field]
        new = {band: list[ReprintRecord]() for band in bands if band not in known}
        found = find_by_values(self._db.reprints, field, new, at_once=BANDS_AT_ONCE)
        for record in {record.id: record for record in self._remember(found)}.values():
            for band in getattr(record, field):
                if band in new:
                    new[band].append(record)
        known |= new

    def _put_reprints_of(self, originals: Sequence[str]) -> None:
        found = find_by_values(self._db.reprints, "original", originals, at_once=MOSTLY_NEW)
        for record in self._remember(found):
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
        """Read reports that were not read before, with no more of each text than is compared."""
        wanted = [one for one in ids if one not in self._reports]
        self._reports |= dict.fromkeys(wanted)
        for found in find_by_values(self._db.reports, "_id", wanted, FIELDS):
            self._reports[found["_id"]] = _report_of(overflow.rehydrate(self._db, found))


def _report_of(stored: Doc) -> LinkedReport:
    return LinkedReport(
        stored["batch"], stored["published_on"], stored["reprint_of"], fold_text(stored["text"])
    )


def _place(report: str, published_on: str | None) -> Place:
    """Return the key that sorts reports by day and id, undated ones last."""
    return published_on or UNDATED, report

"""Keep reports that could not be made: why, since when, tried how often; ``sources`` keeps their bytes.

A record is deleted when its report has been stored. A new way to choose records is a parameter of
`find_records`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from etl.model.report import SCHEMA_VERSION, Rejected
from etl.store.blobs import source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.coordination.lease import Lease, check_lease, fenced_writes, not_fenced
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.error_codes import DUPLICATE_KEY
from etl.store.driver.queries import AT_ONCE, MOSTLY_NEW, find_all, find_by_values
from etl.store.records.clock import now
from etl.store.records.codec import Doc, from_bson, sayable, to_bson
from etl.store.records.reports import QuarantineRecord

MESSAGE_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A report to quarantine: the id it has or would have, and what the source knew of it."""

    id: str
    rejected: Rejected
    size: int | None = None
    modified: str | None = None
    published_on: str | None = None


def records_by_id(db: Db, ids: Iterable[str]) -> dict[str, QuarantineRecord]:
    """Return the quarantine records with these ids, by id."""
    found = [from_bson(QuarantineRecord, entry) for entry in find_by_values(db.quarantine, "_id", ids)]
    return {record.id: record for record in found}


def records_by_uri(db: Db, uris: Iterable[str]) -> list[QuarantineRecord]:
    """Return the quarantine records of files at these URIs."""
    return [
        from_bson(QuarantineRecord, entry)
        for entry in find_by_values(db.quarantine, "uri", uris, at_once=MOSTLY_NEW)
    ]


def without_bytes(refused: Rejected) -> Rejected:
    """Return the rejection without hash and bytes, for a report of which nothing could be read."""
    return replace(refused, sha256=None, payload=None)


def put(
    db: Db, incoming: Sequence[QuarantineEntry], lease: Lease, made_with: tuple[Mapping[str, str], int]
) -> None:
    """Quarantine reports, storing their bytes first; repeating it in the same run counts no second attempt.

    ``made_with`` is the pipeline's fingerprints, and the size above which bytes go to GridFS.

    Raises:
        FencedError: another run has the lease now.
    """
    check_lease(db, lease)
    pipeline, gridfs_above = made_with
    known = records_by_id(db, [one.id for one in incoming])
    source_blobs.put_blobs(db, [blob for one in incoming if (blob := _blob(one.rejected))], gridfs_above)
    source_blobs.release_blobs(db, _left(incoming, known))
    entries = [_entry(one, known.get(one.id), lease, pipeline) for one in incoming]
    for first in range(0, len(entries), AT_ONCE):
        _put(db, entries[first : first + AT_ONCE], lease)


def _put(db: Db, entries: Sequence[Doc], lease: Lease) -> None:
    own = not_fenced(lease)
    writes = [ReplaceOne({"_id": entry["_id"], "fence": own}, entry, upsert=True) for entry in entries]
    try:
        with fenced_writes(db, lease):
            with_retry(partial(db.quarantine.bulk_write, writes, ordered=False))
    except BulkWriteError as error:
        # A record of a later run is there, so that the condition did not find it.
        if any(failed["code"] != DUPLICATE_KEY for failed in error.details["writeErrors"]):
            raise


def seen_again(db: Db, ids: Sequence[str], lease: Lease) -> None:
    """Write the time and the run in which quarantined reports were offered again, without another attempt."""
    for first in range(0, len(ids), AT_ONCE):
        query = {"_id": {"$in": list(ids[first : first + AT_ONCE])}, "fence": not_fenced(lease)}
        change = {"$set": {"last_seen": now(), "run_id": lease.run_id, "fence": lease.fence}}
        with fenced_writes(db, lease):
            with_retry(partial(db.quarantine.update_many, query, change))


def heal(db: Db, ids: Iterable[str], lease: Lease) -> int:
    """Delete records of reports that are stored now, and release their bytes; return their number."""
    found = list(find_by_values(db.quarantine, "_id", ids, {"sha256": 1}, MOSTLY_NEW))
    source_blobs.release_blobs(db, [entry["sha256"] for entry in found if entry["sha256"]])
    present = [entry["_id"] for entry in found]
    for first in range(0, len(present), AT_ONCE):
        query = {"_id": {"$in": present[first : first + AT_ONCE]}, "fence": not_fenced(lease)}
        with_retry(partial(db.quarantine.delete_many, query))
    return len(present)


def delete_quarantined(db: Db, ids: Iterable[str], lease: Lease) -> int:
    """Delete records, and their bytes where nothing else refers to them; return their number.

    Raises:
        FencedError: another run has the lease now.
    """
    check_lease(db, lease)
    count = heal(db, ids, lease)
    source_blobs.delete_released(db)
    return count


def find_records(
    db: Db, ids: Sequence[str] = (), reason: str | None = None, stage: str | None = None
) -> list[QuarantineRecord]:
    """Return records by id, reason and stage, or all where none is given, sorted by URI."""
    query: Doc = {"_id": {"$in": list(ids)}} if ids else {}
    query |= {"reason": reason} if reason else {}
    query |= {"stage": stage} if stage else {}
    records = [from_bson(QuarantineRecord, entry) for entry in find_all(db.quarantine, query)]
    return sorted(records, key=lambda record: record.uri)


def reasons(db: Db) -> dict[str, int]:
    """Count the records of each ``stage/reason``, the most frequent first."""
    found = find_all(db.quarantine, {}, {"stage": 1, "reason": 1})
    return dict(Counter(f"{entry['stage']}/{entry['reason']}" for entry in found).most_common())


def records_of_run(db: Db, run_id: str, limit: int) -> list[QuarantineRecord]:
    """Return at most ``limit`` records that this run was the last to see, sorted by id."""
    found = with_retry(lambda: list(db.quarantine.find({"run_id": run_id}).sort("_id").limit(limit)))
    return [from_bson(QuarantineRecord, entry) for entry in found]


def _left(incoming: Sequence[QuarantineEntry], known: Mapping[str, QuarantineRecord]) -> list[str]:
    """Return the hashes of bytes that new bytes replace under the same id."""
    found = [(known[one.id].sha256, one.rejected.sha256) for one in incoming if one.id in known]
    return [old for old, new in found if old and old != new]


def _blob(rejected: Rejected) -> SourceBlob | None:
    if rejected.payload is None or rejected.sha256 is None:
        return None
    return SourceBlob(rejected.sha256, rejected.uri, rejected.media_type, None, rejected.payload)


def _entry(
    one: QuarantineEntry, known: QuarantineRecord | None, lease: Lease, pipeline: Mapping[str, str]
) -> Doc:
    rejected, moment = one.rejected, now()
    entry: Doc = to_bson(
        QuarantineRecord(
            id=one.id,
            uri=rejected.uri,
            media_type=rejected.media_type,
            sha256=rejected.sha256,
            size=one.size,
            modified=one.modified,
            published_on=one.published_on,
            stage=rejected.stage,
            reason=rejected.reason,
            error=rejected.error,
            message=sayable(rejected.message)[:MESSAGE_CHARACTERS],
            attempts=_attempts(one, known, lease),
            first_seen=known.first_seen if known else moment,
            last_seen=moment,
            pipeline=pipeline,
            run_id=lease.run_id,
            schema_version=SCHEMA_VERSION,
            fence=lease.fence,
        )
    )
    return entry


def _attempts(one: QuarantineEntry, known: QuarantineRecord | None, lease: Lease) -> int:
    """Count the runs that tried these bytes, this one included."""
    same = known is not None and known.sha256 == one.rejected.sha256
    return known.attempts + (known.run_id != lease.run_id) if known and same else 1

"""Write reports: insert new ones, replace changed ones if they are still what was read, leave the others.

Order of every batch: intent, old revisions, reports, close. Each step can be repeated after a crash at any
point, and a run that was replaced overwrites nothing. `write_reports` is the way in; `revision_diff` says
what makes two versions equal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from etl.model.errors import RejectError, TransientError
from etl.model.report import Report
from etl.store.annotations import verifications
from etl.store.blobs import overflow
from etl.store.coordination import write_intents
from etl.store.coordination.lease import Lease, check_lease, fenced_writes, lost_lease_error, not_fenced
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.error_codes import DOCUMENT_INVALID, DUPLICATE_KEY
from etl.store.driver.queries import AT_ONCE, MOSTLY_NEW, WRITTEN_AT_ONCE, find_by_values
from etl.store.records.clock import now
from etl.store.records.codec import Doc, to_bson
from etl.store.records.report_codec import to_stored
from etl.store.records.reports import Bookkeeping, RevisionRef
from etl.store.reports import revision_diff, revisions
from etl.store.reports.revision_diff import STICKY_FIELDS, UNLINKED, is_same_content

ROUNDS = 8
HEAD_FIELDS = {"revision": 1, "batch": 1, "source": 1, "pipeline": 1, "parts": 1, "fence": 1}


@dataclass(frozen=True, slots=True)
class StoredHead:
    """The fields of a stored report that decide what to do with it."""

    id: str
    revision: int
    batch: str
    uri: str
    sha256: str
    size: int
    modified: str | None
    published_on: str | None
    media_type: str
    pipeline: Mapping[str, str]
    gone_at: datetime | None
    fence: int = 0


@dataclass(frozen=True, slots=True)
class ReportWrite:
    """A report to write.

    Attributes:
        head: the stored head when the work on it began; None where nothing was stored.
        stored: the whole stored document, if the work began with reading it.
    """

    report: Report
    head: StoredHead | None
    stored: Doc | None = None


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The ids of written reports by the outcome of the write.

    Attributes:
        inserted: stored for the first time.
        updated: stored as a new revision.
        unchanged: stored already with the same content.
        refused: each with the error that keeps it from being stored.
    """

    inserted: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()
    unchanged: frozenset[str] = frozenset()
    refused: Mapping[str, RejectError] = field(default_factory=dict)

    def __add__(self, other: "WriteResult") -> "WriteResult":
        return WriteResult(
            self.inserted | other.inserted,
            self.updated | other.updated,
            self.unchanged | other.unchanged,
            {**self.refused, **other.refused},
        )


def stored_heads(db: Db, path: str, values: Iterable[str]) -> list[StoredHead]:
    """Return the heads of reports whose field ``path`` (_id, source.uri, source.sha256) has these values.

    Ids and hashes are asked of reports that most likely are not there.
    """
    at_once = AT_ONCE if path == "source.uri" else MOSTLY_NEW
    found = list(find_by_values(db.reports, path, values, HEAD_FIELDS, at_once))
    pipelines = verifications.verified_pipelines(db, found)
    return [head_of({**entry, "pipeline": pipelines[entry["_id"]]}) for entry in found]


def write_reports(db: Db, writes: Sequence[ReportWrite], lease: Lease) -> WriteResult:
    """Write reports whose bytes are kept already; retry one that another writer of this run changed first.

    Raises:
        FencedError: another run has the lease now; nothing that it wrote was touched.
        TransientError: the database stays away, or others change the same reports again and again.
    """
    check_lease(db, lease)
    return write_checked(db, writes, lease)


def write_checked(db: Db, writes: Sequence[ReportWrite], lease: Lease) -> WriteResult:
    """Write reports like `write_reports`, right after the caller has checked the lease.

    The server refuses writes that arrive after the lease has gone.

    Raises:
        FencedError, TransientError: as `write_reports`.
    """
    kept = _leave(db, writes, lease)
    out, left = WriteResult(unchanged=kept), [write for write in writes if write.report.id not in kept]
    for _ in range(ROUNDS):
        if not left:
            return out
        outcome, lost = _round(db, left, lease)
        out += outcome
        now_stored = {item.id: item for item in stored_heads(db, "_id", [write.report.id for write in lost])}
        if any(item.fence > lease.fence for item in now_stored.values()):
            raise lost_lease_error(lease)
        finished = {d.report.id for d in lost if _agrees(d.report, now_stored.get(d.report.id))}
        out += WriteResult(unchanged=frozenset(finished))
        left = [
            ReportWrite(d.report, now_stored.get(d.report.id)) for d in lost if d.report.id not in finished
        ]
    raise TransientError(f"{len(left)} reports are changed by others again and again; run again later")


def _leave(db: Db, writes: Sequence[ReportWrite], lease: Lease) -> frozenset[str]:
    """Return the ids of reports whose content is stored already.

    No revision is made of these; at most a new place and a verification are written.
    """
    there = {write.report.id: write.stored for write in writes if write.stored}
    unread = [write.report.id for write in writes if write.head and not write.stored]
    there |= {found["_id"]: found for found in find_by_values(db.reports, "_id", unread)}
    pairs, made = [], {}
    for write in writes:
        old = there.get(write.report.id)
        if write.head is None or old is None or old["revision"] != write.head.revision:
            continue
        new = {**to_stored(write.report), "parts": None}
        if is_same_content(old, new):
            pairs.append((old, new))
            made[write.report.id] = write.head.pipeline
    revision_diff.touch_unchanged(db, pairs, made, lease)
    return frozenset(made)


def _agrees(report: Report, there: StoredHead | None) -> bool:
    if there is None or there.sha256 != report.source.sha256:
        return False
    return dict(there.pipeline) == dict(report.pipeline)


def head_of(found: Doc) -> StoredHead:
    """Return the head of a stored report from its `HEAD_FIELDS`."""
    source = found["source"]
    return StoredHead(
        id=found["_id"],
        revision=found["revision"],
        batch=found["batch"],
        uri=source["uri"],
        sha256=source["sha256"],
        size=source["size"],
        modified=source["modified"],
        published_on=source.get("published_on"),
        media_type=source["media_type"],
        pipeline=found["pipeline"],
        gone_at=source.get("gone_at"),
        fence=found.get("fence", 0),
    )


def _round(db: Db, writes: Sequence[ReportWrite], lease: Lease) -> tuple[WriteResult, list[ReportWrite]]:
    """Try all writes once; return the outcome, and the writes that another writer prevented."""
    steps = [RevisionRef(d.report.id, d.head.revision if d.head else 0) for d in writes]
    with write_intents.write_intent(db, "write", steps, lease) as token:
        ready, refused = _documents(db, writes, token, lease)
        new = [entry for entry in ready if entry["revision"] == 1]
        out = WriteResult(refused=refused) + _insert(db, new, lease)
        old = {d.report.id: d.head for d in writes if d.head}
        out += _replace(db, [entry for entry in ready if entry["revision"] > 1], old, lease)
    finished = out.inserted | out.updated | out.unchanged | out.refused.keys()
    return out, [d for d in writes if d.report.id not in finished]


def _documents(
    db: Db, writes: Sequence[ReportWrite], token: str, lease: Lease
) -> tuple[list[Doc], dict[str, RejectError]]:
    ready, refused = [], {}
    moment = now()
    for write in writes:
        revision = write.head.revision + 1 if write.head else 1
        bookkeeping = to_bson(Bookkeeping(revision, token, lease.run_id, moment, moment, None, lease.fence))
        try:
            entry, parts = overflow.split_oversized({**to_stored(write.report), **bookkeeping, **UNLINKED})
        except RejectError as error:
            refused[write.report.id] = error
            continue
        if parts:
            overflow.put_file(db, entry["parts"]["file"], parts)
        ready.append(entry)
    return ready, refused


def _insert(db: Db, documents: Sequence[Doc], lease: Lease) -> WriteResult:
    out = WriteResult()
    for first in range(0, len(documents), WRITTEN_AT_ONCE):
        chunk = documents[first : first + WRITTEN_AT_ONCE]
        failed = _bulk(db, partial(db.reports.insert_many, chunk, ordered=False), lease)
        ours = _ours(db, [chunk[at] for at, code in failed.items() if code == DUPLICATE_KEY])
        refused = {
            chunk[at]["_id"]: _invalid(chunk[at]) for at, code in failed.items() if code == DOCUMENT_INVALID
        }
        done = {entry["_id"] for at, entry in enumerate(chunk) if at not in failed} | ours
        out += WriteResult(inserted=frozenset(done), refused=refused)
    return out


def _replace(db: Db, documents: Sequence[Doc], old: Mapping[str, StoredHead], lease: Lease) -> WriteResult:
    out = WriteResult()
    for first in range(0, len(documents), AT_ONCE):
        out += _replace_some(db, documents[first : first + AT_ONCE], old, lease)
    return out


def _replace_some(
    db: Db, documents: Sequence[Doc], old: Mapping[str, StoredHead], lease: Lease
) -> WriteResult:
    """Keep the old revision and replace the report where it is still the revision that was read."""
    ids = [entry["_id"] for entry in documents]
    there = {found["_id"]: found for found in find_by_values(db.reports, "_id", ids)}
    current = [
        e for e in documents if e["_id"] in there and there[e["_id"]]["revision"] == old[e["_id"]].revision
    ]
    kept, changed = _parted([(there[new["_id"]], new) for new in current])
    revision_diff.touch_unchanged(db, kept, {one: known.pipeline for one, known in old.items()}, lease)
    unchanged = frozenset(had["_id"] for had, _ in kept)
    if not changed:
        return WriteResult(unchanged=unchanged)
    revisions.keep_revisions(db, [there[entry["_id"]] for entry in changed], lease)
    swaps = [ReplaceOne(_unmoved(entry, lease), entry) for entry in changed]
    failed = _bulk(db, partial(db.reports.bulk_write, swaps, ordered=False), lease)
    refused = {
        changed[at]["_id"]: _invalid(changed[at]) for at, code in failed.items() if code == DOCUMENT_INVALID
    }
    return WriteResult(
        updated=frozenset(_ours(db, changed)),
        unchanged=unchanged,
        refused=refused,
    )


def _parted(pairs: Sequence[tuple[Doc, Doc]]) -> tuple[list[tuple[Doc, Doc]], list[Doc]]:
    """Split pairs of stored and new documents into those of the same content, and the changed new ones."""
    kept = [(had, new) for had, new in pairs if is_same_content(had, new)]
    others = ((had, new) for had, new in pairs if not is_same_content(had, new))
    return kept, [{**new, **{name: had[name] for name in STICKY_FIELDS}} for had, new in others]


def _unmoved(entry: Doc, lease: Lease) -> Doc:
    """Return the condition that a report is still the revision before this one, and no later run's."""
    return {"_id": entry["_id"], "revision": entry["revision"] - 1, "fence": not_fenced(lease)}


def _bulk(db: Db, action: Any, lease: Lease) -> dict[int, int]:  # noqa: ANN401 - two methods of the driver
    """Run an unordered bulk write; return the error code by position of each failure that is expected."""
    try:
        with fenced_writes(db, lease):
            with_retry(action)
    except BulkWriteError as error:
        failed = {entry["index"]: entry["code"] for entry in error.details["writeErrors"]}
        if not set(failed.values()) <= {DUPLICATE_KEY, DOCUMENT_INVALID}:
            raise
        return failed
    return {}


def _ours(db: Db, documents: Sequence[Doc]) -> set[str]:
    """Return the ids of these documents that are stored as this very batch wrote them."""
    if not documents:
        return set()
    wanted = {entry["_id"]: (entry["batch"], entry["revision"]) for entry in documents}
    found = find_by_values(db.reports, "_id", wanted, {"batch": 1, "revision": 1})
    return {entry["_id"] for entry in found if wanted[entry["_id"]] == (entry["batch"], entry["revision"])}


def _invalid(entry: Doc) -> RejectError:
    return RejectError(
        "store",
        "validator",
        f"the database refuses the shape of report {entry['_id']}, which is a fault of this program; "
        "please report it with the file",
    )

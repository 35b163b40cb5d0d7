"""Writing reports: new ones inserted, changed ones replaced if they are still what was read, others left.

Order of every batch: note, old revisions, reports, close. Each step can be repeated after a crash at
any point. `write` is the way in; what makes two versions equal is in `same`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from pymongo import ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from etl.errors import RejectError, TransientError
from etl.model import SCHEMA_VERSION, Report
from etl.store import large, pending
from etl.store.connection import Db, steady
from etl.store.queries import AT_ONCE, by_values
from etl.store.records import Bookkeeping, RevisionRecord, Step
from etl.store.schema import document
from etl.store.shapes import Doc, plain
from etl.store.sources import DUPLICATE
from etl.store.times import now

ROUNDS = 8
INVALID = 121
HELD_FIELDS = {"revision": 1, "batch": 1, "source": 1, "pipeline": 1, "parts": 1}
# Differences in these make no new version: where the bytes lie, and what they were made with.
INCIDENTAL = ("pipeline", "source", "revision", "batch", "run_id", "loaded_at", "parts")
# Nor do these, which stay with a report; `changes` looks at its link again after every write.
LASTING = ("first_loaded_at", "reprint_of", "change")
UNLINKED = {"reprint_of": None, "change": 0}


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds of a report, as far as it decides what to do."""

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


@dataclass(frozen=True, slots=True)
class Draft:
    """A report to write, and what the database held of it when its work began (None: nothing)."""

    report: Report
    held: Held | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Ids by what became of them."""

    inserted: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()
    unchanged: frozenset[str] = frozenset()
    refused: Mapping[str, RejectError] = field(default_factory=dict)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.inserted | other.inserted,
            self.updated | other.updated,
            self.unchanged | other.unchanged,
            {**self.refused, **other.refused},
        )


def held(db: Db, path: str, values: Iterable[str]) -> list[Held]:
    """What is stored under these ids, URIs or hashes (``path``: _id, source.uri or source.sha256)."""
    return [held_of(found) for found in by_values(db.reports, path, values, HELD_FIELDS)]


def write(db: Db, drafts: Sequence[Draft], run_id: str) -> Outcome:
    """Write reports whose bytes are kept already; who loses a race against another run looks again.

    Raises:
        TransientError: the database stays away, or others change the same reports again and again.
    """
    alike = _leave(db, drafts)
    out, left = Outcome(unchanged=alike), [draft for draft in drafts if draft.report.id not in alike]
    for _ in range(ROUNDS):
        if not left:
            return out
        outcome, lost = _round(db, left, run_id)
        out += outcome
        now_held = {item.id: item for item in held(db, "_id", [draft.report.id for draft in lost])}
        settled = {d.report.id for d in lost if _agrees(d.report, now_held.get(d.report.id))}
        out += Outcome(unchanged=frozenset(settled))
        left = [Draft(d.report, now_held.get(d.report.id)) for d in lost if d.report.id not in settled]
    raise TransientError(f"{len(left)} reports are being changed by another run; run again when it has ended")


def same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two stored versions say the same of the same bytes."""
    if old["source"]["sha256"] != new["source"]["sha256"] or old["parts"] != new["parts"]:
        return False
    aside = {*INCIDENTAL, *LASTING}
    return {k: v for k, v in old.items() if k not in aside} == {
        k: v for k, v in new.items() if k not in aside
    }


def _leave(db: Db, drafts: Sequence[Draft]) -> frozenset[str]:
    """Ids of reports that came out as they are stored: no new version, at most a new pipeline or place."""
    held = {draft.report.id: draft.held for draft in drafts if draft.held}
    there = {found["_id"]: found for found in by_values(db.reports, "_id", held)}
    alike = []
    for draft in drafts:
        old = there.get(draft.report.id)
        if draft.held is None or old is None or old["revision"] != draft.held.revision:
            continue
        entry = {**document(draft.report), "parts": None, "revision": draft.held.revision + 1}
        if same(old, entry):
            alike.append(entry)
    _touch(db, [e for e in alike if any(e[n] != there[e["_id"]][n] for n in ("pipeline", "source"))])
    return frozenset(entry["_id"] for entry in alike)


def keep_revision(db: Db, old: Doc, run_id: str) -> None:
    """Put a report as it stands among the revisions; the same content however often it is called."""
    entry = _revision(old, run_id)
    steady(partial(db.revisions.replace_one, {"_id": entry["_id"]}, entry, upsert=True))


def _agrees(report: Report, there: Held | None) -> bool:
    if there is None or there.sha256 != report.source.sha256:
        return False
    return dict(there.pipeline) == dict(report.pipeline)


def held_of(found: Doc) -> Held:
    """What `HELD_FIELDS` of a stored report say."""
    source = found["source"]
    return Held(
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
    )


def _round(db: Db, drafts: Sequence[Draft], run_id: str) -> tuple[Outcome, list[Draft]]:
    """One try at all drafts; the ones that another run was faster with come back."""
    steps = [Step(d.report.id, d.held.revision if d.held else 0) for d in drafts]
    token = pending.note(db, "write", steps, run_id)
    ready, refused = _documents(db, drafts, token, run_id)
    new = [entry for entry in ready if entry["revision"] == 1]
    out = Outcome(refused=refused) + _insert(db, new)
    old = {d.report.id: d.held for d in drafts if d.held}
    out += _replace(db, [entry for entry in ready if entry["revision"] > 1], old)
    pending.close(db, token)
    settled = out.inserted | out.updated | out.unchanged | out.refused.keys()
    return out, [d for d in drafts if d.report.id not in settled]


def _documents(
    db: Db, drafts: Sequence[Draft], token: str, run_id: str
) -> tuple[list[Doc], dict[str, RejectError]]:
    ready, refused = [], {}
    moment = now()
    for draft in drafts:
        revision = draft.held.revision + 1 if draft.held else 1
        books = plain(Bookkeeping(revision, token, run_id, moment, moment, None, 0))
        try:
            entry, parts = large.split({**document(draft.report), **books, **UNLINKED})
        except RejectError as error:
            refused[draft.report.id] = error
            continue
        if parts:
            large.put(db, entry["parts"]["file"], parts)
        ready.append(entry)
    return ready, refused


def _insert(db: Db, documents: Sequence[Doc]) -> Outcome:
    out = Outcome()
    for first in range(0, len(documents), AT_ONCE):
        chunk = documents[first : first + AT_ONCE]
        failed = _bulk(partial(db.reports.insert_many, chunk, ordered=False))
        ours = _ours(db, [chunk[at] for at, code in failed.items() if code == DUPLICATE])
        refused = {chunk[at]["_id"]: _invalid(chunk[at]) for at, code in failed.items() if code == INVALID}
        done = {entry["_id"] for at, entry in enumerate(chunk) if at not in failed} | ours
        out += Outcome(inserted=frozenset(done), refused=refused)
    return out


def _replace(db: Db, documents: Sequence[Doc], old: Mapping[str, Held]) -> Outcome:
    out = Outcome()
    for first in range(0, len(documents), AT_ONCE):
        out += _replace_some(db, documents[first : first + AT_ONCE], old)
    return out


def _replace_some(db: Db, documents: Sequence[Doc], old: Mapping[str, Held]) -> Outcome:
    """Replace what is still the revision that was read; the old one is kept before it goes."""
    ids = [entry["_id"] for entry in documents]
    there = {found["_id"]: found for found in by_values(db.reports, "_id", ids)}
    current = [
        e for e in documents if e["_id"] in there and there[e["_id"]]["revision"] == old[e["_id"]].revision
    ]
    alike = [entry for entry in current if same(there[entry["_id"]], entry)]
    changed = [
        {**entry, **{name: there[entry["_id"]][name] for name in LASTING}}
        for entry in current
        if not same(there[entry["_id"]], entry)
    ]
    _touch(db, alike)
    if not changed:
        return Outcome(unchanged=frozenset(entry["_id"] for entry in alike))
    entries = [_revision(there[entry["_id"]], entry["run_id"]) for entry in changed]
    copies = [ReplaceOne({"_id": entry["_id"]}, entry, upsert=True) for entry in entries]
    steady(partial(db.revisions.bulk_write, copies, ordered=False))
    swaps = [ReplaceOne({"_id": e["_id"], "revision": e["revision"] - 1}, e) for e in changed]
    failed = _bulk(partial(db.reports.bulk_write, swaps, ordered=False))
    refused = {changed[at]["_id"]: _invalid(changed[at]) for at, code in failed.items() if code == INVALID}
    return Outcome(
        updated=frozenset(_ours(db, changed)),
        unchanged=frozenset(entry["_id"] for entry in alike),
        refused=refused,
    )


def _touch(db: Db, documents: Sequence[Doc]) -> None:
    """Note a new pipeline or place of a report that came out the same."""
    writes = [
        UpdateOne(
            {"_id": entry["_id"], "revision": entry["revision"] - 1},
            {"$set": {"pipeline": entry["pipeline"], "source": entry["source"]}},
        )
        for entry in documents
    ]
    if writes:
        steady(partial(db.reports.bulk_write, writes, ordered=False))


def _bulk(action: Any) -> dict[int, int]:  # noqa: ANN401 - two methods of the driver with other results
    """Carry out an unordered bulk; the error codes by position of what failed in ways that we expect."""
    try:
        steady(action)
    except BulkWriteError as error:
        failed = {entry["index"]: entry["code"] for entry in error.details["writeErrors"]}
        if not set(failed.values()) <= {DUPLICATE, INVALID}:
            raise
        return failed
    return {}


def _ours(db: Db, documents: Sequence[Doc]) -> set[str]:
    """Which of these stand in the database as this very batch wrote them."""
    if not documents:
        return set()
    wanted = {entry["_id"]: (entry["batch"], entry["revision"]) for entry in documents}
    found = by_values(db.reports, "_id", wanted, {"batch": 1, "revision": 1})
    return {entry["_id"] for entry in found if wanted[entry["_id"]] == (entry["batch"], entry["revision"])}


def _invalid(entry: Doc) -> RejectError:
    return RejectError(
        "store",
        "validator",
        f"the database refuses the shape of report {entry['_id']}, which is a fault of this program; "
        "please report it with the file",
    )


def _revision(old: Doc, run_id: str) -> Doc:
    """A version as it is kept; links are between reports as they are now, so it has none."""
    entry: Doc = plain(
        RevisionRecord(
            id=f"{old['_id']}:{old['revision']}",
            report_id=old["_id"],
            revision=old["revision"],
            report={},
            replaced_at=now(),
            run_id=run_id,
            schema_version=SCHEMA_VERSION,
        )
    )
    return {**entry, "report": {**old, **UNLINKED}}

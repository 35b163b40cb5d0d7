"""Writing reports: new ones inserted, changed ones replaced if they are still what was read, others left.

Order of every batch: note, old revisions, reports, close. Each step can be repeated after a crash at
any point, and a run that was replaced overwrites nothing. `write` is the way in; what makes two
versions equal is in `alike`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from etl.errors import RejectError, TransientError
from etl.model import Report
from etl.store import alike, checks, large, pending, revisions
from etl.store.alike import LASTING, UNLINKED, same
from etl.store.connection import Db, steady
from etl.store.lease import INVALID, Lease, check, guarded, late, unfenced
from etl.store.queries import AT_ONCE, by_values
from etl.store.records import Bookkeeping, Step
from etl.store.schema import document
from etl.store.shapes import Doc, plain
from etl.store.sources import DUPLICATE
from etl.store.times import now

ROUNDS = 8
HELD_FIELDS = {"revision": 1, "batch": 1, "source": 1, "pipeline": 1, "parts": 1, "fence": 1}


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
    fence: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A report to write.

    Attributes:
        held: what the database held of it when its work began; None: nothing.
        stored: the document itself, where the work began with reading it.
    """

    report: Report
    held: Held | None
    stored: Doc | None = None


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
    found = list(by_values(db.reports, path, values, HELD_FIELDS))
    pipelines = checks.pipelines(db, found)
    return [held_of({**entry, "pipeline": pipelines[entry["_id"]]}) for entry in found]


def write(db: Db, drafts: Sequence[Draft], lease: Lease) -> Outcome:
    """Write reports whose bytes are kept already; who loses a race within its own run looks again.

    Raises:
        FencedError: another run has the lease now; nothing that it wrote was touched.
        TransientError: the database stays away, or others change the same reports again and again.
    """
    check(db, lease)
    kept = _leave(db, drafts, lease)
    out, left = Outcome(unchanged=kept), [draft for draft in drafts if draft.report.id not in kept]
    for _ in range(ROUNDS):
        if not left:
            return out
        outcome, lost = _round(db, left, lease)
        out += outcome
        now_held = {item.id: item for item in held(db, "_id", [draft.report.id for draft in lost])}
        if any(item.fence > lease.fence for item in now_held.values()):
            raise late(lease)
        settled = {d.report.id for d in lost if _agrees(d.report, now_held.get(d.report.id))}
        out += Outcome(unchanged=frozenset(settled))
        left = [Draft(d.report, now_held.get(d.report.id)) for d in lost if d.report.id not in settled]
    raise TransientError(f"{len(left)} reports are changed by others again and again; run again later")


def _leave(db: Db, drafts: Sequence[Draft], lease: Lease) -> frozenset[str]:
    """Ids of reports that came out as they are stored: no new version, at most a new place is written."""
    there = {draft.report.id: draft.stored for draft in drafts if draft.stored}
    unread = [draft.report.id for draft in drafts if draft.held and not draft.stored]
    there |= {found["_id"]: found for found in by_values(db.reports, "_id", unread)}
    pairs, made = [], {}
    for draft in drafts:
        old = there.get(draft.report.id)
        if draft.held is None or old is None or old["revision"] != draft.held.revision:
            continue
        new = {**document(draft.report), "parts": None}
        if same(old, new):
            pairs.append((old, new))
            made[draft.report.id] = draft.held.pipeline
    alike.settle(db, pairs, made, lease)
    return frozenset(made)


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
        fence=found.get("fence", 0),
    )


def _round(db: Db, drafts: Sequence[Draft], lease: Lease) -> tuple[Outcome, list[Draft]]:
    """One try at all drafts; the ones that somebody else was faster with come back."""
    steps = [Step(d.report.id, d.held.revision if d.held else 0) for d in drafts]
    with pending.noted(db, "write", steps, lease) as token:
        ready, refused = _documents(db, drafts, token, lease)
        new = [entry for entry in ready if entry["revision"] == 1]
        out = Outcome(refused=refused) + _insert(db, new, lease)
        old = {d.report.id: d.held for d in drafts if d.held}
        out += _replace(db, [entry for entry in ready if entry["revision"] > 1], old, lease)
    settled = out.inserted | out.updated | out.unchanged | out.refused.keys()
    return out, [d for d in drafts if d.report.id not in settled]


def _documents(
    db: Db, drafts: Sequence[Draft], token: str, lease: Lease
) -> tuple[list[Doc], dict[str, RejectError]]:
    ready, refused = [], {}
    moment = now()
    for draft in drafts:
        revision = draft.held.revision + 1 if draft.held else 1
        books = plain(Bookkeeping(revision, token, lease.run_id, moment, moment, None, lease.fence))
        try:
            entry, parts = large.split({**document(draft.report), **books, **UNLINKED})
        except RejectError as error:
            refused[draft.report.id] = error
            continue
        if parts:
            large.put(db, entry["parts"]["file"], parts)
        ready.append(entry)
    return ready, refused


def _insert(db: Db, documents: Sequence[Doc], lease: Lease) -> Outcome:
    out = Outcome()
    for first in range(0, len(documents), AT_ONCE):
        check(db, lease)
        chunk = documents[first : first + AT_ONCE]
        failed = _bulk(db, partial(db.reports.insert_many, chunk, ordered=False), lease)
        ours = _ours(db, [chunk[at] for at, code in failed.items() if code == DUPLICATE])
        refused = {chunk[at]["_id"]: _invalid(chunk[at]) for at, code in failed.items() if code == INVALID}
        done = {entry["_id"] for at, entry in enumerate(chunk) if at not in failed} | ours
        out += Outcome(inserted=frozenset(done), refused=refused)
    return out


def _replace(db: Db, documents: Sequence[Doc], old: Mapping[str, Held], lease: Lease) -> Outcome:
    out = Outcome()
    for first in range(0, len(documents), AT_ONCE):
        check(db, lease)
        out += _replace_some(db, documents[first : first + AT_ONCE], old, lease)
    return out


def _replace_some(db: Db, documents: Sequence[Doc], old: Mapping[str, Held], lease: Lease) -> Outcome:
    """Replace what is still the revision that was read; the old one is kept before it goes."""
    ids = [entry["_id"] for entry in documents]
    there = {found["_id"]: found for found in by_values(db.reports, "_id", ids)}
    current = [
        e for e in documents if e["_id"] in there and there[e["_id"]]["revision"] == old[e["_id"]].revision
    ]
    pairs = [(there[new["_id"]], new) for new in current]
    kept = [(had, new) for had, new in pairs if same(had, new)]
    changed = [{**new, **{name: had[name] for name in LASTING}} for had, new in pairs if not same(had, new)]
    alike.settle(db, kept, {one: known.pipeline for one, known in old.items()}, lease)
    unchanged = frozenset(had["_id"] for had, _ in kept)
    if not changed:
        return Outcome(unchanged=unchanged)
    revisions.keep(db, [there[entry["_id"]] for entry in changed], lease)
    swaps = [ReplaceOne(_unmoved(entry, lease), entry) for entry in changed]
    failed = _bulk(db, partial(db.reports.bulk_write, swaps, ordered=False), lease)
    refused = {changed[at]["_id"]: _invalid(changed[at]) for at, code in failed.items() if code == INVALID}
    return Outcome(
        updated=frozenset(_ours(db, changed)),
        unchanged=unchanged,
        refused=refused,
    )


def _unmoved(entry: Doc, lease: Lease) -> Doc:
    """The condition that a report is still the revision before this one, and no later run's."""
    return {"_id": entry["_id"], "revision": entry["revision"] - 1, "fence": unfenced(lease)}


def _bulk(db: Db, action: Any, lease: Lease) -> dict[int, int]:  # noqa: ANN401 - two methods of the driver
    """Carry out an unordered bulk; the error codes by position of what failed in ways that we expect."""
    try:
        with guarded(db, lease):
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

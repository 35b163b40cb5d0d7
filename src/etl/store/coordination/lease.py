"""Let one job at a time write, by a lease with a fence whose number stands in all that the job writes.

`hold_lease` waits for the lease and renews it while the job lives, `check_lease` refuses a writer whose lease
went to another job. A new kind of job that writes is one more `hold_lease`.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread

from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError, WriteError

from etl.model.errors import EtlError, FencedError, UnavailableError
from etl.model.report import SCHEMA_VERSION
from etl.settings import RunSettings
from etl.store.coordination import fence_floor
from etl.store.driver.connection import Db, is_answering, with_retry
from etl.store.driver.error_codes import DOCUMENT_INVALID
from etl.store.records import process
from etl.store.records.clock import now
from etl.store.records.codec import Doc, from_bson, to_bson
from etl.store.records.coordination import LeaseHolder, LeaseRecord

LOADING = "loading"
POLL_SECONDS = 0.5
# A holder that misses two renewals still has the third one.
RENEWALS = 3
JOIN_SECONDS = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write, as a writer shows it; it travels with the work to threads, processes and machines.

    Attributes:
        run_id: the job that it was given to.
        fence: one more with every job; a document written under a higher one refuses writes under this one.
    """

    run_id: str
    fence: int = 0


@contextmanager
def hold_lease(db: Db, run_id: str, kind: str, settings: RunSettings) -> Iterator[Lease]:
    """Wait for the lease, and yield it while a thread renews it; release it when the block ends.

    A holder that died on this host is replaced at once, any other one, such as one in a container, when its
    lease has run out.

    Raises:
        UnavailableError: another job still holds it after ``settings.wait_seconds``.
    """
    lease = _acquire(db, LeaseHolder(run_id, kind, process.current(), now()), settings)
    ended = Event()
    thread = Thread(
        target=_keep, args=(db, lease, settings.lease_seconds, ended), name="etl-lease", daemon=True
    )
    thread.start()
    try:
        yield lease
    finally:
        ended.set()
        # When the database is gone the lease ends by itself: by this process's end, or by time.
        with suppress(PyMongoError):
            _release(db, lease, thread)


def _release(db: Db, lease: Lease, renewing: Thread) -> None:
    """Stop renewing and release the lease, if the database answers."""
    if is_answering(db.client):
        renewing.join(JOIN_SECONDS)
        change = {"$set": {"holder": None}}
        db.leases.update_one({"_id": LOADING, "fence": lease.fence}, change)


def check_lease(db: Db, lease: Lease) -> None:
    """Refuse to go on under a lease that went to another job.

    Raises:
        FencedError: it went to another job.
    """
    found = _read(db)
    if found and found.fence > lease.fence:
        raise lost_lease_error(lease, found.holder)


@contextmanager
def fenced_writes(db: Db, lease: Lease) -> Iterator[None]:
    """Turn a write error that the fence caused within the block into a FencedError.

    Raises:
        FencedError: the server refused a write because the lease went to another job.
    """
    try:
        yield
    except (BulkWriteError, WriteError) as error:
        if DOCUMENT_INVALID in _codes(error):
            check_lease(db, lease)
        raise


def current_lease(db: Db) -> Lease:
    """Return the lease of the present or last writer; fence 0 where nobody ever wrote."""
    found = _read(db)
    run_id = found.holder.run_id if found and found.holder else ""
    return Lease(run_id, found.fence if found else 0)


def lost_lease_error(lease: Lease, holder: LeaseHolder | None = None) -> FencedError:
    """Return the error of a job that lost its lease to ``holder`` (None: unknown) while it showed no life."""
    other = holder.words() if holder else "a later run"
    return FencedError(
        f"run {lease.run_id or 'without a lease'} showed no life for so long that {other} took its place; "
        "what it had stored stays, nothing newer was overwritten; run it again for the rest"
    )


def live_holder(db: Db) -> LeaseHolder | None:
    """Return the job that writes now; None where there is none, or where the next job would replace it."""
    found = _read(db)
    return None if found is None or _open(found, _clock(db)) else found.holder


def expired_holder(db: Db) -> LeaseHolder | None:
    """Return the job that has the lease but died or let it run out; None where there is none."""
    found = _read(db)
    return found.holder if found and _open(found, _clock(db)) else None


def not_fenced(lease: Lease) -> Doc:
    """Return the condition that a document was not written under a higher fence than the lease's."""
    return {"$not": {"$gt": lease.fence}}


def _codes(error: BulkWriteError | WriteError) -> set[int | None]:
    if isinstance(error, BulkWriteError):
        return {failed["code"] for failed in error.details["writeErrors"]}
    return {error.code}


def _acquire(db: Db, me: LeaseHolder, settings: RunSettings) -> Lease:
    deadline = time.monotonic() + settings.wait_seconds
    before, waits = None, False
    while True:
        found = _read(db)
        if found and found.holder and found.holder.run_id == me.run_id:
            _tell(before)
            return Lease(me.run_id, found.fence)
        moment = _clock(db)
        if found is None or _open(found, moment):
            before = found
            _take(db, found, me, moment + timedelta(seconds=settings.lease_seconds))
            continue
        if time.monotonic() >= deadline:
            raise _busy(db, found)
        if not waits:
            log.warning("%s; waiting up to %g s for its end", _says(db, found), settings.wait_seconds)
        waits = True
        time.sleep(min(POLL_SECONDS, max(0.0, deadline - time.monotonic())))


def _open(found: LeaseRecord, moment: datetime) -> bool:
    """Check whether the lease is free: no holder, one that died on this host, or one past its time."""
    if found.holder is None or found.expires_at < moment:
        return True
    return process.is_alive(found.holder.process) is False


def _take(db: Db, found: LeaseRecord | None, me: LeaseHolder, until: datetime) -> None:
    """Try to take the lease. The caller reads the document again, because the reply may be lost."""
    if found is None:
        entry = to_bson(LeaseRecord(LOADING, _highest(db) + 1, me, until, SCHEMA_VERSION))
        with suppress(DuplicateKeyError):
            with_retry(partial(db.leases.insert_one, entry))
        return
    entry = to_bson(LeaseRecord(LOADING, found.fence + 1, me, until, SCHEMA_VERSION))
    unmoved = {"_id": LOADING, "fence": found.fence, "expires_at": found.expires_at}
    with_retry(partial(db.leases.replace_one, unmoved, entry))


def _highest(db: Db) -> int:
    """Return the highest fence of any run or floor, for the case that the lease's document was lost."""
    last = with_retry(partial(db.runs.find_one, {}, {"fence": 1}, sort=[("fence", -1)]))
    return max(fence_floor.highest_floor(db), int(last.get("fence", 0)) if last else 0)


def _keep(db: Db, lease: Lease, seconds: float, ended: Event) -> None:
    """Renew the lease until the job has ended or another job has the lease."""
    while not ended.wait(seconds / RENEWALS):
        try:
            # By the database's own clock, in one command.
            change = [{"$set": {"expires_at": {"$add": ["$$NOW", int(seconds * 1000)]}}}]
            kept = with_retry(partial(db.leases.update_one, {"_id": LOADING, "fence": lease.fence}, change))
        except (EtlError, PyMongoError) as error:  # also where its disk is full: room may be made in time
            if not ended.is_set():
                log.warning("the lease of run %s could not be renewed: %s", lease.run_id, error)
            continue
        if not kept.matched_count:
            log.error("%s", lost_lease_error(lease, live_holder(db)))
            return


def _tell(before: LeaseRecord | None) -> None:
    """Log which holder was replaced, if there was one, and why."""
    if before is None or before.holder is None:
        return
    if process.is_alive(before.holder.process) is False:
        log.warning("%s has died; going on in its place", before.holder.words())
    else:
        log.warning(
            "%s has shown no life since its lease ran out at %s; going on in its place",
            before.holder.words(),
            f"{before.expires_at:%Y-%m-%d %H:%M:%S} UTC",
        )


def _busy(db: Db, found: LeaseRecord) -> UnavailableError:
    return UnavailableError(
        f"{_says(db, found)}; run again when it has ended, or wait longer with ETL_RUN__WAIT_SECONDS"
    )


def _says(db: Db, found: LeaseRecord) -> str:
    who = found.holder.words() if found.holder else "a run that is just ending"
    return f"{who} is writing into database {db.name}"


def _read(db: Db) -> LeaseRecord | None:
    found = with_retry(partial(db.leases.find_one, {"_id": LOADING}))
    if found is None:
        return None
    record: LeaseRecord = from_bson(LeaseRecord, found)
    return record


def _clock(db: Db) -> datetime:
    """Return the database's own time, because the clocks of hosts may differ."""
    answer = with_retry(partial(db.client.admin.command, "hello", codec_options=db.codec_options))
    moment: datetime = answer["localTime"]
    return moment

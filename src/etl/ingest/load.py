"""One batch of candidates: told apart, read, processed, stored. What any worker in any process runs.

Nothing is read whose size and stamp are known, nothing is processed whose bytes are known. A new
shortcut is a case in `_seen` or `_known_bytes`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from etl.about import about
from etl.errors import RejectError, TransientError
from etl.ids import sha256
from etl.ingest.attempt import attempt, fetched
from etl.ingest.batches import Batch
from etl.ingest.books import Database, Made
from etl.ingest.counts import Counts, skipping
from etl.ingest.identity import Known, look_up, moved_from, refusals
from etl.ingest.shelf import Shelf
from etl.ingest.workshop import Workshop, workshop
from etl.isolation.pool import StoppedError
from etl.model import Candidate, RawReport
from etl.pipeline import rejected
from etl.settings import Settings
from etl.sources import PASSING, Skipped
from etl.stages import Seconds
from etl.store.annotations import decisions
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import explain_errors
from etl.store.records.documents import QuarantineRecord
from etl.store.reports.quarantine import QuarantineEntry, without_bytes
from etl.store.reports.report_writes import StoredHead
from etl.structure import date_in_name
from etl.timing import measured


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate with what the database holds of it."""

    candidate: Candidate
    id: str
    held: StoredHead | None
    aside: QuarantineRecord | None


@dataclass(frozen=True, slots=True)
class Fresh:
    """Bytes that must be processed, the id that their report has, and what it was before."""

    raw: RawReport
    id: str
    held: StoredHead | None


def load_batch(batch: Batch, settings: Settings, lease: Lease) -> Counts:
    """Load one batch; repeating it loads nothing twice.

    Raises:
        FencedError: another run has the lease now.
        TransientError: the database stays away; what was stored stays.
    """
    tools = workshop(settings)
    with about(run=lease.run_id), explain_errors(tools.db), measured() as seconds:
        counts = fill(Shelf(Database(tools, lease)), batch, tools)
    return counts + Counts(seconds=Seconds(seconds))


def fill(shelf: Shelf, batch: Batch, tools: Workshop) -> Counts:
    """Decide what becomes of each report of a batch; the shelf's books decide what that means."""
    with until_stopped(shelf, len(batch.candidates) + len(batch.rejected)):
        for refusal in refusals(tools.db, batch.rejected):
            shelf.refuse(refusal)
        for fresh in _fresh(batch.candidates, tools, shelf):
            decided = decisions.decisions_of(tools.db, [fresh.id]).get(fresh.id, ()) if fresh.held else ()
            result = attempt(fresh.raw, fresh.id, tools, decided)
            shelf.put(Made(fresh.raw, fresh.id, fresh.held, result, decided))
    return shelf.finish() + skipping(batch.skipped)


@contextmanager
def until_stopped(shelf: Shelf, size: int) -> Iterator[None]:
    """End the block where the run was asked to end; of its ``size`` reports the rest count as left."""
    before = shelf.dealt
    try:
        yield
    except StoppedError:
        shelf.count(Counts(left=size - (shelf.dealt - before)))


def _fresh(candidates: Iterable[Candidate], tools: Workshop, shelf: Shelf) -> Iterator[Fresh]:
    """What of these must be processed; the rest is counted on the way."""
    chosen = tuple(candidates)
    known = look_up(tools.db, [candidate.uri for candidate in chosen])
    new: list[Fresh] = []
    for candidate in chosen:
        found = _find(candidate, known, tools)
        if _seen(found, tools, shelf):
            continue
        raw = _read(found, tools, shelf)
        if raw is None or _known_bytes(raw, found, tools, shelf):
            continue
        fresh = Fresh(raw, found.id, found.held)
        if found.held:
            yield fresh
        else:
            new.append(fresh)
    yield from _unmoved(new, tools, shelf)


def _find(candidate: Candidate, known: Known, tools: Workshop) -> Found:
    one = known.id_of(tools.db, candidate.uri)
    return Found(candidate, one, known.by_uri.get(candidate.uri), known.aside.get(candidate.uri))


def _seen(found: Found, tools: Workshop, shelf: Shelf) -> bool:
    """Known by size and stamp alone, where the source gives both."""
    candidate = found.candidate
    if candidate.size is None or candidate.modified is None:
        return False
    mark = (candidate.size, candidate.modified)
    if found.aside and _tried(found.aside, tools) and mark == (found.aside.size, found.aside.modified):
        shelf.aside_again(found.aside)
        return True
    if found.held and not found.aside and mark == (found.held.size, found.held.modified):
        return _unchanged(found.held, candidate.modified, tools, shelf)
    return False


def _read(found: Found, tools: Workshop, shelf: Shelf) -> RawReport | None:
    """The bytes; None when there are none to have, which is noted."""
    try:
        return fetched(found.candidate, tools.settings.source)
    except TransientError:
        shelf.count(Counts(left=1))
    except RejectError as error:
        if error.reason in PASSING:
            shelf.count(skipping([Skipped(found.candidate.uri, f"{error.reason}: {error}")]))
        else:
            nothing = RawReport(found.candidate.uri, found.candidate.media_type, b"")
            shelf.refuse(QuarantineEntry(found.id, without_bytes(rejected(nothing, error))))
    return None


def _known_bytes(raw: RawReport, found: Found, tools: Workshop, shelf: Shelf) -> bool:
    """Known by the hash of the bytes and by what is given beside them."""
    given = (sha256(raw.payload), raw.published_on.isoformat() if raw.published_on else None)
    aside, held = found.aside, found.held
    if aside and _tried(aside, tools) and given == (aside.sha256, aside.published_on):
        shelf.aside_again(aside)
        return True
    if aside and aside.id != found.id:  # set aside before its report was known to be here
        shelf.readable(aside.id)
    if held and given == (held.sha256, held.published_on):
        return _unchanged(held, raw.modified, tools, shelf)
    return False


def _tried(aside: QuarantineRecord, tools: Workshop) -> bool:
    """Whether another try must end the same: the very pipeline has seen the very bytes."""
    return aside.stage not in ("source", "store") and aside.pipeline == tools.pipeline


def _unchanged(held: StoredHead, modified: str | None, tools: Workshop, shelf: Shelf) -> bool:
    if held.pipeline != tools.pipeline:
        return False
    shelf.unchanged(held, modified)
    return True


def _unmoved(new: list[Fresh], tools: Workshop, shelf: Shelf) -> Iterator[Fresh]:
    """New ones, but for those whose report lay elsewhere before: it keeps its id."""
    shas = [sha256(fresh.raw.payload) for fresh in new]
    moved = moved_from(tools.db, shas, tools.settings.source, shelf.places)
    for fresh, sha in zip(new, shas, strict=True):
        waiting = moved.waiting.get(sha, [])
        if not waiting and sha in moved.unasked:  # loaded now, a report that has moved would be there twice
            shelf.count(Counts(left=1))
            continue
        if not waiting:
            yield fresh
            continue
        held = waiting.pop(0)
        shelf.readable(fresh.id)
        if not (_stays(held, fresh.raw, tools) and shelf.moved(held, fresh.raw)):
            yield Fresh(fresh.raw, held.id, held)


def _stays(held: StoredHead, raw: RawReport, tools: Workshop) -> bool:
    """Whether a report says the same at its new place; a day may stand in a file name."""
    given = raw.published_on.isoformat() if raw.published_on else None
    same = held.pipeline == tools.pipeline and (given, raw.media_type) == (held.published_on, held.media_type)
    return same and date_in_name(held.uri) == date_in_name(raw.uri)

"""Track sources that went away: reports whose source is missing, folders that can be listed again.

A report is marked, never deleted, when its source was listed to the end, did not offer its place, and nothing
is found there when asked. Another way to name what lies under a source is a case in `_under`.
"""

import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from etl.ingest.worker.identity import is_missing
from etl.settings import SourceSettings
from etl.sources import Offer, local_uri
from etl.sources.archive import OPENERS, archive_protocol
from etl.sources.names import MAGIC, is_archive, local_path, protocol
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db, with_retry
from etl.store.records.clock import now
from etl.store.records.codec import Doc
from etl.store.reports import quarantine, report_writes, source_location
from etl.store.reports.report_writes import StoredHead


@dataclass(slots=True)
class Listing:
    """What sources offered; ``complete`` once they were listed to the end."""

    uris: set[str] = field(default_factory=set)
    complete: bool = False

    def watch(self, offers: Iterator[Offer]) -> Iterator[Offer]:
        """The same offers, noted as they pass."""
        for offer in offers:
            self.uris.add(offer.uri)
            yield offer
        self.complete = True


def mark_missing(
    db: Db, sources: Sequence[str], listing: Listing, limits: SourceSettings, lease: Lease
) -> int:
    """Mark reports from under these sources that are no longer there; how many."""
    found = find_missing(db, sources, listing, limits)
    source_location.mark_gone(db, found, now(), lease)
    return len(found)


def find_missing(
    db: Db, sources: Sequence[str], listing: Listing, limits: SourceSettings
) -> list[StoredHead]:
    """Reports from under these sources that are no longer there and not marked yet.

    A listing without a single offer says nothing: a share that is not mounted looks the same.
    """
    if not (listing.complete and listing.uris):
        return []
    missing = dict[str, StoredHead]()
    for source in sources:
        if query := _under(source):
            missing |= {one.id: one for one in with_retry(partial(_unlisted, db, query, listing.uris))}
    return [one for one in missing.values() if is_missing(one, limits)]


def _unlisted(db: Db, query: Doc, listed: Collection[str]) -> list[StoredHead]:
    """Reports that match, were not listed and are not marked; of the others none stays in memory."""
    head = map(report_writes.head_of, db.reports.find(query, report_writes.HEAD_FIELDS))
    return [one for one in head if one.uri not in listed and one.gone_at is None]


def release_listed(db: Db, listing: Listing, lease: Lease) -> int:
    """Let go of folders and archives that could not be listed once and were now; how many there were."""
    aside = [one for one in quarantine.find_records(db, reason="unreadable") if one.uri not in listing.uris]
    back = [one.id for one in aside if any(uri.startswith(f"{one.uri}/") for uri in listing.uris)]
    archives = {uri.partition("::")[2] for uri in listing.uris} - {""}
    back += [one.id for one in quarantine.records_by_uri(db, archives)]
    return quarantine.heal(db, set(back), lease)


def _under(source: str) -> Doc | None:
    """The query for reports loaded from under a folder, pattern or archive; None for a single file."""
    if protocol(source) in ("", "file"):
        return _under_path(local_path(source) if protocol(source) == "file" else source)
    if "::" in source:
        return None
    magic = MAGIC.search(source)
    if magic:
        return _matching(source[: magic.start()].rpartition("/")[0] + "/", source)
    return _below(source.rstrip("/") + "/")


def _under_path(path: str) -> Doc | None:
    magic = MAGIC.search(path)
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises when a disk fails, and then nothing is known
        return _below(local_uri(path.rstrip("/") or "/") + "/")
    if magic:
        return _matching(local_uri(path[: magic.start()].rpartition("/")[0] or ".") + "/", path)
    return _members(local_uri(path), path) if is_archive(path) else None


def _matching(prefix: str, pattern: str) -> Doc:
    """The query for what a pattern may name; members of archives only where it may name archives."""
    return _below(prefix) if is_archive(pattern) or pattern.endswith("*") else _starting(prefix)


def _below(prefix: str) -> Doc:
    """The query for what lies under a folder, also in archives there."""
    packed = [_starting(f"{kind}://")["source.uri"] for kind in OPENERS]
    within = [{"source.uri": one | {"$regex": f"::{re.escape(prefix)}"}} for one in packed]
    return {"$or": [_starting(prefix), *within]}


def _members(archive: str, path: str) -> Doc:
    """The query for what an archive holds: among members of archives alone, which an index finds."""
    within = _starting(f"{archive_protocol(path)}://")["source.uri"]
    return {"source.uri": within | {"$regex": f"::{re.escape(archive)}$"}}


def _starting(prefix: str) -> Doc:
    return {"source.uri": {"$gte": prefix, "$lt": prefix + "\U0010ffff"}}

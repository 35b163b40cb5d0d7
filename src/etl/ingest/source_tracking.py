"""Track sources that went away: find missing reports, and release folders that can be listed again.

A report is marked, never deleted, when its source was listed to the end, did not offer its URI, and nothing
is found there when asked. `etl.sources.source.Scope` says which URIs lie in a source.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from etl.ingest.worker.identity import is_missing
from etl.settings import SourceSettings
from etl.sources import Offer, Scope, UriRange, scope_of
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import PAGE
from etl.store.records.clock import now
from etl.store.records.codec import Doc
from etl.store.reports import quarantine, report_writes, source_location
from etl.store.reports.report_writes import StoredHead


@dataclass(slots=True)
class Listing:
    """The URIs that sources offered; ``complete`` once they were listed to the end."""

    uris: set[str] = field(default_factory=set)
    complete: bool = False

    def watch(self, offers: Iterator[Offer]) -> Iterator[Offer]:
        """Yield the offers unchanged, and note the URI of each; set ``complete`` after the last one."""
        for offer in offers:
            self.uris.add(offer.uri)
            yield offer
        self.complete = True


def mark_missing(
    db: Db, sources: Sequence[str], listing: Listing, limits: SourceSettings, lease: Lease
) -> int:
    """Mark the reports of `find_missing` as gone; return their number."""
    found = find_missing(db, sources, listing, limits)
    source_location.mark_gone(db, found, now(), lease)
    return len(found)


def find_missing(
    db: Db, sources: Sequence[str], listing: Listing, limits: SourceSettings
) -> list[StoredHead]:
    """Return the stored reports below these sources whose place is empty and that are not marked as gone.

    Empty unless the listing is complete and has an offer: a share that is not mounted lists nothing either.
    """
    if not (listing.complete and listing.uris):
        return []
    missing = dict[str, StoredHead]()
    for source in sources:
        if scope := scope_of(source):
            found = with_retry(partial(_unlisted, db, _query(scope), listing.uris))
            missing |= {one.id: one for one in found}
    return [one for one in missing.values() if is_missing(one, limits)]


def _unlisted(db: Db, query: Doc, listed: Collection[str]) -> list[StoredHead]:
    """Return the reports that match the query, were not listed and are not marked as gone."""
    head = map(report_writes.head_of, db.reports.find(query, report_writes.HEAD_FIELDS, batch_size=PAGE))
    return [one for one in head if one.uri not in listed and one.gone_at is None]


def release_listed(db: Db, listing: Listing, lease: Lease) -> int:
    """Release quarantined folders and archives that can be listed now; return their number."""
    aside = [one for one in quarantine.find_records(db, reason="unreadable") if one.uri not in listing.uris]
    back = [one.id for one in aside if any(uri.startswith(f"{one.uri}/") for uri in listing.uris)]
    archives = {uri.partition("::")[2] for uri in listing.uris} - {""}
    back += [one.id for one in quarantine.records_by_uri(db, archives)]
    return quarantine.heal(db, set(back), lease)


def _query(scope: Scope) -> Doc:
    """Return the query for reports whose URI lies in a scope."""
    ranges: list[Doc] = [{"source.uri": _within(one)} for one in scope]
    return ranges[0] if len(ranges) == 1 else {"$or": ranges}


def _within(uris: UriRange) -> Doc:
    """Return the condition on a URI; for archive members it begins with a range that the index serves."""
    found: Doc = {"$gte": uris.start, "$lt": uris.start + "\U0010ffff"}
    if not uris.container:
        return found
    return found | {"$regex": f"::{re.escape(uris.container)}{'$' if uris.exact else ''}"}

"""Match candidates with stored reports: the one at the same URI, one that moved there, or none yet.

A report keeps the id that it got from its first URI. A new way to recognize one is a step in `StoredMatches`
or `find_moved`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from etl.model.errors import TransientError
from etl.model.ids import report_id
from etl.model.report import Rejected
from etl.settings import SourceSettings
from etl.sources import exists
from etl.store.driver.connection import Db
from etl.store.records.reports import QuarantineRecord
from etl.store.reports import quarantine, report_writes
from etl.store.reports.quarantine import QuarantineEntry
from etl.store.reports.report_writes import StoredHead


@dataclass(frozen=True, slots=True)
class StoredMatches:
    """What the database holds for a batch of candidates, read at once.

    Attributes:
        by_uri: stored reports by their URI.
        by_id: stored reports by the id that a candidate's URI gives.
        aside: quarantine records by their URI.
    """

    by_uri: Mapping[str, StoredHead]
    by_id: Mapping[str, StoredHead]
    aside: Mapping[str, QuarantineRecord]

    def id_of(self, db: Db, uri: str) -> str:
        """Return the id that a report at this URI has or would get.

        The id that a URI gives is taken if its report moved away and another file came there; then the id is
        made from the URI with a number, counted up until the id is free.
        """
        if uri in self.by_uri:
            return self.by_uri[uri].id
        one = report_id(uri)
        if one not in self.by_id:
            return one
        for number in count(2):
            one = report_id(f"{uri}\n{number}")
            if not report_writes.stored_heads(db, "_id", [one]):
                return one
        raise AssertionError("unreachable: numbers do not end")


@dataclass(frozen=True, slots=True)
class LearnedPlaces:
    """What a run has learned so far of the URIs of stored reports.

    Attributes:
        taken: ids of stored reports whose new place is known although the database does not say so.
        full: URIs of stored reports at which something was found; they are not asked a second time.
    """

    taken: set[str] = field(default_factory=set)
    full: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class MoveCandidates:
    """Stored reports that may have moved to the URIs where their bytes were found now.

    Attributes:
        waiting: by SHA-256, the reports whose own URI is empty now, sorted by id.
        unasked: SHA-256 of reports whose source does not answer, so that they may or may not have moved.
    """

    waiting: Mapping[str, list[StoredHead]]
    unasked: Collection[str]


@lru_cache(maxsize=4)
def places_of(run_id: str) -> LearnedPlaces:
    """Return what this process has learned in a run of the URIs of stored reports."""
    del run_id  # the key: the next run asks again
    return LearnedPlaces()


def find_matches(db: Db, uris: Sequence[str]) -> StoredMatches:
    """Return the reports stored at these URIs or under the ids they give, and the quarantine records."""
    by_uri = {head.uri: head for head in report_writes.stored_heads(db, "source.uri", uris)}
    ids = [report_id(uri) for uri in uris if uri not in by_uri]
    by_id = {head.id: head for head in report_writes.stored_heads(db, "_id", ids)}
    aside = {r.uri: r for r in quarantine.records_by_uri(db, uris)}
    return StoredMatches(by_uri, by_id, aside)


def quarantine_entries(db: Db, refused: Sequence[Rejected]) -> list[QuarantineEntry]:
    """Return quarantine entries for unreadable reports, under the ids that these have or would get."""
    known = find_matches(db, [one.uri for one in refused])
    return [QuarantineEntry(known.id_of(db, one.uri), one) for one in refused]


def find_moved(db: Db, shas: Sequence[str], limits: SourceSettings, places: LearnedPlaces) -> MoveCandidates:
    """Find stored reports with these SHA-256 hashes whose own URI is empty now or does not answer."""
    waiting: defaultdict[str, list[StoredHead]] = defaultdict(list)
    unasked = set()
    found = report_writes.stored_heads(db, "source.sha256", shas)
    maybe = (head for head in found if head.id not in places.taken and head.uri not in places.full)
    for head in sorted(maybe, key=lambda head: head.id):
        empty = is_missing(head, limits)
        if empty is None:
            unasked.add(head.sha256)
        elif empty:
            waiting[head.sha256].append(head)
        else:
            places.full.add(head.uri)
    return MoveCandidates(waiting, unasked)


def is_missing(head: StoredHead, limits: SourceSettings) -> bool | None:
    """Check whether nothing lies at a report's URI; None if the source does not answer."""
    try:
        return not exists(head.uri, limits)
    except TransientError:
        return None

"""Choose reports by stored terms and keys, newest first, as any driver of the database can.

`newest_ids` answers a `Query`. A new filter is a field of `Query` and a condition in `conditions`. What
people search for, any string at all, is found by `finding.Index`.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from etl.store.driver.connection import Db, with_retry
from etl.store.driver.queries import find_all
from etl.store.records.codec import Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Conditions on reports; every one that is given must hold.

    Attributes:
        terms: search terms in the canonical script, see `etl.extraction.terms.query_terms`.
        names: alternative to ``terms``: the words as they were typed, because they may be names.
        person, organization, place: a name as reports use it, or an entity key.
        since, until: first and last day of publication, YYYY-MM-DD.
        fact: type of a fact that the report must state, such as ``donation``.
        needs_review: only reports that do (or do not) wait for a person's eye.
    """

    terms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    person: str | None = None
    organization: str | None = None
    place: str | None = None
    since: str | None = None
    until: str | None = None
    fact: str | None = None
    needs_review: bool | None = None


def newest_ids(db: Db, query: Query, limit: int) -> list[str]:
    """Return the ids of the newest reports that match, at most ``limit``."""
    asked = {query.terms, query.names or query.terms}
    days = {one: day for terms in asked for one, day in _newest(db, replace(query, terms=terms), limit)}
    by_id = sorted(days)
    return sorted(by_id, key=lambda one: days[one] or "", reverse=True)[:limit]


def _newest(db: Db, query: Query, limit: int) -> list[tuple[str, str | None]]:
    """Return ids and days of the newest reports that hold the terms.

    One condition stands in a stage of its own and first: the embedded server uses an index for a
    single condition only.
    """
    stages: list[Doc] = [{"$match": condition} for condition in conditions(db, query)]
    stages += [
        {"$project": {"published_on": 1}},
        {"$sort": {"published_on": -1, "_id": 1}},
        {"$limit": limit},
    ]
    found = with_retry(lambda: list(db.reports.aggregate(stages)))
    return [(entry["_id"], entry["published_on"]) for entry in found]


def conditions(db: Db, query: Query) -> list[Doc]:
    """Return the conditions of a query, the one that is likely to leave fewest reports first."""
    out: list[Doc] = []
    for kind, name in (("person", query.person), ("organization", query.organization)):
        out += [{"entity_keys": {"$in": keys(db, kind, name)}}] if name else []
    out += [{"terms": term} for term in sorted(query.terms, key=len, reverse=True)]
    out += [{"entity_keys": {"$in": keys(db, "place", query.place)}}] if query.place else []
    out += [{"facts.type": query.fact}] if query.fact else []
    days = {"$gte": query.since, "$lte": query.until}
    if query.since or query.until:
        out.append({"published_on": {word: day for word, day in days.items() if day}})
    out += [{"needs_review": query.needs_review}] if query.needs_review is not None else []
    return out


def keys(db: Db, kind: str, name: str) -> list[str]:
    """Return the keys of the entities of a kind that reports call ``name``."""
    if name.startswith(f"{kind}:"):
        return [name]
    named = [entry["_id"] for entry in find_all(db.entities, {"names": name}, {"_id": 1})]
    return sorted({f"{kind}:{name}", *(key for key in named if key.startswith(f"{kind}:"))})


def count(db: Db, collection: str, query: dict[str, Any] | None = None) -> int:
    """Count the documents that match; those of a whole collection by its estimate, without reading it."""
    if query:
        return with_retry(partial(db[collection].count_documents, query))
    return with_retry(partial(db[collection].estimated_document_count))

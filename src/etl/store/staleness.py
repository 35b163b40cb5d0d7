"""Which stored reports another pipeline made, and from which stage on it differs from this one.

A fingerprint covers the stages before it, so the first one that differs says where the work begins.
Another question about staleness is a function beside `by_stage`.
"""

from collections import Counter
from collections.abc import Mapping

from etl.store import search
from etl.store.connection import Db
from etl.store.queries import rows
from etl.store.shapes import Doc


def first_change(old: Mapping[str, str], pipeline: Mapping[str, str]) -> str | None:
    """The first stage of ``pipeline`` that a report was not made with; None where it is the same.

    >>> first_change({"read": "1", "facts": "2"}, {"read": "1", "facts": "3"})
    'facts'
    """
    return next((stage for stage, value in pipeline.items() if old.get(stage) != value), None)


def ids(db: Db, pipeline: Mapping[str, str]) -> list[str]:
    """Ids of reports that were made by another pipeline than this; of all where it is empty."""
    return sorted(entry["_id"] for entry in rows(db.reports, _query(pipeline), {"_id": 1}))


def by_stage(db: Db, pipeline: Mapping[str, str]) -> dict[str, int]:
    """How many reports are stale from each stage on, in the order of the stages; without zeros."""
    found = rows(db.reports, _query(pipeline), {"pipeline": 1})
    counts = Counter(first_change(entry["pipeline"], pipeline) for entry in found)
    return {stage: counts[stage] for stage in pipeline if counts[stage]}


def count(db: Db, pipeline: Mapping[str, str]) -> int:
    """How many reports are stale; reads the fingerprints of all."""
    return search.count(db, "reports", _query(pipeline))


def _query(pipeline: Mapping[str, str]) -> Doc:
    """The last stage's fingerprint covers those before it."""
    return {f"pipeline.{name}": {"$ne": value} for name, value in list(pipeline.items())[-1:]}

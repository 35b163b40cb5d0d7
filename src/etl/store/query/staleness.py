"""Find reports that another pipeline made, and the first stage whose fingerprint differs.

A fingerprint covers the stages before it, so the first one that differs says where the work begins.
Another question about staleness is a function beside `count_by_stage`.
"""

from collections import Counter
from collections.abc import Mapping

from etl.store.annotations import verifications
from etl.store.driver.connection import Db
from etl.store.driver.queries import find_all
from etl.store.records.codec import Doc

FIELDS = {"batch": 1, "pipeline": 1}


def first_change(old: Mapping[str, str], pipeline: Mapping[str, str]) -> str | None:
    """Return the first stage of ``pipeline`` whose fingerprint differs in ``old``; None where none does.

    >>> first_change({"read": "1", "facts": "2"}, {"read": "1", "facts": "3"})
    'facts'
    """
    return next((stage for stage, value in pipeline.items() if old.get(stage) != value), None)


def stale_ids(db: Db, pipeline: Mapping[str, str]) -> list[str]:
    """Return the ids of reports that another pipeline made, sorted; of all reports where it is empty."""
    return sorted(_stale(db, pipeline))


def count_by_stage(db: Db, pipeline: Mapping[str, str]) -> dict[str, int]:
    """Count the stale reports by the first stage that differs, in the order of the stages, without zeros."""
    counts = Counter(first_change(made, pipeline) for made in _stale(db, pipeline).values())
    return {stage: counts[stage] for stage in pipeline if counts[stage]}


def _stale(db: Db, pipeline: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """Return by id what stale reports were last made with; all reports where ``pipeline`` is empty."""
    reports = (entry for query in _differs(pipeline) for entry in find_all(db.reports, query, FIELDS))
    found = verifications.verified_pipelines(db, reports)
    return {one: made for one, made in found.items() if not pipeline or first_change(made, pipeline)}


def _differs(pipeline: Mapping[str, str]) -> list[Doc]:
    """Return queries that find every report whose last stage has another fingerprint.

    That fingerprint covers all stages before. Ranges stand in place of ``$ne``: an index serves those alone.
    """
    if not pipeline:
        return [{}]
    name, value = list(pipeline.items())[-1]
    return [{f"pipeline.{name}": other} for other in ({"$lt": value}, {"$gt": value}, None)]

"""What a database holds, so that two of them can be held against each other."""

from typing import Any

from tests.store.made import reprints_among

from etl.store.changelog import entities
from etl.store.driver.connection import Db
from etl.store.records.codec import to_bson

COLLECTIONS = (
    "sources",
    "reports",
    "revisions",
    "entities",
    "reprints",
    "quarantine",
    "checks",
    "pending",
    "released",
)
# Times, and the marks of the run that happened to do it.
VARYING_FIELDS = {
    "fence",
    "change",
    "batch",
    "run_id",
    "loaded_at",
    "first_loaded_at",
    "replaced_at",
    "first_seen_at",
    "first_seen",
    "last_seen",
    "uploadDate",
    "planned_at",
    "batches",
}


def state(db: Db) -> dict[str, Any]:
    """Everything stored, times and run ids aside; entity days stay, they are content."""
    out: dict[str, Any] = {}
    for name in COLLECTIONS:
        aside = VARYING_FIELDS - ({"first_seen", "last_seen"} if name == "entities" else set())
        out[name] = {found["_id"]: without(found, aside) for found in db[name].find()}
    out["changes"] = sorted(
        (c["report_id"], c["revision"], c["deleted"]) for found in db.changes.find() for c in found["changes"]
    )
    return out


def without(value: Any, names: set[str]) -> Any:  # noqa: ANN401 - any part of a document
    """A part of a document without the fields of these names, at any depth."""
    if isinstance(value, dict):
        return {key: without(item, names) for key, item in value.items() if key not in names}
    return [without(item, names) for item in value] if isinstance(value, list) else value


def agree(db: Db) -> None:
    """Every entity and every link is what the reports say, and no other is there."""
    keys = {key for report in db.reports.find() for key in report["entity_keys"]}
    found = {entry["_id"]: without(entry, {"change"}) for entry in db.entities.find()}
    wanted = {key: without(to_bson(entities.rebuild_state(db, key)), {"change"}) for key in keys}
    assert found == wanted
    links = {entry["_id"]: entry["reprint_of"] for entry in db.reports.find()}
    assert links == reprints_among(db.reports.find())
    for entry in db.reprints.find():
        assert entry["original"] == links.pop(entry["_id"])
        assert (entry["bands"] == []) == (entry["original"] is not None) == (entry["copied_bands"] != [])
    assert not any(links.values())

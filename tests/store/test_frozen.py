from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.store import frozen
from tests.store.frozen import Shape

from etl.model.report import SCHEMA_VERSION
from etl.settings import Settings
from etl.store.admin import dump
from etl.store.driver.connection import Db
from etl.store.records.coordination import RunRecord
from etl.store.schema import collections, migrations
from etl.store.schema.collections import Collection
from etl.wiring import open_store


def test_the_present_shape_is_frozen() -> None:
    """No field is added, dropped or narrowed without a new version of the shape."""
    found = frozen.differences(frozen.frozen_shape(SCHEMA_VERSION), frozen.shape_now())

    assert not found, frozen.advice(found)


def test_every_version_is_kept() -> None:
    """Of every version there is an export, and a step that leads to it."""
    versions = range(migrations.FIRST, SCHEMA_VERSION + 1)
    missing = [frozen.folder(version).name for version in versions if not frozen.folder(version).is_dir()]

    assert not missing, f"run `{frozen.COMMAND}` and commit what it writes"
    assert set(migrations.MIGRATIONS) == set(versions) - {migrations.FIRST}


@pytest.mark.mongo
@pytest.mark.parametrize("version", range(migrations.FIRST, SCHEMA_VERSION + 1))
def test_exports_of_every_version(version: int, db: Db, settings: Settings) -> None:
    """What a release stored comes into the present shape by the steps after its version, whole."""
    db.client.drop_database(db.name)
    dump.import_database(db, frozen.folder(version), list[dump.Moved]().append)
    collections.ensure_schema(db)

    for name in collections.COLLECTIONS:
        wrong = list(db[name].find({"$nor": [{"$jsonSchema": collections.validator(name)}]}, {"_id": 1}))
        assert not wrong, (
            f"{name} of version {version} is not as declared after its migrations: {wrong[:3]}; "
            "a field that was added since needs a version of its own, see tests/store/frozen.py"
        )
    with open_store(settings) as store:
        reports = list(store.reports())
        assert reports
        assert all(store.history(report.id)[-1].report == report for report in reports)


@pytest.mark.mongo
def test_the_present_export_holds_everything(db: Db) -> None:
    """The export of the present version has a document of every collection of its time."""
    db.client.drop_database(db.name)
    moved = dump.import_database(db, frozen.folder(SCHEMA_VERSION), list[dump.Moved]().append)

    assert {part.collection for part in moved if part.documents} >= {"reports", "revisions", "fs.files"}
    assert all(part.documents for part in moved)


@dataclass(frozen=True, slots=True)
class Longer(RunRecord):
    """A record with a field more than those that are stored."""

    mood: str = ""


def test_a_field_more() -> None:
    """A field that is added to a record, default or not, is found, with what to do."""
    before = frozen.shape_now()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(
            collections.COLLECTIONS, "runs", replace(collections.COLLECTIONS["runs"], models=(Longer,))
        )
        found = frozen.differences(before, frozen.shape_now())

    assert found == ["field runs.mood is new"]
    assert f"Set SCHEMA_VERSION in src/etl/model/report.py to {SCHEMA_VERSION + 1}" in frozen.advice(found)
    assert frozen.COMMAND in frozen.advice(found)


def test_a_collection_more() -> None:
    """A new collection needs no migration, but is frozen, too, so that its fields stay."""
    before = frozen.shape_now()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(collections.COLLECTIONS, "moods", Collection((RunRecord,)))
        found = frozen.differences(before, frozen.shape_now())

    assert found == ["collection moods is not frozen yet"]
    assert "MIGRATIONS" not in frozen.advice(found)


KINDS: dict[str, tuple[Callable[[Shape], Any], list[str]]] = {
    "gone": (lambda shape: shape.pop("title"), ["field reports.title is gone"]),
    "narrower": (
        lambda shape: shape.update({"region": ["string"]}),
        ["field reports.region holds no longer what it did"],
    ),
    "wider": (lambda shape: shape.update({"title": ["null", "string"]}), []),
    "a word more": (lambda shape: shape["script"].append("=other"), []),
    "a word less": (
        lambda shape: shape["script"].remove("=hans"),
        ["field reports.script holds no longer what it did"],
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_kinds_of_values(name: str) -> None:
    """What a field may hold can only grow within a version: old documents stay as they are."""
    change, wanted = KINDS[name]
    now = frozen.shape_now()
    change(now["reports"])

    assert frozen.differences(frozen.shape_now(), now) == wanted

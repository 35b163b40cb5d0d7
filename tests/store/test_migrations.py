from pathlib import Path
from typing import Any

import pytest
from bson.decimal128 import Decimal128

from etl.model.errors import SetupError
from etl.model.report import SCHEMA_VERSION
from etl.settings import Settings
from etl.store.admin import dump
from etl.store.driver.connection import Db
from etl.store.records import compact
from etl.store.schema import collections, migrations
from etl.wiring import open_store

pytestmark = pytest.mark.mongo

FIRST = Path(__file__).resolve().parents[1] / "cases/store/version_1"


def old(db: Db) -> None:
    """Put what the first release wrote into the database as that release left it."""
    db.client.drop_database(db.name)
    for path in sorted(FIRST.glob("*.jsonl")):
        dump._read(db, path.stem, path)


def everything(db: Db) -> dict[str, Any]:
    """All documents of the collections that have a shape."""
    return {name: list(db[name].find().sort("_id")) for name in migrations.VERSIONED}


def sound(db: Db, settings: Settings) -> None:
    """Every document passes the validator of its collection, and services read all versions."""
    for name in migrations.VERSIONED:
        shape = {"$jsonSchema": collections.validator(name)}
        assert db[name].count_documents({"$nor": [shape]}) == 0, name
    with open_store(settings) as store:
        assert len(list(store.reports())) == 2
        for report in store.reports():
            assert (report.source.gone_at, report.schema_version) == (None, SCHEMA_VERSION)
            assert store.history(report.id)[-1].report == report


def test_first_release(db: Db, settings: Settings) -> None:
    """A database of the first release is refused, migrated, then sound; a second time nothing changes."""
    old(db)
    with pytest.raises(SetupError, match="etl db migrate"):
        collections.ensure_schema(db)
    assert migrations.migrate(db) == SCHEMA_VERSION - 1
    collections.ensure_schema(db)
    sound(db, settings)
    after = everything(db)

    assert migrations.migrate(db) == 0
    assert everything(db) == after


def test_reasons_of_review(db: Db) -> None:
    """A report that waited for review before there were reasons says why: until then there was one alone."""
    old(db)
    db.reports.update_many({}, {"$set": {"needs_review": False}})
    first = db.reports.find_one_and_update({}, {"$set": {"needs_review": True}})
    assert first
    migrations.migrate(db)
    reasons = {e["_id"]: e["review_reasons"] for e in db.reports.find({}, {"review_reasons": 1})}

    assert reasons.pop(first["_id"]) == ["doubtful repairs"]
    assert list(reasons.values()) == [[]]


def test_places(db: Db) -> None:
    """A place of before has no word of today and no candidates; other entities stay as they were."""
    old(db)
    place = {"type": "place", "text": "绛县", "start": 0, "end": 2, "key": "place:绛县", "code": "140826"}
    other = {"type": "person", "text": "王芳", "start": 3, "end": 5, "key": "person:王芳"}
    db.reports.update_many({}, {"$set": {"entities": [place, other]}})
    migrations.migrate(db)

    for report in db.reports.find():
        found = {"chain": None, "now": [], "candidates": []} | place, {"roles": [], "of": None} | other
        assert compact.unpacked(report)["entities"] == list(found)


def test_broken_off(db: Db, settings: Settings) -> None:
    """A migration that was broken off after some documents is refused as old, and goes on."""
    old(db)
    db.reports.update_one({}, {"$set": migrations.FIELDS})
    with pytest.raises(SetupError, match="has shape 1"):
        collections.ensure_schema(db)
    migrations.migrate(db)
    collections.ensure_schema(db)
    sound(db, settings)


def test_import_of_an_old_export(db: Db, settings: Settings) -> None:
    """An export of the first release is imported straight into the present shape."""
    db.client.drop_database(db.name)
    moved = list[dump.Moved]()
    dump.import_database(db, FIRST, moved.append)
    collections.ensure_schema(db)
    sound(db, settings)
    assert {one.collection for one in moved if one.documents} >= {"reports", "entities"}


def test_newer_database(db: Db) -> None:
    """A database of a release that is yet to come is left alone."""
    old(db)
    migrations.record(db, SCHEMA_VERSION + 1)
    with pytest.raises(SetupError, match="newer release"):
        collections.ensure_schema(db)


def test_reading_needs_no_migration(db: Db, settings: Settings) -> None:
    """Services read a database of the first release as it is."""
    old(db)
    with open_store(settings) as store:
        assert [report.source.gone_at for report in store.reports()] == [None, None]


def test_amounts(db: Db, settings: Settings) -> None:
    """Amounts that were numbers become decimals of what was written, without the error of arithmetic."""
    old(db)
    money = {"text": "0.57万元", "start": 0, "end": 6, "key": "money:0.57万元", "type": "money", "max": None}
    money |= {"value": 5699.999999999999, "currency": "CNY", "at_least": False, "approximate": False}
    fact = {"type": "donation", "money": {"value": 434999999.99999994, "max": None}, "spans": []}
    db.reports.update_many({}, {"$set": {"entities": [money], "facts": [fact]}})
    migrations.migrate(db)
    stored = db.reports.find_one({})
    with open_store(settings) as store:
        report = next(iter(store.reports()))

    assert stored is not None
    assert stored["entities"][0]["value"] == Decimal128("5700")
    assert stored["facts"][0]["money"]["value"] == Decimal128("435000000")
    assert report.facts[0].fields["money"] == {"value": 435000000.0, "max": None}

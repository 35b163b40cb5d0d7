import json
from pathlib import Path

import pytest
from bson.decimal128 import Decimal128
from hypothesis import given
from hypothesis import strategies as st
from pymongo.errors import WriteError
from tests.store.made import make_report, rich_report

from etl.model.exact import Amount
from etl.model.mentions import Fact, Money
from etl.model.traced import TextRun
from etl.store.driver.connection import Db
from etl.store.records.clock import now
from etl.store.records.codec import from_bson, schema_of, to_bson
from etl.store.records.report_codec import from_document, to_document, to_stored
from etl.store.schema import collections, docs

ROOT = Path(__file__).resolve().parents[2]


def test_round_trip() -> None:
    """A report comes back from its document as the same value, also through JSON."""
    report = rich_report()

    assert from_document(to_document(report)) == report
    assert from_document(to_stored(report)) == report
    assert from_document(json.loads(json.dumps(to_document(report)))) == report


def test_flat() -> None:
    """Entities and facts carry their own fields beside their type, as DESIGN's contract has them."""
    stored = to_document(rich_report())

    assert stored["entities"][4]["value"] == 30000.0
    assert stored["facts"][0] | {"spans": []} == {
        "type": "donation",
        "donor": "王明",
        "money": {"value": 3.5},
        "goods": [],
        "spans": [],
    }
    assert stored["runs"] == [[0, 35, 0, 35]]


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 4)), st.text("中a\n\U00020000", max_size=8))
def test_any_text_round_trips(rows: list[tuple[int, int, int, int]], text: str) -> None:
    """Provenance and text of any report survive the way through a document."""
    report = make_report(text=text, runs=tuple(TextRun(*row) for row in rows))

    assert from_document(to_document(report)) == report


@pytest.mark.complete
def test_reference_is_fresh() -> None:
    """docs/schema.md says what the classes say; run `python -m etl.store.schema.docs` when it does not."""
    assert (ROOT / "docs/schema.md").read_text(encoding="utf-8") == docs.render()


@pytest.mark.complete
def test_every_field_is_explained() -> None:
    """No field of any document stands in the reference without a word of explanation."""
    assert [line for line in docs.render().split("\n") if line.endswith("|  |")] == []


def test_unknown_annotation() -> None:
    """A field that no validator can be made for is found at once, not in production."""
    with pytest.raises(TypeError, match="add a case"):
        schema_of(complex)
    with pytest.raises(TypeError, match="add a case"):
        to_bson(object())


def test_build_leaves_unknown_fields_out() -> None:
    """A document of a later version with one more field is still read."""
    assert from_document({**to_document(make_report()), "later": 1}) == make_report()
    assert from_bson(TextRun, [1, 2, 3, 4]) == TextRun(1, 2, 3, 4)


@pytest.mark.mongo
def test_ensure_is_idempotent(db: Db) -> None:
    """A second call changes nothing, and every collection has its validator and indexes."""
    before = {c["name"]: c["options"] for c in db.list_collections()}
    collections.ensure_schema(db)

    assert {c["name"]: c["options"] for c in db.list_collections()} == before
    assert "terms_1" in db.reports.index_information()
    assert before["reports"]["validator"] == {"$jsonSchema": collections.validator("reports")}


@pytest.mark.mongo
def test_ensure_mends(db: Db) -> None:
    """A validator that is not the declared one is put right."""
    db.command("collMod", "reports", validator={})
    collections.ensure_schema(db)

    with pytest.raises(WriteError):
        db.reports.insert_one({"_id": "x"})


@pytest.mark.mongo
def test_validators_are_strict(db: Db) -> None:
    """The database refuses a field that nobody declared, deep inside a document too."""
    stored = {**to_stored(rich_report()), **books()}
    db.reports.insert_one(stored)
    strange = {**stored, "_id": "2", "entities": [{**stored["entities"][0], "note": 1}]}

    with pytest.raises(WriteError):
        db.reports.insert_one({**stored, "_id": "1", "note": 1})
    with pytest.raises(WriteError):
        db.reports.insert_one(strange)


@pytest.mark.mongo
def test_sums_are_added_up_exactly(db: Db) -> None:
    """Amounts of entities and facts are decimals in the database, which adds them up exactly."""
    sums = [Money(text="0.1元", start=0, end=4, key=f"money:{n}", value=Amount("0.1")) for n in range(3)]
    fact = Fact("donation", {"money": {"value": Amount("0.1"), "max": None}}, ((0, 4),))
    db.reports.insert_one(
        {**to_stored(make_report(entities=tuple(sums), facts=(fact, fact, fact))), **books()}
    )

    for part, path in (("entities", "value"), ("facts", "money.value")):
        total = {"$group": {"_id": None, "sum": {"$sum": f"${part}.{path}"}}}
        found = next(db.reports.aggregate([{"$unwind": f"${part}"}, total]))
        assert found["sum"] == Decimal128("0.3")


def books() -> dict[str, object]:
    """Bookkeeping of a stored report."""
    moment = now()
    return {
        "revision": 1,
        "batch": "b",
        "run_id": "r",
        "first_loaded_at": moment,
        "loaded_at": moment,
        "parts": None,
        "fence": 0,
        "change": 0,
    }

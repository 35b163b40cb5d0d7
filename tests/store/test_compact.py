"""What is stored of a report in another shape than it is printed."""

import json
from dataclasses import replace

import bson
from hypothesis import given
from hypothesis import strategies as st
from tests.store.made import make_report, rich_report

from etl.model.mentions import DivisionRef, Organization, Person, Place
from etl.model.report import Quality, Report, ReportParagraph
from etl.model.traced import Change, TextRun
from etl.store.records import compact
from etl.store.records.packing import pack, pack_runs, unpack, unpack_runs
from etl.store.records.report_codec import from_document, to_document, to_stored

PAGES = "王明到绛县。王明又到绛县，见了王明明。"


def stored(report: Report) -> Report:
    """The report after it went through BSON."""
    return from_document(bson.decode(bson.encode(to_stored(report))))


def test_what_comes_back_is_what_was_stored() -> None:
    """A report that is made again is compared with the stored one, so all comes back as it was."""
    report = replace(rich_report(), edits=(Change("normalize", "width", 0, 1, ",", "，", 1.0),))

    for one in (report, make_report()):
        assert bson.decode(bson.encode(to_stored(one))) == to_stored(one)


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_numbers(numbers: list[int]) -> None:
    """Any whole numbers come back."""
    assert list(unpack(pack(numbers))) == numbers


@given(st.lists(st.tuples(*[st.integers(0, 999)] * 4)))
def test_runs(rows: list[tuple[int, int, int, int]]) -> None:
    """Any runs come back, whatever they say."""
    runs = [TextRun(*row) for row in rows]
    assert list(unpack_runs(pack_runs(runs))) == runs


def test_entities_are_said_once() -> None:
    """A thing that is named twice is stored once; what it is called and what follows from the key is not."""
    person = Person(text="王明", start=0, end=2, key="person:王明", roles=("主任",))
    twice = (person, replace(person, start=6, end=8))
    report = make_report(text=PAGES, people=(), entities=twice, entity_keys=("person:王明",))

    assert to_stored(report)["entities"] == [{"key": 0, "roles": ["主任"], "at": [0, 6]}]
    assert stored(report) == report


def test_a_place_that_is_what_it_was() -> None:
    """What a place is now is stored where it is another one, or unknown, as an older release left it."""
    chain = "山西省/运城市/绛县"
    place = Place(text="绛县", start=3, end=5, key="place:绛县", code="140826", chain=chain)
    same = replace(place, now=(DivisionRef("140826", chain),))
    other = replace(place, now=(DivisionRef("140827", "山西省/运城市/垣曲县"),))
    for known, told in ((same, False), (other, True), (place, True)):
        report = make_report(text=PAGES, people=(), entities=(known,), entity_keys=("place:绛县",))
        assert ("now" in to_stored(report)["entities"][0]) is told
        assert stored(report) == report


def test_order_of_entities() -> None:
    """Mentions that begin at one place keep their order, whichever was named before."""
    short = Organization(text="王明", start=0, end=2, key="organization:王明", name="王明")
    long = Organization(text="王明", start=0, end=2, key="organization:王明公司", name="王明公司")
    for entities in ((short, long), (long, short), (replace(short, start=6, end=8), long, short)):
        report = make_report(text=PAGES, people=(), entities=entities, entity_keys=(long.key, short.key))
        assert stored(report) == report


def test_what_the_text_and_the_keys_do_not_tell() -> None:
    """Words that stand elsewhere, keys that the report does not list and paragraphs of any kind come back."""
    person = Person(text="李 明", start=0, end=2, key="person:李明")
    kinds = (ReportParagraph("title", PAGES[:6], 0, 6), ReportParagraph("body", PAGES[7:], 7, len(PAGES)))
    report = make_report(text=PAGES, entities=(person,), entity_keys=(), paragraphs=kinds)
    assert stored(report) == report


def test_pages() -> None:
    """Paragraphs keep their pages, and figures that are unlike those of most reports."""
    kinds = (ReportParagraph("body", PAGES[:6], 0, 6, 1), ReportParagraph("title", PAGES[7:], 7, 19, 2))
    report = make_report(text=PAGES, people=(), paragraphs=kinds, quality=Quality(19, 0, 1, 0.5, pages=2))

    assert to_stored(report)["paragraphs"] == {"body": [0, 6], "title": [7, 19], "pages": [1, 2]}
    assert stored(report) == report


def test_ledger() -> None:
    """Lines of rules that take turns come back in their order, moves and suggestions with them."""
    edits = tuple(
        Change("normalize", rule, at, at + size, "，" * size, ",", sure, applied, to)
        for rule, at, size, sure, applied, to in (
            ("width", 5, 1, 1.0, True, None),
            ("quotes", 2, 2, 1.0, True, None),
            ("width", 3, 0, 1.0, True, None),
            ("width", 9, 1, 0.5, False, 0),
            ("quotes", 0, 1, 1.0, True, 12),
        )
    )
    report = make_report(edits=edits)
    assert [one["rule"] for one in to_stored(report)["edits"]] == ["width", "quotes", "width"]
    assert stored(report) == report


def test_older_parts() -> None:
    """A report whose parts an older release wrote is read as it is, and one that is printed."""
    for report in (rich_report(), make_report()):
        printed = json.loads(json.dumps(to_document(report)))
        assert compact.unpacked(printed) == printed
        assert from_document({**to_stored(report), "entities": printed["entities"]}) == report
        assert from_document({**to_stored(report), "runs": printed["runs"]}) == report


def test_parts_as_json() -> None:
    """Bytes in a part file are base64, and read from it."""
    assert list(unpack("AgHYBA==")) == [1, -1, 300]

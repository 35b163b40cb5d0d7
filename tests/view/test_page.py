import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from etl import view
from etl.corrections.entities import value_names
from etl.model.mentions import NOTED_VALUES, EntityType, Person, Place
from etl.model.report import Quality, Report, ReportParagraph, Source
from etl.model.traced import Change, TextRun
from etl.rules import cards
from etl.view import page
from etl.view.marks import raw_pieces, text_pieces

RAW = "河岸村的水位,\n- 3 -\n已经回落。"
TEXT = "河岸村的水位，已经回落。"


@pytest.fixture
def report() -> Report:
    """A report whose one paragraph was cut by a page number."""
    furniture = Change("repair", "furniture", 7, 13, "\n- 3 -", "", 0.99)
    comma = Change("normalize", "width", 6, 7, ",", "，", 1.0)
    return Report(
        id="a" * 24,
        title="",
        authors=(),
        published_on=None,
        script="hans",
        region=None,
        canonical_script="hans",
        text=TEXT,
        other_text=TEXT,
        paragraphs=(ReportParagraph("body", TEXT, 0, len(TEXT)),),
        entities=(Place(text="河岸村", start=0, end=3, key="place:河岸村"),),
        entity_keys=("place:河岸村",),
        facts=(),
        terms=(),
        keywords=(),
        edits=(furniture, comma),
        needs_review=False,
        quality=Quality(len(TEXT), 1, 0, 0.99),
        source=Source("file:///r.txt", "0" * 64, "text/plain", 40, "utf-8", 1.0),
        pipeline={},
        runs=(TextRun(0, 7, 0, 7), TextRun(7, 12, 14, 19)),
    )


class Words(HTMLParser):
    """The text of a page, and the tags that were left open."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_page_holds_both_texts(report: Report) -> None:
    """The page holds the raw text and the restored one whole, and its tags close."""
    words = Words()
    words.feed(page(report, RAW))

    assert words.open == []
    assert RAW in words.text
    assert TEXT in words.text


def test_pieces_are_the_text(report: Report) -> None:
    """Pieces put together are the text that was cut, so nothing is hidden from the reader."""
    assert "".join(p.text for p in raw_pieces(report, RAW)) == RAW
    assert "".join(p.text for p in text_pieces(report, report.paragraphs[0])) == TEXT


def test_marks_say_what_happened(report: Report) -> None:
    """A removed line is marked as gone, a changed comma as changed, an entity by its type."""
    raw = {piece.text: piece.mark for piece in raw_pieces(report, RAW)}
    restored = {piece.text: piece.mark for piece in text_pieces(report, report.paragraphs[0])}

    assert raw["\n- 3 -"] == "gone"
    assert raw[","] == "changed"
    assert restored["河岸村"] == "place"


@pytest.mark.complete
@pytest.mark.parametrize("kind", get_args(EntityType))
def test_entities_are_told_apart(kind: EntityType) -> None:
    """Each kind of entity has a look of its own on the page, and a note that tells its values."""
    page = (Path(view.__file__).parent / "report.html.j2").read_text(encoding="utf-8")

    assert re.search(rf"^(?:.* )?\.{kind} {{", page, re.MULTILINE)
    assert set(value_names(kind)) - {"name", "code", "at_least", "approximate"} <= set(NOTED_VALUES)


def test_page_escapes(report: Report) -> None:
    """Markup in a report is shown, never run."""
    hostile = "<script>alert(1)</script>"
    person = Person(text="甲", start=0, end=1, key='person:"><img>')
    html = page(replace(report, title=hostile, entities=(person,)), hostile + RAW)

    assert "<script>" not in html
    assert "<img>" not in html


def test_ledger_leads_to_the_cards(report: Report) -> None:
    """Each rule in the ledger is a link to what its card says, on the same page."""
    html = page(replace(report, edits=(Change("repair", "cut sentence", 7, 13, "\n", "", 0.99),)), RAW)

    assert '<a href="#rule-cut-sentence">' in html
    assert '<tr id="rule-cut-sentence">' in html
    assert cards()["cut sentence"].does in html
    assert "rule-furniture" not in html

import json
import random
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from lxml import etree
from tests.store.made import make_report, rich_report

import etl
from etl.export import citation, markdown, tei
from etl.export.documents import FORMATS, format_of
from etl.export.placed_changes import place_changes
from etl.export.tei_inline import ELEMENTS
from etl.model.errors import SetupError
from etl.model.exact import Amount
from etl.model.mentions import EntityType, Mention, Money, Person
from etl.model.report import ParagraphKind, Report, ReportParagraph
from etl.model.traced import Change, TextRun

ROOT = Path(__file__).resolve().parents[2]
TEI = "{http://www.tei-c.org/ns/1.0}"
KINDS = get_args(ParagraphKind)
HOSTILE = "</p><script>alert(1)</script>&\x00]]>\ufffe“”"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle(Mention):
    """An entity of a kind that exports know nothing of."""

    type: str = "vehicle"


@cache
def schema() -> Any:  # noqa: ANN401 - the library tells no types
    """What TEI allows of the elements that are used."""
    return etree.RelaxNG(etree.parse(ROOT / "tests/cases/export/tei.rng"))


def parsed(report: Report) -> Any:  # noqa: ANN401 - as above
    """The TEI of a report, which must be valid."""
    document = etree.fromstring(tei.write_tei(report))
    schema().assertValid(document)
    return document


def text_of(document: Any) -> str:  # noqa: ANN401 - as above
    """The restored text of a TEI, a paragraph a line."""
    blocks = [one for one in document.iter() if one.getparent() is not None and one.get("n", "").isdigit()]
    blocks = [one for one in blocks if one.tag != f"{TEI}placeName"]
    etree.strip_elements(document, f"{TEI}sic", with_tail=False)
    return "\n".join("".join(block.itertext()) for block in blocks)


def report_of(*paragraphs: tuple[str, str], **changes: Any) -> Report:  # noqa: ANN401 - fields of many types
    """A report of paragraphs of some kinds."""
    text = "\n".join(words for _, words in paragraphs)
    starts = [sum(len(words) + 1 for _, words in paragraphs[:at]) for at in range(len(paragraphs))]
    made = [
        ReportParagraph(kind, words, at, at + len(words))  # type: ignore[arg-type] # of the table
        for (kind, words), at in zip(paragraphs, starts, strict=True)
    ]
    return make_report(text=text, people=(), paragraphs=tuple(made), **changes)


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "samples").glob("0[2-7]-*.txt")))
def test_tei_of_samples(name: str) -> None:
    """The TEI of a broken report is valid and holds the restored text whole, its changes at their places."""
    report = etl.process((ROOT / "samples" / name).read_bytes(), f"file:///samples/{name}")
    document = parsed(report)
    made = place_changes(report)

    assert len(document.findall(f".//{TEI}corr")) + len(document.findall(f".//{TEI}lb")) == len(made.placed)
    assert len(document.findall(f".//{TEI}item")) == len(made.others)
    assert all(report.text[one.start : one.end] == one.change.after for one in made.placed)
    assert text_of(document) == report.text


def test_tei_of_entities() -> None:
    """Names, places, times, sums, quantities and works are marked with what is known of them."""
    document = parsed(rich_report())
    one = {element.tag.removeprefix(TEI): element for element in document.find(f".//{TEI}body").iter()}

    assert (one["persName"].get("key"), one["persName"].get("role")) == ("person:王明", "主任")
    assert (one["placeName"].getparent().tag, one["placeName"].get("n")) == (f"{TEI}orgName", "140826")
    assert (one["date"].get("when"), one["title"].text) == ("2020-02-03", "《办法》")
    sums = document.findall(f".//{TEI}measure")
    assert [(each.get("quantity"), each.get("unit")) for each in sums] == [("30000", "CNY"), ("30", "个")]
    assert [author.text for author in document.findall(f".//{TEI}titleStmt/{TEI}author")] == ["张三", "李四"]


@pytest.mark.complete
def test_tei_of_every_kind_of_entity() -> None:
    """Each kind of entity has an element of its own; one that has none yet is still marked, by its kind."""
    assert set(ELEMENTS) == set(get_args(EntityType))
    plate = Vehicle(text="冀A12345", start=0, end=7, key="vehicle:冀A12345")
    document = parsed(report_of(("body", "冀A12345停在门口。"), entities=(plate,)))

    assert [dict(one.attrib) for one in document.findall(f".//{TEI}rs")] == [
        {"type": "vehicle", "key": plate.key}
    ]


def test_tei_of_ranges() -> None:
    """Of a sum that is more, or between two, the number says so."""
    least = Money(text="8千", start=0, end=2, key="money:8000 CNY", value=Amount(8000), at_least=True)
    ranged = Money(text="3到5万", start=2, end=6, key="money:3", value=Amount(30000), max=Amount(50000))
    document = parsed(report_of(("body", "8千3到5万元"), entities=(least, ranged)))

    numbers = [dict(one.attrib) for one in document.findall(f".//{TEI}num")]
    assert numbers == [{"atLeast": "8000"}, {"min": "30000", "max": "50000"}]


def test_tei_of_kinds() -> None:
    """Each heading begins a division; what only stands at its edges is there what it is, else a block."""
    kinds = (
        *(("title", "题"), ("byline", "文/甲"), ("body", "一"), ("byline", "文/乙"), ("body", "二")),
        *(("heading", "三"), ("footnote", "注"), ("caption", "图"), ("dateline", "二月")),
    )
    document = parsed(report_of(*kinds))
    tags = [one.tag.removeprefix(TEI) for one in document.find(f".//{TEI}body").iter()]

    assert tags == [
        *("body", "div", "head", "byline", "p", "ab", "p", "div", "head", "note", "ab", "dateline")
    ]
    assert text_of(document) == "\n".join(words for _, words in kinds)


def test_tei_of_a_dateline_before_a_heading() -> None:
    """What stands at the end of a part before a heading is a block: the division goes on behind it."""
    kinds = (("title", "题"), ("body", "一"), ("dateline", "二月"), ("heading", "三"), ("byline", "文/甲"))
    document = parsed(report_of(*kinds))
    tags = [one.tag.removeprefix(TEI) for one in document.find(f".//{TEI}body").iter()]

    assert tags == ["body", "div", "head", "p", "ab", "div", "head", "byline"]


@pytest.mark.parametrize("seed", range(25))
def test_tei_is_valid_whatever_comes(seed: int) -> None:
    """Paragraphs of any kinds in any order are valid TEI, and hold their text."""
    chosen = random.Random(seed)
    kinds = [(chosen.choice(KINDS), f"第{number}段") for number in range(chosen.randrange(1, 9))]
    document = parsed(report_of(*kinds))

    assert text_of(document) == "\n".join(words for _, words in kinds)


def test_tei_where_marks_cross() -> None:
    """An entity that crosses another is told of at the end, a change that crosses one behind its place."""
    crossing = [Person(text="", start=a, end=b, key=f"person:{a}") for a, b in ((0, 3), (2, 5))]
    change = Change("normalize", "punctuation", 4, 6, ",,", "，，", 1.0)
    report = report_of(("body", "甲乙丙丁，，"), entities=(crossing[0], crossing[1]), edits=(change,))
    document = parsed(report)

    assert [item.text for item in document.findall(f".//{TEI}item")] == ["person:2:  (2 to 5)"]
    assert document.find(f".//{TEI}sic").text == ",,"
    inside = replace(report, entities=(Person(text="", start=0, end=5, key="person:0"),))
    assert parsed(inside).find(f".//{TEI}note").text == ",, → ，，"


def test_tei_tells_whose_change_it_is() -> None:
    """What a person decided or wrote is told from what the program did; the header names both."""
    edits = (
        Change("normalize", "punctuation", 0, 1, ",", "，", 1.0),
        Change("normalize", "punctuation", 1, 2, ",", "，", 1.0, decided=True),
        Change("correct", "word", 2, 3, "乙", "甲", 1.0),
    )
    document = parsed(report_of(("body", "，，甲"), edits=edits))
    named = [one.get("resp") for one in document.findall(f".//{TEI}corr")]
    known = {f"#{one}" for one in document.xpath("//@xml:id")}

    assert named == ["#etl", "#reader", "#reader"]
    assert known == {"#etl", "#reader"}


def test_changes_have_their_places() -> None:
    """What was taken out stands behind what was before it, also where text was moved; a move has no place."""
    edits = (
        Change("repair", "furniture", 2, 5, "-7-", "", 0.9),
        Change("normalize", "punctuation", 6, 7, ",", "，", 1.0),
        Change("repair", "moved column", 5, 6, "丙", "丙", 0.9, to=2),
        Change("normalize", "punctuation", 6, 7, ",", "，", 1.0, applied=False),
    )
    runs = (TextRun(0, 1, 6, 7), TextRun(1, 3, 0, 2), TextRun(3, 4, 5, 6))
    made = place_changes(make_report(text="，甲乙丙", people=(), edits=edits, runs=runs))

    assert [(one.start, one.end, one.change.rule) for one in made.placed] == [
        (0, 1, "punctuation"),
        (3, 3, "furniture"),
    ]
    assert made.others == (edits[2],)


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_words(form: str) -> None:
    """Titles, names, addresses and texts that would be markup stay words in every format."""
    person = Person(text=HOSTILE, start=0, end=len(HOSTILE), key=f"person:{HOSTILE}", roles=(HOSTILE,))
    made = report_of(("body", HOSTILE), entities=(person,), title=HOSTILE, keywords=(HOSTILE,))
    made = replace(made, authors=(HOSTILE,), source=replace(made.source, uri=f"file:///{HOSTILE}"))
    written = format_of(form).write(made).decode()

    if form == "tei":
        document = parsed(made)
        assert "".join(document.find(f".//{TEI}body//{TEI}p").itertext()) == re.sub(
            "[\x00\ufffe]", "\ufffd", HOSTILE
        )
    elif form == "markdown":
        _, _, text = written.split("---\n", 2)
        assert "<" not in text.replace("\\<", "")
    elif form == "ris":
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in written.split("\r\n")[:-1])
    assert written


def test_markdown() -> None:
    """Markdown shows each kind of paragraph as such, and what is known of the report before them."""
    made = report_of(
        ("title", "题 #1"), ("byline", "文/*甲*"), ("heading", "一、"), ("body", "1. 2_3"), ("note", "注")
    )
    _, head, text = (
        markdown.write_markdown(replace(made, title="题", authors=("甲",))).decode().split("---\n", 2)
    )

    assert json.loads(head.splitlines()[2].removeprefix("authors: ")) == ["甲"]
    assert text == "\n# 题 #1\n\n*文/\\*甲\\**\n\n## 一、\n\n1\\. 2\\_3\n\n> 注\n"


def test_citations() -> None:
    """RIS and BibTeX name title, authors, day, address and keywords; TeX gets no commands."""
    made = replace(rich_report(), title="{甲} & 乙_100%", keywords=("防疫", "捐款"))
    as_ris = dict(line.split("  - ") for line in citation.write_ris(made).decode().splitlines())
    as_bibtex = citation.write_bibtex(made).decode()

    assert (as_ris["TI"], as_ris["DA"], as_ris["AU"], as_ris["ER"]) == (made.title, "2020/02/03", "李四", "")
    assert r"title = {{\{甲\} \& 乙\_100\%}}" in as_bibtex
    assert "author = {{张三} and {李四}}" in as_bibtex
    assert as_bibtex.count("{") == as_bibtex.count("}")


def test_unknown_format() -> None:
    """A format that there is not is told with those that there are."""
    with pytest.raises(SetupError, match="tei, markdown, ris, bibtex"):
        format_of("pdf")

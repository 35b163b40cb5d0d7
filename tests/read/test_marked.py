"""What formats say of lines: where paragraphs end, what a line is, which day a report has."""

import re
import tomllib
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.api import process
from etl.model.report import RawReport, Reading
from etl.read import read
from etl.read.days import first_day
from etl.sources import media_type

CASES = Path(__file__).parents[1] / "cases" / "read" / "marked.toml"


def reading_of(name: str, payload: bytes) -> Reading:
    """What a report of this name and these bytes is read as."""
    uri = f"file:///reports/{name}"
    return read(RawReport(uri, media_type(uri), payload))


def told(reading: Reading) -> list[list[str]]:
    """Each line that is not blank: its mark, what is known of the end before it, its words."""
    marks = {mark.start: mark.mark for mark in reading.marks}
    out: list[list[str]] = []
    ends: list[str] = []
    at = 0
    for k, line in enumerate(reading.text.split("\n")):
        if k:
            ends.append(reading.line_ends[k - 1])
        if line.strip():
            known = "" if not out else "end" if "end" in ends else ends[0]
            out.append([marks.get(at, ""), known, line.strip()])
            ends = []
        at += len(line) + 1
    return out


@pytest.mark.parametrize(
    "case", tomllib.loads(CASES.read_text(encoding="utf-8"))["case"], ids=lambda c: c["why"]
)
def test_formats_settle_their_lines(case: dict[str, Any]) -> None:
    """A reader says of each line what it is, and of each line end whether a paragraph ends there."""
    reading = reading_of(case["name"], case["source"].encode())

    assert told(reading) == case["lines"]
    assert reading.published_on == (date.fromisoformat(case["day"]) if "day" in case else None)


def test_documents_type_their_lines() -> None:
    """The styles of a document say what its paragraphs are; a break within one leaves the line end open."""
    from docx import Document  # noqa: PLC0415

    document = Document()
    document.add_paragraph("春耕通报", style="Title")
    document.add_paragraph("一、进度", style="Heading 1")
    document.add_paragraph("上半句\n下半句")
    document.add_paragraph("甲村", style="List Bullet")
    row = document.add_table(rows=1, cols=2).rows[0]
    row.cells[0].text, row.cells[1].text = "张某", "5万元"
    out = BytesIO()
    document.save(out)

    assert told(reading_of("a.docx", out.getvalue())) == [
        ["title", "", "春耕通报"],
        ["heading", "end", "一、进度"],
        ["", "end", "上半句"],
        ["", "open", "下半句"],
        ["item", "end", "甲村"],
        ["row", "end", "张某\t5万元"],
    ]


def test_what_a_format_says_names_paragraphs() -> None:
    """Headings of a format are headings, items and quotations are none, and the day is the report's."""
    source = (
        "---\ndate: 2019-02-20\n---\n> [!NOTE] 提示\n\n# 春耕通报\n\n"
        "## 水到田头，人心不慌，今年的进度比去年快了许多许多许多。\n\n"
        "全县开工。\n\n- 甲村水渠\n- 乙村河道\n\n完工。\n"
    )
    report = process(source.encode(), uri="memory:a.md")

    assert [(p.kind, p.text) for p in report.paragraphs] == [
        ("body", "提示"),
        ("title", "春耕通报"),
        ("heading", "水到田头，人心不慌，今年的进度比去年快了许多许多许多。"),
        ("body", "全县开工。"),
        ("body", "甲村水渠"),
        ("body", "乙村河道"),
        ("body", "完工。"),
    ]
    assert (report.title, report.published_on) == ("春耕通报", "2019-02-20")


def test_a_format_knows_the_day_better_than_a_line() -> None:
    """The option comes first, then what the format says, then a line of the text."""
    page = (
        '<html><head><meta name="PubDate" content="2019-02-20"></head><body><p>2018年1月1日</p>'
        "<p>入夏以来少雨，各乡镇要抓紧抗旱，确保群众饮水，确保粮食生产。</p></body></html>"
    ).encode()

    assert process(page, uri="memory:a.html").published_on == "2019-02-20"
    assert process(page, uri="memory:a.html", published_on="2020-03-04").published_on == "2020-03-04"
    assert process(page.replace(b"PubDate", b"keywords"), uri="memory:a.html").published_on == "2018-01-01"


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2021-07-13 09:20", "2021-07-13"),
        ("2021-07-13T09:20:00+08:00", "2021-07-13"),
        ("2021年7月3日", "2021-07-03"),
        ("2021/7/3", "2021-07-03"),
        ("20210703", "2021-07-03"),
        ("2021-02-30, 2021-03-01", "2021-03-01"),
        ("0001-01-01", ""),
        ("2021", ""),
        ("", ""),
    ],
)
def test_days_of_settings(value: str, day: str) -> None:
    """A setting gives its first day that the calendar has."""
    assert first_day(value) == (date.fromisoformat(day) if day else None)


@given(st.sampled_from(["a.md", "a.html"]), st.text("甲乙。#>-*|1. \n\\`<bri/p>", min_size=1, max_size=60))
def test_every_line_end_is_accounted_for(name: str, text: str) -> None:
    """There is one state for each line end, and marks lie within their lines, in order."""
    reading = reading_of(name, f"甲{text}".encode())

    assert len(reading.line_ends) in (0, reading.text.count("\n"))
    position = 0
    for mark in reading.marks:
        assert position <= mark.start < mark.end
        assert not re.search(r"\n", reading.text[mark.start : mark.end])
        position = mark.end


@pytest.mark.parametrize("tag", ["time", "label", "output", "code", "mark", "font", "span", "kbd", "abbr"])
def test_words_stay_in_their_sentence(tag: str) -> None:
    """No element within a sentence of a page costs its words or tears the sentence."""
    sentence = "入夏以来少雨，各乡镇都要抓紧抗旱，确保群众饮水，确保粮食生产，不得有误。"
    marked = sentence.replace("各乡镇", f"<{tag}>各乡镇</{tag}>")
    page = f"<html><body><h1>抗旱通知</h1><p>{marked}</p></body></html>"

    assert reading_of("a.html", page.encode()).text == f"抗旱通知\n\n{sentence}"

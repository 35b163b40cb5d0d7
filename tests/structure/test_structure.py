"""What lines are and who wrote them, from tables; and that labels never change a text."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import LIMIT, exponent

from etl import structure
from etl.model.traced import Traced
from etl.structure import label
from etl.text.bylines import is_name_list

CASES = Path(__file__).parents[1] / "cases" / "structure"
QUESTIONS: dict[str, Callable[[str], bool]] = {
    "heading": structure.is_heading,
    "salutation": structure.is_salutation,
    "caption": structure.is_caption,
    "footnote": structure.is_footnote,
    "continuation": structure.is_continuation,
    "note": structure.is_note,
    "numbered": structure.is_numbered,
    "article": structure.is_article,
    "speaker": structure.is_speaker,
    "row": structure.is_row,
    "sentence": structure.ends_sentence,
}


def table(name: str) -> dict[str, Any]:
    """A case table."""
    return tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))


def halved(line: str) -> str:
    """The line with half-width marks, as much raw text has it."""
    return line.translate(str.maketrans("，；：（）？！", ",;:()?!"))


@pytest.mark.parametrize("case", table("lines")["case"], ids=lambda case: case["line"])
@pytest.mark.parametrize("form", [str, halved], ids=["full width", "half width"])
def test_lines(case: dict[str, Any], form: Callable[[str], str]) -> None:
    """Each line answers yes to the questions of its row and no to all others, in either width."""
    line = form(case["line"])

    assert {name for name, question in QUESTIONS.items() if question(line)} == set(case["yes"])


@pytest.mark.parametrize("case", table("bylines")["case"], ids=lambda case: case["line"])
@pytest.mark.parametrize("form", [str, halved], ids=["full width", "half width"])
def test_bylines(case: dict[str, Any], form: Callable[[str], str]) -> None:
    """A byline gives its authors in order; any other line gives none."""
    line = form(case["line"])

    assert structure.is_byline(line) is case.get("byline", True)
    assert list(structure.authors(line)) == case.get("authors", [])


@pytest.mark.parametrize(("line", "day", "kind"), table("dates")["line"])
def test_date_lines(line: str, day: str, kind: str) -> None:
    """A line that is a date gives its day; any other gives none."""
    assert structure.line_date(line) == (date.fromisoformat(day) if day else None)
    assert structure.is_dateline(line) is bool(day)


@pytest.mark.parametrize(("uri", "day", "kind"), table("dates")["name"])
def test_dates_in_names(uri: str, day: str, kind: str) -> None:
    """A file name gives the first real day in it."""
    assert structure.date_in_name(uri) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize("case", table("reports")["case"], ids=lambda case: case["name"])
def test_reports(case: dict[str, Any]) -> None:
    """Each paragraph of a report has its kind; title, authors and date are read from them."""
    found = label(tuple(Traced.raw(text) for _, text in case["paragraphs"]))

    assert [[p.kind, p.body.text] for p in found.paragraphs] == case["paragraphs"]
    assert found.title == case["title"]
    assert list(found.authors) == case["authors"]
    assert found.date == (date.fromisoformat(case["date"]) if case["date"] else None)


def test_an_empty_report_has_no_structure() -> None:
    """No paragraphs, no title, nobody, no day."""
    assert label(()) == structure.Structure((), "", (), None)


LINES = st.lists(
    st.text("文图记者/：一二、（）。，2020年月日 张三县关于通知", min_size=1, max_size=20), max_size=6
)


@given(LINES)
def test_labels_change_no_text(lines: list[str]) -> None:
    """The paragraphs come back as they were given, in order, with at most one title, its lines together."""
    given_paragraphs = tuple(Traced.raw(line, at) for at, line in enumerate(lines))
    found = label(given_paragraphs)

    assert tuple(p.body for p in found.paragraphs) == given_paragraphs
    titled = [at for at, p in enumerate(found.paragraphs) if p.kind == "title"]
    assert titled == list(range(titled[0], titled[0] + len(titled)) if titled else [])
    assert len(titled) <= 4


@given(st.text("文图记者/：一二、（）。，20年月日 张三“”…—·\t王 宏", max_size=80))
def test_every_question_has_an_answer(line: str) -> None:
    """No stripped line makes a question fail; a line that stands alone is no heading."""
    line = line.strip()
    if line:
        answers = {name: question(line) for name, question in QUESTIONS.items()}

        assert not (answers["heading"] and structure.stands_alone(line))


@pytest.mark.parametrize(
    "piece", ["文/", "记者 ", "王 ", "（", "一", "2020年", "，", "·", "[1", "第一", "图 ", "　　"]
)
def test_long_lines_are_answered_fast(piece: str) -> None:
    """Lines of one thing again and again take no longer than their length warrants."""
    small, large = (piece * 2_500).strip(), (piece * 20_000).strip()
    asked = (*QUESTIONS.values(), structure.is_byline, structure.is_dateline, structure.stands_alone)

    assert exponent(lambda line: [question(line) for question in asked], small, large, 8) < LIMIT


@pytest.mark.parametrize(
    ("line", "names"),
    [("原告 王大明", False), ("申請人 李小華", False), ("原 告", False), ("原玉 王大明", True)],
)
def test_parties_of_a_case_are_no_names(line: str, names: bool) -> None:  # noqa: FBT001 - an answer of the table
    """A party of a case that begins like a surname makes no line of names, so no author."""
    assert is_name_list(line) is names

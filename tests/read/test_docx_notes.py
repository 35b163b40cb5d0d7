"""Notes of Word documents stand behind the paragraph that refers to them; what is hidden is no text."""

import pytest
from tests.read.word_document import word_document

from etl.model.report import RawReport, Reading
from etl.read import read
from etl.read.formats import DOCX


def reading(body: str, **parts: str) -> Reading:
    """What a document with this body says."""
    return read(RawReport("file:///a.docx", DOCX, word_document(body, parts)))


def run(text: str, inside: str = "", settings: str = "") -> str:
    """A run of text."""
    return f"<w:r><w:rPr>{settings}</w:rPr><w:t>{text}</w:t>{inside}</w:r>"


def refer(kind: str, number: int, more: str = "") -> str:
    """A reference to a note."""
    return f'<w:r><w:{kind}Reference w:id="{number}"{more}/></w:r>'


def note(kind: str, number: int, *texts: str) -> str:
    """A note of so many paragraphs."""
    signed = f"<w:p><w:r><w:{kind}Ref/></w:r>"
    return f'<w:{kind} w:id="{number}">{signed}{"</w:p><w:p>".join(map(run, texts))}</w:p></w:{kind}>'


FEET = note("footnote", 2, "普查为准。") + note("footnote", 5, " 不含试验田。", "下同。")
ENDS = note("endnote", 2, "村民议定。")


def test_behind_their_paragraph() -> None:
    """Notes are numbered in the order of the text, typed, and stand behind the paragraph or row."""
    cell = f"<w:tc><w:p>{run('甲')}{refer('footnote', 2)}</w:p></w:tc><w:tc><w:p>{run('乙')}</w:p></w:tc>"
    body = (
        f"<w:p>{run('面积')}{refer('footnote', 5)}{run('五亩')}{refer('endnote', 2)}。</w:p>"
        f"<w:tbl><w:tr>{cell}</w:tr></w:tbl><w:p>{run('后文。')}</w:p>"
    )

    found = reading(body, footnotes=FEET, endnotes=ENDS)

    lines = ["面积¹五亩[i]", "¹不含试验田。", "下同。", "[i]村民议定。", "甲²\t乙", "²普查为准。", "后文。"]
    assert found.text.split("\n\n") == lines
    noted = [found.text[one.start : one.end] for one in found.marks if one.mark == "note"]
    assert noted == [*lines[1:4], lines[5]]


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        ("decimalEnclosedCircleChinese", "①"),
        ("decimal", "¹"),
        ("chineseCounting", "一"),
        ("lowerRoman", "[i]"),
    ],
)
@pytest.mark.parametrize("place", ["settings", "section"])
def test_ways_to_number(form: str, sign: str, place: str) -> None:
    """The document or a section says how notes are numbered."""
    said = f'<w:footnotePr><w:numFmt w:val="{form}"/></w:footnotePr>'
    body = f"<w:p>{run('面积')}{refer('footnote', 2)}</w:p>"
    parts = {"settings": said} if place == "settings" else {}

    found = reading(body + ("" if parts else f"<w:sectPr>{said}</w:sectPr>"), footnotes=FEET, **parts)
    assert found.text.split("\n\n") == [f"面积{sign}", f"{sign}普查为准。"]


def test_sign_of_its_own() -> None:
    """A note with a sign that was typed has that, and counts no further."""
    custom = refer("footnote", 2, ' w:customMarkFollows="1"')
    found = reading(f"<w:p>{custom}{run('*甲')}{refer('footnote', 5)}</w:p>", footnotes=FEET)

    assert found.text.split("\n\n") == ["*甲¹", "普查为准。", "¹不含试验田。", "下同。"]


def test_notes_that_are_not_there() -> None:
    """A reference to no note is nothing, and so is a note that refers to itself again and again."""
    own = f'<w:footnote w:id="2"><w:p>{run("甲")}{refer("footnote", 2)}</w:p></w:footnote>'

    assert reading(f"<w:p>{run('乙')}{refer('footnote', 9)}</w:p>", footnotes=FEET).text == "乙"
    assert reading(f"<w:p>{run('乙')}{refer('footnote', 2)}</w:p>", footnotes=own).text.startswith(
        "乙¹\n\n¹甲"
    )


@pytest.mark.parametrize(("value", "seen"), [("", False), (' w:val="1"', False), (' w:val="0"', True)])
def test_hidden_text(value: str, seen: bool) -> None:  # noqa: FBT001 - a row of a table
    """What is set as hidden is no text, what takes that back is."""
    hidden = run("密", settings=f"<w:vanish{value}/>")

    assert reading(f"<w:p>{run('甲')}{hidden}</w:p>").text == ("甲密" if seen else "甲")


def test_sounds_above_characters() -> None:
    """The sounds that stand above characters are left out, the characters are not."""
    ruby = f"<w:r><w:ruby><w:rt>{run('qú')}</w:rt><w:rubyBase>{run('渠')}</w:rubyBase></w:ruby></w:r>"

    assert reading(f"<w:p>{ruby}{run('道')}</w:p>").text == "渠道"


@pytest.mark.parametrize(
    ("spans", "wanted"),
    [
        (("1", "2"), "甲\t甲\t"),
        (("2", "1"), "甲\t\t甲"),
        (("3",), "甲"),
        (("63", "1"), "甲" + "\t" * 63 + "甲"),
        (("64", "1"), "甲\t甲"),
        (("0", "1"), "甲\t甲"),
        (("９", "1"), "甲\t甲"),
    ],
)
def test_cells_that_span_columns(spans: tuple[str, ...], wanted: str) -> None:
    """A cell that spans columns is followed by empty ones, unless it is alone or spans too many."""
    cells = [
        f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p>{run("甲")}</w:p></w:tc>' for span in spans
    ]
    body = f"<w:p>{run('前')}</w:p><w:tbl><w:tr>{''.join(cells)}</w:tr></w:tbl><w:p>{run('后')}</w:p>"

    assert reading(body).text == f"前\n\n{wanted}\n\n后"

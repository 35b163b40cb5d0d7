"""The numbers that Word sets before paragraphs are part of what a reader sees."""

import pytest
from tests.read.word_document import word_document

from etl.model.report import RawReport
from etl.read import read
from etl.read.docx_numbers import write_number
from etl.read.formats import DOCX

FORMS = {
    "chineseCounting": ["一", "十", "十一", "二十", "一百零二", "一千零一十"],
    "ideographDigital": ["一", "一〇", "一一", "二〇", "一〇二", "一〇一〇"],
    "chineseLegalSimplified": ["壹", "壹拾", "壹拾壹", "贰拾", "壹佰零贰", "壹仟零壹拾"],
    "decimal": ["1", "10", "11", "20", "102", "1010"],
    "decimalZero": ["01", "10", "11", "20", "102", "1010"],
    "decimalFullWidth": ["１", "１０", "１１", "２０", "１０２", "１０１０"],
    "decimalEnclosedCircle": ["①", "⑩", "⑪", "⑳", "102", "1010"],
    "decimalEnclosedParen": ["⑴", "⑽", "⑾", "⒇", "102", "1010"],
    "ideographTraditional": ["甲", "癸", "甲", "癸", "乙", "癸"],
    "ideographZodiac": ["子", "酉", "戌", "未", "巳", "丑"],
    "upperRoman": ["I", "X", "XI", "XX", "CII", "MX"],
    "lowerRoman": ["i", "x", "xi", "xx", "cii", "mx"],
    "upperLetter": ["A", "J", "K", "T", "XXXX", "V" * 39],
    "unheard of": ["1", "10", "11", "20", "102", "1010"],
    "bullet": [""] * 6,
    "none": [""] * 6,
}


@pytest.mark.parametrize("form", FORMS)
def test_ways_to_write_numbers(form: str) -> None:
    """A number is written as Word shows it; an unknown way in Arabic digits, a bullet not at all."""
    assert [write_number(number, form) for number in (1, 10, 11, 20, 102, 1010)] == FORMS[form]


@pytest.mark.parametrize(
    ("number", "form", "wanted"),
    [
        (20, "decimalEnclosedCircle", "⑳"),
        (21, "decimalEnclosedCircle", "21"),
        (9_999, "chineseCounting", "九千九百九十九"),
        (10_000, "chineseCounting", "10000"),
        (1, "chineseCounting", "一"),
        (0, "chineseCounting", "0"),
        (26, "lowerLetter", "z"),
        (27, "lowerLetter", "aa"),
    ],
)
def test_where_a_way_ends(number: int, form: str, wanted: str) -> None:
    """Where a way has no more signs, digits are written."""
    assert write_number(number, form) == wanted


def level(at: int, form: str, words: str, more: str = "") -> str:
    """A level of a list."""
    said = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{words}"/>'
    return f'<w:lvl w:ilvl="{at}">{said}</w:lvl>'


LEVELS = (
    level(0, "chineseCounting", "%1、"),
    level(1, "decimal", "（%2）"),
    level(2, "decimal", "%1.%3", "<w:isLgl/>"),
    level(3, "bullet", "•"),
    level(8, "lowerRoman", "%9."),
)
LISTS = (
    f'<w:abstractNum w:abstractNumId="7">{"".join(LEVELS)}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/>'
    "</w:lvlOverride></w:num>"
)
STYLES = (
    '<w:style w:styleId="Base"><w:name w:val="base"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="Own"><w:name w:val="heading 2"/><w:basedOn w:val="Base"/>'
    '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
)


def paragraph(text: str, place: tuple[int, int | str] | None = None, style: str = "") -> str:
    """A paragraph in a list and level, or with a style."""
    name, at = place or ("", "")
    number = f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{name}"/></w:numPr>' if place else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{number}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def lines(*paragraphs: str) -> list[str]:
    """The paragraphs of a document with these lists."""
    payload = word_document("".join(paragraphs), {"numbering": LISTS, "styles": STYLES})
    return read(RawReport("file:///a.docx", DOCX, payload)).text.split("\n\n")


def test_levels() -> None:
    """Items count on, those of a lower level anew below each; a letter or digit is followed by a blank."""
    items = [paragraph("清淤", (1, at)) for at in (0, 1, 1, 0, 1, 2, 2, 3, 8)]
    found = lines(*items, paragraph("此外"), paragraph("又", (1, 0)))

    wanted = ["一、", "（1）", "（2）", "二、", "（1）", "2.1 ", "2.2 ", "", "i. "]
    assert found == [*(f"{one}清淤" for one in wanted), "此外", "三、又"]


def test_list_that_begins_anew() -> None:
    """A list that says where it begins begins there, once."""
    found = lines(*(paragraph("甲", (name, 0)) for name in (1, 2, 2, 1)))

    assert found == ["一、甲", "三、甲", "四、甲", "五、甲"]


def test_list_of_a_style() -> None:
    """A style gives its paragraphs list and level, also through the style that it is based on."""
    found = lines(paragraph("甲", style="Base"), paragraph("乙", style="Own"), paragraph("丙", (0, 0), "Own"))

    assert found == ["一、甲", "（1）乙", "丙"]


@pytest.mark.parametrize("place", [(9, 0), (1, 5), (1, 9), (1, "９" * 5000), (1, "x")])
def test_lists_that_are_none(place: tuple[int, int | str]) -> None:
    """A paragraph whose list or level there is not is read without a number, or with the first level's."""
    assert lines(paragraph("甲", place))[0].endswith("甲")


def test_empty_paragraph() -> None:
    """A paragraph without words has no number of its own in the text, and counts."""
    assert lines(paragraph("", (1, 0)), paragraph("甲", (1, 0))) == ["二、甲"]

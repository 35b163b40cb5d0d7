"""Pages that a parser would cut or not finish."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.soak import examples

from etl.model.report import RawReport
from etl.read import read
from etl.read.html import read_html
from etl.read.tags import MAX_ATTRIBUTES, count_written, tokenize

FIRST = "县里召开会议，部署春耕生产工作，全县干部群众参加了会议。"
LAST = "会后又发了通知，要求各乡镇抓紧落实。"
MARKUP = st.text("甲乙<>/!p= \"'-[]b", max_size=40)


def text_of(body: str) -> str:
    """The text of a page with so much after its first paragraph."""
    page = f"<html><body><p>{FIRST}</p>{body}</body></html>"
    return read(RawReport("file:///a.html", "text/html", page.encode())).text


@pytest.mark.parametrize("depth", [300, 2_100, 20_000])
def test_a_page_of_any_depth_is_read_to_its_end(depth: int) -> None:
    """Elements that nest deeper than a parser goes lose none of their lines."""
    body = "".join(f"<div><p>第{number}行，部署工作。</p>" for number in range(depth)) + "</div>" * depth
    lines = text_of(body).split("\n\n")

    assert [line for line in lines if line.startswith("第")] == [
        f"第{number}行，部署工作。" for number in range(depth)
    ]


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_text_behind_a_picture_in_a_tag_is_read(quote: str) -> None:
    """An attribute of more bytes than a parser takes hides nothing that stands behind it."""
    picture = f"<img alt=图 src={quote}data:image/png;base64,{'A' * 11_000_000}{quote}>"

    assert text_of(f"{picture}<p>{LAST}</p>") == f"{FIRST}\n\n{LAST}"


def test_a_paragraph_longer_than_a_parser_takes() -> None:
    """A text of more than ten million bytes within one element is read whole."""
    long = "部署工作，" * 750_000

    assert text_of(f"<p>{long}</p><p>{LAST}</p>") == f"{FIRST}\n\n{long}\n\n{LAST}"


def test_a_parser_sees_few_attributes_of_a_tag() -> None:
    """However many attributes a tag has, a parser is given its first ones, and the text behind it is read."""
    tag = "<p " + " ".join(f"a{number}='x'" for number in range(100_000)) + ">"

    assert text_of(f"{tag}{LAST}</p>") == f"{FIRST}\n\n{LAST}"
    shown = [one.source for one in tokenize(tag) if one.kind == "tag"]
    assert shown[0].count("=") == MAX_ATTRIBUTES
    assert len(shown) == 1


def test_an_ordinary_page_is_given_to_a_parser_as_it_is() -> None:
    """Cutting a page and putting it together again changes nothing but its comments."""
    page = (
        '<!DOCTYPE html>\n<html lang=zh><head><title>甲 < 乙</title><script>if (a<b) "</p>";</script>\n'
        "<style>p>a{}</style></head>"
        "<body class='a' data-x='{\"h\":\"<p>丙</p>\"}'><p hidden>丁&amp;戊<br/></p>"
        "<!-- 己 --><td nowrap>庚 1 < 2</td></body></html>"
    )

    assert "".join(one.source for one in tokenize(page)) == re.sub("<!--.*?-->", "", page)


@pytest.mark.fuzz
@examples()
@given(MARKUP)
def test_no_text_is_lost_between_tags(markup: str) -> None:
    """What is in no tag, comment or declaration is read, whatever stands around it."""
    page = f"<p>{markup}</p>"
    outside = "".join(one.source for one in tokenize(page) if one.kind == "text")
    found = read_html(RawReport("file:///a.html", "text/html", f"{FIRST}{page}".encode())).text

    assert count_written(tokenize(page)) <= len(page)
    assert sorted(c for c in found if c in "甲乙") == sorted(c for c in outside if c in "甲乙")

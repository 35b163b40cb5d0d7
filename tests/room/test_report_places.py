"""Where on the pages of a report its addresses lead."""

import re
from dataclasses import replace

import pytest
from tests.room.conftest import Opened
from tests.room.test_alignment import align, made

from etl.model.traced import Change
from etl.room.pages.report_places import WaitingPlace, waiting_links

# The paragraph that a column broke off stands first in the file, its end last.
COLUMN, MOVED = "林场三代人", "1985年，邵永山退休"


def focus_of(html: str) -> tuple[str, str]:
    """What a page opens at: the column, and its first words there; both empty where it opens at its head."""
    bare = re.sub(r'<a class="para".*?</a>', "", html)
    found = re.search(r'<(p|div|span|a) class="[^>]* autofocus>(.*)', bare)
    if found is None:
        return "", ""
    return "text" if found[1] == "p" else "raw", re.sub(r"<[^>]+>", "", found[2])[:12]


@pytest.mark.mongo
@pytest.mark.xdist_group("room")
class TestFocus:
    """What the pages of a stored report open at."""

    def test_raw_text_that_was_moved(self, opened: Opened) -> None:
        """Whoever asks where a piece was moved from is led to its raw text, not back to the paragraph."""
        one = opened.id(COLUMN)
        page = opened.client.get(f"/report/{one}").text
        (link, *_) = re.findall(r'class="moved"><a href="([^"]+)"', page)

        column, words = focus_of(opened.client.get(link).text)

        assert (column, words[: len(MOVED)]) == ("raw", MOVED)

    def test_each_view_opens_at_the_same_place(self, opened: Opened) -> None:
        """Whoever changes the view at a paragraph or at a stretch of raw text stays there."""
        one = opened.id("晒场堆放")
        for place in ("/p/4", "/p/4?at=10-20", "/raw/200-220"):
            html = opened.client.get(f"/report/{one}{place}").text
            links = dict(re.findall(r'<a href="([^"]+side=(?:both|text|raw))" class="(\w+)"', html))
            assert sorted(links.values()) == ["both", "raw", "text"]
            for link, side in links.items():
                page = opened.client.get(link.replace("&amp;", "&"))
                column, words = focus_of(page.text)
                assert column == ("raw" if side == "raw" else "text"), place
                stretch = side == "raw" and place.startswith("/raw")
                assert words.startswith("贯通，总投资" if stretch else "2021年8月")

    def test_a_report_opens_at_its_head(self, opened: Opened) -> None:
        """An address without a place leads to none."""
        assert focus_of(opened.client.get(f"/report/{opened.id(COLUMN)}").text) == ("", "")


def test_what_waits_on_other_pages_is_found() -> None:
    """From each page of a long report links lead to the first suggestion, and to the next page with one."""
    raw = ("一二三四五六七八九。" * 24_000) + "\n"
    places = (100_000, 100_020, 239_000)
    offered = [Change("repair", "cut sentence", at, at, "", "", 0.5, applied=False) for at in places]
    made_one = Change("repair", "cut sentence", 5, 5, "", "", 0.9)
    report = replace(made(raw, [(0, 240_000)]), edits=(made_one, *offered))
    aligned = align(report, raw)
    middle, last = aligned.page_of_text(100_000), aligned.page_of_text(239_000)
    first = WaitingPlace(middle, f"/report/{report.id}?page={middle}#c1")
    final = WaitingPlace(last, f"/report/{report.id}?page={last}#c3")

    assert waiting_links(aligned, 1) == (first, first)
    assert waiting_links(aligned, middle) == (None, final)
    assert waiting_links(aligned, last) == (first, None)


def test_nothing_waits() -> None:
    """A report whose repairs are all made or decided has no such links."""
    change = Change("repair", "cut sentence", 5, 5, "", "", 0.9)
    report = replace(made("一二三四五六七八九。", [(0, 10)]), edits=(change, replace(change, decided=True)))

    assert waiting_links(align(report, "一二三四五六七八九。"), 1) == (None, None)

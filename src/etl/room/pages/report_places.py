"""Say where on the pages of a report a visitor is led: to the place asked for, and to what waits next.

A stretch of raw text may stand far from the paragraph that it became, and on another page.
"""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Literal, NamedTuple

from etl.room import addresses
from etl.room.aligned.aligned_report import AlignedReport
from etl.room.aligned.drawing import Requested
from etl.room.aligned.explanations import waiting_pages

FocusedColumn = Literal["text", "raw"]
SIDES = ("both", "text", "raw")


class Focus(NamedTuple):
    """The row of the report, counted from 0, that a page opens at, and its column; -1 is none."""

    row: int = -1
    column: FocusedColumn = "text"


class WaitingPlace(NamedTuple):
    """A suggestion that waits, the first of its page: the number of the page, and the address."""

    page: int
    url: str


def raw_row(aligned: AlignedReport, asked: Requested) -> int:
    """Return the row with the raw text that is asked for, or that the paragraph asked for begins with."""
    place = asked.raw
    if place == (0, 0) and asked.paragraph is not None:
        place = aligned.raw_of_paragraph(asked.paragraph)
    return aligned.layout.row_of_raw(place[0])


def focus_of(aligned: AlignedReport, asked: Requested, side: str) -> Focus:
    """Return what a page opens at: a paragraph; raw text where that alone is shown or stands elsewhere."""
    if asked.paragraph is None and asked.raw == (0, 0):
        return Focus()
    raw = raw_row(aligned, asked)
    if side == "raw" or asked.paragraph is None:
        return Focus(raw, "raw")
    text = aligned.layout.row_of_paragraph(asked.paragraph)
    return Focus(raw, "raw") if asked.raw != (0, 0) and raw != text else Focus(text)


def side_links(aligned: AlignedReport, asked: Requested) -> list[tuple[str, str]]:
    """Return the names of the views of a report, each with its address, which leads to the same place."""
    report = aligned.report.id
    if asked.raw != (0, 0):
        here = f"{addresses.raw_url(report, *asked.raw)}?"
    elif asked.paragraph is not None:
        place = aligned.raw_of_paragraph(asked.paragraph)
        here = f"{addresses.paragraph_url(report, asked.paragraph + 1, place)}&"
    else:
        page = addresses.report_url(report, asked.page)
        here = f"{page}&" if asked.page > 1 else f"{page}?"
    if asked.text != (0, 0):
        here += f"at={asked.text[0]}-{asked.text[1]}&"
    return [(side, f"{here}side={side}") for side in SIDES]


def waiting_links(aligned: AlignedReport, page: int) -> tuple[WaitingPlace | None, WaitingPlace | None]:
    """Return the first suggestion that waits, where another page has it, and that of the next such page."""
    pages = waiting_pages(aligned)
    numbers = sorted(pages)
    behind = numbers[bisect_right(numbers, page) :]
    return (
        _waiting(aligned, numbers[0], pages) if numbers and numbers[0] != page else None,
        _waiting(aligned, behind[0], pages) if behind else None,
    )


def _waiting(aligned: AlignedReport, page: int, pages: Mapping[int, int]) -> WaitingPlace:
    return WaitingPlace(page, f"{addresses.report_url(aligned.report.id, page)}#c{pages[page]}")

"""Show the page of a report: the restored text, the raw text beside it, and the reasons of each change."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import NamedTuple, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from etl.model.errors import EtlError, SetupError
from etl.model.mentions import EntityType
from etl.room import addresses
from etl.room.aligned.aligned_report import AlignedReport
from etl.room.aligned.alignment import AlignedRow
from etl.room.aligned.annotations import describe_annotations
from etl.room.aligned.drawing import Requested, RowRenderer
from etl.room.aligned.explanations import Links
from etl.room.context import Room, read_number, render, room_of, words_of
from etl.room.pages.report_places import SIDES, focus_of, side_links, waiting_links
from etl.room.wording import phrase_facts
from etl.room.words import Interface
from etl.sentences import sentence, templates
from etl.store.records.annotations import DecisionRecord
from etl.store.records.codec import Doc

SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")
DONE = ("accepted", "rejected", "loaded", "corrected", "undone")
# Characters of a report that are quoted beside a fact.
MAX_QUOTE_LENGTH = 120
# Reprints that are named.
MAX_REPRINTS = 20
KINDS = get_args(EntityType)


class StatedFact(NamedTuple):
    """A fact: its kind, a sentence for a person, the words of the report, and where they stand."""

    kind: str
    sentence: str
    words: str
    link: str


def show_report(request: Request) -> Response:
    """Show the page of a report that the query names."""
    aligned = _aligned(request)
    page = read_number(request.query_params.get("page", "")) or 1
    return _page(request, aligned, Requested(min(page, len(aligned.pages)), text=_span(request, "at")))


def show_paragraph(request: Request) -> Response:
    """Show a paragraph by its number, or the one with most of the raw stretch in the address."""
    aligned, number, place = _aligned(request), request.path_params["number"] - 1, _span(request, "raw")
    there = 0 <= number < len(aligned.report.paragraphs)
    if not there and place == (0, 0):
        place = _former_raw_span(room_of(request), aligned, number)
    if place != (0, 0):
        span = aligned.raw_of_paragraph(number) if there else (0, 0)
        if not (span[0] < place[1] and place[0] < span[1]):
            found = aligned.paragraph_of_raw(*place)
            number, there = (number, there) if found is None else (found, True)
    if not there:
        raise HTTPException(404, "paragraph")
    asked = Requested(paragraph=number, text=_span(request, "at"))
    page = aligned.page_of_row(focus_of(aligned, asked, _side(request)).row)
    return _page(request, aligned, replace(asked, page=page))


def show_raw(request: Request) -> Response:
    """Show a stretch of the raw text, and the paragraph that has it."""
    aligned, start, end = _aligned(request), request.path_params["start"], request.path_params["end"]
    if not (0 <= start <= end and start <= len(aligned.raw)):
        raise HTTPException(404, "raw")
    span = (start, min(end, len(aligned.raw)))
    return _page(
        request, aligned, Requested(aligned.page_of_raw(start), aligned.paragraph_of_raw(*span), raw=span)
    )


def _aligned(request: Request) -> AlignedReport:
    """Open the report of an address.

    Raises:
        HTTPException: there is none.
    """
    try:
        return room_of(request).reports.open(request.path_params["id"])
    except SetupError as error:
        raise HTTPException(404, "report") from error


def _span(request: Request, name: str) -> tuple[int, int]:
    found = SPAN.fullmatch(request.query_params.get(name, ""))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _side(request: Request) -> str:
    side = request.query_params.get("side", "")
    return side if side in SIDES else "both"


def _former_raw_span(room: Room, aligned: AlignedReport, number: int) -> tuple[int, int]:
    """Return the raw offsets of a paragraph in the newest version that had one of this number."""
    for version in reversed(room.store.history(aligned.report.id)):
        if 0 <= number < len(version.report.paragraphs):
            former = version.report.paragraphs[number]
            return version.report.raw_span(former.start, former.end)
    return (0, 0)


def _page(request: Request, aligned: AlignedReport, asked: Requested) -> Response:
    room, words = room_of(request), words_of(request)
    first, last = aligned.pages[asked.page - 1]
    rows = aligned.layout.rows[first:last]
    links = Links(aligned, asked.page)
    renderer = RowRenderer(links, asked, words, _records(room, aligned))
    pictures = _printed(aligned, rows)
    reprints = room.store.reprints(aligned.report.id)
    side = _side(request)
    focus = focus_of(aligned, asked, side)
    return render(
        request,
        "report.html.j2",
        report=aligned.report,
        aligned=aligned,
        page=asked.page,
        pages=len(aligned.pages),
        rows=[renderer.render(row) for row in rows],
        facts=list(_facts(aligned, rows, links, words)),
        remarks=list(describe_annotations(aligned.report, room.store.notes(aligned.report.id), words)),
        printed=sorted(chain.from_iterable(pictures)),
        pictures=pictures,
        source=addresses.source_name(aligned.report.source.uri),
        side=side,
        sides=side_links(aligned, asked),
        focus=(focus.row - first, focus.column),
        waiting=waiting_links(aligned, asked.page),
        kinds=KINDS,
        asked=asked,
        done=done if (done := request.query_params.get("done", "")) in DONE else "",
        original=_named(room, filter(None, [aligned.report.reprint_of])),
        reprints=_named(room, reprints[:MAX_REPRINTS]),
        more_reprints=max(0, len(reprints) - MAX_REPRINTS),
    )


def _named(room: Room, ids: Iterable[str]) -> list[Doc]:
    """Return title, day and source of reports that are linked to."""
    return sorted(room.store.documents(ids, ("title", "published_on", "source.uri")), key=itemgetter("_id"))


def _records(room: Room, aligned: AlignedReport) -> Mapping[int, DecisionRecord]:
    """Return the records of decisions by the number of the repair."""
    if not any(change.decided for change in aligned.report.edits):
        return {}
    try:
        found = room.store.review(aligned.report.id)
    except EtlError:  # its bytes are read differently now, and nothing can be decided
        return {}
    return {item.number: item.record for item in found.items if item.record}


def _printed(aligned: AlignedReport, rows: Sequence[AlignedRow]) -> list[list[int]]:
    """Return for each row the pages of the file of which none before it has a line."""
    seen, out = set[int](), list[list[int]]()
    for row in rows:
        pages = aligned.printed.pages(row.raw_start, row.raw_end)
        out.append([page for page in pages if page not in seen])
        seen.update(pages)
    return out


def _facts(
    aligned: AlignedReport, rows: Sequence[AlignedRow], links: Links, words: Interface
) -> Iterator[StatedFact]:
    """Yield the facts that are stated on a page."""
    slices = [row.slice for row in rows if row.slice]
    told, phrasing, report = templates(), phrase_facts(words), aligned.report
    for fact in report.facts if slices else ():
        start, end = min(fact.spans, default=(0, 0))[0], max((last for _, last in fact.spans), default=0)
        if slices[0].start <= start < slices[-1].end:
            number = bisect_right(report.paragraphs, start, key=lambda one: one.start) - 1
            said = sentence(fact, told.get(fact.type, ()), phrasing)
            yield StatedFact(
                fact.type,
                said,
                report.text[start : min(end, start + MAX_QUOTE_LENGTH)],
                links.paragraph(number),
            )

"""Both texts in rows: whole, in their orders, beside each other; long ones in pages."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.made import make_report

from etl.export.placed_changes import place_changes
from etl.model.report import Report, ReportParagraph
from etl.model.traced import Change, TextRun, Traced, concat
from etl.room.aligned.aligned_report import PAGE_COST, AlignedReport
from etl.room.aligned.alignment import MAX_ROW_RAW, MAX_ROW_TEXT, AlignedRow, align_rows
from etl.room.aligned.marks import cut_by_marks, mark_changes, marks_within


def made(raw: str, order: list[tuple[int, int]]) -> Report:
    """A report whose paragraphs are stretches of the raw text, in some order."""
    body = concat(
        piece
        for number, (start, end) in enumerate(order)
        for piece in ([Traced.inserted("\n", start)] if number else [])
        + [Traced.raw(raw, 0).slice(start, end)]
    )
    paragraphs, at = [], 0
    for start, end in order:
        paragraphs.append(ReportParagraph("body", raw[start:end], at, at + end - start))
        at += end - start + 1
    report = make_report("file:///r.txt", body.text, (), None, title="", terms=())
    return replace(report, paragraphs=tuple(paragraphs), runs=body.runs, edits=())


def align(report: Report, raw: str) -> AlignedReport:
    """The report laid out."""
    return AlignedReport(report, 1, raw, True, align_rows(report, len(raw)), mark_changes(report, len(raw)))  # noqa: FBT003


@given(st.permutations(range(6)), st.sets(st.integers(0, 5), max_size=3))
def test_both_texts_are_whole(order: list[int], gone: set[int]) -> None:
    """Whatever was moved or taken out, both texts stand in the rows in full and in their own order."""
    raw = "".join(f"第{k}段的文字。\n" for k in range(6))
    spans = [(k * 8, k * 8 + 7) for k in order if k not in gone]
    report = made(raw, spans)
    layout = align_rows(report, len(raw))

    assert "".join(raw[row.raw_start : row.raw_end] for row in layout.rows) == raw
    shown = [report.text[row.slice.start : row.slice.end] for row in layout.rows if row.slice]
    assert shown == [paragraph.text for paragraph in report.paragraphs]
    for stretch in layout.stretches:
        beside = layout.rows[layout.row_of_slice[stretch.slice]]
        assert stretch.moved or beside.raw_start <= stretch.start < stretch.end <= beside.raw_end


def test_what_was_moved_is_said() -> None:
    """Of two orders the shorter stretch is the one that was moved."""
    raw = "短。\n这一段很长很长很长。\n也很长很长很长的一段。"
    report = made(raw, [(3, 13), (14, 25), (0, 2)])
    stretches = align_rows(report, len(raw)).stretches

    assert [stretch.moved for stretch in stretches] == [True, False, False]


@pytest.mark.parametrize("raw", ["", "无段落的原文"])
def test_nothing_restored(raw: str) -> None:
    """A report without paragraphs, or without bytes, has its rows, too."""
    report = replace(made("空", [(0, 1)]), paragraphs=(), text="", runs=())

    assert align_rows(report, len(raw)).rows == (AlignedRow(None, 0, len(raw)),)


def test_long_texts_come_in_pages() -> None:
    """A paragraph of any length is cut behind sentences; no page holds more than it may."""
    raw = ("一二三四五六七八九。" * 24_000) + "\n" + "页眉" * 5_000
    report = made(raw, [(0, 240_000)])
    aligned = align(report, raw)

    assert all(
        row.slice is None or row.slice.end - row.slice.start <= MAX_ROW_TEXT for row in aligned.layout.rows
    )
    assert all(row.raw_end - row.raw_start <= MAX_ROW_RAW for row in aligned.layout.rows)
    cut = [row.slice for row in aligned.layout.rows if row.slice]
    assert all(report.text[one.end - 1] == "。" for one in cut)
    sizes = [sum(aligned._cost(row) for row in aligned.layout.rows[a:b]) for a, b in aligned.pages]
    assert max(sizes) <= PAGE_COST
    assert aligned.pages[-1][1] == len(aligned.layout.rows)
    for place in (0, 100_000, 239_999):
        first, last = aligned.pages[aligned.page_of_text(place) - 1]
        assert first <= aligned.layout.row_of_text(place) < last
        assert first <= aligned.layout.row_of_raw(place) < last


def test_a_row_full_of_changes_is_read() -> None:
    """Where nearly every character was changed only repairs are marked, so that a page stays small."""
    raw = "ａ" * 2_000
    report = made(raw, [(0, 2_000)])
    small = tuple(Change("normalize", "width", k, k + 1, "ａ", "a", 1.0) for k in range(2_000))
    cut = Change("repair", "cut sentence", 900, 900, "", "", 0.9)
    aligned = align(replace(report, edits=(*small, cut)), raw)
    (row,) = aligned.layout.rows

    assert [mark.change for mark in aligned.raw_marks(row)] == [2_000]
    assert len(marks_within(aligned.marks.raw[:500], 0, 2_000)) == 500


def test_pieces_cover_a_stretch() -> None:
    """A stretch is cut where marks begin and end, and holds places between characters once."""
    report = replace(
        made("一二三四五六", [(0, 6)]),
        edits=(
            Change("normalize", "punctuation", 1, 3, "二三", "二三", 1.0),
            Change("repair", "cut sentence", 4, 4, "", "", 0.9),
        ),
        runs=(TextRun(0, 6, 0, 6),),
    )
    found = list(cut_by_marks((0, 6), mark_changes(report, 6).text, (), (2, 5)))

    assert [(one.start, one.end) for one in found] == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 4), (4, 5), (5, 6)]
    assert [one.here for one in found] == [False, False, True, True, False, True, False]
    assert [one.mark.change if one.mark else None for one in found] == [None, 0, 0, None, 1, None, None]


def test_the_page_and_tei_mark_one_place() -> None:
    """A change within what another one replaced as a whole shows after all of it, here as there."""
    edits = (
        Change("normalize", "control", 2, 3, "\x01", "", 1.0),
        Change("normalize", "ellipsis", 1, 5, "。。。", "……", 1.0),
    )
    runs = (TextRun(0, 1, 0, 1), TextRun(1, 3, 1, 5), TextRun(3, 4, 5, 6))
    report = make_report(text="甲……乙", people=(), edits=edits, runs=runs)

    assert mark_changes(report, 6).place[0] == 3
    assert [one.start for one in place_changes(report).placed if not one.change.after] == [3]

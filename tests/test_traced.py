"""Text that remembers: whatever is done to it, each character still knows where it stood."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import LIMIT, exponent

from etl.model.traced import Edit, RawToText, TextRun, Traced, apply, concat

RAW = st.text("中文ab，. ", min_size=1, max_size=24)


@st.composite
def edits_for(draw: st.DrawFn, text: str) -> list[Edit]:
    """Edits that do not overlap, of every kind: replace, delete, insert, swap in place."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [Edit(a, b, draw(st.text("xy。", max_size=4)), "rule") for a, b in pairs]


@st.composite
def worked(draw: st.DrawFn) -> tuple[str, Traced]:
    """A raw text, and what became of it after edits, moves and edits again."""
    raw = draw(RAW)
    traced = Traced.raw(raw)
    for _ in range(draw(st.integers(0, 3))):
        traced, _ = apply(traced, draw(edits_for(traced.text)), "normalize")
        at = draw(st.integers(0, len(traced)))
        traced = concat((traced.slice(at, len(traced)), traced.slice(0, at)))
    return raw, traced


def plain(text: str, edits: list[Edit]) -> str:
    """What the edits make of a plain string."""
    for edit in sorted(edits, key=lambda e: (e.start, e.end))[::-1]:
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


def where(traced: Traced) -> list[tuple[int, int]]:
    """The raw span of each single character."""
    return [traced.raw_span(i, i + 1) for i in range(len(traced))]


@given(worked())
def test_runs_cover_the_text(case: tuple[str, Traced]) -> None:
    """Runs cover the text without gaps, in order, and lie within the raw text."""
    raw, traced = case
    position = 0
    for run in traced.runs:
        assert run.start == position < run.end
        assert 0 <= run.raw_start <= run.raw_end <= len(raw)
        position = run.end

    assert position == len(traced)


@given(worked(), st.data())
def test_apply_does_to_text_what_the_edits_say(case: tuple[str, Traced], data: st.DataObject) -> None:
    """The new text is the old one with each edit carried out, in whatever order they were given."""
    _, traced = case
    edits = data.draw(edits_for(traced.text))
    shuffled = data.draw(st.permutations(edits))
    done, _ = apply(traced, edits, "normalize")

    assert done.text == plain(traced.text, edits)
    # insertions at one place keep the order in which they were given, so only distinct places may be shuffled
    if len({(e.start, e.end) for e in edits}) == len(edits):
        assert apply(traced, shuffled, "normalize")[0] == done


@given(worked(), st.data())
def test_untouched_characters_keep_their_place(case: tuple[str, Traced], data: st.DataObject) -> None:
    """A character that no edit touches points to the same raw place as before."""
    _, traced = case
    edits = data.draw(edits_for(traced.text))
    done, _ = apply(traced, edits, "normalize")
    before, after = where(traced), where(done)
    shift, position = 0, 0
    for edit in [*sorted(edits, key=lambda e: (e.start, e.end)), Edit(len(traced), len(traced), "", "end")]:
        for i in range(position, edit.start):
            assert after[i + shift] == before[i]
        shift += len(edit.replacement) - (edit.end - edit.start)
        position = edit.end


@given(worked(), st.data())
def test_an_edit_points_to_all_it_replaced(case: tuple[str, Traced], data: st.DataObject) -> None:
    """The new text of an edit, as a whole, points to the raw span of what stood there before."""
    _, traced = case
    start = data.draw(st.integers(0, len(traced)))
    end = data.draw(st.integers(start, len(traced)))
    new = data.draw(st.text("xy。", min_size=1, max_size=4))
    done, changes = apply(traced, [Edit(start, end, new, "rule", 0.5)], "convert")

    assert done.raw_span(start, start + len(new)) == traced.raw_span(start, end)
    for change in changes:
        assert (change.start, change.end) == traced.raw_span(start, end)
        assert (change.before, change.after, change.stage) == (traced.text[start:end], new, "convert")


@given(worked(), st.data())
def test_slices_remember(case: tuple[str, Traced], data: st.DataObject) -> None:
    """Each character of a slice points to where it pointed in the whole."""
    _, traced = case
    start = data.draw(st.integers(0, len(traced)))
    end = data.draw(st.integers(start, len(traced)))
    part = traced.slice(start, end)

    assert part.text == traced.text[start:end]
    assert where(part) == where(traced)[start:end]


@given(worked(), st.data())
def test_cutting_and_joining_gives_the_text_back(case: tuple[str, Traced], data: st.DataObject) -> None:
    """Pieces cut anywhere and joined again have the same text and point to the same places."""
    _, traced = case
    cuts = sorted(data.draw(st.lists(st.integers(0, len(traced)), max_size=5)))
    edges = [0, *cuts, len(traced)]
    again = concat(traced.slice(a, b) for a, b in pairwise(edges))

    assert again.text == traced.text
    assert where(again) == where(traced)


@given(worked(), st.data())
def test_spans_hold_every_character(case: tuple[str, Traced], data: st.DataObject) -> None:
    """The raw span of a stretch holds that of each of its characters, and no wider one would do."""
    _, traced = case
    start = data.draw(st.integers(0, len(traced)))
    end = data.draw(st.integers(start, len(traced)))
    inside = where(traced)[start:end]
    if inside:
        expected = (min(a for a, _ in inside), max(b for _, b in inside))

        assert traced.raw_span(start, end) == expected
        spans = traced.raw_spans(start, end)
        assert (min(a for a, _ in spans), max(b for _, b in spans)) == expected


@given(RAW, st.data())
def test_verbatim_text_is_the_raw_text(raw: str, data: st.DataObject) -> None:
    """Moved but unedited characters are the raw characters that they point to."""
    at = data.draw(st.integers(0, len(raw)))
    whole = Traced.raw(raw)
    moved = concat((whole.slice(at, len(raw)), whole.slice(0, at)))

    for character, (a, b) in zip(moved.text, where(moved), strict=True):
        assert raw[a:b] == character


def test_raw_starts_where_it_is_told() -> None:
    """Raw text taken from within a larger one points to its place there."""
    assert where(Traced.raw("春耕", at=7)) == [(7, 8), (8, 9)]


def test_joined_neighbours_become_one_run() -> None:
    """Cutting raw text and joining it again leaves one run, so provenance stays small."""
    raw = Traced.raw("春耕正忙")

    assert concat((raw.slice(0, 2), raw.slice(2, 4))).runs == (TextRun(0, 4, 0, 4),)


def test_part_of_a_replacement_points_to_all_it_replaced() -> None:
    """Two marks cut from six that replaced two raw characters still point to both raw characters."""
    done, _ = apply(Traced.raw("好.."), [Edit(1, 3, "……！！", "marks")], "normalize")
    part = done.slice(1, 3)

    assert where(part) == [(1, 3), (1, 3)]


def test_an_insertion_after_a_replacement_stands_after_it() -> None:
    """Text added at the end of a replaced stretch points behind the raw stretch, not before it."""
    done, _ = apply(Traced.raw("好..."), [Edit(1, 4, "……", "marks")], "normalize")
    done, changes = apply(done, [Edit(3, 3, "。", "stop")], "normalize")

    assert done.raw_span(3, 4) == (4, 4)
    assert (changes[0].start, changes[0].end) == (4, 4)


def test_a_swap_in_place_does_not_depend_on_its_neighbours() -> None:
    """An equally long replacement corresponds character by character, whatever else is edited with it."""
    raw = Traced.raw("ab,c")
    moved = concat((raw.slice(2, 4), raw.slice(0, 2)))
    swap, longer = Edit(0, 3, "，CA", "swap"), Edit(3, 4, "bb", "longer")
    alone, _ = apply(moved, [swap], "normalize")
    together, _ = apply(moved, [swap, longer], "normalize")

    assert where(together)[:3] == where(alone)[:3] == [(2, 3), (3, 4), (0, 1)]


def test_edits_that_change_nothing_leave_no_line_in_the_ledger() -> None:
    """An edit whose replacement is what stands there is no change."""
    traced = Traced.raw("春耕")

    assert apply(traced, [Edit(0, 1, "春", "same")], "normalize") == (traced, ())


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 2, "x", "a"), Edit(1, 3, "y", "b")],
        [Edit(2, 9, "x", "a")],
        [Edit(-1, 1, "x", "a")],
        [Edit(3, 1, "x", "a")],
        [Edit(3, 1, "", "a")],
        [Edit(5, 9, "", "a")],
    ],
)
def test_wrong_edits_are_refused(edits: list[Edit]) -> None:
    """Edits that overlap, run backward or lie outside the text are a rule's fault and raise."""
    with pytest.raises(ValueError, match="edit"):
        apply(Traced.raw("春耕正忙"), edits, "normalize")


def test_an_empty_text_has_no_runs() -> None:
    """Nothing comes from nowhere: empty pieces add no runs."""
    assert concat((Traced.raw(""), Traced.inserted("", 3))) == Traced("", ())
    assert Traced.raw("").raw_span(0, 0) == (0, 0)


def test_pieces_cost_their_own_length() -> None:
    """To cut a text of many runs into its pieces takes time that grows as the text does."""

    def cut(count: int) -> list[Traced]:
        whole = concat(Traced.raw("文", 2 * k) for k in range(count))
        return [whole.slice(k, k + 1) for k in range(count)]

    assert exponent(cut, 5_000, 40_000, 8) < LIMIT


@given(worked())
def test_a_raw_offset_leads_to_its_character_and_back(case: tuple[str, Traced]) -> None:
    """What `at` and `end` say of a raw offset, `raw_span` says of the character there."""
    raw, traced = case
    mapping = RawToText(traced.runs)
    for offset in range(len(raw) + 1):
        begun, ended = mapping.at(offset), mapping.end(offset)
        assert begun is None or traced.raw_span(begun, begun + 1)[0] == offset
        assert ended is None or traced.raw_span(ended - 1, ended)[1] == offset


@given(worked())
def test_each_verbatim_character_is_found(case: tuple[str, Traced]) -> None:
    """A character that stands for one of the raw text alone is found from there."""
    _, traced = case
    mapping = RawToText(traced.runs)
    for run in traced.runs:
        found = [mapping.at(k) for k in range(run.raw_start, run.raw_end)]
        shared = any(overlaps(run, other) for other in traced.runs)
        assert shared or not run.is_verbatim or found == [*range(run.start, run.end)]


def overlaps(one: TextRun, other: TextRun) -> bool:
    """Whether two runs come from the same raw characters."""
    return one != other and one.raw_start < other.raw_end and other.raw_start < one.raw_end


@given(worked(), st.data())
def test_a_span_holds_what_came_of_a_raw_stretch(case: tuple[str, Traced], data: st.DataObject) -> None:
    """The span of a raw stretch holds only what came of it, and is there where anything did."""
    raw, traced = case
    start, end = sorted((data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, len(raw)))))
    found = RawToText(traced.runs).span(start, end)
    touched = (
        []
        if start == end
        else [k for k, (a, b) in enumerate(where(traced)) if a < b and a < end and start < b]
    )

    assert (found is None) == (touched == [])
    if found:
        assert set(range(*found)) <= set(touched)


@given(worked(), st.data())
def test_after_and_following(case: tuple[str, Traced], data: st.DataObject) -> None:
    """After a raw offset is after the last character before it; what follows there begins at `following`."""
    raw, traced = case
    offset = data.draw(st.integers(0, len(raw)))
    mapping = RawToText(traced.runs)
    here, next_raw = mapping.after(offset), mapping.following(offset)

    assert 0 <= here <= len(traced)
    assert here == 0 or where(traced)[here - 1][0] < offset
    rest = [span for span in where(traced)[here:] if span[0] < span[1]]
    assert next_raw == (rest[0][0] if rest else offset)


# The text AB⋯C…… of abcdefg: c was taken out, d became ⋯⋯ and then one ⋯, and fg, as a whole, became ……
WHOLE = (
    TextRun(0, 2, 0, 2),
    TextRun(2, 3, 3, 5),
    TextRun(3, 4, 5, 6),
    TextRun(4, 5, 6, 8),
    TextRun(5, 6, 6, 8),
)


@pytest.mark.parametrize(
    ("offset", "at", "end", "after"),
    [
        (0, 0, None, 0),
        (1, 1, 1, 1),
        (2, None, 2, 2),  # taken out; what precedes it is there
        (3, 2, None, 2),
        (4, None, None, 3),  # within what stands for others only as a whole: after all of it
        (5, 3, 3, 3),
        (6, 4, 4, 4),  # of two runs that both stand for a whole, the first begins it
        (7, None, None, 6),
        (8, None, 6, 6),  # and the second ends it
    ],
)
def test_places_of_raw_offsets(offset: int, at: int | None, end: int | None, after: int) -> None:
    """A character that was left out has no place; what stands for others as a whole has its two ends."""
    mapping = RawToText(WHOLE)

    assert (mapping.at(offset), mapping.end(offset), mapping.after(offset)) == (at, end, after)


def test_a_whole_is_marked_from_its_beginning() -> None:
    """The span of a part of a whole is all of it, also where it comes as two runs."""
    assert RawToText(WHOLE).span(6, 8) == (4, 6)
    assert RawToText(WHOLE).span(7, 8) == (4, 6)
    assert RawToText(WHOLE).span(0, 4) == (0, 3)


def test_a_moved_stretch_ends_a_span() -> None:
    """What is not one stretch of the text is given as far as it is one."""
    moved = RawToText((TextRun(0, 3, 4, 7), TextRun(3, 5, 0, 2), TextRun(5, 6, 2, 2)))

    assert moved.span(0, 7) == (3, 5)
    assert moved.following(2) == 2, "the text ends here"
    assert moved.following(7) == 0

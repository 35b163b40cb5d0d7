"""Where a decision is at home: found again when the raw text around it changes, lost when it is gone."""

from tests.repair.decided import COLUMN, PAGES, decide, ends, restore, the

from etl.model.decisions import Decision, Placed, decision_id, map_through, place
from etl.model.traced import Traced, concat

OUT, GATE = ends(COLUMN, "谁也不敢出"), COLUMN.index("门。二〇一五年")


def moved() -> Decision:
    """The decision about the move of the column."""
    done = restore(COLUMN)
    return decide(COLUMN, done, the(done, "moved column", GATE), accepted=True)


def placed(raw: str) -> Placed:
    """Its place in a raw text that has one."""
    (found,), lost = place(raw, [moved()])
    assert lost == ()
    return found


def test_same_text() -> None:
    """In the text in which it was made a decision is where it was."""
    found = placed(COLUMN)

    assert (found.left, found.right, found.end) == (OUT, GATE, ends(COLUMN, "扛着锄头上了山。"))


def test_other_bytes() -> None:
    """Text that comes before, other line ends and other spaces move a decision along."""
    for raw in ("本刊讯\n\n" + COLUMN, COLUMN.replace("\n\n", "\n　　"), COLUMN.replace("。", "。 ")):
        found = placed(raw)
        assert found.left is not None
        assert raw[: found.left].endswith("谁也不敢出")
        assert raw[found.right :].startswith("门。")


def test_one_side_is_enough() -> None:
    """A page number that now stands at the seam does not hide it."""
    raw = COLUMN.replace("谁也不敢出\n", "谁也不敢出\n\n- 12 -\n")
    found = placed(raw)

    assert found.left == ends(raw, "谁也不敢出")


def test_lost() -> None:
    """A decision whose words are gone has no place, and is said to have none."""
    found, lost = place(COLUMN.replace("谁也不敢出", "路上没有人"), [moved()])

    assert (found, lost) == ((), (moved(),))


def test_nearest_of_equals() -> None:
    """Of several equal places the one nearest to where it was is meant."""
    done = restore(PAGES)
    said = decide(PAGES, done, the(done, "furniture", PAGES.index("- 7 -")), accepted=False)
    raw = PAGES + "\n" + PAGES
    (found,), _ = place(raw, [said])

    assert found.right == PAGES.index("- 7 -")


def test_carried_into_what_was_made_of_it() -> None:
    """A place is followed into a text that was put together of the raw one, and lost with its characters."""
    found = placed(COLUMN)
    swapped = concat([Traced.raw(COLUMN[GATE:], GATE), Traced.raw(COLUMN[:GATE])])
    (there,) = map_through([found], swapped)

    assert there.right == 0
    assert there.left == len(COLUMN) - GATE + OUT
    assert map_through([found], Traced.raw(COLUMN[GATE:], GATE)) == ()


def test_name_is_of_the_place() -> None:
    """The id of a decision is that of its place, whatever was decided, and differs from place to place."""
    done = restore(COLUMN)
    change = the(done, "moved column", GATE)
    yes, no = (decide(COLUMN, done, change, accepted=accepted) for accepted in (True, False))
    others = {decision_id(decide(COLUMN, done, other, accepted=True)) for other in done.changes}

    assert decision_id(yes) == decision_id(no)
    assert len(others) == len(done.changes)

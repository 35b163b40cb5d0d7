"""What people decided is done or left, whatever the models say, and the ledger says who wanted it so."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.repair.decided import COLUMN, NOTED, PAGES, UNSURE, USUAL, decide, ends, restore, texts, the

from etl.model.decisions import REPAIR_KINDS, Decision
from etl.model.report import Repaired

OUT, GATE = ends(COLUMN, "谁也不敢出"), COLUMN.index("门。二〇一五年")
WORK = ends(COLUMN, "以后又回到工")
EATEN = ends(PAGES, "蹲在渠埂上吃")
THRESHOLDS = (0.0, USUAL, 0.99, UNSURE)


def traced(text: str, done: Repaired) -> None:
    """Every character of every paragraph stands at its place in the raw text."""
    for paragraph in done.paragraphs:
        for at, char in enumerate(paragraph.text):
            start, end = paragraph.raw_span(at, at + 1)
            assert text[start:end] in (char, "")


def decided(done: Repaired) -> list[tuple[str, int, bool, float]]:
    """What the ledger says that people decided."""
    return [(c.rule, c.start, c.applied, c.confidence) for c in done.changes if c.decided]


def test_accepted_join_is_made() -> None:
    """A suggested join that was accepted is made at every threshold, and is a person's."""
    unsure = restore(COLUMN, threshold=UNSURE)
    said = decide(COLUMN, unsure, the(unsure, "cut sentence", WORK), accepted=True)

    assert not any("回到工地，" in text for text in texts(unsure))
    for threshold in THRESHOLDS:
        done = restore(COLUMN, said, threshold=threshold)
        assert any("包扎以后又回到工地，他说" in text for text in texts(done))
        assert decided(done) == [("cut sentence", WORK, True, 1.0)]
        traced(COLUMN, done)


def test_rejected_join_is_undone() -> None:
    """A join that was rejected is not made at any threshold, nor suggested again."""
    done = restore(PAGES)
    said = decide(PAGES, done, the(done, "cut sentence", EATEN), accepted=False)

    assert any("渠埂上吃饭。" in text for text in texts(done))
    for threshold in THRESHOLDS:
        again = restore(PAGES, said, threshold=threshold)
        assert not any("渠埂上吃饭。" in text for text in texts(again))
        assert decided(again) == [("cut sentence", EATEN, False, 1.0)]
        assert [c for c in again.changes if c.open and c.start == EATEN] == []
        traced(PAGES, again)


def test_accepted_move_is_made() -> None:
    """A suggested move that was accepted brings the column to where its sentence goes on."""
    unsure = restore(COLUMN, threshold=UNSURE)
    said = decide(COLUMN, unsure, the(unsure, "moved column", GATE), accepted=True)

    assert texts(unsure)[-1].startswith("门。")
    for threshold in THRESHOLDS:
        done = restore(COLUMN, said, threshold=threshold)
        assert texts(done)[1].startswith("清河村")
        assert "谁也不敢出门。二〇一五年春天" in texts(done)[1]
        assert ("moved column", GATE, True, 1.0) in decided(done)
        assert [c for c in done.changes if c.open and c.start == OUT] == []
        traced(COLUMN, done)


def test_rejected_move_stays() -> None:
    """A column whose move was rejected stands where it stood, and stays there at every threshold."""
    done = restore(COLUMN)
    said = decide(COLUMN, done, the(done, "moved column", GATE), accepted=False)

    assert "出门。二〇一五年" in texts(done)[1]
    for threshold in THRESHOLDS:
        again = restore(COLUMN, said, threshold=threshold)
        assert texts(again)[-1] == COLUMN[GATE:].strip()
        assert decided(again) == [("moved column", GATE, False, 1.0)]
        traced(COLUMN, again)


def test_kept_line() -> None:
    """A line whose removal was rejected is part of the text again."""
    done = restore(PAGES)
    number = PAGES.index("- 6 -")
    said = decide(PAGES, done, the(done, "furniture", number), accepted=False)
    again = restore(PAGES, said)

    assert not any("- 6 -" in text for text in texts(done))
    assert any("- 6 -" in text for text in texts(again))
    assert not any("- 7 -" in text for text in texts(again))
    assert ("furniture", number, False, 1.0) in decided(again)
    traced(PAGES, again)


def test_confirmed_removal() -> None:
    """A removal that was accepted is made, and is a person's."""
    done = restore(PAGES)
    number = PAGES.index("- 7 -")
    said = decide(PAGES, done, the(done, "furniture", number), accepted=True)

    assert decided(restore(PAGES, said)) == [("furniture", number, True, 1.0)]


def test_accepted_join_over_a_note() -> None:
    """Halves that a footnote keeps apart are joined when that was accepted; the note stands behind them."""
    unsure = restore(NOTED, threshold=UNSURE)
    said = decide(NOTED, unsure, the(unsure, "cut sentence", ends(NOTED, "蹲在渠埂上吃")), accepted=True)
    done = restore(NOTED, said, threshold=UNSURE)

    assert "渠埂上吃饭。" in texts(done)[1]
    assert texts(done)[2].startswith("[1]")
    assert [change for change in done.changes if change.open] == []
    traced(NOTED, done)


def test_note_stays() -> None:
    """A note whose move was rejected stands where it stood, as text."""
    done = restore(NOTED)
    said = decide(NOTED, done, the(done, "moved note", NOTED.index("[1]")), accepted=False)
    again = restore(NOTED, said)

    assert [text[:3] for text in texts(again)][1:4] == ["今年三", "[1]", "饭。四"]
    assert decided(again) == [("moved note", NOTED.index("[1]"), False, 1.0)]


def test_last_word_holds() -> None:
    """Of two decisions that contradict each other the later one is carried out; the other is open again."""
    unsure = restore(COLUMN, threshold=UNSURE)
    joined = decide(COLUMN, unsure, the(unsure, "moved column", GATE), accepted=True)
    done = restore(COLUMN)
    stays = decide(COLUMN, done, the(done, "moved column", GATE), accepted=False)

    assert texts(restore(COLUMN, joined, stays))[-1].startswith("门。")
    assert "出门。" in texts(restore(COLUMN, stays, joined))[1]


def test_rival_suggestion_goes() -> None:
    """A decision about one side of a seam leaves no suggestion that contradicts it."""
    unsure = restore(COLUMN, threshold=UNSURE)
    said = decide(COLUMN, unsure, the(unsure, "moved column", GATE), accepted=True)
    open_now = [change for change in restore(COLUMN, said, threshold=UNSURE).changes if change.open]

    assert {change.start for change in open_now} == {WORK}


def test_no_decision_changes_nothing() -> None:
    """Without decisions nothing in the ledger is a person's."""
    for text in (COLUMN, PAGES, NOTED):
        assert decided(restore(text)) == []


@st.composite
def rulings(draw: st.DrawFn) -> tuple[str, tuple[Decision, ...], float]:
    """A text, up to four decisions about what its ledgers say at two thresholds, and a threshold."""
    text = draw(st.sampled_from([COLUMN, PAGES, NOTED]))
    said = []
    for threshold in (USUAL, UNSURE):
        done = LEDGERS[text, threshold]
        chosen = [change for change in done.changes if change.rule in REPAIR_KINDS and draw(st.booleans())]
        said += [decide(text, done, change, accepted=draw(st.booleans())) for change in chosen]
    return text, tuple(draw(st.permutations(said)))[:4], draw(st.sampled_from(THRESHOLDS))


LEDGERS = {
    (text, threshold): restore(text, threshold=threshold)
    for text in (COLUMN, PAGES, NOTED)
    for threshold in (USUAL, UNSURE)
}


@given(rulings())
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost(ruling: tuple[str, tuple[Decision, ...], float]) -> None:
    """Whatever people decide, in whatever order: nothing goes but what the ledger says was taken out."""
    text, said, threshold = ruling
    done = restore(text, *said, threshold=threshold)
    out = Counter("".join("".join(texts(done)).split()))
    gone = Counter(
        "".join("".join(c.before for c in done.changes if c.applied and c.rule == "furniture").split())
    )

    assert out + gone == Counter("".join(text.split()))
    traced(text, done)
    for change in done.changes:
        assert text[change.start :].startswith(change.before)
        assert change.confidence == 1.0 or not change.decided


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_all_accepted_leaves_nothing_open(threshold: float) -> None:
    """Accepting everything that was done settles the report at every threshold."""
    for text in (COLUMN, PAGES, NOTED):
        done = LEDGERS[text, USUAL]
        said = [decide(text, done, change, accepted=True) for change in done.changes]
        again = restore(text, *said, threshold=threshold)

        assert texts(again) == texts(done)
        assert all(change.decided for change in again.changes)

from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import etl
from etl import rules
from etl.cli.output.changes import SUMMARIES
from etl.cli.output.ledger import change_line, words
from etl.model.traced import Change, RawToText, TextRun
from etl.room.wording import CHINESE, describe_change
from etl.room.words import Interface
from etl.rules.explain import ENGLISH, Account

NUMBER, WRAP, CUT, SPACE, MOVED, NOTE = (
    rules.words(rule)
    for rule in ("furniture", "wrapped line", "cut sentence", "stray space", "moved column", "moved note")
)
PIECE, HALF = "the piece that begins “还有许多热心人”", "the second half of this sentence"
KEPT = "only suggested, the text stays as it was: "
CASES = [
    (
        Change("normalize", "punctuation", 3, 4, ",", "，", 1.0),
        "character 4: “,” became “，” (a half-width mark in Chinese text)",
    ),
    (
        Change("repair", "furniture", 10, 15, "第 3 页", "", 0.97),
        f"character 11: “第 3 页” was taken out ({NUMBER}, 97% sure)",
    ),
    (
        Change("repair", "wrapped line", 5, 6, "\n", "", 0.99),
        f"character 6: the sentence breaks off here and was joined over a line break ({WRAP}, 99% sure)",
    ),
    (
        Change("repair", "moved column", 90, 99, "还有许多热心人", "", 0.95, to=12),
        f"character 91: {PIECE} was moved to after character 12 ({MOVED}, 95% sure)",
    ),
    (
        Change("repair", "cut sentence", 7, 8, "\n", "", 0.6, applied=False),
        f"{KEPT}character 8: the sentence may go on after a line break ({CUT}, 60% sure)",
    ),
    (
        Change("repair", "cut sentence", 3204, 3204, "", "", 0.96),
        f"character 3205: {HALF} was found elsewhere in the file and joined here ({CUT}, 96% sure)",
    ),
    (
        Change("repair", "cut sentence", 7, 10, "\n\n\n", "", 0.9),
        f"character 8: the sentence breaks off here and was joined over 2 blank lines ({CUT}, 90% sure)",
    ),
    (
        Change("repair", "moved note", 40, 47, "图2  水渠", "图2  水渠", 0.9, to=90),
        f"character 41: “图2  水渠” was moved out of the sentence, to after character 90 ({NOTE}, 90% sure)",
    ),
    (
        Change("repair", "furniture", 10, 12, "12", "", 0.6, applied=False),
        f"{KEPT}character 11: “12” may not belong to the text ({NUMBER}, 60% sure)",
    ),
    (
        Change("repair", "moved column", 90, 99, "还有许多热心人", "", 0.6, applied=False, to=12),
        f"{KEPT}character 91: {PIECE} may belong after character 12 ({MOVED}, 60% sure)",
    ),
    (Change("normalize", "stray space", 2, 2, "", " ", 1.0), f"character 3: a space was put in ({SPACE})"),
]


@pytest.mark.parametrize(("change", "expected"), CASES, ids=[change.rule for change, _ in CASES])
def test_change_is_explained(change: Change, expected: str) -> None:
    """Each kind of change becomes a sentence that needs no knowledge of the code."""
    assert words(change) == expected


def test_the_place_of_a_second_half_is_told() -> None:
    """Where the text is known, a joined sentence says where its second half stood, in both languages."""
    change = Change("repair", "cut sentence", 7, 7, "", "", 0.96)
    where = RawToText((TextRun(0, 7, 0, 7), TextRun(7, 9, 3204, 3206), TextRun(9, 12, 8, 11)))

    assert words(change, where) == (
        f"character 8: {HALF} was found after character 3204 and joined here ({CUT}, 96% sure)"
    )
    assert "后半句在第3204字之后找到，已接到这里" in describe_change(change, Interface("zh"), where)


def test_both_languages_tell_of_the_same() -> None:
    """Each kind of sentence has a template in each language, with the same places to fill in."""
    kinds = get_args(Account)

    assert set(ENGLISH) == set(CHINESE) == set(kinds)
    for kind in kinds:
        found = [{name for _, name, _, _ in Formatter().parse(one[kind])} for one in (ENGLISH, CHINESE)]
        assert found[0] - {None} == found[1] - {None}, kind


def test_every_repair_is_summed_up() -> None:
    """`etl show` has few words for each kind of sentence that tells of a repair."""
    assert set(SUMMARIES) == set(get_args(Account)) - {"put in", "replaced"}


def test_line_holds_words_and_fields() -> None:
    """A line of the ledger explains itself to a person and to a program."""
    made = change_line(CASES[0][0], RawToText(()))

    assert made["words"] == CASES[0][1]
    assert (made["rule"], made["start"], made["after"], made["confidence"]) == ("punctuation", 3, "，", 1.0)


@pytest.mark.parametrize(
    "sample",
    sorted((Path(__file__).resolve().parents[2] / "samples").glob("*.txt")),
    ids=lambda path: path.stem,
)
def test_every_rule_has_words(sample: Path) -> None:
    """What the rules do to the samples is explained by more than the rule's name."""
    report = etl.process(sample.read_bytes(), sample.name)

    assert {change.rule for change in report.edits} <= rules.cards().keys()

import pytest

from etl.cli.ledger import line, words
from etl.traced import Change

CASES = [
    (Change("normalize", "comma", 3, 4, ",", "，", 1.0), "character 4: “,” became “，” (comma)"),
    (
        Change("repair", "page-number", 10, 15, "第 3 页", "", 0.97),
        "character 11: “第 3 页” was taken out (page number, 97% sure)",
    ),
    (Change("repair", "wrap", 5, 6, "\n", "", 0.99), "character 6: a line break was taken out (wrap, 99% sure)"),
    (
        Change("repair", "moved", 90, 99, "还有许多热心群众", "", 0.95, to=12),
        "character 91: the piece that begins “还有许多热心群众” moved to after character 12 (moved, 95% sure)",
    ),
    (
        Change("repair", "join", 7, 8, "\n", "", 0.6, applied=False),
        "only suggested, the text stays as it was: character 8: a line break was taken out (join, 60% sure)",
    ),
    (Change("normalize", "space", 2, 2, "", " ", 1.0), "character 3: a space was put in (space)"),
]


@pytest.mark.parametrize(("change", "expected"), CASES, ids=[change.rule for change, _ in CASES])
def test_change_is_explained(change: Change, expected: str) -> None:
    """Each kind of change becomes a sentence that needs no knowledge of the code."""
    assert words(change) == expected


def test_line_holds_words_and_fields() -> None:
    """A line of the ledger explains itself to a person and to a program."""
    made = line(CASES[0][0])

    assert made["words"] == CASES[0][1]
    assert (made["rule"], made["start"], made["after"], made["confidence"]) == ("comma", 3, "，", 1.0)

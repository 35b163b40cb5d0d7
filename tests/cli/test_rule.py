"""`etl rule`: the card of a rule."""

from tests.cli.conftest import Etl

from etl.rules import cards


def test_a_card_is_printed(dry: Etl) -> None:
    """A rule is told with its example, its counter-example and how sure it is, in one word or in two."""
    done = dry("rule", "stray", "space")

    assert done.status == 0
    for words in (
        "stray space, in the stage normalize",
        "全力做好防控工作",
        "本报记者 韩建华 李明亮",
        "sure: ",
    ):
        assert words in done.out
    assert dry("rule", "stray space").out == done.out


def test_what_cannot_be_seen_is_written_out(dry: Etl) -> None:
    """An example full of invisible characters can be read."""
    assert "防\\u200b汛\\ufeff到\\xad位\\u200e。" in dry("rule", "invisible").out


def test_all_rules_are_listed(dry: Etl) -> None:
    """Without a name each rule has a line, or an object."""
    assert len(dry("rule").out.splitlines()) == len(cards())
    assert [one["name"] for one in dry("rule", "--json").lines] == list(cards())


def test_a_rule_that_is_none(dry: Etl) -> None:
    """An unknown name says which there are, on one line, with status 2."""
    done = dry("rule", "tidy")

    assert (done.status, done.out) == (2, "")
    assert done.error.startswith("etl: no rule is called tidy; there are mojibake, wrapped line, ")

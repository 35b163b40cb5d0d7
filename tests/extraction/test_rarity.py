"""How rare words are is read off the table of the installed jieba, a line at a time."""

from importlib.util import find_spec
from pathlib import Path
from statistics import median_high

import pytest

from etl.extraction.resources import rarity
from etl.extraction.resources.rarity import USUAL, Rarities, rarities


def _table() -> dict[str, float]:
    """The whole table, parsed at once."""
    spec = find_spec("jieba")
    assert spec is not None
    assert spec.origin is not None
    text = (Path(spec.origin).parent / "analyse" / "idf.txt").read_text(encoding="utf-8")
    return {word: float(number) for word, number in map(str.split, text.splitlines())}


def test_every_word_has_its_number() -> None:
    """What is read when it is asked for is what reading the whole table gives, and so is the median."""
    table, asked = _table(), Rarities(rarities()._table)

    assert all(asked[word] == number for word, number in table.items())
    assert len(asked) == len(table)
    assert median_high(table.values()) == USUAL


def test_other_words_have_none() -> None:
    """A word that the table does not have is 0 rare, however long it is, also when asked twice."""
    asked = Rarities("小麦 9.5\n小米 8\nok 7\n麦".encode() + b" 3")

    assert [asked[word] for word in ("小麦", "小", "麦", "", "o", "ok", "oh", "\ud800", "小麦")] == [
        9.5, 0, 3, 0, 0, 7, 0, 0, 9.5
    ]  # fmt: skip
    assert dict(asked) == {"小麦": 9.5, "ok": 7, "麦": 3}


def test_words_that_begin_alike() -> None:
    """Of words that begin with the same eight bytes, or one with the whole of another, each has its own."""
    asked = Rarities("小麦赤霉病 3\n小麦赤 2\n小麦 1\n小 4\n小麦赤霉 5".encode())

    assert [asked[word] for word in ("小麦赤霉", "小麦赤", "小", "小麦", "小麦赤霉病", "小麦赤霉病害")] == [
        5, 2, 4, 1, 3, 0
    ]  # fmt: skip


def test_unknown_words_take_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many words are asked for that the table does not have, few of them are remembered."""
    monkeypatch.setattr(rarity, "MOST_UNKNOWN", 3)
    asked = Rarities("小麦 9.5".encode())

    assert [asked[f"麦{number}"] for number in range(10)] == [0] * 10
    assert len(asked) == 0
    assert len(asked._unknown) <= 3

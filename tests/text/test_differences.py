from hypothesis import given
from hypothesis import strategies as st

from etl.text.differences import differences
from etl.text.endings import Endings

LETTERS = "一二\ud800😀a"


@given(st.lists(st.tuples(st.sampled_from(LETTERS), st.sampled_from(LETTERS)), max_size=20))
def test_where_texts_differ(pairs: list[tuple[str, str]]) -> None:
    """The offsets are those that a comparison of each character with its like finds."""
    first, second = ("".join(side) for side in zip(*pairs, strict=True)) if pairs else ("", "")

    assert differences(first, second) == [at for at, (old, new) in enumerate(pairs) if old != new]


@given(
    st.lists(st.text("一二三", min_size=1, max_size=3), max_size=5),
    st.text("一二三四", max_size=6),
    st.integers(0, 7),
    st.integers(0, 6),
)
def test_endings_are_those_of_the_language(words: list[str], text: str, start: int, end: int) -> None:
    """Asking by the last character answers as asking for every word does."""
    end = min(end, len(text))

    assert Endings(words).end(text, start, end) == text.endswith(tuple(words), start, end)
    assert Endings(words).end(text) == text.endswith(tuple(words))

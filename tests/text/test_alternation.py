import re

from hypothesis import given, settings
from hypothesis import strategies as st

from etl.text.alternation import alternation

WORDS = st.lists(st.text("大前天.|", min_size=1, max_size=4), min_size=1, max_size=8)


@given(WORDS, st.text("大前天.|", max_size=20))
@settings(max_examples=200, deadline=None)
def test_a_tree_finds_the_longest_of_the_words(words: list[str], text: str) -> None:
    """The tree of any words finds what the words one after the other find, the longest first."""
    flat = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    plain = [match.span() for match in re.finditer(flat, text)]

    assert [match.span() for match in re.finditer(alternation(words), text)] == plain
    assert [m.span() for m in re.finditer(f"(?:{alternation(words)})天", text)] == [
        m.span() for m in re.finditer(f"(?:{flat})天", text)
    ]

"""Every number by which word lists and patterns are made has a case on each side of it.

See `test_thresholds`. What is loaded is built here from small tables, so that nothing else decides.
"""

from dataclasses import replace

import pytest
from tests.extraction.test_thresholds import HAN, engines
from tests.thresholds import Edges, divides

from etl.extraction import terms
from etl.extraction.resources import fact_patterns, lexicon
from etl.extraction.resources.segmenter import Segmenter


def slot(length: int) -> bool:
    """Whether a slot that sets no limit holds so many characters."""
    data = {"type": "gift", "verbs": ["捐"], "slots": {"what": {}}, "forms": ["{verb}{what}"], "fields": {}}
    return fact_patterns.compile_pattern(data).forms[0].fullmatch(f"捐{HAN[:length]}") is not None


def title(role: str) -> bool:
    """Whether an office is one that ends no name of a place by accident."""
    lists = ("double_surnames", "not_names", "apart", "enders", "parts")
    data = {"roles": [role], "surnames": "", "sounds": "", **dict.fromkeys(lists, ())}
    return lexicon._people(data).titles == (role,)


def office(suffix: str) -> bool:
    """Whether a suffix is the name of an office that each division has."""
    words = replace(engines().lexicon.organizations, suffixes=(suffix,))
    return words.offices.fullmatch(suffix) is not None


def long_suffix(suffix: str) -> bool:
    """Whether a suffix is a long one."""
    words = replace(engines().lexicon.organizations, suffixes=(suffix,))
    return words.long_suffixes.fullmatch(suffix) is not None


def long_state(state: str) -> bool:
    """Whether a country has a long name."""
    words = replace(engines().lexicon.places, states=frozenset({state}))
    return words.long_states.fullmatch(state) is not None


def kept_whole(word: str, behind: str) -> bool:
    """Whether a user word stays whole before a character that makes a word with its last one."""
    return Segmenter([word]).cut(word + behind) == (word, behind)


def outweighs(word: str) -> bool:
    """Whether a word that the table does not have is rarer than one that it has."""
    words = replace(engines().lexicon.terms, unknown_weight=1.0, count=1)
    unknown = "绛渠灯"
    return terms.find_keywords(f"{unknown}，{word}", "", (), Segmenter([unknown, word]), words) == (unknown,)


EDGES: Edges = {
    "fact_patterns MAX_SLOT_LENGTH": (slot, (60,), (61,)),
    "lexicon MIN_LONG_TITLE, offices of persons": (title, ("总代理",), ("代理",)),
    "lexicon MIN_LONG_TITLE, offices of divisions": (office, ("财政局",), ("路局",)),
    "lexicon MIN_LONG_TITLE, suffixes": (long_suffix, ("研究院",), ("学院",)),
    "lexicon MIN_LONG_TITLE, countries": (long_state, ("意大利",), ("泰国",)),
    "rarity USUAL": (outweighs, ("龙虎斗",), ("一一列举",)),
    "segmenter USER_WORD_FREQUENCY": (kept_whole, ("我商", "店"), ("也铁", "路")),
}


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])

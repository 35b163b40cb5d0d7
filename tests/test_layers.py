from typing import Any

import pytest

from etl.layers import extend_words, overlay

BASE: dict[str, Any] = {
    "roles": ["书记", "主任"],
    "surnames": "赵钱孙",
    "states": "美国 日本",
    "currencies": {"元": "CNY", "美元": "USD"},
    "lunar": {"春节": [1, 1]},
    "quantities": {"measures": ["箱"], "counters": ["名"]},
    "keywords": {"count": 10, "shortest": 2},
    "holidays": {"春节": {"first": -1, "days": 7}},
}
GROWN = [
    ({"roles": ["河长"]}, "roles", ["书记", "主任", "河长"]),
    ({"surnames": "昝"}, "surnames", "赵钱孙昝"),
    ({"states": "图瓦卢"}, "states", "美国 日本 图瓦卢"),
    ({"currencies": {"澳门元": "MOP"}}, "currencies", {"元": "CNY", "美元": "USD", "澳门元": "MOP"}),
    ({"currencies": {"元": "TWD"}}, "currencies", {"元": "TWD", "美元": "USD"}),
    ({"lunar": {"春节": [1, 2]}}, "lunar", {"春节": [1, 2]}),
    ({"quantities": {"measures": ["筐"]}}, "quantities", {"measures": ["箱", "筐"], "counters": ["名"]}),
    ({"keywords": {"count": 5}}, "keywords", {"count": 5, "shortest": 2}),
    ({"holidays": {"春节": {"days": 8}}}, "holidays", {"春节": {"first": -1, "days": 8}}),
    ({"without": {"roles": ["主任"]}}, "roles", ["书记"]),
    ({"without": {"surnames": "钱"}}, "surnames", "赵孙"),
    ({"without": {"states": "日本"}}, "states", "美国"),
    ({"without": {"currencies": ["元"]}}, "currencies", {"美元": "USD"}),
    ({"without": {"quantities": {"counters": ["名"]}}}, "quantities", {"measures": ["箱"], "counters": []}),
    ({"roles": ["河长"], "without": {"roles": ["书记", "主任"]}}, "roles", ["河长"]),
]
WRONG = [
    ({"rolse": ["河长"]}, "rolse is no entry that is known here; there are roles, surnames"),
    ({"roles": "河长"}, "roles is a text, expected a list"),
    ({"surnames": ["昝"]}, "surnames is a list, expected a text"),
    ({"currencies": {"澳门元": 1}}, "澳门元 is a number, expected a text"),
    (
        {"quantities": {"mesures": ["筐"]}},
        "mesures is no entry that is known here; there are measures, counters",
    ),
    ({"keywords": {"cuont": 5}}, "cuont is no entry"),
    ({"without": ["roles"]}, "without is a list, expected a table"),
    ({"without": {"rolse": []}}, "rolse is no entry"),
    ({"without": {"roles": "主任"}}, "roles is a text, expected a list"),
]


@pytest.mark.parametrize(("own", "name", "expected"), GROWN, ids=lambda value: str(value)[:40])
def test_words_are_added_and_taken_out(own: dict[str, Any], name: str, expected: object) -> None:
    """Lists and texts grow, tables get entries, values are replaced, and all that is not named stays."""
    found = extend_words(BASE, own)

    assert found[name] == expected
    assert {key: value for key, value in found.items() if key != name} == {
        key: value for key, value in BASE.items() if key != name
    }


@pytest.mark.parametrize(("own", "words"), WRONG, ids=lambda value: str(value)[:40])
def test_what_does_not_fit_is_refused(own: dict[str, Any], words: str) -> None:
    """A name that is not known and a value of another kind are told; nothing is ignored."""
    with pytest.raises(ValueError, match=words):
        extend_words(BASE, own)


def test_nothing_of_ones_own_changes_nothing() -> None:
    """An empty layer lies over everything as if it were not there."""
    assert extend_words(BASE, {}) == BASE
    assert overlay(BASE, {}) == BASE


def test_settings_are_replaced_one_by_one() -> None:
    """A list of settings is replaced, not added to, and its neighbours stay."""
    base = {"run": {"sources": ["a"], "workers": 0}, "log": {"level": "INFO"}}

    assert overlay(base, {"run": {"sources": ["b"]}}) == {
        "run": {"sources": ["b"], "workers": 0},
        "log": {"level": "INFO"},
    }

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from etl.engines import Engines
from etl.extraction.context import Context
from etl.extraction.facts import find_facts
from etl.extraction.resources.fact_patterns import compile_pattern
from etl.model.mentions import Extraction

TABLE = "donations.toml"


def _plain(fields: Any) -> dict[str, Any]:  # noqa: ANN401 - a fact's fields are plain JSON
    return {
        **fields,
        "value": (fields["money"] or {}).get("value"),
        "amount": (fields["quantity"] or {}).get("value"),
    }


def test_donations_are_found(case: dict[str, Any], found: Callable[..., Extraction]) -> None:
    """Every gift of the table is found with giver, receiver, sum and goods, and none is invented."""
    facts = [_plain(fact.fields) for fact in found(case["text"]).facts if fact.type == "donation"]

    assert len(facts) == len(case["found"]), facts
    for fact, wanted in zip(facts, case["found"], strict=True):
        assert {name: fact[name] or "" for name in wanted} == wanted


def test_a_new_kind_of_fact_needs_no_code(engines: Engines) -> None:
    """A pattern that the code has never seen is matched by its declaration alone."""
    pattern = compile_pattern(
        {
            "type": "visit",
            "verbs": ["访问", "走访"],
            "forms": ["{who}[日前|今日]{verb}[了]{where}"],
            "slots": {"who": {}, "where": {}},
            "fields": {
                "guest": {"slot": "who", "kind": "text", "required": True},
                "host": {"slot": "where", "kind": "text"},
            },
        }
    )
    lexicon = engines.lexicon
    text = "代表团日前访问了三家企业。天气很好，"
    context = Context(text, text, (), replace(lexicon, patterns=(pattern,)), None)
    facts = find_facts(context, ())

    assert [dict(fact.fields) for fact in facts] == [{"guest": "代表团", "host": "三家企业"}]
    assert [text[a:b] for a, b in facts[0].spans] == ["代表团", "三家企业"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"forms": ["{nobody}{verb}"]}, "nobody"),
        ({"fields": {"a": {"slot": "who", "kind": "colour"}}}, "colour"),
        ({"fields": {"a": {"slot": "where", "kind": "text"}}}, "where"),
    ],
)
def test_a_wrong_pattern_says_what_is_wrong(change: dict[str, Any], words: str) -> None:
    """A pattern with an undeclared slot or an unknown kind is refused by name."""
    data = {"type": "x", "verbs": ["走"], "forms": ["{who}{verb}"], "slots": {"who": {}}, "fields": {}}
    with pytest.raises(ValueError, match=words):
        compile_pattern({**data, **change})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "永兴机械有限公司以3.5亿元的价格中标绛县水利局的水库除险加固工程。",
            ("永兴机械有限公司", "绛县水利局", "水库除险加固工程", 350_000_000),
        ),
        (
            "绛县水利局水库除险加固工程由永兴机械有限公司中标。",
            ("永兴机械有限公司", "绛县水利局", "水库除险加固工程", None),
        ),
    ],
)
def test_tenders_are_read_without_code(
    text: str, wanted: tuple[object, ...], found: Callable[..., Extraction]
) -> None:
    """Who won which project of whom, for how much, is declared in a file; each party has its key."""
    fields = next(fact.fields for fact in found(text).facts if fact.type == "procurement")

    assert (
        fields["winner"],
        fields["buyer"],
        fields["project"],
        (fields["sum"] or {}).get("value"),
    ) == wanted
    assert (fields["winner_key"], fields["buyer_key"]) == tuple(f"organization:{name}" for name in wanted[:2])


@pytest.mark.parametrize("text", ["局长在答复中指出所捐款5万元。", "永兴机械有限公司未中标县水利局的工程。"])
def test_nobody_gave_or_won(text: str, found: Callable[..., Extraction]) -> None:
    """A phrase that names nobody is no donor, and what was not won is no tender."""
    assert found(text).facts == ()

"""What a trial says of a clause: what was matched, and why slots and fields stayed empty."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from etl.engines import Engines
from etl.extraction.resources.fact_patterns import compile_pattern
from etl.model.errors import SetupError
from etl.settings import load
from etl.trial import ClauseTrial, try_pattern

VISIT: Mapping[str, Any] = {
    "type": "visit",
    "verbs": ["走访", "看望"],
    "forms": ["{who}(会同|陪同){guide}{verb}[了]{where}", "{who}{verb}[了]{where}[送上{sum}]"],
    "slots": {"who": {"pattern": "<person>{2,4}"}, "guide": {}, "where": {"longest": 6}, "sum": {}},
    "fields": {
        "guest": {"slot": "who", "kind": "person", "required": True},
        "host": {"slot": "where", "kind": "text", "required": True},
        "money": {"slot": "sum", "kind": "money"},
    },
    "excluded": ["拟"],
}
Try = Callable[..., tuple[ClauseTrial, ...]]


@pytest.fixture(scope="module")
def trying() -> Try:
    """Tries the pattern of a visit, or what it is changed to."""
    settings = load()
    engines = Engines(settings)

    def call(text: str, **changes: object) -> tuple[ClauseTrial, ...]:
        data = {**VISIT, **changes}
        return try_pattern(text, compile_pattern(data), data, (engines, settings))

    return call


def test_a_fact(trying: Try) -> None:
    """A clause that matches gives its slots and the fact, and says of the rest why it is empty."""
    (tried,) = trying("王宏伟走访了敬老院")

    assert tried.why is None
    assert tried.slots == {"who": "王宏伟", "where": "敬老院"}
    assert tried.empty["guide"] == "form 1 has it, and there (会同|陪同) does not stand behind {who}"
    assert tried.empty["sum"] == "it stands in a part of the form that may be missing, and is"
    (outcome,) = tried.outcomes
    assert outcome.fact
    assert outcome.fact.fields == {"guest": "王宏伟", "host": "敬老院", "money": None}
    assert outcome.empty == {"money": "{sum} is empty"}


def test_every_clause_is_told(trying: Try) -> None:
    """Half-width commas end clauses as in a report, and a clause without a verb says so."""
    first, second = trying("天气很好,王宏伟走访了敬老院。")

    assert first.why == "none of the verbs stands in it: 走访、看望"
    assert second.outcomes[0].fact


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("代表团走访了敬老院", "{who} stays empty: it holds a person, and none is recognized in the clause"),
        ("王宏伟王强走访了院", "(会同|陪同) does not stand behind {who}"),
        ("王宏伟看望了一百二十位老人家", "the form ends where the clause goes on with “人家”"),
        ("王宏伟拟走访敬老院", "“拟” stands in it beside “走访”, and is excluded"),
        ("村" * 300 + "走访", "it is longer than 300 characters"),
    ],
    ids=["no name", "no such word there", "too long for the slot", "excluded", "too long"],
)
def test_what_keeps_a_clause_from_matching(trying: Try, text: str, why: str) -> None:
    """The first thing that is missing is told, for the form that comes nearest."""
    (tried,) = trying(text)

    assert not tried.outcomes
    assert tried.why == why


def test_the_nearest_form(trying: Try) -> None:
    """Where nothing matches, the form that gets farthest is shown with what its slots hold by then."""
    (tried,) = trying("王宏伟陪同张志善一起走访")

    assert tried.form
    assert tried.form.startswith("form 1: {who}(会同|陪同){guide}")
    assert tried.slots["who"] == "王宏伟"
    assert tried.empty["where"] == "nothing a word allows stands behind {verb}"


def test_a_required_field(trying: Try) -> None:
    """Slots that are filled and make no fact say which field is missing, and what the slot holds instead."""
    (tried,) = trying(
        "王宏伟走访了敬老院",
        fields={**VISIT["fields"], "sum": {"slot": "where", "kind": "money"}},
        requires=[["sum"]],
    )
    (outcome,) = tried.outcomes

    assert outcome.fact is None
    assert outcome.lacks == "sum, of which it needs one"
    assert outcome.empty["sum"] == "{where} is “敬老院”: no sum is recognized in it"


def test_a_text_that_is_none(trying: Try) -> None:
    """A text of nothing is wrong use."""
    with pytest.raises(SetupError, match="cannot be tried"):
        trying("")

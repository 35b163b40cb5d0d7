"""The words of the interface: all that pages say is there, in both languages."""

import ast
import re
import string
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

import etl.room
from etl.corrections.entities import value_names
from etl.corrections.values import EntityType
from etl.extraction.resources.fact_pattern_files import fact_fields
from etl.ingest.worker.isolation import TOO_LONG
from etl.model.mentions import Fact
from etl.model.report import CorrectionState, ParagraphKind, Script
from etl.model.stages import STAGES
from etl.room.aligned.marks import MarkClass
from etl.room.wording import SENTENCES, phrase_facts
from etl.room.words import LANGUAGES, Interface, wordings
from etl.sentences import KEY, NAMED, sentence
from etl.settings import config_dir
from etl.store.query.review import State
from etl.store.records.coordination import RunKind

HOME = Path(etl.room.__file__).parent
SOURCES = [*HOME.glob("*.py"), *HOME.glob("templates/*.j2")]
ASKED = sorted(
    {
        name
        for path in SOURCES
        for name in re.findall(r'\b(?:t|words)\("([a-z_]+\.[a-z-]+(?:_[a-z-]+)*)"', path.read_text())
    }
)
CONFIG = config_dir()
# The kinds of facts that have a Chinese name; others are told as their patterns say.
NAMED_KINDS = tuple(name.partition(".")[2] for name in wordings() if name.startswith("fact."))
DECLARED = fact_fields([CONFIG / "facts" / f"{name}.toml" for name in NAMED_KINDS])
AMOUNTS = tomllib.loads((CONFIG / "lexicon/amounts.toml").read_text(encoding="utf-8"))
MADE = (
    *(f"paragraph.{one}" for one in get_args(ParagraphKind)),
    *(f"kind.{one}" for one in get_args(EntityType)),
    *(f"value.{name}" for one in get_args(EntityType) for name in value_names(one)),
    *(f"state.{one}" for one in get_args(State)),
    *(f"said.{one.replace(' ', '_')}" for one in get_args(CorrectionState)),
    *(f"look.{one}" for one in get_args(MarkClass)),
    *(f"run.{one}" for one in get_args(RunKind)),
    *(f"stage.{one}" for one in STAGES),
    *(f"language.{one}" for one in LANGUAGES),
    *(f"script.{one}" for one in (*get_args(Script), "tw", "hk")),
    *(f"field.{one}" for fields in DECLARED.values() for one in fields if not one.endswith(KEY)),
    *(f"currency.{one}" for one in sorted(set(AMOUNTS["currencies"].values()))),
)

pytestmark = pytest.mark.complete


@pytest.mark.parametrize("name", [*ASKED, *MADE])
def test_there_are_words(name: str) -> None:
    """A name that a page asks for, and each value that it may show, has words."""
    assert wordings()[name]


@pytest.mark.parametrize("kind", get_args(EntityType))
def test_entities_are_told_apart(kind: str) -> None:
    """Each kind of entity has a look of its own."""
    assert re.search(rf"^(?:.* )?\.{kind} {{", (HOME / "static/room.css").read_text(), re.MULTILINE)


def test_facts_are_told_in_chinese() -> None:
    """Each sentence of a kind of fact with a Chinese name is there in Chinese, with the same fields."""
    for name in NAMED_KINDS:
        for one in tomllib.loads((CONFIG / "facts" / f"{name}.toml").read_text(encoding="utf-8"))[
            "sentences"
        ]:
            assert sorted(NAMED.findall(SENTENCES[one])) == sorted(NAMED.findall(one))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"donor": "县商会", "gift": "大米20袋", "person": "吴秋菊", "donor_key": "organization:县商会"},
            "县商会捐赠大米20袋（人物 吴秋菊）",
        ),
        (
            {
                "donor": "甲",
                "gift": "款",
                "money": {"value": 5e4, "max": 6e4, "currency": "USD", "approximate": 1},
            },
            "甲捐赠款（款额 约 50,000 至 60,000 美元）",
        ),
        ({"gift": "口罩", "use": "防疫"}, "捐赠内容 口罩，use 防疫"),
    ],
)
def test_a_fact_in_chinese(fields: dict[str, Any], said: str) -> None:
    """A Chinese visitor reads no English in a fact but what a pattern of one's own brings."""
    told = ["{donor} gave {gift}"]

    assert sentence(Fact("donation", fields, ()), told, phrase_facts(Interface("zh"))) == said


def refusals() -> set[str]:
    """The reasons for which the package sets reports aside, as its sources write them."""
    found = set[str]()
    for path in HOME.parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "RejectError":
                found |= {str(one.value) for one in call.args[1:2] if isinstance(one, ast.Constant)}
    return found


def test_refusals_have_words() -> None:
    """Each reason that the package gives for setting a report aside has words."""
    found = refusals()

    assert {"encoding", "empty", "pdf limit"} <= found
    assert {f"refused.{one.replace(' ', '-')}" for one in (*found, TOO_LONG)} <= wordings().keys()


def test_both_languages_say_the_same() -> None:
    """Each name has words in every language, with the same places to fill in."""
    for name, wording in wordings().items():
        assert len(wording) == len(LANGUAGES), name
        fields = [{field for _, field, _, _ in string.Formatter().parse(one) if field} for one in wording]
        assert all(one == fields[0] for one in fields), name

"""The cards of the rules tell the truth, and each rule has one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from etl import engines, pipeline, read
from etl.model.decisions import REPAIR_KINDS
from etl.model.report import RawReport
from etl.model.stages import EditStage
from etl.model.traced import Change
from etl.quality import quality, reasons
from etl.rules import Card, Said, cards, meaning, reference
from etl.settings import load

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "etl"
CARDS = list(cards().values())
# What the program does by itself; a person's word is tried in tests/corrections.
RULES = [card for card in CARDS if card.sure != "decided"]
# Where the rule stands among the arguments of what makes a change.
PLACES = {"Edit": 3, "Change": 1}


def made(card: Card, text: str) -> tuple[str, list[Change]]:
    """The text that the pipeline makes, from bytes on, and the changes that the card's rule made."""
    settings, machines = load(), engines.default()
    reading = read.read(RawReport("memory:report.txt", "text/plain", text.encode()))
    cleaned = pipeline.clean(reading, machines, settings)
    if card.stage == "convert":
        cleaned = pipeline.in_script(cleaned, machines, settings.script.canonical)
    paragraphs = (paragraph.body.text for paragraph in cleaned.structure.paragraphs)
    return "\n".join(paragraphs), [c for c in cleaned.changes if c.rule == card.name and c.applied]


@pytest.mark.parametrize("card", RULES, ids=lambda card: card.name)
def test_the_example_becomes_what_the_card_says(card: Card) -> None:
    """The whole pipeline makes of the example what the card says, and this rule has a part in it."""
    text, changes = made(card, card.given)

    assert text == card.becomes.strip()
    assert {change.stage for change in changes} == {card.stage}


@pytest.mark.parametrize("card", RULES, ids=lambda card: card.name)
def test_the_counter_example_is_left_alone(card: Card) -> None:
    """The whole pipeline changes nothing in the counter-example but blank lines and indents."""
    text, changes = made(card, card.kept)

    assert text == "\n".join(line.strip() for line in card.kept.splitlines() if line.strip())
    assert changes == []


@pytest.mark.parametrize("card", RULES, ids=lambda card: card.name)
def test_certainty_is_what_the_rule_shows(card: Card) -> None:
    """A sure rule is sure of its example; what repair may also only suggest never is sure without doubt."""
    _, changes = made(card, card.given)
    levels = {change.confidence == 1.0 for change in changes}

    assert levels == {card.sure == "sure"}
    assert (card.sure == "suggested") == (card.stage == "repair")
    assert (card.sure == "noted") == bool(reasons(quality(card.becomes, changes), changes))


def rule_of(call: ast.Call) -> ast.expr:
    """The expression that a call of `Edit` or `Change` gives as its rule; a starred argument is a span."""
    by_name = [word.value for word in call.keywords if word.arg == "rule"]
    given = [one for argument in call.args for one in [argument] * (1 + isinstance(argument, ast.Starred))]
    return by_name[0] if by_name else given[PLACES[called(call)]]


def called(call: ast.Call) -> str:
    """The bare name of what is called."""
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def strings(node: ast.AST) -> set[str]:
    """The strings that stand in an expression."""
    return {
        one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def passed(tree: ast.Module) -> Iterator[ast.expr]:
    """What a module puts into a variable or parameter called ``rule``."""
    takers = {
        one.name: [argument.arg for argument in one.args.args].index("rule")
        for one in ast.walk(tree)
        if isinstance(one, ast.FunctionDef) and "rule" in [argument.arg for argument in one.args.args]
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "rule":
            yield node.value
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in takers:
            yield node.args[takers[getattr(node.func, "id", "")]]


def makes_changes(path: Path, tree: ast.Module) -> bool:
    """Whether a module makes changes of texts; the feed of the database has a `Change` of its own."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {name.name for node in imports if node.module == "etl.model.traced" for name in node.names}
    return path.name == "traced.py" or not names.isdisjoint(PLACES)


def rules_in_code() -> set[str]:
    """All names that any module gives a change; fails where one is made up in a way that cannot be read."""
    found: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path.name != "traced.py" and "etl.model.traced" not in text:
            continue
        tree = ast.parse(text)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) in PLACES]
        for rule in map(rule_of, calls) if makes_changes(path, tree) else ():
            is_passed_on = isinstance(rule, ast.Attribute) and rule.attr == "rule"
            is_variable = isinstance(rule, ast.Name) and rule.id == "rule"
            assert strings(rule) or is_passed_on or is_variable, f"{path}: {ast.unparse(rule)}"
            found |= strings(rule)
            if is_variable:
                found |= {name for value in passed(tree) for name in strings(value)}
    return found


@pytest.mark.complete
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_chinese_says_the_same(card: Card) -> None:
    """All that a card says is there in Chinese, with the same figures."""
    for name in get_args(Said):
        assert re.search("[\u4e00-\u9fff]", card.say(name, "zh")), name
    figures = [sorted(re.findall(r"\d[\d,.]*\d|\d", card.say("measured", one))) for one in ("en", "zh")]
    assert figures[0] == figures[1]
    assert re.search("[\u4e00-\u9fff]", meaning(card.sure, "zh"))


@pytest.mark.complete
def test_every_rule_has_a_card_and_every_card_a_rule() -> None:
    """Names that code gives to changes, and those that people decide about, are those of the cards."""
    assert rules_in_code() == set(cards())
    assert set(REPAIR_KINDS) == {card.name for card in CARDS if card.stage == "repair"}


def test_every_table_is_read() -> None:
    """Each file of cards is called after a stage that writes into the ledger, and no name comes twice."""
    files = sorted((SOURCE / "rules").glob("*.toml"))
    names = re.findall(r"(?m)^\[\"?([^\]\"]+)", "\n".join(path.read_text(encoding="utf-8") for path in files))

    assert {path.stem for path in files} <= set(get_args(EditStage))
    assert sorted(names) == sorted(cards())


@pytest.mark.complete
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_figures_stand_in_the_benchmarks(card: Card) -> None:
    """Every card says how often its rule is right, by figures of docs/benchmarks.md, beside the command."""
    text = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    figures = re.findall(r"\d[\d.,]*\d|\d", card.measured)

    assert figures, "measure it with benchmarks/bench_rules.py"
    assert [one for one in figures if not re.search(rf"(?<![\d.]){re.escape(one)}(?![\d])", text)] == []


@pytest.mark.complete
def test_the_page_is_fresh() -> None:
    """docs/rules.md says what the cards say; run `make rules` when it does not."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == reference.render()

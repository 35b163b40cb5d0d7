"""No text makes a pattern, a rule or a stage cost more than its length allows."""

import random
import tomllib
from functools import cache
from pathlib import Path

import pytest
from tests.growth import LIMIT, exponent, seconds
from tests.safety.collected import Action, Found, patterns
from tests.soak import is_long

import etl.structure
from etl.engines import default
from etl.model.errors import RejectError
from etl.model.report import RawReport, Reading
from etl.model.traced import Traced
from etl.normalize import normalize
from etl.read import read
from etl.repair import repair
from etl.script import convert, detect
from etl.structure import label

pytestmark = pytest.mark.fuzz  # at full length in the long runs
CASES = Path(__file__).resolve().parents[1] / "cases" / "safety"
CLASSES: dict[str, str] = tomllib.loads((CASES / "classes.toml").read_text(encoding="utf-8"))["synthetic"]
BOUNDED = tomllib.loads((CASES / "bounded.toml").read_text(encoding="utf-8"))["synthetic"]
LONG = is_long()
# Long runs try the megabyte that the short ones have no time for.
STAGE_LENGTH = 1_000_000 if LONG else 40_000
LINE_LENGTH = 1_000_000 if LONG else 200_000
MIXED_LENGTH = 1_000_000 if LONG else 50_000
# A pattern that takes any time for the first of these must take no more than in proportion for the second.
PROBES = (1_000, 4_000)
# What a stage takes for a text at once is not compared.
AT_ONCE = 0.05
TIMES = 8
# Repair weighs every end of a line, so that a megabyte of ends would be tried for minutes.
REPAIR_LENGTH = 40_000 if LONG else 8_000
PREDICATES = [
    getattr(etl.structure, name)
    for name in etl.structure.__all__
    if name.startswith(("is_", "ends_", "stands_"))
]


def text_of(name: str, length: int) -> str:
    """So much of a class, with something else in the middle and at the end: runs that lead nowhere."""
    stretch = CLASSES[name]
    half = (stretch * (length // len(stretch) + 1))[: length // 2]
    return f"{half}中{half}x"


def mixed(length: int) -> str:
    """All classes, one after the other in blocks that end anywhere, always the same."""
    chosen = random.Random(7)
    blocks = [text_of(name, chosen.randrange(1, 2000)) for name in CLASSES]
    text = "".join(chosen.choice(blocks) for _ in range(length // 500))
    return text[:length]


@cache
def breath() -> float:
    """Processor time of some work, the same everywhere, by which a time on this machine is judged."""
    return min(seconds(lambda number: sum(k * k for k in range(number)), 100_000) for _ in range(5))


def growth(action: Action, text: str) -> float:
    """The power of the length with which an action grows, asked of a text and of it so many times over."""
    return exponent(action, text, text * TIMES, TIMES, AT_ONCE)


def longest(found: Found) -> int | None:
    """The longest text that a pattern is given, where a row says so."""
    rows = (row["longest"] for row in BOUNDED if f"{found.name}.".startswith(f"{row['name']}."))
    return next(rows, None)


def test_patterns_are_found() -> None:
    """The walk finds the patterns of every package, those in tables and those of the configuration too."""
    names = {found.name for found in patterns()}

    assert len(names) > 120
    packages = {"read", "repair", "normalize", "structure", "extraction"}
    assert packages <= {name.split(".")[1] for name in names}
    assert {"etl.read.markdown.INLINE", "etl.extraction.resources.lexicon"} <= names


def test_bounded_patterns_exist() -> None:
    """Every row of bounded texts names a pattern that is there; one that is gone would bound nothing."""
    names = [f"{found.name}." for found in patterns()]

    assert [
        row["name"] for row in BOUNDED if not any(name.startswith(f"{row['name']}.") for name in names)
    ] == []


def is_slow(found: Found, name: str) -> bool:
    """Whether a pattern takes more than in proportion to the length of a class."""
    if bound := longest(found):
        text = text_of(name, bound)
        return all(seconds(found.ask, text) > 4 * breath() for _ in range(3))
    short, long = (text_of(name, length) for length in PROBES)
    if seconds(found.ask, short) <= breath() / 8:
        return False
    return exponent(found.ask, short, long, PROBES[1] / PROBES[0]) > LIMIT


@pytest.mark.parametrize("name", CLASSES)
def test_patterns_take_no_more_than_the_length(name: str) -> None:
    """Every pattern goes through any amount of any character in time that grows as the text does."""
    assert [found.name for found in patterns() if is_slow(found, name)] == []


def test_patterns_take_everything_in_turn() -> None:
    """Every pattern goes through a mixture of all classes in time that grows as the text does."""
    text = mixed(MIXED_LENGTH // TIMES)
    found = {one.name: growth(one.ask, text) for one in patterns() if not longest(one)}

    assert {name: power for name, power in found.items() if power > LIMIT} == {}


@pytest.mark.parametrize("name", CLASSES)
def test_predicates_take_a_line_of_any_length(name: str) -> None:
    """Every question about a line is answered of a line that has no end."""
    text = text_of(name, LINE_LENGTH // TIMES)
    found = {one.__name__: growth(one, text) for one in PREDICATES}

    assert found
    assert {name: power for name, power in found.items() if power > LIMIT} == {}


def as_report(kind: str) -> Action:
    """Reading as a report of this media type; what cannot be read is refused in time too."""

    def action(text: str) -> object:
        try:
            return read(RawReport("file:///a", kind, text.encode()))
        except RejectError as error:
            return error

    return action


def repairing(text: str) -> object:
    """Repair of a text as it was read."""
    reading = as_report("text/plain")(text)
    return repair(reading, default().restorer, 0.9) if isinstance(reading, Reading) else None


STAGES: dict[str, Action] = {
    "text": as_report("text/plain"),
    "markdown": as_report("text/markdown"),
    "html": as_report("text/html"),
    "normalize": lambda text: normalize(Traced.raw(text)),
    "structure": lambda text: label((Traced.raw(text),)),
    "detect": detect,
    "convert": lambda text: convert(Traced.raw(text), default().converters, "hant"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_stages_grow_with_the_length(stage: str) -> None:
    """Each stage takes a text in time that grows as the text does, whatever it consists of."""
    found = {name: growth(STAGES[stage], text_of(name, STAGE_LENGTH // TIMES)) for name in CLASSES}

    assert {name: power for name, power in found.items() if power > LIMIT} == {}


def columns_in_turns(length: int) -> str:
    """Two columns of ragged sentences that were read line by line."""
    chosen = random.Random(7)
    text = "".join(chosen.choice(SENTENCES) for _ in range(length // 20))[:length]
    lines = [text[k : k + 16] for k in range(0, len(text), 16)]
    half = len(lines) // 2
    return "\n".join(line for pair in zip(lines[:half], lines[half:], strict=False) for line in pair)


def marked_columns(length: int) -> str:
    """Sentences that each go on behind another one, as marks say."""
    chosen = random.Random(7)
    return "\n".join(
        f"{chosen.choice(SENTENCES)[:14]}\n（下转第{k % 9 + 2}版）\n{chosen.choice(SENTENCES)}\n"
        f"（上接第1版）\n{chosen.choice(SENTENCES)[14:]}"
        for k in range(length // 70)
    )


SENTENCES = [
    "村里今年新修了三条水渠，浇地从此不再靠天，收成也好了。",
    "到了秋天，家家户户的院子里都堆满了刚刚收回来的玉米。",
    "县里派来的农技员每周都到田头，教大家怎样防治病虫害。",
    "老支书说，这样的日子以前想都不敢想，如今真的过上了。",
]
TANGLED = {
    "short lines": lambda length: "\n".join(f"第{k}号李四" for k in range(length // 8)),
    "a character a line": lambda length: "\n".join("".join(SENTENCES) * (length // 200)),
    "figures": lambda length: "\n".join(f"合计{k * k % 9973}" for k in range(length // 8)),
    "columns in turns": columns_in_turns,
    "marked columns": marked_columns,
}


@pytest.mark.parametrize("kind", TANGLED)
def test_repair_grows_with_the_length_of_tangled_texts(kind: str) -> None:
    """What has more open ends than could be met with each other costs no more than its length allows."""
    small, large = (TANGLED[kind](length) for length in (REPAIR_LENGTH // 2, TIMES * REPAIR_LENGTH // 2))

    assert exponent(repairing, small, large, TIMES, AT_ONCE) < LIMIT


def test_repair_grows_with_the_length() -> None:
    """Repair too, for what a report may be made of."""
    found = {name: growth(repairing, text_of(name, REPAIR_LENGTH // TIMES)) for name in CLASSES}

    assert {name: power for name, power in found.items() if power > LIMIT} == {}

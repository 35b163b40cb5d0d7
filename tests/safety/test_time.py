"""No text makes a pattern, a rule or a stage cost more than its length allows."""

import gc
import random
import time
import tomllib
from pathlib import Path

import pytest
from tests.safety.collected import Action, Found, patterns
from tests.soak import is_long

import etl.structure
from etl.engines import default
from etl.errors import RejectError
from etl.model import RawReport, Reading
from etl.normalize import normalize
from etl.read import read
from etl.repair import repair
from etl.script import convert, detect
from etl.structure import label
from etl.traced import Traced

pytestmark = pytest.mark.fuzz  # at full length in the long runs
CASES = Path(__file__).resolve().parents[1] / "cases" / "safety"
CLASSES: dict[str, str] = tomllib.loads((CASES / "classes.toml").read_text(encoding="utf-8"))["synthetic"]
BOUNDED = tomllib.loads((CASES / "bounded.toml").read_text(encoding="utf-8"))["synthetic"]
LONG = is_long()
# Long runs try the megabyte that the short ones have no time for.
STAGE_LENGTH = 1_000_000 if LONG else 40_000
LINE_LENGTH = 1_000_000 if LONG else 200_000
MIXED_LENGTH = 1_000_000 if LONG else 50_000
# A pattern that needs longer for the first of these must need no more than in proportion for the second.
PROBES = (2_000, 8_000)
PROBE_SECONDS = 0.004
GROWTH = 2.0
# The widest alternations of the lexicon take 7 s for a megabyte on a busy machine.
MIXED_SECONDS = 20 * MIXED_LENGTH / 1_000_000
BOUNDED_SECONDS = 0.02
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


def seconds(action: Action, text: str, enough: float) -> float:
    """Processor time of an action; the least of three where it was more than enough.

    Without the collector of garbage, which goes over all that the tests before this one left.
    """
    least = float("inf")
    gc.disable()
    try:
        for _ in range(3):
            begun = time.thread_time()
            action(text)
            least = min(least, time.thread_time() - begun)
            if least <= enough:
                break
    finally:
        gc.enable()
    return least


def longest(found: Found) -> int | None:
    """The longest text that a pattern is given, where a row says so."""
    rows = (row["longest"] for row in BOUNDED if f"{found.name}.".startswith(f"{row['name']}."))
    return next(rows, None)


def test_patterns_are_found() -> None:
    """The walk finds the patterns of every room, those in tables and those of the configuration too."""
    names = {found.name for found in patterns()}

    assert len(names) > 120
    assert {name.split(".")[1] for name in names} >= {"read", "repair", "normalize", "structure", "extract"}
    assert {"etl.read.markdown.INLINE", "etl.extract.lexicon"} <= names


def is_slow(found: Found, name: str) -> bool:
    """Whether a pattern takes more than in proportion to the length of a class."""
    if bound := longest(found):
        return seconds(found.ask, text_of(name, bound), BOUNDED_SECONDS) > BOUNDED_SECONDS
    first, second = (text_of(name, length) for length in PROBES)
    if (short := seconds(found.ask, first, PROBE_SECONDS)) <= PROBE_SECONDS:
        return False
    enough = short * GROWTH * PROBES[1] / PROBES[0]
    return seconds(found.ask, second, enough) > enough


@pytest.mark.parametrize("name", CLASSES)
def test_patterns_take_no_more_than_the_length(name: str) -> None:
    """Every pattern goes through any amount of any character in time that grows as the text does."""
    assert [found.name for found in patterns() if is_slow(found, name)] == []


def test_patterns_take_everything_in_turn() -> None:
    """Every pattern goes through a mixture of all classes in its time; a megabyte of it in long runs."""
    text = mixed(MIXED_LENGTH)
    slow = {
        found.name: taken
        for found in patterns()
        if not longest(found) and (taken := seconds(found.ask, text, MIXED_SECONDS)) > MIXED_SECONDS
    }

    assert slow == {}


@pytest.mark.parametrize("name", CLASSES)
def test_predicates_take_a_line_of_any_length(name: str) -> None:
    """Every question about a line is answered of a line that has no end."""
    text = text_of(name, LINE_LENGTH)
    slow = {p.__name__: taken for p in PREDICATES if (taken := seconds(p, text, 0.5)) > 0.5}

    assert PREDICATES
    assert slow == {}


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
    return repair(reading, default().joins, 0.9) if isinstance(reading, Reading) else None


STAGES: dict[str, Action] = {
    "text": as_report("text/plain"),
    "markdown": as_report("text/markdown"),
    "html": as_report("text/html"),
    "normalize": lambda text: normalize(Traced.raw(text)),
    "structure": lambda text: label((Traced.raw(text),)),
    "detect": detect,
    "convert": lambda text: convert(Traced.raw(text), default().converters, "hant"),
}


def growth(action: Action, name: str, length: int) -> float:
    """How many times a quarter of the text goes into the whole, by time; 4 is as it should be."""
    whole = seconds(action, text_of(name, length), 0.15)
    return 4.0 if whole < 0.15 else whole / max(1e-9, seconds(action, text_of(name, length // 4), 0.0))


@pytest.mark.parametrize("stage", STAGES)
def test_stages_grow_with_the_length(stage: str) -> None:
    """Each stage takes four times a text in about four times the time, whatever it consists of."""
    found = {name: growth(STAGES[stage], name, STAGE_LENGTH) for name in CLASSES}

    assert {name: times for name, times in found.items() if times > 4 * GROWTH} == {}


def test_repair_grows_with_the_length() -> None:
    """Repair too, for what a report may be made of."""
    found = {name: growth(repairing, name, REPAIR_LENGTH) for name in CLASSES}

    assert {name: times for name, times in found.items() if times > 4 * GROWTH} == {}

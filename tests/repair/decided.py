"""Texts whose repairs people decide, and decisions about them as a reviewer would make them."""

import tomllib
from pathlib import Path
from typing import Any

from etl.engines import default
from etl.model.decisions import Decision, Places
from etl.model.report import Encoding, Reading, Repaired
from etl.model.traced import Change, concat
from etl.repair import repair

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "repair" / "decisions.toml").read_text(encoding="utf-8")
)["case"]
COLUMN, PAGES, NOTED = (case["given"].lstrip("\n") for case in CASES)
USUAL, UNSURE = 0.7, 1.0
"""Thresholds at which what is likely is done, and at which all of it is only suggested."""


def restore(text: str, *decisions: Decision, threshold: float = USUAL) -> Repaired:
    """Repair a text with decisions."""
    return repair(Reading(text, (), Encoding("utf-8", 1.0)), default().restorer, threshold, decisions)


def decide(text: str, done: Repaired, change: Change, *, accepted: bool) -> Decision:
    """The decision about a line of a ledger."""
    return Places(text, concat(done.paragraphs)).about(change, accepted=accepted)


def the(done: Repaired, rule: str, at: int) -> Change:
    """The line of the ledger of this rule at this raw offset."""
    (found,) = [change for change in done.changes if change.rule == rule and change.start == at]
    return found


def texts(done: Repaired) -> list[str]:
    """The paragraphs' texts."""
    return [paragraph.text for paragraph in done.paragraphs]


def ends(text: str, words: str) -> int:
    """Offset behind the words."""
    return text.index(words) + len(words)

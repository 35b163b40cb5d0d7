"""Hold the card of each rule that changes a text: what the rule does, why, an example, and where it stops.

A card is data: a table in the TOML file of its stage beside this module, named as the rule is named in the
ledger. A new rule is a new table; ``tests/rules`` runs its two examples through the pipeline. Cards decide
nothing, so only what explains the ledger reads them: the command line, the page of a report, docs/rules.md.

`explain` makes a sentence of a line of the ledger, `reference` writes docs/rules.md.

The package imports the names of stages, decisions and traced values.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from etl.model.stages import EditStage

Sure = Literal["sure", "suggested", "noted", "decided"]
"""How sure a rule may be: always; or only suggested below a threshold; or done and asked; or decided."""

MEANING: Mapping[Sure, str] = {
    "sure": "it is done wherever its signs stand, and a line of the ledger says so",
    "suggested": "it is done where it is sure enough (`repair.threshold`); where it is only likely, the text "
    "stays, the ledger holds a suggestion, and the report waits for a review",
    "noted": "it is done, and the report waits for a person to look at it",
    "decided": "it is done because a person said so, and can be taken back",
}
MEANING_ZH: Mapping[Sure, str] = {
    "sure": "确定：凡有其迹象即改，并记入更改记录",
    "suggested": "视把握而定：把握足够（`repair.threshold`）即改；"
    "仅属可能的，原文不动，在更改记录中留下建议，报告待审",
    "noted": "改后待审：照改，并请人看一看这份报告",
    "decided": "由人决定：依人的意见更改，可以撤回",
}
Said = Literal["words", "does", "why", "because", "measured"]
"""What a card says in every language."""


@dataclass(frozen=True, slots=True)
class Card:
    """The documentation of one rule.

    Attributes:
        name: the rule's name in lines of the ledger.
        stage: the stage that it belongs to.
        words: why the rule changes a text, in a few words, as the ledger says it.
        words_zh: the same in Chinese.
        does: what the rule does.
        why: where the damage comes from.
        given: an example text.
        becomes: what the whole pipeline makes of it.
        kept: a text that looks like damage and is left as it is.
        because: why that text is left.
        sure: how sure the rule may be.
        measured: how often it is right on the development sets, by figures of docs/benchmarks.md.
        does_zh, why_zh, because_zh, measured_zh: the same in Chinese.
    """

    name: str
    stage: EditStage
    words: str
    words_zh: str
    does: str
    why: str
    given: str
    becomes: str
    kept: str
    because: str
    sure: Sure
    does_zh: str
    why_zh: str
    because_zh: str
    measured: str = "not measured"
    measured_zh: str = "未实测"

    def say(self, name: Said, language: str) -> str:
        """Return what the card says under a name in ``language``, en or zh."""
        return str(getattr(self, f"{name}_zh" if language == "zh" else name))


@lru_cache(maxsize=1)
def cards() -> Mapping[str, Card]:
    """Return all cards by name, in the order of the stages and of the rules within them."""
    folder = Path(__file__).parent
    found: dict[str, Card] = {}
    for stage in get_args(EditStage):
        path = folder / f"{stage}.toml"
        if path.is_file():
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
            found |= {name: Card(name=name, stage=stage, **table) for name, table in tables.items()}
    return found


def words(rule: str, language: str = "en") -> str:
    """Return why a rule changes a text, in a few words of ``language``, en or zh; its name for no card."""
    card = cards().get(rule)
    if card is None:
        return rule
    return card.say("words", language)


def meaning(sure: Sure, language: str = "en") -> str:
    """Return what is done by a rule that is as sure as this, in ``language``, en or zh."""
    return MEANING_ZH[sure] if language == "zh" else f"{sure}: {MEANING[sure]}"


def visible(text: str) -> str:
    r"""Return a text with its invisible characters written as Python escapes; spaces and line ends stay.

    >>> visible("防\u200b汛　好")
    '防\\u200b汛\\u3000好'
    """
    return "".join(c if c in "\n " or c.isprintable() else ascii(c)[1:-1] for c in text)

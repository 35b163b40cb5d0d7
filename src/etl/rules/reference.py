"""Writes docs/rules.md from the cards: ``python -m etl.rules.reference > docs/rules.md``.

A new field of a card is a line in `_card`.
"""

import sys
from collections.abc import Iterator
from typing import get_args

from etl.rules import MEANING, Card, cards, visible
from etl.stages import EditStage

TITLE = """# The rules that change a text

Generated from the cards in `src/etl/rules/` by `python -m etl.rules.reference` (`make rules`);
`etl rule NAME` prints one. A line of the ledger names its rule. Every example is run through the whole
pipeline by the tests; what cannot be seen in one is written as Python writes it (`\\u200b`). Figures are
those of [benchmarks.md](benchmarks.md), which says how each was measured.

How sure a rule may be:
"""


def render() -> str:
    """Return the whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield TITLE
    for sure, meaning in MEANING.items():
        yield f"- **{sure}**: {meaning}."
    for stage in get_args(EditStage):
        of_stage = [card for card in cards().values() if card.stage == stage]
        if of_stage:
            yield f"\n## {stage}"
        for card in of_stage:
            yield from _card(card)


def _card(card: Card) -> Iterator[str]:
    yield f"\n### {card.name}\n"
    yield f"{card.does} {card.why}\n"
    yield f"In the ledger: {card.words}. How sure: {card.sure}. Measured: {card.measured}.\n"
    yield from _text("Given:", card.given)
    yield from _text("\nBecomes:", card.becomes)
    yield from _text(f"\nLeft as it is ({card.because}):", card.kept)


def _text(heading: str, text: str) -> Iterator[str]:
    yield f"{heading}\n"
    yield "```text"
    yield visible(text).strip("\n")
    yield "```"


if __name__ == "__main__":
    sys.stdout.write(render())

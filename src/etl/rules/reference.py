"""Write docs/rules.md from the cards: ``python -m etl.rules.reference > docs/rules.md``.

A new field of a card is a line in `_card`.
"""

import sys
from collections.abc import Iterator
from typing import get_args

from etl.model.stages import EditStage
from etl.rules import MEANING, Card, cards, visible

TITLE = """# The rules that change a text

Generated from the cards in `src/etl/rules/` by `python -m etl.rules.reference` (`make rules`);
`etl rule NAME` prints one. A line of the ledger names its rule. Every example is run through the whole
pipeline by the tests; what cannot be seen in one is written as Python writes it (`\\u200b`). Figures are
those of [benchmarks.md](benchmarks.md), which says how each was measured.

How sure a rule may be:
"""


BEFORE = """

## What reading does before the ledger begins

The ledger counts from the raw text that reading hands on, which `etl show ID --html` draws. What a format
has beside its characters is gone or has become characters by then, without a line of the ledger but where
one is named here:

- **Encodings**: bytes are decoded. A stretch that an earlier program had decoded in a wrong encoding is
  undone, with a line (`mojibake`). Characters that GB 18030 kept in its private area until Unicode took
  them up are written as Unicode writes them, as today's standard says. Line ends become `\\n`.
- **Pages of the web**: the main text is taken, navigation, scripts and footers are left out. Runs of blanks
  become one, as a browser shows them, and a line end of the source between two Chinese characters goes. A
  number set as `<sup>` becomes raised digits (²), and a space is put before a field (时间：…) that only its
  style sets apart.
- **Markdown**: marks go (`#`, `**`, `[…](…)`), the words stay.
- **DOCX**: deleted revisions, hidden text, sounds above characters and the second drawing of a text box are
  left out; cells of a row stand between tabs, and one that spans columns is followed by empty ones. Numbers
  of lists (一、, （二）) are written before their paragraphs. A note stands behind the paragraph that refers
  to it, both with its sign (¹, ①, [i]).
- **DOC, WPS, RTF, ODT**: LibreOffice makes a DOCX of them, which is read so.
- **PDF**: lines are put in the order in which a page is read, so that a note, caption or table that
  interrupts a paragraph stands behind it. A word that the printer divided at a line end is whole, its
  hyphen gone before a small letter; in plain text that is the rule `hyphen`. A character printed twice at
  one place, for a bold, is read once; in plain text that is `doubled glyphs`. A blank is put where white
  parts two words, type that runs in another direction than the page is left out, and a head of a table that
  a new page repeats is marked as furniture, whose removal is a line again. What is filled in a form stands
  where its fields are, each line that was typed for itself; a box that is ticked is a ✓.
- **Scans**: characters are recognized from the picture of the page; how sure that is stands in `pages` of
  the report.
"""


def render() -> str:
    """Return the whole page docs/rules.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield TITLE
    for sure, meaning in MEANING.items():
        yield f"- **{sure}**: {meaning}."
    yield BEFORE.rstrip("\n")
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

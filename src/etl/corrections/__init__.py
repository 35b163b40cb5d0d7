"""What people correct in a report's text and entities: values, their places, and how they are carried out.

`asked` says by offsets what a person wants, `anchoring` gives it its home in the raw text, `amending` carries
it out at the end of every processing, `entities` does the same for what extraction finds. Another kind of
correction is a class in `values`, one in `asked`, and a case in `amending` or `entities`.

The package imports values and decisions. The pipeline, extraction, the store and all above may import it.
"""

from etl.corrections.values import (
    Amendment,
    Correction,
    EntityEdit,
    KindEdit,
    ParagraphJoin,
    ParagraphSplit,
    Passage,
    Said,
    TextEdit,
)

__all__ = [
    "Amendment",
    "Correction",
    "EntityEdit",
    "KindEdit",
    "ParagraphJoin",
    "ParagraphSplit",
    "Passage",
    "Said",
    "TextEdit",
]

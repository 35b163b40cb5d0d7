"""Hold what people correct in a report's text and entities, find its place again, and carry it out.

`requests` say by offsets what a person wants; `typed` makes them from typed words, `rewriting` from a
rewritten paragraph. `anchoring` finds their places in the raw text. `amending` applies them to a `draft` at
the end of every processing, `entities` to what extraction finds. Another kind of correction is a class in
`values`, one in `requests`, and a case in `amending` or `entities`.

The package imports values and decisions. The pipeline, extraction, the store and all above may import it.
"""

from etl.corrections.values import (
    Amendment,
    Annotations,
    Correction,
    EntityEdit,
    KindEdit,
    ParagraphJoin,
    ParagraphSplit,
    Passage,
    TextEdit,
)

__all__ = [
    "Amendment",
    "Annotations",
    "Correction",
    "EntityEdit",
    "KindEdit",
    "ParagraphJoin",
    "ParagraphSplit",
    "Passage",
    "TextEdit",
]

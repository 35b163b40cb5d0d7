"""Correct entities as people said, between finding and linking, and at the end.

`etl.corrections.entities` does the work; here it gets the text and the divisions of the report's day.
"""

from collections.abc import Sequence

from etl.corrections.entities import PlacedEntity, with_spans, with_values
from etl.extraction.context import Context
from etl.extraction.linking.divisions import with_code
from etl.extraction.resources.gazetteer import DatedGazetteer
from etl.model.mentions import Entity, Place


def correct_spans(
    context: Context, found: tuple[Entity, ...], placed: Sequence[PlacedEntity]
) -> tuple[Entity, ...]:
    """Entities before they are linked, with the words that people said."""
    return with_spans(found, placed, context.text, context.fold) if placed else found


def correct_values(
    context: Context, found: tuple[Entity, ...], placed: Sequence[PlacedEntity], gazetteer: DatedGazetteer
) -> tuple[Entity, ...]:
    """Linked entities with the values that people gave; a place with another code is that division."""
    if not placed:
        return found
    codes = {(one.start, one.end): one.edit.values["code"] for one in placed if one.edit.values.get("code")}
    divided = tuple(
        with_code(e, codes[e.start, e.end], gazetteer)
        if isinstance(e, Place) and (e.start, e.end) in codes
        else e
        for e in found
    )
    return with_values(divided, placed, context.fold)

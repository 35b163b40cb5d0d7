"""Convert reports to documents and back, with facts flat beside their type and amounts as decimals.

What is stored is smaller than what is printed, see `compact`; both are read here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bson.decimal128 import Decimal128

from etl.model.exact import Amount
from etl.model.mentions import Fact
from etl.model.report import Report
from etl.store.records import compact
from etl.store.records.codec import Doc, from_bson, to_amount, to_bson


def to_document(report: Report) -> Doc:
    """Return a report as it is printed: facts flat, provenance as rows of four numbers."""
    facts = [{"type": f.type, **to_bson(f.fields), "spans": to_bson(f.spans)} for f in report.facts]
    return {**to_bson(report), "facts": facts}


def to_stored(report: Report) -> Doc:
    """Return a report as it is stored: compact, its amounts as decimals."""
    rest = to_document(replace(report, paragraphs=(), entities=(), edits=(), runs=()))
    return {**rest, "facts": _stored(rest["facts"]), **compact.packed(report)}


def _stored(value: Any) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(value, Amount):
        return value.stored()
    if isinstance(value, dict):
        return {name: _stored(one) for name, one in value.items()}
    return [_stored(one) for one in value] if isinstance(value, list) else value


def _read(value: Any) -> Any:  # noqa: ANN401 - any field of a fact
    if isinstance(value, Decimal128):
        return to_amount(value)
    return {name: _read(one) for name, one in value.items()} if isinstance(value, Mapping) else value


def read_facts(stored: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """Return the facts of a stored document."""
    return tuple(
        Fact(
            fact["type"],
            {key: _read(value) for key, value in fact.items() if key not in ("type", "spans")},
            tuple((start, end) for start, end in fact["spans"]),
        )
        for fact in stored
    )


def from_document(stored: Mapping[str, Any]) -> Report:
    """Make a report from a stored or printed document whose offloaded fields are back in place.

    The text in the other script is empty where it is not stored; `etl.store.query.client` makes it.
    """
    whole = compact.unpacked(stored)
    report: Report = from_bson(Report, {**whole, "facts": [], "other_text": whole["other_text"] or ""})
    return replace(report, facts=read_facts(whole["facts"]))

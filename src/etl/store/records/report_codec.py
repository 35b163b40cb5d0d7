"""Convert reports to documents and back; facts are stored flat beside their type."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from etl.mentions import Fact
from etl.model import Report
from etl.store.records.codec import Doc, from_bson, to_bson


def to_document(report: Report) -> Doc:
    """A report as it is stored and printed: entities and facts flat, provenance as rows of four."""
    facts = [{"type": f.type, **to_bson(f.fields), "spans": to_bson(f.spans)} for f in report.facts]
    return {**to_bson(report), "facts": facts}


def from_document(stored: Mapping[str, Any]) -> Report:
    """The report of a stored document; parts in GridFS must have been put in, see `overflow.rehydrate`."""
    facts = tuple(
        Fact(
            fact["type"],
            {key: value for key, value in fact.items() if key not in ("type", "spans")},
            tuple((start, end) for start, end in fact["spans"]),
        )
        for fact in stored["facts"]
    )
    report: Report = from_bson(Report, {**stored, "facts": []})
    return replace(report, facts=facts)

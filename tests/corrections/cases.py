"""Run what `etl review export` wrote: a line is a text, what people said of it, and how it shall read.

Files of such lines below ``tests/cases/corrections`` are tried by `make test`.
"""

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from etl import engines, pipeline
from etl.corrections import Amendment, Annotations, Correction
from etl.model.decisions import Decision
from etl.model.report import RawReport, Rejected, Report
from etl.settings import load
from etl.store.records.codec import from_bson

FOLDER = Path(__file__).resolve().parents[1] / "cases/corrections"
Case = Mapping[str, Any]


def cases(path: Path) -> list[Case]:
    """The cases of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def made(case: Case, said: Annotations | None = None) -> Report:
    """The report of a case, as people said, or with what is ``said`` instead."""
    payload = base64.b64decode(case["payload"]) if "payload" in case else case["text"].encode()
    day = date.fromisoformat(case["published_on"]) if case["published_on"] else None
    raw = RawReport(f"memory:{case['name']}", case["media_type"], payload, day)
    report = pipeline.process(raw, engines.default(), load(), case["report"], said or said_in(case))
    assert not isinstance(report, Rejected), report
    return report


def said_in(case: Case) -> Annotations:
    """What people said."""
    decisions = tuple(from_bson(Decision, one["decision"]) for one in case["decisions"])
    corrections = (
        Correction(
            one["id"],
            from_bson(Amendment, one["amendment"]),
            one["by"],
            datetime.fromisoformat(one["at"]),
            one["note"],
        )
        for one in case["corrections"]
    )
    return Annotations(decisions, tuple(corrections))


def failures(case: Case, report: Report) -> list[str]:
    """What a report does not read like."""
    found = [one["id"] for one in case["expected"] if one["words"] not in report.text]
    for one in case["expected"]:
        kind, words = one.get("entity", (None, None))
        kinds = {entity.type for entity in report.entities if entity.text == words}
        if words and ((kind not in kinds) if kind else kinds):
            found.append(one["id"])
        kind, words = one.get("paragraph", (None, None))
        if words and not any(p.kind == kind and p.text.startswith(words) for p in report.paragraphs):
            found.append(one["id"])
    return found + [one.id for one in report.corrections if one.state == "no longer fits"]

"""Tells what one revision of the product makes of a sample: one JSON object a line, in the sample's order.

usage: PYTHONPATH=TREE/src python benchmarks/corpus_tell.py TREE SAMPLE OUT

It runs inside the other revision, too: it asks `etl.process` alone and takes a report's fields as they come.
"""

import dataclasses
import json
import sys
import time
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import etl

# Same for every text of a revision, or a place in a text that moves with all that stands before it.
LEFT_OUT = ("id", "pipeline", "runs", "source")


def main(tree: str, sample: str, out: str) -> None:
    """Process every text of the sample; the last line of output holds the seconds of processor time."""
    if not Path(etl.__file__).resolve().is_relative_to(Path(tree).resolve()):
        raise SystemExit(
            f"{etl.__file__} was imported instead of the product in {tree}; put {tree}/src on PYTHONPATH"
        )
    with Path(sample).open(encoding="utf-8") as lines, Path(out).open("w", encoding="utf-8") as told:
        for number, line in enumerate(lines):
            text = json.loads(line)
            start = time.process_time() if number else 0.0
            found = tell(b64decode(text["payload"]), text["uri"])
            found["seconds"] = (
                time.process_time() - start if number else 0.0
            )  # the first one waits for models
            told.write(json.dumps(found, ensure_ascii=False, default=str) + "\n")


def tell(payload: bytes, uri: str) -> dict[str, Any]:
    """The report as plain values, or why there is none."""
    try:
        report = etl.process(payload, uri=uri)
    except Exception as error:  # noqa: BLE001 - what a revision raises is what is compared
        return {"refused": " ".join(_words(error))}
    told = {name: value for name, value in fields(report).items() if name not in LEFT_OUT}
    for kind in ("entities", "facts", "paragraphs"):
        for one in told.get(kind) or ():
            _place(one, report)
    return {"report": told, "made_with": fields(getattr(report, "pipeline", {}))}


def fields(value: Any) -> Any:  # noqa: ANN401 - any value of any revision
    """A frozen value and all that it holds as plain JSON values."""
    if dataclasses.is_dataclass(value):
        return {one.name: fields(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if hasattr(value, "_asdict"):
        return fields(value._asdict())
    if hasattr(value, "model_dump"):
        return fields(value.model_dump())
    if isinstance(value, Mapping):
        return {str(key): fields(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [fields(one) for one in value]
    return value


def _place(one: dict[str, Any], report: Any) -> None:  # noqa: ANN401 - a report of any revision
    """Where it stands in the raw text, which no change of another stage moves."""
    spans = one.get("spans") or [[one.get("start"), one.get("end")]]
    try:
        one["raw"] = [list(report.raw_span(start, end)) for start, end in spans]
    except (AttributeError, TypeError, ValueError):
        one["raw"] = spans


def _words(error: Exception) -> list[str]:
    """Stage and reason of a refusal; the class and words of any other error."""
    if hasattr(error, "stage") and hasattr(error, "reason"):
        return ["refused:", str(error.stage), str(error.reason)]
    return ["crashed:", type(error).__name__, str(error)[:200]]


if __name__ == "__main__":
    main(*sys.argv[1:4])

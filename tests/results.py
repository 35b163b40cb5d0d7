"""What each stage makes of ``samples/``, as a digest beside the fingerprint that it was made with.

``make results`` records the present state, once the version of the first stage whose results changed
was raised in ``src/etl/fingerprint.py``; it refuses before.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from etl import read, repair
from etl.engines import Engines, shared
from etl.fingerprint import fingerprints
from etl.model.report import RawReport, Rejected
from etl.pipeline import clean, process
from etl.settings import Settings, load
from etl.sources import media_type

ROOT = Path(__file__).resolve().parents[1]
RECORD = Path(__file__).parent / "cases/results.json"
COMMAND = "make results"
VERSIONS = "src/etl/fingerprint.py"
# Digits of a confidence that count: another processor may round the last ones differently.
DIGITS = 2
# What extraction adds to a report; all else is decided before it.
EXTRACTED = ("entities", "entity_keys", "terms", "keywords")
# Name versions and no result, or what people said, who said nothing of samples.
MADE_WITH = ("pipeline", "schema_version", "corrections")

# By stage: the fingerprint, and the digest of what was made with it.
Record = dict[str, dict[str, str]]


def record(settings: Settings) -> Record:
    """The present state: fingerprint and digest of each stage."""
    made = results(ROOT / "samples", shared(settings), settings)
    return {
        stage: {"made_with": made_with, "results": digest(made[stage])}
        for stage, made_with in fingerprints(settings).items()
    }


def results(folder: Path, engines: Engines, settings: Settings) -> dict[str, list[Any]]:
    """What each stage makes of every file of a folder, in the order of the files."""
    made: dict[str, list[Any]] = {}
    for path in sorted(folder.iterdir()):
        raw = RawReport(
            uri=f"file:///{path.name}", media_type=media_type(path.name), payload=path.read_bytes()
        )
        for stage, one in stage_results(raw, engines, settings).items():
            made.setdefault(stage, []).append(one)
    return made


def stage_results(raw: RawReport, engines: Engines, settings: Settings) -> dict[str, Any]:
    """What each stage makes of one report.

    Raises:
        ValueError: the report is refused.
    """
    report = process(raw, engines, settings)
    if isinstance(report, Rejected):
        raise ValueError(f"{raw.uri} is refused: {report.message}")  # noqa: TRY004 - of a report, not a type
    reading = read.read(raw)
    whole = {one.name: getattr(report, one.name) for one in fields(report) if one.name not in MADE_WITH}
    return {
        "read": reading,
        "repair": repair.repair(reading, engines.restorer, settings.repair.threshold, ()),
        "normalize": clean(reading, engines, settings),
        "convert": {name: one for name, one in whole.items() if name not in (*EXTRACTED, "facts")},
        "extract": {name: whole[name] for name in EXTRACTED},
        "facts": whole["facts"],
    }


def digest(value: object) -> str:
    """Sixteen hex digits of a value and all that it holds."""
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a stage
    """A value as JSON, without the names of fields, which change no result."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    if is_dataclass(value):
        value = [getattr(value, one.name) for one in fields(value)]
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def complaint(recorded: Record, now: Record) -> str:
    """What to do about the first stage at which both differ; empty where none does."""
    for stage, made in now.items():
        was = recorded.get(stage, {"made_with": "", "results": ""})
        if made["results"] != was["results"] and made["made_with"] == was["made_with"]:
            return f"results of stage {stage} changed: raise its version in {VERSIONS}, then {COMMAND}"
        if made != was:
            return f"the fingerprint of stage {stage} changed: record what it makes now with {COMMAND}"
    return ""


def main() -> None:
    """Record the present state, unless a stage's results changed under an unchanged fingerprint."""
    now = record(load())
    wrong = complaint(json.loads(RECORD.read_text(encoding="utf-8")), now) if RECORD.exists() else ""
    if wrong.startswith("results"):
        sys.exit(wrong)
    RECORD.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

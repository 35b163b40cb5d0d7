"""What is done with one report, here or in a worker: make it of its bytes, or rerun its late stages.

Each function takes what is its own first and the `Kit` last. A fault of the program ends as a value here.
"""

import logging
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etl.corrections import Said
from etl.ids import sha256
from etl.model import RawReport, Rejected, Report
from etl.settings import Settings
from etl.stages import STAGES, Stage
from etl.telemetry.log_context import log_context

if TYPE_CHECKING:
    from etl.engines import Engines

# Models and dictionaries load when they are first asked for: a text that asks for all of them.
SHORT = "武汉市通报，李强于2020年2月3日捐款5万元。\n\n记者王宏伟在北京報導。"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kit:
    """What processing needs beside the report."""

    engines: "Engines"
    settings: Settings


def kit_of(settings: Settings) -> Kit:
    """The kit for these settings, whose engines are built once a process."""
    from etl.engines import shared  # noqa: PLC0415 - only who processes texts needs models

    return Kit(shared(settings), settings)


def warm(kit: Kit) -> None:
    """Load all models and dictionaries, so that the first report does not pay for them."""
    from etl import pipeline  # noqa: PLC0415 - as above

    pipeline.process(RawReport("memory://short.txt", "text/plain", SHORT.encode()), kit.engines, kit.settings)


def process_report(raw: RawReport, report: str, said: Said, kit: Kit) -> Report | Rejected:
    """What the pipeline makes of one report; a fault of the program becomes a Rejected like bad input.

    One report that trips a bug must not stop thousands that do not, see decision 0053. ``said`` is what
    people decided about its repairs.
    """
    from etl import pipeline  # noqa: PLC0415 - as above

    with log_context(report=report):
        try:
            return pipeline.process_to_store(raw, kit.engines, kit.settings, report, said)
        except Exception as error:
            log.warning("%s: %s", raw.uri, error, exc_info=True)
            return internal(raw, error)


def rerun_report(stored: Report, since: str, said: Said, kit: Kit) -> Report | None:
    """A stored report made again from stage ``since`` on; None where it must be made from its bytes.

    That is also the answer when the program fails on it: the whole way then says what is wrong.
    """
    from etl import pipeline  # noqa: PLC0415 - as above

    with log_context(report=stored.id):
        try:
            return pipeline.rerun_from_stage(stored, since, kit.engines, kit.settings, said)
        except Exception as error:
            log.warning("%s: %s; making it again from its bytes", stored.source.uri, error, exc_info=True)
            return None


def internal(raw: RawReport, error: BaseException) -> Rejected:
    """The record of a report on which the program failed, with the stage in which it did."""
    place = traceback.extract_tb(error.__traceback__)
    stages = (_stage(frame.filename) for frame in reversed(place))
    line = f"{place[-1].filename.rpartition('/')[2]}:{place[-1].lineno}" if place else "unknown place"
    return refused(
        raw,
        (next((room for room in stages if room), "store"), "internal"),
        f"the program failed on it at {line}: {type(error).__name__}: {error}; please report it",
        type(error).__name__,
    )


def refused(raw: RawReport, where: tuple[Stage, str], message: str, error: str) -> Rejected:
    """The record of a report that cannot be made, by its stage and reason."""
    stage, reason = where
    return Rejected(
        uri=raw.uri,
        media_type=raw.media_type,
        sha256=sha256(raw.payload) if raw.payload else None,
        stage=stage,
        reason=reason,
        message=message,
        error=error,
        payload=raw.payload or None,
    )


def _stage(filename: str) -> Stage | None:
    """The room that a source file belongs to."""
    parts = filename.removesuffix(".py").replace("\\", "/").split("/")
    room = parts[len(parts) - parts[::-1].index("etl")] if "etl" in parts[:-1] else ""
    named = {"sources": "source", "script": "convert"}.get(room, room)
    return next((room for room in STAGES if room == named), None)

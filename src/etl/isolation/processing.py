"""Process reports, here or in a worker: make them from their bytes, or rerun the late stages of one.

Each function takes the `ProcessingTools` last. A fault of the program ends as a value here.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from etl.corrections.values import NO_ANNOTATIONS, Annotations
from etl.model.ids import sha256
from etl.model.report import RawReport, Rejected, Report
from etl.model.stages import STAGES, Stage
from etl.settings import Settings
from etl.telemetry.log_context import log_context

if TYPE_CHECKING:
    from etl.engines import Engines
    from etl.extraction.resources.tagger import Tagged
    from etl.pipeline import Prepared

# Models and dictionaries load when they are first asked for: a text that asks for all of them.
SHORT = "武汉市通报，李强于2020年2月3日捐款5万元。\n\n记者王宏伟在北京報導。"
log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProcessingTools:
    """What processing needs beside the report."""

    engines: "Engines"
    settings: Settings


@dataclass(frozen=True, slots=True)
class ProcessingRequest:
    """A report to be made.

    Attributes:
        raw: its bytes.
        report: the id that it gets.
        annotations: what people decided about its repairs, and what they corrected.
    """

    raw: RawReport
    report: str
    annotations: Annotations = NO_ANNOTATIONS


def tools_for(settings: Settings) -> ProcessingTools:
    """Return the tools for these settings; their engines are built once a process."""
    from etl.engines import shared  # noqa: PLC0415 - only who processes texts needs models

    return ProcessingTools(shared(settings), settings)


def load_models(tools: ProcessingTools) -> None:
    """Load all models and dictionaries, so that the first report does not pay for them."""
    from etl import pipeline  # noqa: PLC0415 - as above

    pipeline.process(
        RawReport("memory://short.txt", "text/plain", SHORT.encode()), tools.engines, tools.settings
    )


def process_reports(
    requests: Sequence[ProcessingRequest], tools: ProcessingTools
) -> tuple[Report | Rejected, ...]:
    """Process some reports; a fault of the program becomes a Rejected, as bad input does.

    One report that trips a bug must not stop thousands that do not, see decision 0053. The tagger reads all
    of them together; all else is done one by one.
    """
    prepared = [_guarded(one, partial(_prepare, one, tools)) for one in requests]
    ready = [one for one in prepared if not isinstance(one, Rejected)]
    tagged = iter(_tagged(ready, tools))
    made = [
        one
        if isinstance(one, Rejected)
        else _guarded(request, partial(_complete, request, one, next(tagged), tools))
        for request, one in zip(requests, prepared, strict=True)
    ]
    return tuple(
        one if isinstance(one, Rejected) else _guarded(request, partial(_to_store, one, tools))
        for request, one in zip(requests, made, strict=True)
    )


def _prepare(request: ProcessingRequest, tools: ProcessingTools) -> "Prepared | Rejected":
    from etl import pipeline  # noqa: PLC0415 - as above

    return pipeline.prepare(request.raw, tools.engines, tools.settings, request.annotations)


def _complete(
    request: ProcessingRequest, prepared: "Prepared", tagged: "Tagged | None", tools: ProcessingTools
) -> Report | Rejected:
    from etl import pipeline  # noqa: PLC0415 - as above

    return pipeline.complete(prepared, tools.engines, tools.settings, request.report, tagged)


def _to_store(made: Report, tools: ProcessingTools) -> Report:
    from etl import pipeline  # noqa: PLC0415 - as above

    return pipeline.to_store(made, tools.engines, tools.settings)


def _guarded(request: ProcessingRequest, step: Callable[[], T]) -> T | Rejected:
    with log_context(report=request.report):
        try:
            return step()
        except Exception as error:
            log.warning("%s: %s", request.raw.uri, error, exc_info=True)
            return internal_error_record(request.raw, error)


def _tagged(ready: "Sequence[Prepared]", tools: ProcessingTools) -> "Sequence[Tagged | None]":
    """Tag the texts; nothing where that fails: which of them is at fault shows when each is tagged alone."""
    from etl import pipeline  # noqa: PLC0415 - as above

    try:
        return pipeline.tag(ready, tools.engines)
    except Exception as error:
        log.warning("%s; reading %d reports one by one", error, len(ready), exc_info=True)
        return [None] * len(ready)


def rerun_report(
    stored: Report, since: str, annotations: Annotations, tools: ProcessingTools
) -> Report | None:
    """Make a stored report again from stage ``since`` on; None where it must be made from its bytes.

    That is also the answer when the program fails on it: the whole way then says what is wrong.
    """
    from etl import pipeline  # noqa: PLC0415 - as above

    with log_context(report=stored.id):
        try:
            return pipeline.rerun_from_stage(stored, since, tools.engines, tools.settings, annotations)
        except Exception as error:
            log.warning("%s: %s; making it again from its bytes", stored.source.uri, error, exc_info=True)
            return None


def internal_error_record(raw: RawReport, error: BaseException) -> Rejected:
    """Return the record of a report on which the program failed, with the stage in which it did."""
    place = traceback.extract_tb(error.__traceback__)
    stages = (_stage(frame.filename) for frame in reversed(place))
    line = f"{place[-1].filename.rpartition('/')[2]}:{place[-1].lineno}" if place else "unknown place"
    return rejection_record(
        raw,
        (next((stage for stage in stages if stage), "store"), "internal"),
        f"the program failed on it at {line}: {type(error).__name__}: {error}; please report it",
        type(error).__name__,
    )


def rejection_record(raw: RawReport, where: tuple[Stage, str], message: str, error: str) -> Rejected:
    """Return the record of a report that cannot be made, by its stage and reason."""
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
    """Return the stage that a source file belongs to; None for none."""
    parts = filename.removesuffix(".py").replace("\\", "/").split("/")
    package = parts[len(parts) - parts[::-1].index("etl")] if "etl" in parts[:-1] else ""
    named = {"sources": "source", "script": "convert"}.get(package, package)
    return next((stage for stage in STAGES if stage == named), None)

"""What is done with reports, here or in a worker: make them of their bytes, or rerun the late stages of one.

Each function takes what is its own first and the `Kit` last. A fault of the program ends as a value here.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from etl.corrections.values import NOTHING, Said
from etl.ids import sha256
from etl.model import RawReport, Rejected, Report
from etl.settings import Settings
from etl.stages import STAGES, Stage
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
class Kit:
    """What processing needs beside the report."""

    engines: "Engines"
    settings: Settings


@dataclass(frozen=True, slots=True)
class Order:
    """A report to be made.

    Attributes:
        raw: its bytes.
        report: the id that it gets.
        said: what people decided about its repairs, and what they corrected.
    """

    raw: RawReport
    report: str
    said: Said = NOTHING


def kit_of(settings: Settings) -> Kit:
    """The kit for these settings, whose engines are built once a process."""
    from etl.engines import shared  # noqa: PLC0415 - only who processes texts needs models

    return Kit(shared(settings), settings)


def warm(kit: Kit) -> None:
    """Load all models and dictionaries, so that the first report does not pay for them."""
    from etl import pipeline  # noqa: PLC0415 - as above

    pipeline.process(RawReport("memory://short.txt", "text/plain", SHORT.encode()), kit.engines, kit.settings)


def process_reports(orders: Sequence[Order], kit: Kit) -> tuple[Report | Rejected, ...]:
    """What the pipeline makes of some reports; a fault of the program becomes a Rejected like bad input.

    One report that trips a bug must not stop thousands that do not, see decision 0053. The tagger reads all
    of them together; all else is done one by one.
    """
    prepared = [_guarded(one, partial(_prepare, one, kit)) for one in orders]
    ready = [one for one in prepared if not isinstance(one, Rejected)]
    tagged = iter(_tagged(ready, kit))
    return tuple(
        one
        if isinstance(one, Rejected)
        else _guarded(order, partial(_complete, order, one, next(tagged), kit))
        for order, one in zip(orders, prepared, strict=True)
    )


def _prepare(order: Order, kit: Kit) -> "Prepared | Rejected":
    from etl import pipeline  # noqa: PLC0415 - as above

    return pipeline.prepare(order.raw, kit.engines, kit.settings, order.said)


def _complete(order: Order, prepared: "Prepared", tagged: "Tagged | None", kit: Kit) -> Report | Rejected:
    from etl import pipeline  # noqa: PLC0415 - as above

    return pipeline.complete(prepared, kit.engines, kit.settings, order.report, tagged)


def _guarded(order: Order, step: Callable[[], T]) -> T | Rejected:
    with log_context(report=order.report):
        try:
            return step()
        except Exception as error:
            log.warning("%s: %s", order.raw.uri, error, exc_info=True)
            return internal(order.raw, error)


def _tagged(ready: "Sequence[Prepared]", kit: Kit) -> "Sequence[Tagged | None]":
    """What the tagger says of the texts; nothing where it fails: which of them is at fault shows alone."""
    from etl import pipeline  # noqa: PLC0415 - as above

    try:
        return pipeline.tag(ready, kit.engines)
    except Exception as error:
        log.warning("%s; reading %d reports one by one", error, len(ready), exc_info=True)
        return [None] * len(ready)


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

"""The two steps that may fail for one report alone: getting its bytes, and processing them.

Everything that can go wrong ends as a value here. A new fault that passes is one more pause in `PAUSES`.
"""

import logging
import time
import traceback
from collections.abc import Sequence

from etl import pipeline
from etl.about import about
from etl.errors import TransientError
from etl.ids import sha256
from etl.ingest.workshop import Workshop
from etl.model import Candidate, RawReport, Rejected, Report
from etl.settings import SourceSettings
from etl.sources import fetch
from etl.stages import STAGES, Stage
from etl.store.decisions import DecisionRecord
from etl.timing import stage

# Seconds between tries at a source that fails for the moment.
PAUSES = (0.2, 1.0, 3.0)
log = logging.getLogger(__name__)


def fetched(candidate: Candidate, limits: SourceSettings) -> RawReport:
    """The bytes of a candidate, tried again while its source fails for the moment.

    Raises:
        RejectError: they cannot be had.
        TransientError: the source failed every time.
    """
    with stage("source"):
        for pause in PAUSES:
            try:
                return fetch(candidate, limits)
            except TransientError as error:
                log.warning("%s: %s; trying again in %s s", candidate.uri, error, pause)
                time.sleep(pause)
        return fetch(candidate, limits)


def attempt(
    raw: RawReport, report: str, tools: Workshop, decided: Sequence[DecisionRecord] = ()
) -> Report | Rejected:
    """What the pipeline makes of one report; a fault of the program becomes a Rejected like bad input.

    One report that trips a bug must not stop thousands that do not, see decision 0053. ``decided`` is what
    people said about its repairs.
    """
    said = [record.decision for record in decided]
    with about(report=report):
        try:
            return pipeline.process(raw, tools.engines, tools.settings, report, said)
        except Exception as error:
            log.warning("%s: %s", raw.uri, error, exc_info=True)
            return internal(raw, error)


def renewed(stored: Report, since: str, tools: Workshop) -> Report | None:
    """A stored report made again from stage ``since`` on; None where it must be made from its bytes.

    That is also the answer when the program fails on it: the whole way then says what is wrong.
    """
    with about(report=stored.id):
        try:
            return pipeline.renew(stored, since, tools.engines, tools.settings)
        except Exception as error:
            log.warning("%s: %s; making it again from its bytes", stored.source.uri, error, exc_info=True)
            return None


def internal(raw: RawReport, error: BaseException) -> Rejected:
    """The record of a report on which the program failed, with the stage in which it did."""
    place = traceback.extract_tb(error.__traceback__)
    stages = (_stage(frame.filename) for frame in reversed(place))
    line = f"{place[-1].filename.rpartition('/')[2]}:{place[-1].lineno}" if place else "unknown place"
    return Rejected(
        uri=raw.uri,
        media_type=raw.media_type,
        sha256=sha256(raw.payload) if raw.payload else None,
        stage=next((room for room in stages if room), "store"),
        reason="internal",
        message=f"the program failed on it at {line}: {type(error).__name__}: {error}; please report it",
        error=type(error).__name__,
        payload=raw.payload or None,
    )


def _stage(filename: str) -> Stage | None:
    """The room that a source file belongs to."""
    parts = filename.removesuffix(".py").replace("\\", "/").split("/")
    room = parts[len(parts) - parts[::-1].index("etl")] if "etl" in parts[:-1] else ""
    named = {"sources": "source", "script": "convert"}.get(room, room)
    return next((room for room in STAGES if room == named), None)

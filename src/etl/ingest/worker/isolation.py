"""The two steps that may fail for one report alone: fetching its bytes, and processing them.

Everything that can go wrong ends as a value here. A new fault that passes is one more pause in
`RETRY_PAUSES`.
"""

import logging
import time
from functools import partial

from etl.errors import TransientError
from etl.ingest.worker.context import WorkerContext
from etl.isolation.pool import POOL, DiedError, Subject, Task, TooLongError
from etl.isolation.processing import kit_of, process_report, refused, rerun_report
from etl.model import Candidate, RawReport, Rejected, Report
from etl.settings import SourceSettings
from etl.sources import fetch
from etl.store.annotations.notes import NONE, Notes
from etl.telemetry.log_context import log_context
from etl.telemetry.timings import stage

# Seconds between tries at a source that fails for the moment.
RETRY_PAUSES = (0.2, 1.0, 3.0)
# Tries of a report on which a worker dies: the first death may be another's fault, as where memory was short.
TRIES = 2
TOO_LONG = "took too long"
log = logging.getLogger(__name__)


def fetch_with_retry(candidate: Candidate, limits: SourceSettings) -> RawReport:
    """The bytes of a candidate, tried again while its source fails for the moment.

    Raises:
        RejectError: they cannot be had.
        TransientError: the source failed every time.
    """
    with stage("source"):
        for pause in RETRY_PAUSES:
            try:
                return fetch(candidate, limits)
            except TransientError as error:
                log.warning("%s: %s; trying again in %s s", candidate.uri, error, pause)
                time.sleep(pause)
        return fetch(candidate, limits)


def process_safely(
    raw: RawReport, report: str, context: WorkerContext, notes: Notes = NONE
) -> Report | Rejected:
    """What the pipeline makes of one report, in its time; a Rejected where it fails, or takes too long.

    ``notes`` are what people said about it.

    Raises:
        StoppedError: the run was asked to end.
    """
    call = partial(process_report, raw, report, notes.said)
    if not context.seconds:
        return call(kit_of(context.processing_settings))
    subject = Subject(raw.uri, len(raw.payload))
    with log_context(report=report):
        for tries_left in reversed(range(TRIES)):
            try:
                return POOL.run(Task(call, context.processing_settings, context.seconds), subject)
            except TooLongError as error:
                return _too_long(raw, error, context.seconds)
            except DiedError as error:
                log.warning("%s: its worker died (%s)", raw.uri, error)
                if not tries_left:
                    return _died(raw, error)
    raise AssertionError("unreachable: the loop returns")


def rerun_safely(stored: Report, since: str, context: WorkerContext, notes: Notes = NONE) -> Report | None:
    """A stored report made again from stage ``since`` on; None where it must be made from its bytes.

    That is also the answer when it fails or takes too long: the whole way then says what is wrong.

    Raises:
        StoppedError: the run was asked to end.
    """
    call = partial(rerun_report, stored, since, notes.said)
    if not context.seconds:
        return call(kit_of(context.processing_settings))
    task = Task(call, context.processing_settings, context.seconds, whole=since != "facts")
    with log_context(report=stored.id):
        try:
            return POOL.run(task, Subject(stored.source.uri, stored.source.size))
        except (TooLongError, DiedError) as error:
            log.warning("%s: %s; making it again from its bytes", stored.source.uri, error)
            return None


def _too_long(raw: RawReport, error: TooLongError, seconds: float) -> Rejected:
    message = (
        f"found a report of {len(raw.payload)} bytes that was not done after {seconds:g} s; split it, or "
        f"raise run.report_seconds (ETL_RUN__REPORT_SECONDS) and `etl quarantine retry --reason '{TOO_LONG}'`"
    )
    return refused(raw, (error.stage or "read", TOO_LONG), message, type(error).__name__)


def _died(raw: RawReport, error: DiedError) -> Rejected:
    message = f"the process that worked on it died {TRIES} times ({error}); give it more memory, or report it"
    return refused(raw, (error.stage or "read", "internal"), message, type(error).__name__)

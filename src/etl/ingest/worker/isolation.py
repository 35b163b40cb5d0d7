"""Fetch and process single reports, and try again what may have failed by chance.

A source that fails for the moment is asked again after each of `RETRY_PAUSES`. A report that takes too long,
or on which a worker dies each time (`TRIES`), becomes a Rejected.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from etl.ingest.worker.context import WorkerContext
from etl.isolation.pool import POOL, DiedError, ReportInWork, Task, TooLongError
from etl.isolation.processing import (
    ProcessingRequest,
    process_reports,
    rejection_record,
    rerun_report,
    tools_for,
)
from etl.model.errors import TransientError
from etl.model.report import Candidate, RawReport, Rejected, Report
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
# Bytes, and reports, that are made together: some seconds of work, and sentences enough for the tagger.
GROUP_BYTES, GROUP_REPORTS = 60_000, 64
log = logging.getLogger(__name__)
T = TypeVar("T")


def fetch_with_retry(candidate: Candidate, limits: SourceSettings) -> RawReport:
    """Fetch the bytes of a candidate, again after a pause while its source fails for the moment.

    Raises:
        RejectError: the bytes cannot be had.
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


def in_groups(items: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """Yield the items in groups of limited size, in order, so that the tagger reads many texts at once."""
    group: list[T] = []
    total = 0
    for item in items:
        if group and (total + size(item) > GROUP_BYTES or len(group) >= GROUP_REPORTS):
            yield group
            group, total = [], 0
        group.append(item)
        total += size(item)
    if group:
        yield group


def process_safely(
    requests: Sequence[ProcessingRequest], context: WorkerContext
) -> Sequence[Report | Rejected]:
    """Process reports; return for each a Report, or a Rejected if it fails or takes longer than allowed.

    They are made together. If that exceeds the time for one report, or a worker dies, each is tried alone.

    Raises:
        StoppedError: the run was asked to end.
    """
    if not context.seconds:
        return process_reports(requests, tools_for(context.processing_settings))
    if len(requests) > 1:
        try:
            return _process(requests, context)
        except (TooLongError, DiedError) as error:
            log.info("%d reports from %s: %s; trying each alone", len(requests), requests[0].raw.uri, error)
    return [_process_alone(request, context) for request in requests]


def _process(requests: Sequence[ProcessingRequest], context: WorkerContext) -> Sequence[Report | Rejected]:
    task = Task(partial(process_reports, requests), context.processing_settings, context.seconds)
    return POOL.run(
        task, ReportInWork(requests[0].raw.uri, sum(len(request.raw.payload) for request in requests))
    )


def _process_alone(request: ProcessingRequest, context: WorkerContext) -> Report | Rejected:
    with log_context(report=request.report):
        for tries_left in reversed(range(TRIES)):
            try:
                return _process([request], context)[0]
            except TooLongError as error:
                return _too_long(request.raw, error, context.seconds)
            except DiedError as error:
                log.warning("%s: its worker died (%s)", request.raw.uri, error)
                if not tries_left:
                    return _died(request.raw, error)
    raise AssertionError("unreachable: the loop returns")


def rerun_safely(stored: Report, since: str, context: WorkerContext, notes: Notes = NONE) -> Report | None:
    """Make a stored report again from stage ``since`` on; None if it must be made from its bytes.

    None is also the answer if it fails or takes too long: making it from its bytes then says what is wrong.

    Raises:
        StoppedError: the run was asked to end.
    """
    call = partial(rerun_report, stored, since, notes.said)
    if not context.seconds:
        return call(tools_for(context.processing_settings))
    task = Task(call, context.processing_settings, context.seconds, whole=since != "facts")
    with log_context(report=stored.id):
        try:
            return POOL.run(task, ReportInWork(stored.source.uri, stored.source.size))
        except (TooLongError, DiedError) as error:
            log.warning("%s: %s; making it again from its bytes", stored.source.uri, error)
            return None


def _too_long(raw: RawReport, error: TooLongError, seconds: float) -> Rejected:
    message = (
        f"found a report of {len(raw.payload)} bytes that was not done after {seconds:g} s; split it, or "
        f"raise run.report_seconds (ETL_RUN__REPORT_SECONDS) and `etl quarantine retry --reason '{TOO_LONG}'`"
    )
    return rejection_record(raw, (error.stage or "read", TOO_LONG), message, type(error).__name__)


def _died(raw: RawReport, error: DiedError) -> Rejected:
    message = f"the process that worked on it died {TRIES} times ({error}); give it more memory, or report it"
    return rejection_record(raw, (error.stage or "read", "internal"), message, type(error).__name__)

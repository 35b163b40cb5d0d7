"""Loading small reports in a process of its own, with a fault; in a module that such a process can import.

The pipeline is replaced by one that takes names, day and words from three lines, so that what is
tried is the loading and a trial takes a second.
"""

import json
import multiprocessing
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.reliability.faults import Shim
from tests.store.made import make_report

from etl.ingest import ingest, jobs
from etl.ingest.worker import context, reprocess
from etl.ingest.worker import load as loading
from etl.ingest.worker.context import WorkerContext
from etl.isolation.processing import ProcessingRequest
from etl.model.errors import EtlError, RejectError
from etl.model.ids import sha256
from etl.model.rejects import rejected
from etl.model.report import RawReport, Rejected, Report, Source
from etl.settings import Settings

# How a process ends that gave up: with a word of ours.
UNAVAILABLE = 3
PIPELINE = {"read": "1", "facts": "1"}
STARTER = multiprocessing.get_context("forkserver")
STARTER.set_forkserver_preload(["etl.ingest"])


def start(settings: Settings, inbox: Path, told: Path, shim: Shim | None = None) -> BaseProcess:
    """A process that loads ``inbox``; what it is told of its progress goes to the file ``told``, by lines."""
    told.unlink(missing_ok=True)
    child = STARTER.Process(target=run, args=(settings, str(inbox), str(told), shim))
    child.start()
    return child


def run(settings: Settings, inbox: str, told: str, shim: Shim | None) -> None:
    """The body of that process. Its exit status says how it ended."""
    cheap()
    load(settings, inbox, told, shim)


def load(settings: Settings, inbox: str, told: str, shim: Shim | None = None) -> None:
    """Load, tell of it, and end this process as it ended."""
    if shim:
        shim.install()
    with Path(told).open("a", encoding="utf-8", buffering=1) as file:

        def tell(line: Mapping[str, object]) -> None:
            file.write(json.dumps(line) + "\n")

        try:
            summary = ingest([inbox], settings, lambda counts: tell(counts.as_dict()))
            tell({"state": summary.state, "left": summary.counts.left})
        except EtlError as error:
            tell({"error": type(error).__name__, "message": str(error)})
            sys.exit(UNAVAILABLE)
        finally:
            tell({"calls": shim.calls if shim else {}})


def cheap() -> None:
    """Let this process make reports of three lines, with a pipeline that never changes."""
    for module in (loading, reprocess):
        module.process_safely = process_safely  # type: ignore[attr-defined]
    for place in (jobs, context):
        place.fingerprints = fingerprints  # type: ignore[attr-defined]


def fingerprints(settings: Settings) -> Mapping[str, str]:
    """Those of a pipeline that never changes."""
    del settings
    return PIPELINE


def process_safely(
    requests: Sequence[ProcessingRequest], context: WorkerContext
) -> Sequence[Report | Rejected]:
    """Reports of three lines each."""
    return [short_report(order.raw, order.report, context) for order in requests]


def short_report(raw: RawReport, report: str, context: WorkerContext) -> Report | Rejected:
    """A report from three lines: names, day, words; an empty file is quarantined."""
    lines = raw.payload.decode().split("\n")
    if len(lines) < 3:
        return rejected(raw, RejectError("read", "empty", "found nothing; expected three lines; write them"))
    names, day, words = lines
    size = len(raw.payload)
    source = Source(raw.uri, sha256(raw.payload), raw.media_type, size, "utf-8", 1.0, modified=raw.modified)
    pipeline = dict(context.pipeline)
    return make_report(
        raw.uri, words, tuple(names.split()), day or None, id=report, source=source, pipeline=pipeline
    )

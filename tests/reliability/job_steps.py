"""Jobs of every kind in processes of their own, over reports of three lines that people may review.

Each report suggests to leave its names out; who accepts that finds a mark in its text. The version of the
pipeline stands there, too, so that making reports again changes them.
"""

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.reliability import work

from etl import ingest
from etl.ingest import Ruling, jobs
from etl.ingest.worker import context, load, reprocess
from etl.ingest.worker.context import WorkerContext
from etl.isolation.processing import ProcessingRequest
from etl.model.decisions import Decision, place
from etl.model.errors import EtlError, SetupError
from etl.model.report import Rejected, Report
from etl.model.traced import Change
from etl.settings import Settings

KINDS = ("run", "reprocess", "delete", "review")


@dataclass(frozen=True, slots=True)
class JobStep:
    """A job to do.

    Attributes:
        kind: one of `KINDS`.
        version: of the pipeline.
        ids: the reports that are taken down or reviewed.
        accepted: what the reviewer says.
    """

    kind: str
    version: int
    ids: tuple[str, ...] = ()
    accepted: bool = False


def start(settings: Settings, inbox: Path, told: Path, step: JobStep) -> BaseProcess:
    """A process that does it; a run tells of its progress in the file ``told``."""
    told.unlink(missing_ok=True)
    child = work.STARTER.Process(target=do, args=(settings, str(inbox), str(told), step))
    child.start()
    return child


def do(settings: Settings, inbox: str, told: str, step: JobStep) -> None:
    """The body of that process: what was done already before it was killed is no error."""
    work.cheap()
    for module in (load, reprocess):
        module.process_safely = process_safely  # type: ignore[attr-defined]
    for place_ in (jobs, context):
        place_.fingerprints = partial(fingerprints, step.version)  # type: ignore[attr-defined]
    if step.kind == "run":
        work.load(settings, inbox, told)
        return
    try:
        _do(settings, step)
    except SetupError:
        return
    except EtlError:
        sys.exit(work.UNAVAILABLE)


def _do(settings: Settings, step: JobStep) -> None:
    if step.kind == "reprocess":
        ingest.reprocess("all", settings)
    elif step.kind == "review":
        ingest.record_decision(Ruling(step.ids[0], 1, step.accepted, "tester"), settings)
    else:
        try:
            ingest.delete_reports(step.ids, settings)
        except SetupError:  # some of them are gone
            for one in step.ids:
                with suppress(SetupError):
                    ingest.delete_reports([one], settings)


def fingerprints(version: int, settings: Settings) -> Mapping[str, str]:
    """Those of a pipeline of this version."""
    del settings
    return {"read": str(version), "facts": "1"}


def process_safely(
    requests: Sequence[ProcessingRequest], context: WorkerContext
) -> Sequence[Report | Rejected]:
    """Reports of three lines each."""
    return [_decided_report(order, context) for order in requests]


def _decided_report(order: ProcessingRequest, context: WorkerContext) -> Report | Rejected:
    """A report of three lines with its suggestion, or with what was decided about it."""
    raw = order.raw
    made = work.short_report(raw, order.report, context)
    if isinstance(made, Rejected):
        return made
    text, accepted = restored(raw.payload, int(context.pipeline["read"]), order.annotations.decisions)
    names = raw.payload.decode().split("\n")[0]
    change = Change("repair", "furniture", 0, len(names), names, "", 0.5, accepted is True)
    edits = (replace(change, decided=accepted is not None),)
    return replace(made, text=text, edits=edits, needs_review=accepted is None)


def restored(payload: bytes, version: int, decided: Sequence[Decision]) -> tuple[str, bool | None]:
    """The text of a report, and what was decided about its suggestion; None where nobody has."""
    raw = payload.decode()
    placed, _ = place(raw, decided)
    said = [one.decision.accepted for one in placed if one.right == 0]
    accepted = said[-1] if said else None
    words = raw.split("\n")[2]
    return f"{words} {version}{' 删' if accepted else ''}", accepted

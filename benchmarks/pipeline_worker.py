"""Runs one revision's pipeline over batches of texts and tells what each batch took of the processor.

usage: PYTHONPATH=TREE/src python benchmarks/pipeline_worker.py TREE

A batch is a line of JSON on standard input, an answer one on standard output. It runs inside older revisions.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import etl
from etl import engines, pipeline
from etl.settings import load

# Where a revision keeps the clock of its stages: the newest name first.
CLOCKS = ("etl.telemetry.timings", "etl.timing")
FIRST = "武汉市通报，李强于2020年2月3日捐款5万元。\n\n记者王宏伟在北京報導。"


def main(tree: str) -> None:
    """Answer until there are no more batches."""
    if not Path(etl.__file__).resolve().is_relative_to(Path(tree).resolve()):
        raise SystemExit(f"{etl.__file__} was imported instead of the product in {tree}")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    clock, run = _clock(), _runner()
    run([FIRST])
    tagger = _tagger_seconds()
    for line in sys.stdin:
        texts = json.loads(line)
        before, began = tagger[0], time.process_time()
        with clock.measured() as seconds:
            run(texts)
        spent = time.process_time() - began
        stages = {**{str(name): value for name, value in seconds.items()}, "tagger": tagger[0] - before}
        answers.write(json.dumps({"whole": spent, "stages": stages}) + "\n")
        answers.flush()


def _clock() -> Any:  # noqa: ANN401 - a module of any revision
    """The revision's clock of stages, counting processor time."""
    for name in CLOCKS:
        try:
            clock: Any = import_module(name)
        except ModuleNotFoundError:
            continue
        clock.perf_counter = time.process_time
        return clock
    raise SystemExit("this revision measures no stages")


def _runner() -> Callable[[Sequence[str]], object]:
    """What makes reports of texts: all together where the revision can, else one after the other."""
    kit, settings = engines.default(), _in_both_scripts(load())

    def run(texts: Sequence[str]) -> object:
        raws = _raws(texts)
        return [pipeline.process(raw, kit, settings) for raw in raws]

    return _together(kit, settings) or run


def _in_both_scripts(settings: Any) -> Any:  # noqa: ANN401 - settings of any revision
    """Settings by which the text is made in the other script, too, as every revision once did."""
    if not hasattr(settings.store, "other_text"):
        return settings
    return settings.model_copy(update={"store": settings.store.model_copy(update={"other_text": True})})


def _together(kit: Any, settings: Any) -> Callable[[Sequence[str]], object] | None:  # noqa: ANN401
    """How a run of this revision makes small reports together; None in one that does not."""
    try:
        processing: Any = import_module("etl.isolation.processing")
        isolation: Any = import_module("etl.ingest.worker.isolation")
        make, groups = processing.process_reports, isolation.in_groups
    except (ModuleNotFoundError, AttributeError):
        return None
    request = _renamed(processing, "ProcessingRequest", "Order")
    tools = _renamed(processing, "ProcessingTools", "Kit")

    def run(texts: Sequence[str]) -> object:
        raws = _raws(texts)
        return [
            make([request(raw, raw.uri) for raw in group], tools(kit, settings))
            for group in groups(raws, lambda raw: len(raw.payload))
        ]

    return run


def _raws(texts: Sequence[str]) -> list[Any]:
    """Return texts as raw reports of the revision that is measured."""
    make = _values().RawReport
    return [make(f"memory://{n}.txt", "text/plain", text.encode()) for n, text in enumerate(texts)]


def _values() -> Any:  # noqa: ANN401 - a module of any revision
    """Return the module of raw reports, which was `etl.model` before values became a package."""
    try:
        return import_module("etl.model.report")
    except ModuleNotFoundError:
        return import_module("etl.model")


def _renamed(module: Any, name: str, before: str) -> Any:  # noqa: ANN401 - a class of any revision
    """Return a class by its name, or by the one that it had in older revisions."""
    return getattr(module, name, None) or getattr(module, before)


def _tagger_seconds() -> list[float]:
    """One number that grows with the processor time of the tagger."""
    total = [0.0]
    kind: Any = type(engines.default().tagger)
    for name in ("read", "read_all"):
        if hasattr(kind, name):
            setattr(kind, name, _timed(getattr(kind, name), total))
    return total


def _timed(work: Callable[..., Any], total: list[float]) -> Callable[..., Any]:
    inside = [False]

    @contextmanager
    def clocked() -> Iterator[None]:
        began, outer, inside[0] = time.process_time(), inside[0], True
        yield
        inside[0] = outer
        total[0] += 0.0 if outer else time.process_time() - began

    def timed(*given: Any) -> Any:  # noqa: ANN401 - a method of any revision
        with clocked():
            return work(*given)

    return timed


if __name__ == "__main__":
    main(sys.argv[1])

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from etl import pipeline
from etl.engines import Engines, default
from etl.extraction.resources.tagger import Tagged
from etl.ingest.worker.isolation import GROUP_BYTES, GROUP_REPORTS, in_groups
from etl.isolation.processing import ProcessingRequest, ProcessingTools, process_reports
from etl.model.report import RawReport, Rejected, Report
from etl.settings import load

TEXTS = (
    "武汉市通报\n\n李强于2020年2月3日捐款5万元。",
    "",
    "记者王宏伟在北京報導，市長陳立新出席會議。",
    "好",
)


@pytest.fixture
def tools() -> ProcessingTools:
    """The engines of this process."""
    return ProcessingTools(default(), load())


def requests() -> list[ProcessingRequest]:
    """Four reports, the second of which is empty."""
    raws = (RawReport(f"memory:{n}.txt", "text/plain", text.encode()) for n, text in enumerate(TEXTS))
    return [ProcessingRequest(raw, f"id{n}") for n, raw in enumerate(raws)]


def test_made_together_as_alone(tools: ProcessingTools) -> None:
    """Each report is what it is when it is made alone, and what cannot be one says why in its place."""
    together = process_reports(requests(), tools)

    assert together == tuple(process_reports([request], tools)[0] for request in requests())
    assert [type(one) for one in together] == [Report, Rejected, Report, Report]


def test_a_fault_stays_with_its_report(tools: ProcessingTools, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program on one report sets that one aside and changes no other."""
    complete, expected = pipeline.complete, process_reports(requests(), tools)

    def faulty(prepared: pipeline.Prepared, *rest: object) -> Report | Rejected:
        if prepared.raw.uri == "memory:2.txt":
            raise ZeroDivisionError
        return complete(prepared, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "complete", faulty)
    made = process_reports(requests(), tools)

    assert isinstance(made[2], Rejected)
    assert made[2].reason == "internal"
    assert (made[0], made[3]) == (expected[0], expected[3])


def test_a_tagger_that_fails_on_many(tools: ProcessingTools) -> None:
    """Where the tagger fails on texts together, each is read alone."""

    def fail(texts: Sequence[str]) -> tuple[Tagged, ...]:
        raise MemoryError(len(texts))

    engines = Engines(load())
    engines.__dict__.update(tools.engines.__dict__)
    engines.__dict__["tagger"] = SimpleNamespace(read=tools.engines.tagger.read, read_all=fail)

    assert process_reports(requests(), ProcessingTools(engines, tools.settings)) == process_reports(
        requests(), tools
    )


def test_groups() -> None:
    """Small reports go together, up to a number and a size; a large one goes alone; the request stays."""
    small, large = GROUP_BYTES // 4, GROUP_BYTES * 3
    groups = list(in_groups([small, small, large, small, *[1] * (GROUP_REPORTS + 1)], lambda size: size))

    assert groups[:2] == [[small, small], [large]]
    assert [len(group) for group in groups[2:]] == [GROUP_REPORTS, 2]

"""Reports made with corrections, without a database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from etl import engines, pipeline
from etl.corrections import Annotations, Correction
from etl.corrections.anchoring import Ground
from etl.corrections.requests import CorrectionRequest, amendment_of
from etl.corrections.values import correction_id
from etl.model.report import RawReport, Report
from etl.model.traced import Traced
from etl.read import read
from etl.settings import load

DAY = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = """关于防汛的通报

2020年2月3日，绛县红十字会向绛县人民医院捐赠口罩100个，李明主任出席了仪
式并讲话。
第二段说天气很好。

张丰说，今天下雨了……大家都很高兴。
"""


def raw(text: str) -> RawReport:
    """The bytes of a text."""
    return RawReport("memory:report.txt", "text/plain", text.encode())


def make(text: str, corrections: Sequence[Correction] = ()) -> Report:
    """The report of a text, with corrections."""
    return _process(text, tuple(corrections)) if corrections else _plain(text)


def _process(text: str, corrections: tuple[Correction, ...]) -> Report:
    made = pipeline.process(raw(text), engines.default(), load(), None, Annotations((), corrections))
    assert isinstance(made, Report)
    return made


@cache
def _plain(text: str) -> Report:
    return _process(text, ())


def at(words: str) -> int:
    """Where words stand in the report of `TEXT`."""
    return make(TEXT).text.index(words)


def ask(report: Report, text: str, *asked: CorrectionRequest, after: int = 0) -> tuple[Correction, ...]:
    """Corrections of a report that was made of a text, one after the other."""
    ground = Ground(read(raw(text)).text, Traced(report.text, report.runs))
    amendments = [amendment_of(one, report, ground) for one in asked]
    return tuple(
        Correction(correction_id(one), one, "李芳", DAY + timedelta(seconds=after + number), "读过原件")
        for number, one in enumerate(amendments)
    )


def sound(report: Report, text: str) -> Report:
    """The report, once it is true to itself and to the raw text."""
    whole = read(raw(text)).text
    assert report.text == "\n".join(paragraph.text for paragraph in report.paragraphs)
    for part in (*report.paragraphs, *report.entities):
        assert report.text[part.start : part.end] == part.text
    assert sum(run.end - run.start for run in report.runs) == len(report.text)
    for run in report.runs:
        assert 0 <= run.raw_start <= run.raw_end <= len(whole)
    return report

"""Signs that count as digits for Unicode and are no numbers, and numbers that are too long for one."""

import sys
import unicodedata

import pytest
from tests.soak import is_long

from etl import pipeline
from etl.engines import default
from etl.model.report import RawReport, Report
from etl.settings import load

pytestmark = pytest.mark.fuzz  # every sign in the long runs
SIGNS = [sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isnumeric() and not sign.isascii()]
# One of each kind: its category, and what Python takes it for.
KINDS = {(unicodedata.category(sign), sign.isdigit(), sign.isdecimal()): sign for sign in reversed(SIGNS)}
NUMBERS = ["²²", "①②", "٣٤", "亿" * 400, "0." + "1" * 400]
# Longer than Python makes numbers of; each where few forms are tried, as they fill megabytes.
LONG_NUMBERS = ["9" * 5000, "九" * 5000]
BODY = "县里召开会议，部署春耕生产工作，全县干部群众参加了会议，记者李明报道，会上作了讲话。"
FORMS = (
    *("{d}", "第{d}页", "- {d} -", "{d}/{d}", "第{d}页 共{d}页", "{d}、县里开会。", "（{d}）县里开会。"),
    *("{d} 县里开会", "县里开会 {d}", "附件{d}", "{d}年{d}月{d}日", "20{d}年1月2日", "2020-{d}-{d}"),
    *("民国{d}年", "上午{d}时{d}分", "农历{d}月初{d}", "20世纪{d}0年代", "{d}—{d}年", "{d}天后"),
    *("{d}周年", "捐款{d}.{d}万元", "US${d}", "约{d}至{d}元", "共{d}人，{d}%", "百分之{d}"),
    *("{d}分之{d}", "近{d}个村", "{d}公里", "〔2020〕{d}号"),
)
SHORT_FORMS = ("{d}", "{d} 县里开会", "{d}年", "捐款{d}万元", "第{d}页")


def report_of(text: str, name: str = "a") -> object:
    """What the pipeline makes of a text in a file of this name."""
    raw = RawReport(f"file:///{name}.txt", "text/plain", text.encode())
    return pipeline.process(raw, default(), load())


@pytest.mark.parametrize("number", (SIGNS if is_long() else [*KINDS.values()]) + NUMBERS, ids=lambda n: n[:3])
def test_signs_that_count_as_digits(number: str) -> None:
    """A report is made of a text with any sign that may be a digit, wherever a number may stand."""
    all_forms = "\n".join(f"{form.format(d=number)}\n{BODY}" for form in FORMS)
    pages = f"{BODY[:-1]}\n{number}\n{BODY}\n" * 3
    title = f"{number}\n2020年1月2日\n{BODY}"

    assert all(isinstance(report_of(text, number[:40]), Report) for text in (all_forms, pages, title))


@pytest.mark.parametrize("number", LONG_NUMBERS, ids=lambda n: n[:3])
def test_numbers_that_are_too_long(number: str) -> None:
    """A report is made of a text with a number longer than any that can be reckoned with."""
    text = "\n".join(f"{form.format(d=number)}\n{BODY}" for form in SHORT_FORMS)

    assert isinstance(report_of(text), Report)


@pytest.mark.parametrize("sign", ["①", "²²", "⑴"])
def test_a_sign_alone_on_a_line_stays(sign: str) -> None:
    """A line of such signs is no page's number: it is kept."""
    made = report_of(f"{BODY[:-1]}\n{sign}\n{BODY}")

    assert isinstance(made, Report)
    assert unicodedata.normalize("NFKC", sign) in unicodedata.normalize("NFKC", made.text)

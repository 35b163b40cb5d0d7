"""Lines that the page printed go, and each that goes is in the ledger."""

import tomllib
from pathlib import Path

import pytest

from etl.engines import default
from etl.model.report import Encoding, Reading
from etl.repair import repair
from etl.settings import load

THRESHOLD = load().repair.threshold
CASES = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "repair" / "furniture.toml").read_text(encoding="utf-8")
)["case"]
BODY = (
    "入夏以来，县里组织巡护队沿湖巡查。全县一百二十六个排污口已经全部建档，沿岸的四家洗砂场在六月底以前关停，"
    "职工由镇里帮助转岗。湖边的八个村成立了义务护水队，老人孩子都来帮忙捡拾垃圾，岸边新栽的一千多"
)
REST = "棵柳树也都成活了。到了傍晚，散步的人比往年多出许多。"


def params() -> list[object]:
    """The cases, those known to fail marked so."""
    strict = pytest.mark.xfail(reason="known failure", strict=True)
    return [
        pytest.param(case, id=case["name"], marks=[strict] if case["label"] == "known_failure" else [])
        for case in CASES
    ]


@pytest.mark.parametrize("case", params())
def test_furniture_goes_and_all_else_stays(case: dict[str, object]) -> None:
    """Exactly the lines named are taken out, each with its place, as sure as its evidence is."""
    text = str(case["text"]).format(body=BODY, rest=REST)
    done = repair(Reading(text, (), Encoding("utf-8", 1.0)), default().restorer, THRESHOLD)
    removed = [change for change in done.changes if change.rule == "furniture"]

    assert [change.before for change in removed] == case["gone"]
    assert [round(change.confidence, 2) for change in removed] == case.get("sure", [])
    assert all(text[change.start : change.end] == change.before for change in removed)
    assert all(change.after == "" and change.applied for change in removed)
    for line in {line.strip() for line in text.splitlines() if line.strip()} - {c.before for c in removed}:
        assert any(line in paragraph.text for paragraph in done.paragraphs)


def test_a_join_over_furniture_does_not_quote_it() -> None:
    """The join's place ends where the furniture begins, so that each has its own line in the ledger."""
    text = f"{BODY}\n\n— 12 —\n\n{REST}"
    done = repair(Reading(text, (), Encoding("utf-8", 1.0)), default().restorer, THRESHOLD)

    assert [(c.rule, c.before) for c in done.changes] == [("cut sentence", "\n\n"), ("furniture", "— 12 —")]
    assert [paragraph.text for paragraph in done.paragraphs] == [BODY + REST]


COURT = """
01  北坡地方法院民事判決
02  111年度訴字第1904號
03  原　　　告　廖○娥
04  上列當事人間請求損害賠償事件，本院於去年冬天言詞
05  辯論終結，判決如下。被告應給付原告新臺幣參拾貳萬元
06  ，及自起訴之日起至清償日止，按週年利率百分之五計算
07  之利息。訴訟費用由被告負擔十分之六，餘由原告自行負
08  擔。
01  二、被告則以原告的房屋屋齡逾四十年，本來就有裂縫多
02  處，鑑定報告沒有區分新舊裂縫，不足採信等語，資為抗
03  辯。"""


def test_numbers_of_lines_go() -> None:
    """The numbers that a court prints before each line go, and the sentences under them are whole."""
    done = repair(Reading(COURT, (), Encoding("utf-8", 1.0)), default().restorer, THRESHOLD)
    texts = [paragraph.text for paragraph in done.paragraphs]

    assert not any(text[:2].isdigit() for text in texts if text[2:3] == " ")
    assert (
        "二、被告則以原告的房屋屋齡逾四十年，本來就有裂縫多處，鑑定報告沒有區分新舊裂縫，不足採信等語，資為抗辯。"
        in texts
    )
    assert sum(change.rule == "furniture" for change in done.changes) == 11

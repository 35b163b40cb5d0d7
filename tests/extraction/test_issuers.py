"""The currency of a bare 元 follows from what a text says of itself; said too little, it is open."""

import pytest
from tests.thresholds import divides

from etl.engines import shared
from etl.extraction.amounts import issuers
from etl.extraction.extractor import extract
from etl.model.mentions import Money
from etl.settings import load

HONG_KONG = ("立法會討論撥款", "財政司回應", "行政長官出席", "公屋輪候時間縮短")
UNSURE = issuers.UNSURE


def currencies(text: str) -> list[str]:
    """The currency of each sum of a text."""
    found = extract(text, None, None, shared(load()))
    return [one.currency for one in found.entities if isinstance(one, Money)]


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("行政院核定補助3億元", "TWD"),
        ("中華民國104年4月18日公告：罰鍰6萬元", "TWD"),
        ("民國一百零三年度編列5億元", "TWD"),
        ("114年度編列191億元", "TWD"),
        ("台湾方面所谓的“行政院”称补助3亿元", "CNY"),
        ("民国二十五年捐款500元修桥", "CNY"),
        ("2024年度投入3亿元", "CNY"),
        ("這座橋的造價是3億元", "CNY"),
        ("香港商人向县人民医院捐款100万元", "CNY"),
        ("澳門特區政府和社會文化司指出，本澳的開支是3億元", "MOP"),
        ("立法會、立法會、立法會通過3億元", UNSURE),
        ("新华社台北电：立法院通过预算，县委书记说产值3亿元", UNSURE),
    ],
)
def test_what_a_text_says_of_itself(text: str, currency: str) -> None:
    """Offices and years of a place speak for its currency; quotes, script and names of places do not."""
    assert currencies(text) == [currency]


def test_a_currency_that_is_said_stays() -> None:
    """A sum with a currency of its own keeps it; a sign that several have follows the text."""
    text = "行政院說：人民幣5億元、300美元、$800、US$20和4萬元"
    assert currencies(text) == ["CNY", "USD", "TWD", "USD", "TWD"]
    assert currencies("售价$800") == ["USD"]


def test_a_currency_is_said_for_all_that_follows() -> None:
    """Any currency may be said once: （澳門元，下同） holds for the sum before it and for those behind."""
    assert currencies("餘額為5,052億元（澳門元，下同），約合625億美元，減少56億元") == ["MOP", "USD", "MOP"]


def test_words_that_are_too_few() -> None:
    """Fewer words than are asked for leave the currency open, also where nothing speaks for the mainland."""
    sure = issuers.FEWEST_OTHERWISE
    assert divides(
        lambda words: currencies("，".join(words) + "，共5億元") == ["HKD"],
        (HONG_KONG[:sure] + HONG_KONG[-1:],),
        (HONG_KONG[1:sure],),
    )
    assert currencies("財政司回應，共5億元") == [UNSURE]


def test_words_of_another_place() -> None:
    """So many times as many words must speak for a place as for the mainland, on either side."""
    times = issuers.TIMES
    taiwan = "行政院和" * times
    assert divides(
        lambda text: currencies(text) == ["TWD"],
        (f"{taiwan}國務院：3億元",),
        (f"{taiwan}國務院、國務院：3億元",),
    )
    home = "国务院和" * times
    assert divides(
        lambda text: currencies(text) == ["CNY"], (f"{home}立法院：3亿元",), (f"{home}立法院、立法院：3亿元",)
    )

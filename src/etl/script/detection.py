"""Tell which script a text is in, and where traditional text comes from, by OpenCC's own dictionaries.

Characters that only one script has are counted outside quotations first, so that a quotation in the other
script does not decide. A region shows in forms and words that only it uses; a new sign of one is an entry in
`_SIGNS`.
"""

import re
from dataclasses import dataclass

import numpy as np

from etl.model.report import Script
from etl.script.tables import SIMPLIFIED, TRADITIONAL, telling_characters
from etl.text.code_points import code_points
from etl.text.folding import converter
from etl.text.numerals import UP_TO_TENS

_QUOTED = re.compile("“[^“”]{0,400}”|「[^「」]{0,400}」|『[^『』]{0,400}』|《[^《》]{0,100}》")
_FOREIGN = re.compile("[\x00\ud800-\udfff]")
# A script that has at least this share of the telling characters is part of the text, not an accident.
_SHARE = 0.15
_DOUBTLESS = 5
# Characters looked at for words; a region shows in the first pages.
_PAGES = 20_000
# A text of a region has a sign of it in so many characters; fewer are talk about the region.
_SIGN_EVERY = 500
# Forms that every region uses beside its own, so that they tell nothing on their own.
_COMMON = frozenset("台臺着著只才核梁群峰床啟吃線")
_SIGNS = {
    "tw": re.compile(
        f"新台幣|新臺幣|民國\\d|民國[{UP_TO_TENS}]|行政院|立法院|立委|里長|縣市|捷運|計程車|影片|資訊|軟體|硬體|"
        "網路|品質|台灣|臺灣|桃園|高雄|新北|衛福部|裡"
    ),
    "hk": re.compile(
        "港元|港幣|特區政府|立法會|行政長官|政務司|屋邨|公屋|港鐵|巴士|的士|九龍|新界|旺角|食環署|警務處|廉政公署|"
        "資訊科技|嘅|咗|喺|佢|啲|[綫衞説]"
    ),
}


@dataclass(frozen=True, slots=True)
class Detected:
    """The script of a text (``none``: nothing in it tells), and tw or hk where traditional text shows it."""

    script: Script
    region: str | None


def detect(text: str) -> Detected:
    """Detect the script of any text.

    >>> detect("这个软件"), detect("這個軟體")
    (Detected(script='hans', region=None), Detected(script='hant', region='tw'))
    """
    if text.isascii():
        return Detected("none", None)
    script = _script(text)
    return Detected(script, _region(text[:_PAGES]) if script == "hant" else None)


def is_wholly_traditional(text: str) -> bool:
    """Check whether a text is traditional beyond doubt and needs no conversion; short texts never are."""
    simplified, traditional = _count(text)
    return traditional >= _DOUBTLESS and simplified * _DOUBTLESS**2 <= traditional


def _script(text: str) -> Script:
    simplified, traditional = _count(_QUOTED.sub("", text))
    if not simplified + traditional:
        simplified, traditional = _count(text)
    total = simplified + traditional
    if not total:
        return _by_words(text[:_PAGES])
    if min(simplified, traditional) >= max(1, _SHARE * total):
        return "mixed"
    return "hans" if simplified > traditional else "hant"


def _count(text: str) -> tuple[int, int]:
    tells = telling_characters()
    found = tells[np.minimum(code_points(text), len(tells) - 1)]
    return int(np.count_nonzero(found & SIMPLIFIED)), int(np.count_nonzero(found & TRADITIONAL))


def _by_words(text: str) -> Script:
    """Tell the script by words of characters that both scripts have: 以后 is simplified, 乾燥 traditional."""
    simplified, traditional = _changes(text, "s2t"), _changes(text, "t2s")
    if bool(simplified) == bool(traditional):
        return "none"
    return "hans" if simplified else "hant"


def _changes(text: str, config: str) -> int:
    text = _FOREIGN.sub("", text)
    return sum(
        a != b and a not in _COMMON for a, b in zip(text, converter(config).convert(text), strict=False)
    )


def _region(text: str) -> str | None:
    """Return tw or hk, whichever a text has more than twice as many signs of; None if neither, or too few."""
    taiwan = len(_SIGNS["tw"].findall(text)) + _aspect_forms(text)
    hong_kong = len(_SIGNS["hk"].findall(text))
    if max(taiwan, hong_kong) * _SIGN_EVERY < len(text):
        return None
    if taiwan > 2 * hong_kong:
        return "tw"
    return "hk" if hong_kong > 2 * taiwan else None


def _aspect_forms(text: str) -> int:
    """Count 著 where the standard writes 着: only Taiwan does; OpenCC's phrases know it from 著名."""
    if "著" not in text:
        return 0
    clean = _FOREIGN.sub("", text)
    standard = converter("tw2t").convert(clean)
    return sum(a == "著" and b == "着" for a, b in zip(clean, standard, strict=False))

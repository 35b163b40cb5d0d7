"""Dates as reports write them: in a line of their own, and in file names.

A new way of writing a date is one pattern here with the groups y, m and d, and a row in the case table.
"""

import re
from datetime import date
from urllib.parse import unquote

_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "Ｏ": "0",
    "O": "0",
}
_DIGITS |= {c: str(i) for i, c in enumerate("０１２３４５６７８９")}
_TO_ASCII = str.maketrans(_DIGITS)
_REPUBLIC_OFFSET = 1911  # year 1 of the Republic is 1912

_NUMBER = r"[0-9０-９]{1,2}"
_HAN_NUMBER = r"[〇零一二三四五六七八九十]{1,3}"
_DAY = r"[日号號]"
_DATE = (
    rf"(?:(?P<y1>(?:19|20)[0-9]{{2}}|[１２][０-９]{{3}})\s*年\s*(?P<m1>{_NUMBER})\s*月\s*(?P<d1>{_NUMBER})\s*{_DAY}"
    rf"|(?P<y2>[一二][〇○零ＯO一二三四五六七八九]{{3}})年(?P<m2>{_HAN_NUMBER})月(?P<d2>{_HAN_NUMBER}){_DAY}"
    r"|(?P<y3>(?:19|20)[0-9]{2})(?P<sep>[-./－．／])(?P<m3>[0-9]{1,2})(?P=sep)(?P<d3>[0-9]{1,2})"
    rf"|(?:中[华華]民[国國]|民[国國])\s*(?P<y4>[0-9０-９]{{1,3}}|{_HAN_NUMBER}|[一二]?百?{_HAN_NUMBER}|[一二〇○零三四五六七八九]{{2,3}})"
    rf"\s*年\s*(?P<m4>{_NUMBER}|{_HAN_NUMBER})\s*月\s*(?P<d4>{_NUMBER}|{_HAN_NUMBER})\s*{_DAY})"
)
_LABEL = (
    r"(?:[发發][布佈]|成文|印[发發]|刊[发發]|更新|出版|[报報]告|撰[写寫])?"
    r"(?:日期|时间|時間|于|於)\s*[:：]?\s*"
)
_WEEKDAY = r"(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]"
_CLOCK = r"[0-9]{1,2}\s*[:：时時][0-9]{1,2}(?:[:：][0-9]{1,2})?分?"
_SOURCE = r"(?:来源|來源|文章来源|信息来源|资料来源)\s*[:：].{1,30}"
_DATELINE = re.compile(
    rf"^[（(【\[]?\s*(?:{_LABEL})?{_DATE}\s*[,，]?\s*(?:[（(]?{_WEEKDAY}[）)]?)?\s*(?:{_CLOCK})?\s*[）)】\]]?"
    rf"(?:\s+{_SOURCE})?$"
)
_IN_NAME = re.compile(
    r"(?<![0-9])(?:(?P<y>(?:19|20)[0-9]{2})(?:(?P<sep>[-_.年])(?P<m>[0-9]{1,2})(?:(?P=sep)|月)(?P<d>[0-9]{1,2})日?"
    r"|(?P<cm>[0-9]{2})(?P<cd>[0-9]{2}))(?![0-9]))"
    r"|民[国國](?P<ry>[0-9]{2,3})年(?P<rm>[0-9]{1,2})月(?P<rd>[0-9]{1,2})日"
)
_LONGEST = 60  # a date line with a source is no longer than this
_CENTURY = 100
_TEN = 10


def line_date(line: str) -> date | None:
    """The day that a date line gives; None for any other line, and for a day that no calendar has."""
    if len(line) > _LONGEST:
        return None
    found = _DATELINE.match(line.strip())
    if not found:
        return None
    kind = next(n for n in "1234" if found["y" + n])
    year, month, day = (_number(found[part + kind]) for part in "ymd")
    return _day(year + (_REPUBLIC_OFFSET if kind == "4" else 0), month, day)


def date_in_name(uri: str) -> date | None:
    """The first real day in the file name at the end of a URI, such as 2020-02-15 or 20200215.

    A day that no calendar has is passed over; a folder's name is not asked.
    """
    name = re.split(r"[/\\]", unquote(uri).rstrip("/\\"))[-1]
    for found in _IN_NAME.finditer(name):
        if found["ry"]:
            day = _day(int(found["ry"]) + _REPUBLIC_OFFSET, int(found["rm"]), int(found["rd"]))
        else:
            day = _day(int(found["y"]), int(found["m"] or found["cm"]), int(found["d"] or found["cd"]))
        if day:
            return day
    return None


def _number(text: str) -> int:
    """The number that digits of any kind write, up to 199: 15, １５, 十五, 二〇二〇, 一百零九."""
    if "百" in text:
        hundreds, _, rest = text.partition("百")
        return (_number(hundreds) if hundreds else 1) * _CENTURY + (
            _number(rest.lstrip("零〇")) if rest else 0
        )
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_number(tens) if tens else 1) * _TEN + (_number(ones) if ones else 0)
    digits = text.translate(_TO_ASCII)
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

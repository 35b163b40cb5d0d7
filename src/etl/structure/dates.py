"""Read dates as reports write them: in lines that say when a text was made or issued, and in file names.

`line_date` knows lines, each form one pattern of `_FORMS`; a new way of writing a day is one more
alternative of `_DATE` with the groups y, m and d. Both have rows in the case table.
"""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote

from etl.text.expressions import compiled
from etl.text.first_characters import compile_with_lookahead
from etl.text.numerals import UNITS, UP_TO_TENS, ZERO_SIGNS, ZEROS, parse_ordinal

_REPUBLIC_OFFSET = 1911  # year 1 of the Republic is 1912

_NUMBER = r"[0-9０-９]{1,2}"
_HAN_NUMBER = f"[{ZERO_SIGNS}{UP_TO_TENS}]{{1,3}}"
_DAY = r"[日号號]"
_YEAR = r"(?:(?:19|20)[0-9]{2}|[１２][０-９]{3})"
_HAN_YEAR = f"[一二][{ZEROS}{UNITS}]{{3}}"
_REPUBLIC = r"(?:中[华華]民[国國]|民[国國])"
_REPUBLIC_YEAR = rf"(?:[0-9０-９]{{1,3}}|[一二]?百?{_HAN_NUMBER}|[{ZERO_SIGNS}{UNITS}]{{2,3}})"
_DATE = (
    rf"(?:(?P<y1>{_YEAR})\s*年\s*(?P<m1>{_NUMBER})\s*月\s*(?P<d1>{_NUMBER})\s*{_DAY}"
    rf"|(?P<y2>{_HAN_YEAR})\s*年\s*(?P<m2>{_HAN_NUMBER})\s*月\s*(?P<d2>{_HAN_NUMBER})\s*{_DAY}"
    r"|(?P<y3>(?:19|20)[0-9]{2})(?P<sep>[-./－．／])(?P<m3>[0-9]{1,2})(?P=sep)(?P<d3>[0-9]{1,2})(?![0-9])"
    rf"|{_REPUBLIC}\s*(?P<y4>{_REPUBLIC_YEAR})"
    rf"\s*年\s*(?P<m4>{_NUMBER}|{_HAN_NUMBER})\s*月\s*(?P<d4>{_NUMBER}|{_HAN_NUMBER})\s*{_DAY})"
)
# The same without groups, to stand in a form more than once.
_WHEN = (
    rf"(?:(?:{_YEAR}|{_HAN_YEAR}|{_REPUBLIC}\s*{_REPUBLIC_YEAR})\s*年"
    rf"\s*(?:{_NUMBER}|{_HAN_NUMBER})\s*月\s*(?:{_NUMBER}|{_HAN_NUMBER})\s*{_DAY}"
    r"|(?:19|20)[0-9]{2}[-./－．／][0-9]{1,2}[-./－．／][0-9]{1,2}(?![0-9]))"
)
_LABEL = (
    r"(?:[发發][布佈文]|成文|生成|印[发發]|刊[发發]|更新|出版|公[开開]|[报報]告|撰[写寫]|上[传傳])?"
    r"(?:日[ 　]*期|[时時][ 　]*[间間]|于|於)"
)
_WEEKDAY = r"(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]"
_HAN_NUMBERS = f"[{ZERO_SIGNS}{UP_TO_TENS}0-9]{{1,3}}"
_HAN_CLOCK = (
    r"(?:[上下中]午|晚上|凌晨|早上)?\s*"
    rf"{_HAN_NUMBERS}\s*[时時點点](?:(?:{_HAN_NUMBERS}|[正半])分?)?"
)
_CLOCK = rf"(?:[0-9]{{1,2}}[:：][0-9]{{1,2}}(?:[:：][0-9]{{1,2}})?|{_HAN_CLOCK})"
_MOMENT = rf"{_WHEN}\s*[,，]?\s*(?:[（(]?{_WEEKDAY}[）)]?)?\s*(?:{_CLOCK})?"
# What stands beside the date of a page: 来源：北坡日报, 字号：[大 中 小], 浏览次数：12.
_FIELD = r"[\u4e00-\u9fff]{1,6}\s*[:：]\s*[^\s:：。]{0,30}"
_GAP = r"[\s|｜/／、，,;；]+"
_FIELDS = rf"(?:{_GAP}(?:{_FIELD}|[^\s。:：]{{1,12}})){{0,8}}"
_BODY_END = r"(?:[府部委局厅廳院会會办辦室处處署组組社所司行校令团團]|中心|大[学學]|公告|通告)"
_ISSUER = rf"(?:[\u4e00-\u9fff（）()、]{{2,30}}[ 　\t]+|[\u4e00-\u9fff]{{1,28}}{_BODY_END})"
_ACT = (
    r"(?:印[发發]|[转轉][发發]|批[转轉]|[发發][布佈]|公[布佈]|通[过過]|批准|核[定准備备]|[备備]查|[颁頒][布佈發发行]|修[正订訂改編编]|[废廢]止"
    r"|[制製订訂][定訂]|下[发發]|起草|改[订訂])"
)
_IN_FORCE = r"(?:施行|[实實]施|生效|[执執]行)"
_TAKES_EFFECT = compiled(rf"\s*起?{_IN_FORCE}")
_HELD = r"(?:上|[会會][议議]|大[会會]|上的?(?:[讲講][话話]|[报報]告|致[辞辭]))"
_DASH = "[—–─―－‐-]{1,4}"
# A day and nothing else, a label, weekday, time or fields of a page aside.
_PLAIN = compiled(
    rf"[（(【\[]?\s{{0,4}}(?:{_LABEL}\s*[:：]?\s*)?{_MOMENT}\s*[）)】\]]?(?:\s+{_FIELD}{_FIELDS})?"
)
_NUMBERED_AS = (
    r"[\u4e00-\u9fff]{1,16}[〔\[［（(【﹝]\s*(?:19|20)[0-9]{2}\s*[〕\]］）)】﹞]"
    r"\s*(?:第\s*)?[0-9]{1,5}\s*[号號]"
)
_FORMS = (
    _PLAIN,
    # 来源：县水利局 发布时间：2021-07-13 09:20
    compiled(rf"(?:{_FIELD}{_GAP}){{1,4}}{_LABEL}\s*[:：]\s*{_MOMENT}{_FIELDS}"),
    # 時　　間　中華民國98年11月6日（星期五）上午10時3分
    compiled(rf"(?:[时時][ 　]*[间間]|日[ 　]*期)[ 　:：]+{_MOMENT}[^。；]{{0,80}}"),
    # ——2022年1月22日在市第十五届人民代表大会第五次会议上
    compiled(rf"{_DASH}\s*{_WHEN}[^。；！？]{{0,60}}"),
    compiled(rf"[（(]?{_WHEN}\s*[在于於][^。；！？，]{{2,60}}{_HELD}[）)]?"),
    compiled(rf"{_DASH}\s*在[^。；！？]{{2,60}}[（(]\s*{_WHEN}\s*[）)]"),
    # 內政部令　中華民國97年8月1日, 县人民政府办公室　2020年2月3日印发
    compiled(rf"{_ISSUER}{_MOMENT}\s*{_ACT}?\s*(?:[（(][\u4e00-\u9fff]{{1,6}}[）)])?"),
    # （县办发〔2009〕20号　2009年5月30日）
    compiled(rf"[（(]?{_NUMBERED_AS}[ 　，,]*{_WHEN}[）)]?"),
)
_STEPS = (
    # （1996年9月21日市委办公室印发）
    compiled(
        rf"[（(【〔\[][^。！？（）()]{{0,40}}{_WHEN}[^。！？]{{0,600}}(?:{_ACT}|{_IN_FORCE})[^。！？（）()]{{0,40}}[）)】〕\]]"
    ),
    # 2018年10月26日 市第八届人民代表大会常务委员会第十四次会议通过
    compiled(
        rf"(?:根据|依据|依據)?\s{{0,4}}{_WHEN}[^。！？，,；;]{{0,160}}(?:{_ACT}|{_IN_FORCE})[^。！？，,；;]{{0,30}}"
    ),
)
_OCCASION = compiled(
    rf"{_DASH}\s*在?[\u4e00-\u9fff（）()“”、0-9]{{4,50}}(?:[会會][议議大]?)(?:上(?:的?(?:[讲講][话話]|[报報]告|[发發]言|致[辞辭]))?)?"
)
_CLOSING = compiled(rf"[ 　（(]{_WHEN}[）)]?$")
_ANY = compiled(_DATE)
# No date line is without one of these.
_HINT = compile_with_lookahead(rf"{_YEAR}|{_HAN_YEAR}|民[国國]")
_QUOTED = compiled(r"^[>\s]+")
_IN_NAME = compiled(
    r"(?<![0-9])(?:(?P<y>(?:19|20)[0-9]{2})(?:(?P<sep>[-_.年])(?P<m>[0-9]{1,2})(?:(?P=sep)|月)(?P<d>[0-9]{1,2})日?"
    r"|(?P<cm>[0-9]{2})(?P<cd>[0-9]{2}))(?![0-9]))"
    r"|民[国國](?P<ry>[0-9]{2,3})年(?P<rm>[0-9]{1,2})月(?P<rd>[0-9]{1,2})日"
)
_LONGEST = 120  # a date line with the fields of a page is no longer than this
_LONGEST_STEPS = 700  # the steps of a law's history in brackets


def line_date(line: str) -> date | None:
    """Return the day that a date line gives; None for any other line, and for a day that no calendar has.

    Of the steps of a law's history the last one that was passed or issued gives the day.
    """
    if not _HINT.search(line[:_LONGEST]):
        return None
    bare = _QUOTED.sub("", line).strip()
    if len(bare) <= _LONGEST and any(form.fullmatch(bare) for form in _FORMS):
        return next(_days(bare), None)
    return _last_step(bare) if _is_step(bare) else None


def closing_date(line: str) -> date | None:
    """Return the day apart at the end of a line, as behind a title: 决议（2020年2月3日）; or None."""
    found = _CLOSING.search(line[-_LONGEST:])
    return next(_days(found[0]), None) if found else None


def is_step(line: str) -> bool:
    """Check whether a date line says that something was passed, changed or issued on its day."""
    bare = _QUOTED.sub("", line).strip()
    return not (len(bare) <= _LONGEST and any(form.fullmatch(bare) for form in _FORMS)) and _is_step(bare)


def is_occasion(line: str) -> bool:
    """Check whether the line says at which meeting a text was read out: ——在市人民代表大会第五次会议上."""
    return len(line) <= _LONGEST and line[:1] in "—–─―－‐-" and bool(_OCCASION.fullmatch(line))


def _is_step(line: str) -> bool:
    return len(line) <= _LONGEST_STEPS and any(form.fullmatch(line) for form in _STEPS)


def _days(line: str) -> Iterator[date]:
    """Yield the days that a line names, in order; not those on which something comes into force."""
    for found in _ANY.finditer(line):
        if not _TAKES_EFFECT.match(line, found.end()) and (day := _read(found)):
            yield day


def _last_step(line: str) -> date | None:
    return max(_days(line), default=None)


def _read(found: re.Match[str]) -> date | None:
    kind = next(n for n in "1234" if found["y" + n])
    year, month, day = (parse_ordinal(found[part + kind]) or 0 for part in "ymd")
    return _day(year + (_REPUBLIC_OFFSET if kind == "4" else 0), month, day)


def date_in_name(uri: str) -> date | None:
    """Return the first real day in the file name at the end of a URI, such as 2020-02-15 or 20200215.

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


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""Read the year at the beginning of a written time: 2020年, 二〇二〇年, 民国109年, 98年, 去年, 次年.

A new word for a year is an entry in `DEICTIC_YEARS` (counted from publication) or `ANAPHORIC_YEARS`
(counted from the year read last).
"""

import re

from etl.extraction.times.time_anchor import TimeAnchor
from etl.text.alternation import alternation
from etl.text.numerals import DIGITS, parse_whole

# Years counted from that of publication, and from the year read last.
DEICTIC_YEARS = {
    "今": 0, "去": -1, "明": 1,
    "今年": 0, "本年": 0, "本年度": 0, "去年": -1, "上年": -1, "上一年": -1, "前年": -2, "大前年": -3,
    "明年": 1, "下一年": 1, "下年": 1, "后年": 2, "年内": 0,
}  # fmt: skip
ANAPHORIC_YEARS = {"当年": 0, "该年": 0, "同年": 0, "次年": 1, "隔年": 1, "翌年": 1, "第二年": 1}
# The year of our count in which that of the Republic begins.
REPUBLIC_YEAR_ONE = 1912
# From here on a number of three digits is a year of our count.
PAST_REPUBLIC = 200
# A year of two digits is of this century up to so many years after the anchor's.
MAX_YEARS_AHEAD = 10
# What the anchor's year is where there is none.
LATEST_YEAR = 2040


HAN_DIGIT = "[一二三四五六七八九〇零○]"
_YEAR = re.compile(
    "(?:(?P<roc>(?:中华)?民国)(?P<reign>\\d{1,3}|[一二三四五六七八九十百零〇廿卅]{1,5}|元)"
    "|(?P<tens>一百[一二三四五六七八九十零〇]{0,3}|[四五六七八九]十[一二三四五六七八九]?)(?=(?:学|会计)?年)"
    "|(?P<early>[二三]?十[一二三四五六七八九]?)(?=年)"
    f"|(?P<era>[公西]元)?(?P<number>\\d{{1,4}}|{HAN_DIGIT}{{2,4}}))(?:学|会计)?(?:年度|年)"
)
_SLASHED = re.compile("\\d{4}[-/.]\\d{1,2}[-/.]")
_DEICTIC_YEAR, _ANAPHORIC_YEAR = (
    re.compile(alternation(words)) for words in (DEICTIC_YEARS, ANAPHORIC_YEARS)
)


def has_year(words: str) -> bool:
    """Check whether a time begins with its year, so that the next may go on from it.

    去年 does not count: what is compared with it is of this year.
    """
    return bool(_YEAR.match(words) or _ANAPHORIC_YEAR.match(words) or _SLASHED.match(words))


def take_year(words: str, anchor: TimeAnchor) -> tuple[int | None, str]:
    """Split off the year at the beginning; the rest begins with ``?`` where a relative year is not known."""
    if match := _YEAR.match(words):
        rest = words[match.end() :]
        if match["roc"]:
            reign = 1 if match["reign"] == "元" else parse_whole(match["reign"])
            return reign + REPUBLIC_YEAR_ONE - 1, rest
        if match["tens"]:
            return parse_whole(match["tens"]) + REPUBLIC_YEAR_ONE - 1, rest
        if match["early"]:
            reign = parse_whole(match["early"]) + REPUBLIC_YEAR_ONE - 1
            return (reign, rest) if anchor.republic else (None, f"?{rest}")
        number = "".join(c if c.isdigit() and c.isascii() else str(DIGITS[c]) for c in match["number"])
        return int(number) if match["era"] else _full_year(number, anchor), rest
    for table, pattern, day in (
        (DEICTIC_YEARS, _DEICTIC_YEAR, anchor.published),
        (ANAPHORIC_YEARS, _ANAPHORIC_YEAR, anchor.last_year),
    ):
        if match := pattern.match(words):
            rest = words[match.end() :]
            return (day.year + table[match[0]], rest) if day else (None, f"?{rest}")
    return None, words


def _full_year(digits: str, anchor: TimeAnchor) -> int:
    """Return 07年 and 98年 in full; 109年 is one of the Republic, as Taiwan writes them, 895年 cannot be."""
    value = int(digits)
    if (len(digits) == len("109") and value < PAST_REPUBLIC) or (
        len(digits) == len("98") and anchor.republic
    ):
        return value + REPUBLIC_YEAR_ONE - 1
    if len(digits) == len("07"):
        latest = (anchor.published.year if anchor.published else LATEST_YEAR) + MAX_YEARS_AHEAD
        return value + 2000 if value + 2000 <= latest else value + 1900
    return value

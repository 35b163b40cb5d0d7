"""Find written times and resolve them against the day of publication and the text before.

A festival or plan is an entry in ``config/lexicon/times.toml``; a new way to write a time is a part of
the expression here and its reading in `calendar`.
"""

import itertools
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from etl.extraction.context import Context, Span, covered
from etl.extraction.resources.lexicon import TimeWords
from etl.extraction.times.calendar import WEEK, Days, resolve_days
from etl.extraction.times.decades import CENTURY
from etl.extraction.times.eras import era_expression
from etl.extraction.times.ranges import Found, join_ranges
from etl.extraction.times.time_anchor import TimeContext
from etl.extraction.times.years import has_year
from etl.model.mentions import Time
from etl.text.alternation import alternation, behind
from etl.text.dense import HALF_DAYS
from etl.text.first_characters import compile_with_lookahead
from etl.text.numerals import DIGITS

RANGE = "(?:[—–－-]{1,2}|[~～]|至|到)"
HAN_SIGNS = "一二三四五六七八九十"
HAN = "[一二三四五六七八九]"
TENS = "[一二三四五六七八九十]"
# 八五年: a year of the last century; 七八年 may be seven or eight years.
SHORT_YEARS = "|".join(
    f"{a}{b}" for a in "五六七八九" for b in "零〇一二三四五六七八九" if DIGITS[b] != DIGITS[a] + 1
)
# 九十八年, 一百零一年: of the Republic.
HAN_REPUBLIC = f"(?:一百(?:一?十{HAN}?|二十{HAN}?|[零〇]{HAN})?|[四五六七八九]十{HAN}?)"
ALONE = f"(?<![{HAN_SIGNS}百第])"
# 二十七年十月, where no era is written before it, and 465年11月19日.
ERALESS = f"(?:(?<![㐀-鿿\\d])|(?<=[于在至到自从]))[二三]?十{HAN}?(?=年[{HAN_SIGNS}]{{1,2}}月)"
PAST_YEAR = "(?<![\\d.])[2-9]\\d\\d(?=年(?:1[0-2]|[1-9])月\\d{1,2}日)"
YEAR = (
    "(?:(?:公元|西元)?(?:(?<!\\d)(?:1[0-9]|20|21)\\d\\d|(?<![一二三四五六七八九〇零])[一二][一二三四五六七八九〇零○]{3})"
    "|(?:公元|西元)(?:前\\d{1,4}|\\d{1,3})|(?:中华)?民国(?:\\d{1,3}|[一二三四五六七八九十百零〇廿卅]{1,5}|元)"
    f"|{ALONE}一[零〇○一二][零〇○一二三四五六七八九](?=年(?:{TENS}{{1,2}}月|度))"
    f"|{ALONE}(?:{SHORT_YEARS}|[零〇○]{HAN})(?=年(?![来前后多余间以内]))|{ALONE}{HAN_REPUBLIC}(?=年[{HAN_SIGNS}]{{1,3}}月)|{ERALESS}|{PAST_YEAR}"
    "|(?<!\\d)[2-9]\\d(?=年(?:1[0-2]|[1-9])月)|(?<!\\d)\\d\\d(?=年\\d{1,2}月\\d{1,2}日)|(?<=自)1[0-2]\\d(?=年起)"
    "|(?<!\\d)1\\d\\d(?=年(?:\\d{1,2}月|第[一二三四1-4]季|全年|[上下]半年|度))|(?<![\\d.])0\\d(?=年(?![来前多]))|(?<=年[（(])[2-9]\\d\\d(?=年[)）]))年"
)
# 94年度, 九十四年度, 八十九學年度, 91至93年度: of the Republic where the text is Taiwan's.
FISCAL_NUMBER = f"(?:(?<!\\d)(?:1\\d\\d|\\d\\d)|{ALONE}{HAN_REPUBLIC})"
OF_FISCAL = "第[1-4一二三四]季度?|[上下]半年"
FISCAL = f"{FISCAL_NUMBER}(?:年?度?(?:{RANGE}){FISCAL_NUMBER})?(?:学|会计)?年度(?:{OF_FISCAL})?"
# 今（2025）年, as Taiwan writes.
RELATIVE_YEAR = (
    "(?:今[（(](?:19|20)\\d\\d[）)]年|今年|去年|明年|大?前年(?!年)|后年|当年度?|该年(?!度)|隔年"
    "|同年(?![龄级代])|次年(?!会)|翌年|上一?年(?!级)|本年度?|下一?年(?![级轮]))"
)
MONTH = f"(?:元月|(?<![\\d.])(?:1[0-2]|0?[1-9])月份?|(?<!{TENS})(?:十[一二]?|{HAN})月份?)"
RELATIVE_MONTH = "(?:本月|上个?月|下个?月|当月|同月|次月)"
NO_DAY = "(?![内均游产处])"
ARABIC_DAY = "(?:3[01]|[12]\\d|0?[1-9])"
DAY = f"(?:(?<![\\d.]){ARABIC_DAY}[日号]{NO_DAY}|(?:三十一?|卅一?|(?:二十|廿){HAN}?|十{HAN}?|{HAN})[日号])"
# 二十八日; below eleven a day in characters is a duration (三日) unless an hour or a dispatch follows.
HAN_DAY = (
    f"(?<![第月年{HAN_SIGNS}])(?:三十一?|(?:二十|廿){HAN}?|十{HAN})日{NO_DAY}(?![元本])"
    f"|(?<![第月年每{HAN_SIGNS}])(?:十|{HAN})日(?=上午|下午|中午|凌晨|清晨|傍晚|晚(?!会)|电)"
)
LONE_DAY = f"(?:(?<![\\d.第月~]){ARABIC_DAY}日(?![内均游产处元本])|{HAN_DAY})"
RELATIVE_DAY = (
    "(?:今天|今日|昨天|昨日|明天|明日|大?前天|大?后天|当天|当日|同一天|(?:次日|翌日)(?!起)|今晨|今早|今晚|昨晚|明晚|当晚"
    "|[今昨明][（(][0-3]?\\d[）)][日晚])"
)
LUNAR_MONTH = "闰?(?:正|腊|冬|十[一二]?|[二三四五六七八九])月"
LUNAR_DAY = f"(?:农历|阴历)?{LUNAR_MONTH}(?:初{TENS}|三十|[二廿]?十{HAN}?|廿{HAN})(?!{TENS}|[日号])"
WEEKDAY = (
    "(?:(?:上上|下下|[本上下这])个?(?:周|星期|礼拜)[一二三四五六日天末]|(?:星期|礼拜)[一二三四五六日天]"
    "|(?<!第)周[一二三四五六日](?![年岁报刊])|(?:上上|下下|[本上下])个?(?:周末|周(?![年岁报刊])|星期|礼拜))"
)
# Alone they are times of any day.
ANY_DAYS = (*HALF_DAYS, "午后", "一早")
HALF_DAY = f"(?:{alternation(ANY_DAYS)}|[早晚](?=\\d))"
# 4日晚, but 4日晚会.
PART_OF_DAY = "[早晚](?![会宴报餐点年期稻熟籼])"
HOUR_SIGN = "(?:时(?![代期间段常速刻装候])|点(?=\\d|半|整|许|钟|左右|前|后|，|。|、|$))"
HAN_HOUR = f"(?:二十[一二三四]?|十{HAN}?|[零〇]|{HAN})"
HAN_MINUTE = f"(?:[零〇二三四五]?十?{HAN}|[二三四五]?十)分"
BEHIND_HALF_DAY = "(?:(?<=[上中下]午)|(?<=午后)|(?<=[早晚]上)|(?<=[凌清早]晨)|(?<=傍晚)|(?<=深夜)|(?<=夜间))"
HAN_CLOCK = (
    f"(?:(?<![{HAN_SIGNS}零〇百第月]){HAN_HOUR}(?:[时点](?:{HAN_MINUTE}|半(?![个年])|许|整)|点钟)"
    f"|{BEHIND_HALF_DAY}{HAN_HOUR}[时点])"
)
DIGIT_CLOCK = (
    f"(?<![\\d.,])\\d{{1,2}}{HOUR_SIGN}(?:[0-5]?\\d分|半|整|许)?"
    "|(?<![\\d.:：])\\d{1,2}[:：][0-5]\\d(?![\\d:：]|\\.\\d)"
)
CLOCK = f"(?:{HAN_CLOCK}|{DIGIT_CLOCK})"
PART_OF_YEAR = (
    "(?:上半年|下半年|[一二三四第]{1,2}季度(?:[初末底](?!级))?|前[一二三四]季度|前(?:\\d{1,2}|[两二三四五六七八九十]{1,2})个月"
    "|(?:最后|第)一个(?:季度|月(?!份))|最后一[天周]|第一周|内(?![的容外地])|头?[两三]季度|全年|年初|年中|年底|年末|同期|[春夏秋冬][季天]"
    "|第[一二三四1-4]季(?!度)|底|初|末)"
)
PART_OF_MONTH = "(?:(?:[上中]、)?[上中下]旬|月初|月中|月底|月末|底|初(?![一二三四五六七八九十步])|末)"
HOLIDAY = "(?:连?假期间|小?长假期间|假期期间|假期|小?长假|黄金周期间|黄金周|期间|前夕)"
SLASH_DAY = f"(?:19|20)\\d\\d/(?:1[0-2]|0?[1-9])/{ARABIC_DAY}"
# 094/07 and 102/12-103/02, in tables of Taiwan.
REPUBLIC_MONTH = "(?<![\\d/.])(?:0[7-9]\\d|1[01]\\d)/(?:0[1-9]|1[0-2])(?![\\d/])"
SLASHED = (
    f"(?<!\\d){SLASH_DAY}-{SLASH_DAY}(?!\\d)"
    f"|(?<![\\d/])(?:[89]\\d|1[01]\\d)/(?:1[0-2]|0?[1-9])/{ARABIC_DAY}(?![\\d/])"
    f"|(?<![\\d.A-Za-z])(?:[7-9]\\d|1[01]\\d)\\.(?:1[0-2]|0?[1-9])\\.{ARABIC_DAY}(?![\\d.])"
    f"|{REPUBLIC_MONTH}(?:[-~～至]{REPUBLIC_MONTH})?"
    "|(?<![\\dA-Za-z号#-])(?:19|20)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?![\\dA-Za-z.-])"
    f"|(?<!\\d)(?:19|20)\\d\\d(?P<dash>[-/.])(?:1[0-2]|0?[1-9])(?P=dash){ARABIC_DAY}(?!\\d)"
)
QUARTER = (
    "(?:(?:上上?|下|本|当)一?个?季度|(?<![\\d一二三四五六七八九十几两数多半今去当])年内(?![部外])|这个[春夏秋冬][天季]|上半年|[今去明][春夏秋冬](?![季天])|第[一二三四]季(?=营收|财报|获利|毛利|展望|经济|出口|电价|业绩|的?营运)"
    "|下半年|(?:第?[一二三四]|前[两三])季度(?:[初末底](?!级))?|年初|年底|年末|月底|月初)"
)
# 0—24时: the first hour shares the sign of the second.
ONE_CLOCK = f"(?:{HALF_DAY})?(?:\\d{{1,2}}{RANGE})?{CLOCK}(?:{RANGE}{CLOCK})?|{HALF_DAY}"
DAY_CLOCK = f"{ONE_CLOCK}|{PART_OF_DAY}"
DATED = f"{MONTH}(?:{DAY}|{ARABIC_DAY}(?={RANGE}\\d)){RANGE}(?:{MONTH})?{DAY}"
# 5、6月份 and 七八月: neighbors only, since 5、 may number a paragraph.
NEIGHBORS = "|".join(f"{n}、{n + 1}" for n in range(11, 0, -1))
HAN_NEIGHBORS = "|".join(f"{a}、?{b}" for a, b in itertools.pairwise("一二三四五六七八九"))
MONTH_LIST = (
    f"(?<![\\d.\\n、])(?<=.)(?:{NEIGHBORS})月份?(?!\\d)"
    f"|(?<![{HAN_SIGNS}])(?:{HAN_NEIGHBORS})月份?(?![{HAN_SIGNS}])"
)
MONTH_RANGE = f"(?<![\\d.—–-])(?:1[0-2]|0?[1-9]){RANGE}{MONTH}(?!\\d|{TENS}日)"
DAYS = f"(?:{DAY}|[当同]日)(?:(?:{PART_OF_DAY}|{HALF_DAY})?{RANGE}(?:{MONTH})?{DAY})?(?:{DAY_CLOCK})?"
MONTHS = (
    f"{MONTH_RANGE}|{MONTH_LIST}|(?:{MONTH}|{RELATIVE_MONTH})"
    f"(?:{RANGE}{MONTH}(?!\\d|{TENS}日)(?:{PART_OF_MONTH})?|{DAYS}|{PART_OF_MONTH})?"
)
YEARS = f"(?<!\\d)(?:19|20)\\d\\d年?{RANGE}(?:19|20)\\d\\d(?:年度?|学年度?)"
LONG_RANGE = f"{YEAR}{MONTH}(?:{DAY})?{RANGE}(?:{YEAR})?{MONTH}(?:{DAY})?"
LONE_RANGE = f"(?<![\\d.第月~—–-]){ARABIC_DAY}{RANGE}{LONE_DAY}"
LONE_DAYS = f"{LONE_RANGE}|{LONE_DAY}(?:(?:{PART_OF_DAY}|{HALF_DAY})?{RANGE}{DAY})?(?:{DAY_CLOCK})?"
# 昨天（3月27日）上午 is one time.
GLOSSED_DAY = f"{RELATIVE_DAY}[（(]{MONTH}{DAY}[)）]{HALF_DAY}"
NTH_PLAN = f"第(?:十?{HAN}|十)个五年计划(?:时期|期间)"
# What is counted until a day is past, and what shows that years are those of the Republic.
UNTIL = re.compile(behind(f"截{sign}{to}{gap}" for sign in "至止" for to in ("", "到") for gap in ("", " ")))
TAIWAN = re.compile("民国|行政院|立法院|监察院|新台币|学年度|NT\\$")
# 李国庆: how long a festival is that people are named after, and the least probability of the person.
GIVEN_NAME_LENGTH = 2
# What has its name after a time: 清明|上河图 and the park after it, 十月|革命.
NAMED_AFTER = ("上河", "革命")
MIN_PERSON_PROBABILITY = 0.4
# 每年3月, 每月5日, 每周五|下午4点: how often, and no time.
WEEKS = ("周", "星期", "个星期")
OFTEN = (
    "逢", "历年", *(f"每{unit}" for unit in ("年", "月", "个月", *WEEKS)),
    *(f"每{week}{day}" for week in WEEKS for day in "一二三四五六日天"),
)  # fmt: skip
EVERY = re.compile(behind(f"{word}{of}" for word in OFTEN for of in ("", "的")))
# 3年|10月 lasts so long, 4609年|11月 is of another calendar: a year that is known is read with its month.
AFTER_YEARS = re.compile(f"(?:^|.*[^{HAN_SIGNS}两\\d])(?:[{HAN_SIGNS}两\\d]{{1,2}}|\\d{{4}})年\\Z", re.DOTALL)
YEARS_BEFORE = 6
# 满三十日, 经20日: how long it lasts.
LASTING = frozenset("满经")
DAYS_ONLY = re.compile(f"[\\d{HAN_SIGNS}]+日")
NUMERALS = frozenset(f"{HAN_SIGNS}0123456789")
# （星期五） behind a day.
GLOSSED = re.compile("(?<=[日号][（(])")
WEEKDAY_ALONE = re.compile("(?:星期|礼拜|周)[一二三四五六日天]")
# Words that read like a time and are none.
NOT_TIMES = frozenset(
    {"一日", "一月", "底", "初", "末", "同期", "春季", "夏季", "秋季", "冬季", *ANY_DAYS},
)


def find_times(context: Context) -> Iterator[Time]:
    """Yield every explicit time outside of closed spans, with its days where the anchor allows.

    Durations (三天), frequencies (每天) and vague words (近日) are no times.
    """
    for span, days in join_ranges(context.dense.text, _read(context)):
        yield make_time(context, context.dense.span(*span), context.dense.text[slice(*span)], days)


def make_time(context: Context, span: Span, named: str, days: Days | None) -> Time:
    """Make the time at a span of the text from what it says and its days."""
    start, end = span
    return Time(
        text=context.text[start:end],
        start=start,
        end=end,
        key=f"time:{'/'.join(dict.fromkeys(d.isoformat() for d in days)) if days else named}",
        start_date=days[0].isoformat() if days else None,
        end_date=days[1].isoformat() if days else None,
    )


def _read(context: Context) -> Iterator[Found]:
    """Yield the places of times in the dense text and their days, each read against those before it."""
    closed = covered(context.closed)
    words = context.lexicon.times
    time_context = TimeContext()
    republic = bool(TAIWAN.search(context.folded))
    dense = context.dense
    for match in _expression(words).finditer(dense.text):
        start, _ = dense.span(*match.span())
        if match[0] in NOT_TIMES or start in closed or _is_cut(context, match):
            continue
        anchor = time_context.anchor(dense.text, match.start(), context.published_on)
        until = UNTIL.match(dense.text, match.start())
        anchor = anchor._replace(past=bool(until), republic=republic)
        glossed = GLOSSED.match(dense.text, match.start()) and WEEKDAY_ALONE.fullmatch(match[0])
        days = _same_day(match[0], anchor.day) if glossed else resolve_days(match[0], anchor, words)
        carried = anchor.year is not None or anchor.near != anchor.published
        dated, heads = carried or has_year(match[0]), _is_heading(dense.text, match)
        time_context = time_context.after(days, match.end(), dated=dated, heads=heads)
        yield match.span(), days


def _is_heading(text: str, match: re.Match[str]) -> bool:
    """Check for a time that has its line for itself."""
    start, end = match.span()
    return text[start - 1 : start] in {"", "\n"} and text[end : end + 1] in {"", "\n"}


def _same_day(weekday: str, day: date | None) -> Days | None:
    """Return the day behind which its day of the week stands in brackets; None where it is another."""
    return (day, day) if day and WEEK[weekday[-1]] == day.weekday() else None


def _is_cut(context: Context, match: re.Match[str]) -> bool:
    """Check whether the match is part of another word: 每上午, 第21日, the 国庆 of somebody called 李国庆."""
    text, start = context.dense.text, context.dense.span(*match.span())[0]
    before = text[max(0, match.start() - 1) : match.start()]
    if text.startswith(NAMED_AFTER, match.end()):
        return True
    if (
        len(match[0]) == GIVEN_NAME_LENGTH
        and before in context.lexicon.people.surnames
        and context.probabilities
    ):
        end = start + len(match[0])
        read = context.people_read.get(start - 1) == end
        return read or context.probability("PER", start - 1, end) >= MIN_PERSON_PROBABILITY
    if EVERY.match(text, match.start()):
        return True
    if match[0][0] in NUMERALS and AFTER_YEARS.match(
        text[max(0, match.start() - YEARS_BEFORE) : match.start()]
    ):
        return True
    if before in LASTING and DAYS_ONLY.fullmatch(match[0]):
        return True
    return before in {"每", "第"} and not match[0].startswith("第")


def _expression(words: TimeWords) -> re.Pattern[str]:
    """Compile one expression for all times, the most specific form first; every part of it is bounded."""
    return _compiled(words.festivals, tuple(words.plans), tuple(words.reigns), tuple(words.dynasties))


@lru_cache(maxsize=2)
def _compiled(
    festivals: tuple[str, ...], plans: tuple[str, ...], reigns: tuple[str, ...], dynasties: tuple[str, ...]
) -> re.Pattern[str]:
    festival = f"(?:农历)?(?:{alternation(festivals)})(?:{HOLIDAY})?"
    named = alternation(plans)
    plan = f'{NTH_PLAN}|[“"「『](?:{named})[”"」』](?:时期|期间|末|初期|(?!普法))|(?:{named})(?:时期|期间)'
    year = (
        f"(?:{YEAR}|{RELATIVE_YEAR})"
        f"(?:{RANGE}{YEAR}|{DATED}|{MONTHS}|{LUNAR_DAY}|{festival}|{PART_OF_YEAR}|度(?!过|假))?"
    )
    parts = (
        *(
            era_expression(reigns, dynasties),
            SLASHED,
            CENTURY,
            LONG_RANGE,
            YEARS,
            FISCAL,
            year,
            plan,
            LUNAR_DAY,
        ),
        *(festival, DATED, MONTHS, LONE_DAYS, GLOSSED_DAY),
        *(f"{RELATIVE_DAY}(?:{ONE_CLOCK})?", f"{WEEKDAY}(?:{ONE_CLOCK})?", QUARTER, ONE_CLOCK),
    )
    return compile_with_lookahead(*parts)

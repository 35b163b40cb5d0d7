"""Find written times and resolve them against the day of publication and the text before.

A festival or plan is an entry in ``config/lexicon/times.toml``; a new way to write a time is a part of
the expression here and its reading in `calendar`.
"""

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from etl.extraction.context import Context, covered
from etl.extraction.times.calendar import resolve_days
from etl.extraction.times.time_anchor import TimeContext
from etl.extraction.times.years import has_year
from etl.mentions import Time
from etl.text.alternation import alternation

HAN_SIGNS = "一二三四五六七八九十"
HAN = "[一二三四五六七八九]"
TENS = "[一二三四五六七八九十]"
YEAR = (
    "(?:公元)?(?:(?<!\\d)(?:1[0-9]|20|21)\\d\\d|(?<![一二三四五六七八九〇零])[一二][一二三四五六七八九〇零○]{3}"
    "|民国(?:\\d{1,3}|[一二三四五六七八九十百]{1,5}|元)|(?<!\\d)\\d\\d(?=年\\d{1,2}月\\d{1,2}日)|(?<!\\d)1\\d\\d(?=年(?:\\d{1,2}月|第[一二三四1-4]季|全年|[上下]半年|度))"
    "|(?<![\\d.])0\\d(?=年(?![来前多])))年"
)
# 今（2025）年, as Taiwan writes.
RELATIVE_YEAR = (
    "(?:今[（(](?:19|20)\\d\\d[）)]年|今年|去年|明年|大?前年(?!年)|后年|当年"
    "|同年(?![龄级代])|次年(?!会)|翌年|上一?年(?!级)|本年度?|下一年)"
)
MONTH = f"(?:(?<![\\d.])(?:1[0-2]|0?[1-9])月份?|(?<!{TENS})(?:十[一二]?|{HAN})月份?)"
RELATIVE_MONTH = "(?:本月|上个?月|下个?月|当月|同月|次月)"
NO_DAY = "(?![内均游产处])"
ARABIC_DAY = "(?:3[01]|[12]\\d|0?[1-9])"
DAY = f"(?:(?<![\\d.]){ARABIC_DAY}[日号]{NO_DAY}|(?:三十一?|二十{HAN}?|十{HAN}?|{HAN})[日号])"
# 二十八日; below eleven a day in characters is a duration (三日) unless an hour or a dispatch follows.
HAN_DAY = (
    f"(?<![第月年{HAN_SIGNS}])(?:三十一?|二十{HAN}?|十{HAN})日{NO_DAY}(?![元本])"
    f"|(?<![第月年每{HAN_SIGNS}])(?:十|{HAN})日(?=上午|下午|中午|凌晨|清晨|傍晚|晚(?!会)|电)"
)
LONE_DAY = f"(?:(?<![\\d.第月~]){ARABIC_DAY}日(?![内均游产处元本])|{HAN_DAY})"
RELATIVE_DAY = (
    "(?:今天|今日|昨天|昨日|明天|明日|大?前天|大?后天|当天|当日|次日|翌日|今晨|今早|今晚|昨晚|明晚|当晚"
    "|[今昨明][（(][0-3]?\\d[）)][日晚])"
)
LUNAR_MONTH = "闰?(?:正|腊|冬|十[一二]?|[二三四五六七八九])月"
LUNAR_DAY = f"(?:农历|阴历)?{LUNAR_MONTH}(?:初{TENS}|三十|[二廿]?十{HAN}?|廿{HAN})(?!{TENS}|[日号])"
WEEKDAY = (
    "(?:(?:上上|下下|[本上下这])个?(?:周|星期|礼拜)[一二三四五六日天末]|(?:星期|礼拜)[一二三四五六日天]"
    "|(?<!第)周[一二三四五六日](?![年岁报刊])|(?:上上|下下|[本上下])个?(?:周末|周(?![年岁报刊])|星期))"
)
HALF_DAY = "(?:上午|下午|中午|凌晨|清晨|早晨|早上|傍晚|晚上|晚间|深夜|午后|夜间|一早|[早晚](?=\\d))"
# 4日晚, but 4日晚会.
PART_OF_DAY = "[早晚](?![会宴报餐点年期稻熟籼])"
HOUR_SIGN = "(?:时(?![代期间段常速刻装候])|点(?=\\d|半|整|许|钟|左右|前|后|，|。|、|$))"
CLOCK = f"(?:\\d{{1,2}}{HOUR_SIGN}(?:[0-5]?\\d分|半|整|许)?|(?<!\\d)\\d{{1,2}}[:：][0-5]\\d(?![\\d:：]))"
PART_OF_YEAR = (
    "(?:上半年|下半年|[前一二三四第]{1,2}季度|头?[两三]季度|全年|年初|年中|年底|年末|同期|[春夏秋冬][季天]"
    "|第[一二三四1-4]季(?!度)|底|初|末)"
)
PART_OF_MONTH = "(?:上旬|中旬|下旬|月初|月中|月底|月末|底|初(?![一二三四五六七八九十步])|末)"
HOLIDAY = "(?:连?假期间|小?长假期间|假期期间|假期|小?长假|黄金周期间|黄金周|期间|前夕)"
RANGE = "(?:[—–-]{1,2}|[~～]|至|到)"
CENTURY = (
    "(?:上个?世纪|本世纪|(?:\\d{1,2}|[一二三四五六七八九十]{1,3})世纪)(?:(?:\\d0|[一二三四五六七八九]十)年代)?"
    "|(?<![\\d.])[1-9]0年代|(?<![一二三四五六七八九十])[二三四五六七八九]十年代"
)
SLASH_DAY = f"(?:19|20)\\d\\d/(?:1[0-2]|0?[1-9])/{ARABIC_DAY}"
SLASHED = (
    f"(?<!\\d){SLASH_DAY}-{SLASH_DAY}(?!\\d)"
    f"|(?<!\\d)(?:19|20)\\d\\d(?P<dash>[-/.])(?:1[0-2]|0?[1-9])(?P=dash){ARABIC_DAY}(?!\\d)"
)
QUARTER = (
    "(?:上半年|[今去明][春夏秋冬](?![季天])|第[一二三四]季(?=营收|财报|获利|毛利|展望|经济|出口|电价|业绩|的?营运)"
    "|下半年|(?:第?[一二三四]|前[两三])季度|年初|年底|年末|月底|月初)"
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
DAYS = f"(?:{DAY}|[当同]日)(?:{RANGE}(?:{MONTH})?{DAY})?(?:{DAY_CLOCK})?"
MONTHS = (
    f"{MONTH_RANGE}|{MONTH_LIST}|(?:{MONTH}|{RELATIVE_MONTH})"
    f"(?:{RANGE}{MONTH}(?!\\d|{TENS}日)(?:{PART_OF_MONTH})?|{DAYS}|{PART_OF_MONTH})?"
)
YEARS = f"(?<!\\d)(?:19|20)\\d\\d年?{RANGE}(?:19|20)\\d\\d年"
LONG_RANGE = f"{YEAR}{MONTH}(?:{DAY})?{RANGE}(?:{YEAR})?{MONTH}(?:{DAY})?"
LONE_RANGE = f"(?<![\\d.第月~—–-]){ARABIC_DAY}{RANGE}{LONE_DAY}"
LONE_DAYS = f"{LONE_RANGE}|{LONE_DAY}(?:{RANGE}{DAY})?(?:{DAY_CLOCK})?"
# 李国庆: how long a festival is that people are named after, and the least probability of the person.
GIVEN_NAME_LENGTH = 2
# 清明上河图 and the park after it.
SCROLL = "上河"
MIN_PERSON_PROBABILITY = 0.4
# Words that read like a time and are none.
NOT_TIMES = frozenset({"一日", "一月", "底", "初", "末", "同期", "春季", "夏季", "秋季", "冬季"})


def find_times(context: Context) -> Iterator[Time]:
    """Yield every explicit time outside of closed spans, with its days where the anchor allows.

    Durations (三天), frequencies (每天) and vague words (近日) are no times.
    """
    closed = covered(context.closed)
    words = context.lexicon.times
    time_context = TimeContext()
    dense = context.dense
    for match in _expression(words.festivals, tuple(words.plans)).finditer(dense.text):
        start, end = dense.span(*match.span())
        if match[0] in NOT_TIMES or start in closed or _is_cut(context, match):
            continue
        anchor = time_context.anchor(dense.text, match.start(), context.published_on)
        days = resolve_days(match[0], anchor, words)
        carried = anchor.year is not None or anchor.near != anchor.published
        time_context = time_context.after(days, match.end(), dated=carried or has_year(match[0]))
        yield Time(
            text=context.text[start:end],
            start=start,
            end=end,
            key=f"time:{'/'.join(dict.fromkeys(d.isoformat() for d in days)) if days else match[0]}",
            start_date=days[0].isoformat() if days else None,
            end_date=days[1].isoformat() if days else None,
        )


def _is_cut(context: Context, match: re.Match[str]) -> bool:
    """Check whether the match is part of another word: 每上午, 第21日, the 国庆 of somebody called 李国庆."""
    text, start = context.dense.text, context.dense.span(*match.span())[0]
    before = text[max(0, match.start() - 1) : match.start()]
    if text.startswith(SCROLL, match.end()):
        return True
    if (
        len(match[0]) == GIVEN_NAME_LENGTH
        and before in context.lexicon.people.surnames
        and context.probabilities
    ):
        return context.probability("PER", start - 1, start + len(match[0])) >= MIN_PERSON_PROBABILITY
    return before in {"每", "第"} and not match[0].startswith("第")


@lru_cache(maxsize=2)
def _expression(festivals: tuple[str, ...], plans: tuple[str, ...]) -> re.Pattern[str]:
    """Compile one expression for all times, the most specific form first; every part of it is bounded."""
    festival = f"(?:农历)?(?:{alternation(festivals)})(?:{HOLIDAY})?"
    plan = f'[“"「](?:{alternation(plans)})[”"」](?:时期|期间|末|初期)|(?:{alternation(plans)})(?:时期|期间)'
    year = (
        f"(?:{YEAR}|{RELATIVE_YEAR})"
        f"(?:{RANGE}{YEAR}|{DATED}|{MONTHS}|{LUNAR_DAY}|{festival}|{PART_OF_YEAR}|度(?!过|假))?"
    )
    parts = (
        *(SLASHED, CENTURY, LONG_RANGE, YEARS, year, plan, LUNAR_DAY, festival, DATED, MONTHS, LONE_DAYS),
        *(f"{RELATIVE_DAY}(?:{ONE_CLOCK})?", f"{WEEKDAY}(?:{ONE_CLOCK})?", QUARTER, ONE_CLOCK),
    )
    return re.compile("|".join(f"(?:{part})" for part in parts))

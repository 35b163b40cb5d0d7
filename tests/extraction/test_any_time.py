"""No words of a calendar, in whatever order, end the reading of a text."""

import random
from datetime import date

from etl.engines import default
from etl.extraction.extractor import extract
from etl.model.mentions import Time

WORDS = (
    "年月日号时分秒周季度半底初末中旬前后上下今去明昨当次同本每第元正腊闰零〇一二三四五六七八九十廿卅百千两"
    "至到和—－-~～/.:：()（）“”十四五 0123456789春夏秋冬夜晨午凌早晚民国顺治光绪"
    "大德明清唐世纪年代期间财会计星拜礼"
)
WHOLE = (
    "至正", "至元", "康熙", "民国", "中华民国", "年度", "世纪", "年代", "期间", "上半年", "除夕", "正月",
    "2020年", "星期", "元年", "初年", "末年", "年间", "中期", "3月", "5日", "二十日", "12时", "去年底",
)  # fmt: skip
# Whole words come as often as all others together.
OFTEN = len(WORDS) // len(WHOLE)
TEXTS, CLAUSES, LONGEST = 100, 40, 6


def test_no_words_of_time_end_the_reading_of_a_text() -> None:
    """Words of times in 4,000 random orders give times that stand where they say, and no error."""
    chosen = random.Random(11)
    parts = [*WORDS, *WHOLE * OFTEN]

    for _ in range(TEXTS):
        clauses = (chosen.choices(parts, k=chosen.randint(2, LONGEST)) for _ in range(CLAUSES))
        text = "，".join("".join(clause) for clause in clauses)
        for found in extract(text, None, date(2020, 6, 1), default()).entities:
            if isinstance(found, Time):
                assert text[found.start : found.end] == found.text

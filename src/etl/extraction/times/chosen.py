"""Give days to the times that were chosen, also where no form reads them as they stand.

Which spans are times the forms and the network settle together (`etl.extraction.choosing`).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from etl.extraction.context import START, Context, Span
from etl.extraction.times.calendar import Days, resolve_days
from etl.extraction.times.eras import NO_COURT
from etl.extraction.times.finder import EVERY, HAN_SIGNS, NAMED_AFTER, NOT_TIMES, make_time
from etl.extraction.times.time_anchor import TimeContext
from etl.model.mentions import Time
from etl.text.expressions import compiled

# 次|年会.
MEETING = compiled("年会")
# 黄帝纪元4609年: years that no calendar here counts.
OTHER_ERA = compiled("(?<!公)纪元")
# 明代|表: 朝 or 代 that begins the next word.
COURTIER = compiled(f"[朝代](?!{NO_COURT})")
LENGTH = compiled(f"(?:[{HAN_SIGNS}两几\\d]{{1,2}})(?:个?[年月]|天|周|小时|分钟)")
# 工龄十二年三月.
YEARS = compiled(f"(?<![{HAN_SIGNS}\\d])[{HAN_SIGNS}\\d]{{1,2}}年零?[{HAN_SIGNS}\\d]{{1,2}}个?月")
# What would change the days of a time that it stands beside.
COUNTS = compiled(f"[\\d{HAN_SIGNS}年月日号季周]")


def may_be_time(context: Context, span: Span) -> bool:
    """Check that a span that no form has cuts no word, is no length of time (3年10月) and not of any year."""
    last = span[1] - 1
    cut = any(context.word_around(end) for end in span) or COURTIER.match(context.folded, last)
    cut = cut or MEETING.match(context.folded, last) or OTHER_ERA.search(context.folded, *span)
    named = context.folded.startswith(NAMED_AFTER, span[1])
    often = EVERY.match(context.folded, span[0]) or context.folded[slice(*span)] in NOT_TIMES
    return not (
        cut or named or often or LENGTH.match(context.folded, *span) or YEARS.search(context.folded, *span)
    )


def date_spans(context: Context, spans: Iterable[Span], found: Iterable[Time]) -> Iterator[Time]:
    """Yield the times at these spans: as found, else with the days that their words or parts tell."""
    every = sorted(found, key=START)
    for start, end in spans:
        near = every[bisect_left(every, start, key=START) : bisect_left(every, end, key=START)]
        inside = [time for time in near if time.end <= end]
        if [(time.start, time.end) for time in inside] == [(start, end)]:
            yield inside[0]
        else:
            days = _told(context, (start, end), inside)
            yield make_time(context, (start, end), context.folded[start:end], days)


def _told(context: Context, span: Span, inside: Sequence[Time]) -> Days | None:
    """Return the days of a span that no form has: of the only time in it, if nothing beside that counts."""
    if not inside:
        anchor = TimeContext().anchor(context.folded, span[0], context.published_on)
        return resolve_days(context.folded[slice(*span)], anchor, context.lexicon.times)
    first, *others = inside
    beside = context.folded[span[0] : first.start] + context.folded[first.end : span[1]]
    if others or COUNTS.search(beside) or not first.start_date or not first.end_date:
        return None
    return date.fromisoformat(first.start_date), date.fromisoformat(first.end_date)

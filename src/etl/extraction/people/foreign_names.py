"""Find foreign names spelt by sound, whole, however the tagger divided or classified their parts.

The tagger knows that 若斯潘 or 布拉兹塞克 is a name of some kind long before it knows where it begins and of
which kind it is. Evidence for a person or a place is a step in `_is_person`; the characters that
spell such names are in ``config/lexicon/people.toml``.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import numpy as np

from etl.extraction.context import Context, Span, covered, found_once
from etl.extraction.people.roles import role_before, role_behind
from etl.extraction.resources.tagger import NAMES
from etl.text.person_names import HONORED, NAME_DOTS

HYPHENS = frozenset("-－—–")
# One or more characters that may be parts of a name.
STRETCH = re.compile(b"\1+")
# Characters of a name spelt by sound.
MIN_LENGTH = 3
MAX_LENGTH = 20
# Least probability of a name of any kind, at each character and on average (docs/decisions/0044).
MIN_NAME_PROBABILITY = 0.18
MIN_MEAN_NAME_PROBABILITY = 0.5
# Least probability of PER for one more sound behind a title.
MIN_PROBABILITY_BEHIND_TITLE = 0.1
# Least mean probability of PER: beside a role, and without one.
MIN_PROBABILITY_BESIDE_ROLE = 0.12
MIN_PROBABILITY_ALONE = 0.35
# The same before a verb of speech: a place without an entry in the lists seldom speaks.
MIN_PROBABILITY_SPEAKING = 0.25
SPEAKING = re.compile(
    "(?:首次|当天|当日|随后|还|也|则|明确|公开|再次){0,2}(?:表示|指出|强调|认为|说|称|通报)|(?:举行)?了?[一两三]?次?的?(?:会谈|会晤|会面)"
)
# Behind and before a name these words say that it is a place, also for the others of its list.
PLACE_BEHIND = re.compile(
    "方向|地区|等地|等方向|等省份?|等多个?[州省市]|等多地|居民点|附近|境内|上空|难民营|(?:军用|国际)?机场|当地|城区|市区|市(?!长)|州(?!长)|省(?!长)|县(?!长)|镇(?!长)|港(?!督)|大区|湖|河(?!水)"
)
PLACE_BEFORE = re.compile("(?:首都|首府|城市|位于|抵达|前往|飞抵|州府|省会|[东南西北中]部)$")
ADDED_ENDS = frozenset("市州省县镇港")
OPEN, CLOSED = frozenset("“「『"), frozenset("”」』")
NEXT_OF_LIST = re.compile("[、和及与]|以及")
# Names from one on to the word behind the last of its list that says that all are places.
MAX_LIST_LENGTH = 6
PLACE_ENDS = frozenset("省市县区镇乡村州岛河山湖港湾海江")


@found_once
def find_foreign_people(context: Context) -> Iterator[Span]:
    """Yield names spelt by sound that are rather persons than places or organizations."""
    return (span for span in _runs(context) if _is_person(context, span))


def find_foreign_places(context: Context) -> Iterator[Span]:
    """Yield names spelt by sound that the words beside them show to be places, with their 州 or 市."""
    words = (context.words[i][:2] for i in context.tagged("PER", "ORG"))
    places = covered(context.words[i][:2] for i in context.tagged("LOC"))
    for start, end in {*words, *_runs(context)}:
        if places.isdisjoint(range(start, end)) and stands_for_place(context, (start, end)):
            yield (start, end + (context.folded[end : end + 1] in ADDED_ENDS))


def _is_person(context: Context, span: Span) -> bool:
    person, place, organization = (
        float(context.probabilities[kind][slice(*span)].mean()) for kind in ("PER", "LOC", "ORG")
    )
    if context.folded[span[1] : span[1] + 1] in PLACE_ENDS or stands_for_place(context, span):
        return False
    if is_quoted(context, span) or HONORED.fullmatch(context.folded, *span):
        return False
    if SPEAKING.match(context.folded, span[1]):
        return person >= MIN_PROBABILITY_SPEAKING
    if role_before(context, span[0]) or role_behind(context, span[1]):
        return person >= MIN_PROBABILITY_BESIDE_ROLE
    return person >= MIN_PROBABILITY_ALONE and person >= place and person >= organization


@found_once
def _runs(context: Context) -> Iterator[Span]:
    """Yield stretches of at least three sounds that are parts of some name and of no known one."""
    if not context.probabilities:
        return
    named = sum(context.probabilities.values(), np.zeros(len(context.text), dtype=np.float32))
    for start, end in _sounds(context, (named >= MIN_NAME_PROBABILITY).tobytes()):
        run = (start - _follows_title(context, start), _run_end(context, start, end))
        long = MIN_LENGTH <= run[1] - run[0] <= MAX_LENGTH and not _holds_place(context, run)
        if long and float(named[slice(*run)].mean()) >= MIN_MEAN_NAME_PROBABILITY:
            yield run


def _sounds(context: Context, named: bytes) -> Iterator[Span]:
    """Yield the longest stretches of two sounds or more, and dots behind them, that may be parts of a name.

    ``named`` says of each character with 1 or 0 whether it may be one.
    """
    for spelt in context.lexicon.people.spelt.finditer(context.folded):
        if named.find(b"\1\1", *spelt.span()) < 0:
            continue
        known = _known_offsets(context, spelt.span())
        usable = bytes(named[i] and i not in known for i in range(*spelt.span()))
        for stretch in STRETCH.finditer(usable):
            start, end = (spelt.start() + at for at in stretch.span())
            start = end - len(context.folded[start:end].lstrip(NAME_DOTS))
            if end - start > 1:
                yield (start, end)


def _follows_title(context: Context, start: int) -> bool:
    """Check whether one more sound stands between a title and a run: 总理|内|塔尼亚胡."""
    first = start - 1
    sound = start > 1 and context.folded[first] in context.lexicon.people.sounds
    return (
        sound
        and role_before(context, first) is not None
        and context.probability("PER", first, start) >= MIN_PROBABILITY_BEHIND_TITLE
    )


def _run_end(context: Context, start: int, end: int) -> int:
    """Return the end of a run without the first sound of a word that goes on behind it: 卡拉奇|多云."""
    i = bisect_right(context.words, end - 1, key=lambda word: word.start) - 1
    word = context.words[i]
    if i and word.start > start and word.end > end == word.start + 1 and word.tag not in NAMES:
        end = word.start
    return start + len(context.folded[start:end].rstrip(NAME_DOTS))


def is_quoted(context: Context, span: Span) -> bool:
    """Check whether quotes around a name show it to be that of a storm or machine: “妮科尔”."""
    start, end = span
    return bool(start) and context.text[start - 1] in OPEN and context.text[end : end + 1] in CLOSED


def is_place_name(context: Context, span: Span) -> bool:
    """Check whether a span is a known place, or is cut out of one: 几|内亚比绍."""
    places = context.lexicon.places
    start, end = span
    if context.folded[start:end] in places.known or context.folded[max(0, start - 1) : end] in places.known:
        return True
    longest = places.longest_state
    states = places.long_states.finditer(context.folded, max(0, start - longest), end + longest)
    return any(state.start() <= start and end <= state.end() for state in states)


def _holds_place(context: Context, span: Span) -> bool:
    """Check whether a known place of three or more characters stands in a run, or began before it."""
    known = context.lexicon.places.known
    return any(
        context.folded[start:end] in known
        for start in range(max(0, span[0] - 1), span[1] - 1)
        for end in range(start + MIN_LENGTH, span[1] + 1)
    )


def stands_for_place(context: Context, span: Span) -> bool:
    """Check whether the words beside a name spelt by sound show a place: 首都贝鲁特, 弗雷米夫斯克等方向."""
    start, end = span
    sounds = context.lexicon.people.sounds
    if end - start < MIN_LENGTH or not sounds.issuperset(context.folded[start:end]):
        return False
    if PLACE_BEFORE.search(context.folded, max(0, start - MIN_LENGTH), start):
        return True
    for _ in range(MAX_LIST_LENGTH):
        if PLACE_BEHIND.match(context.folded, end):
            return True
        link = NEXT_OF_LIST.match(context.folded, end)
        if not link:
            return False
        first = end = link.end()
        while end < len(context.folded) and context.folded[end] in sounds:
            end += 1
        if end - first < MIN_LENGTH - 1:
            return False
    return False


def _known_offsets(context: Context, span: Span) -> set[int]:
    """Return offsets of titles and of known places and organizations among the words of a span."""
    starts = context.columns[0]
    first, last = max(0, bisect_right(starts, span[0]) - 1), bisect_left(starts, span[1])
    words = (word[:2] for word in context.words[first:last])
    return covered(word for word in words if _is_known(context, *word))


def _is_known(context: Context, start: int, end: int) -> bool:
    """Check whether a word is a title, or a place or organization on the lists."""
    name, people = context.folded[start:end], context.lexicon.people
    known = name in context.lexicon.places.known or name in context.lexicon.organizations.known
    return known or name in people.roles or name in people.enders or context.is_division(start, end)


def join_parts(context: Context, spans: Iterable[Span]) -> list[Span]:
    """Join parts of foreign names that dots connect, and parts that the tagger cut without a sign."""
    whole: list[Span] = []
    for start, end in sorted(set(spans)):
        if whole:
            before = whole[-1]
            between = context.text[before[1] : start]
            spelt = context.folded[before[0] : before[1]] + context.folded[start:end]
            hyphened = between in HYPHENS and context.lexicon.people.sounds.issuperset(
                set(spelt) - set(NAME_DOTS)
            )
            dotted = (between or context.text[start - 1]) in NAME_DOTS and len(between) <= 1
            if dotted or hyphened:
                whole[-1] = (before[0], end)
                continue
        whole.append((start, end))
    return [_extend_by_jean(context, span) for span in whole]


def _extend_by_jean(context: Context, span: Span) -> Span:
    """Extend a name by the first part of a French one, which reads like a verb: 让-皮埃尔."""
    start = span[0]
    first = context.folded[max(0, start - 2) : start]
    return (start - 2, span[1]) if first[:1] == "让" and first[1:] in HYPHENS else span

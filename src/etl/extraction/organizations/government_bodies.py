"""Find organizations named after a state or place and what they do: ministries, parliaments, armies, teams.

Another kind of them is a function here and a line in `find_government_bodies`.
"""

import re
from collections.abc import Iterator

from etl.extraction.context import Context, Span, found_once
from etl.extraction.resources.tagger import Word
from etl.text.first_characters import compile_with_lookahead

_SPORT = "[足篮排冰羽乒水棒垒网手曲]"
# The team of a country or place: 中国男子篮球队, 巴西男足.
TEAM = compile_with_lookahead(
    f"(?:国家|国奥)?(?:(?:男女|男|女)?子?(?:{_SPORT}球?|乒乓球|羽毛球|游泳|跳水|体操|举重|射击|速滑|短道速滑|花样滑冰|体育|田径)?"
    f"(?:代表)?队(?![员伍友长列形])|[男女]{_SPORT}(?!球))"
)
# What each team has.
TEAM_SIGN = re.compile(f"队|[男女]{_SPORT}")
MINISTER, MINISTRY = "部长", "部"
# Words that say what a ministry does, by their tags.
TASK_TAGS = frozenset({"n", "vn", "nz", "an", "ORG"})
# Characters of the name of a ministry behind its state, with 部 or 部长: 经济社会发展部长.
MAX_TASK_LENGTH = 8
# Bodies that any state has and that its name alone makes one of: 伊朗议会, 俄国防部; not 部门 and 部长.
GOVERNMENT_BODY = compile_with_lookahead(
    "(?:国防|外交|内政|财政|商务|能源|司法|卫生|教育|农业|交通|国务|劳动|文化|旅游|经济|环境|紧急情况|国土安全)部(?![门长队])"
    "|国防军|政府军|武装部队|自卫队|海岸警卫队|参议院|众议院|国民议会|国会(?!山)|议会(?!制|党)|最高法院|宪法法院|中央银行|央行|国家安全委员会|外交部|空军|海军|陆军|军方|军队|武装力量|国防军|国土交通省|外务省|防卫省|财务省|经济产业省|文部科学省"
    "|厚生劳动省|总务省|法务省|农林水产省|环境省|内阁府|总统府|警察厅|气象厅"
)
# A parliament or congress by its session: 十四届全国人大常委会, 庆阳市第四届人民代表大会.
NUMBER = r"[一二三四五六七八九十\d]{1,3}"
SESSION = re.compile(
    f"{NUMBER}届全国(?:人大常委会|人大|政协)|第{NUMBER}届(?:全国人民代表大会(?:常务委员会)?|全国委员会|人民代表大会(?:常务委员会)?|中央委员会"
    "|中央政治局|立法会)"
)
# The party's committee of a division: 海南省委, 福州市委.
COMMITTEE = re.compile("[省市县区州旗]委(?![员托派任屈身])")
# Characters of a division before 委, the longest first; the name of a shorter one is doubled (绛县县委).
DIVISION_LENGTHS = range(9, 1, -1)
MIN_DIVISION_LENGTH = 3
# The members of a party in a parliament: 民进党立法院党团.
CAUCUS = compile_with_lookahead(
    "(?:(?:中国)?国民党|民进党|民主进步党|亲民党|新党|(?:台湾)?民众党|(?:台湾|无党)团结联盟|时代力量|台联)(?:立法院|立院)?党团"
)
# States and peoples whose army is called by one character: 法军.
ARMY = re.compile("[美俄乌以日韩朝法英德印巴伊叙土联苏清]军(方)?(?!国主义)")


def find_government_bodies(context: Context) -> Iterator[Span]:
    """Yield teams and ministries with the name of their place or state."""
    yield from find_teams(context)
    yield from _ministries(context)


def find_sure_bodies(context: Context) -> Iterator[Span]:
    """Yield bodies that their form alone makes sure, however little the tagger thinks of them."""
    yield from _bodies_of_any_state(context)
    yield from _armies(context)
    yield from _sessions(context)
    yield from _committees(context)
    yield from _caucuses(context)


@found_once
def find_teams(context: Context) -> Iterator[Span]:
    """Yield teams that are named after a place."""
    if not TEAM_SIGN.search(context.folded):
        return
    for i in sorted({*context.tagged("LOC", "ORG"), *context.known_places}):
        word = context.words[i]
        if context.spelt[i] in context.lexicon.places.generic:
            continue
        if team := TEAM.match(context.folded, word.end):
            yield (word.start, team.end())
        # 中国男队, read as one place.
        inside = TEAM.search(context.folded, word.start + 2, word.end) if word.tag == "LOC" else None
        if inside and inside.end() == word.end and inside.start() > word.start:
            yield word[:2]


def _ministries(context: Context) -> Iterator[Span]:
    """Yield the ministry that a minister's title names, with its state: 芬兰农林部 in 芬兰农林部长."""
    words = context.words
    for i in (i for i, name in enumerate(context.spelt) if name.endswith(MINISTER)):
        first, word = i, words[i]
        while first and context.touches(first) and words[first - 1].tag in TASK_TAGS:
            first -= 1
        named = words[first].start < word.end - len(MINISTER)
        short = word.end - words[first].start <= MAX_TASK_LENGTH
        if named and short and first and context.touches(first) and _is_state(context, first - 1):
            yield (words[first - 1].start, word.end - 1)


def _bodies_of_any_state(context: Context) -> Iterator[Span]:
    """Yield what every state has, behind the name or the one character of a state: 伊朗议会, 俄国防部."""
    places = context.lexicon.places
    starts, lengths = context.starts, range(places.longest_state, 1, -1)
    for found in GOVERNMENT_BODY.finditer(context.folded):
        at = found.start()
        start = next(
            (at - n for n in lengths if n <= at and context.folded[at - n : at] in places.states), None
        )
        if start in starts:
            yield (start, found.end())
        elif at - 1 in starts and context.folded[at - 1] in places.abbreviations and found[0][-1] in "部军院":
            yield (at - 1, found.end())


def _armies(context: Context) -> Iterator[Span]:
    """Yield the army of a state of one character where words begin and end with it: 英军(方), not 以军法."""
    for army in ARMY.finditer(context.folded):
        start, end = army.start(), army.start() + 2
        if start in context.starts and (end in context.ends or (army[1] and army.end() in context.ends)):
            yield (start, end)


def _sessions(context: Context) -> Iterator[Span]:
    """Yield a parliament by its session, with its division or party before it."""
    for session in SESSION.finditer(context.folded):
        start = session.start()
        before = next((w.start for w in context.words if w.end == start and _has_sessions(context, w)), start)
        yield (before, session.end())


def _has_sessions(context: Context, word: Word) -> bool:
    """Check for a division or a party, which has a parliament or a congress of its own."""
    party = context.folded[word.start : word.end] in context.lexicon.organizations.known
    return party or word.tag == "LOC" or context.is_division(word.start, word.end)


def _committees(context: Context) -> Iterator[Span]:
    """Yield the party's committee of a division that is named before it."""
    starts = context.starts
    for committee in COMMITTEE.finditer(context.folded):
        end = committee.start() + 1
        first = (end - n for n in DIVISION_LENGTHS if end - n in starts and context.is_division(end - n, end))
        if (start := next(first, None)) is not None and end - start >= MIN_DIVISION_LENGTH:
            yield (start, committee.end())


def _caucuses(context: Context) -> Iterator[Span]:
    """Yield a party's members of parliament with the whole name of the party."""
    return (caucus.span() for caucus in CAUCUS.finditer(context.folded))


def _is_state(context: Context, index: int) -> bool:
    """Check whether a word is a foreign country."""
    return context.words[index].tag == "LOC" and context.spelt[index] in context.lexicon.places.states

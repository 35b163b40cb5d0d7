"""Find organizations by a fixed form of writing, whatever the tagger makes of their words.

县文化和旅游局 is a division and an office, 永兴（中国）有限公司 has a place in brackets. A new form is a
function here and a line in `find_by_pattern`.
"""

from bisect import bisect_left
from collections.abc import Iterator

from etl.extraction.context import Context, Span, found_once
from etl.extraction.resources.tagger import Word
from etl.text.expressions import compiled

# 县文化和旅游局: who has such an office is said by one character.
DIVISION_SIGNS = "省市县区州旗"
# A list of clubs, each of a place and a brand, and the words around that say that they play.
CLUBS = compiled("(?:[㐀-鿿]{2,6}[、和与，])+[㐀-鿿]{4,6}")
LINK = compiled("[、和与，]")
PLAY = compiled("联赛|球队|足协|俱乐部|甲[AB]|\\d队|中超|中甲|亚冠|CBA|超级杯|积分榜|冠军杯")
# Clubs from which on a list is one of clubs: what one name says may be chance.
MIN_LISTED_CLUBS = 2
# Ends of names that are no club.
COMMON_ENDS = frozenset("省市县区镇村队等地人方部赛站都均")
# Characters of the brand behind the two of the place: 北京|国安.
BRAND_LENGTHS = (2, 3, 4)
IN_BRACKETS = compiled("[（(]([^（）()，。；\n]{2,8})[）)]")
# 电视广播（卫星）有限公司: what else stands in brackets before a kind of firm, behind a name of these tags.
PARTS, NAMED = frozenset(("国际", "卫星", "集团", "控股", "股份")), frozenset({"LOC", "ORG"})
HOUSES = "公司|集团|事务所|研究院|研究所|医院|学院|学校|基金会|交易所"
FIRM = compiled(f"[^（）()，。、；：！？“”《》\\s]{{0,12}}?(?:{HOUSES})")
# 会计师事务所（特殊普通合伙）: the legal form behind a name belongs to it.
LEGAL_FORM = compiled("[（(](?:特殊普通合伙|普通合伙|有限合伙|个人独资|个体工商户|集团)[）)]")
# What a clause begins with that no name does.
CLAUSE = compiled("(?:^|[，。、；：！？“”（）()\n]|以及|[与和及向由])([㐀-鿿]{2,10})$")
FIRM_TAGS = frozenset({"ORG", "LOC", "PER", "nz", "n", "vn", "nw", "an"})
# Words of a firm's name before a bracket, and characters of a word of another tag that begins it.
MAX_FIRM_WORDS = 4
MAX_BRAND_LENGTH = 3
MISSION = compiled(
    "驻[^，。、；：！？“”《》\\s驻]{2,16}?(?:总领事馆|大使馆|领事馆|使领馆|使馆|使团|代表处|联络办公室)"
)
MAX_STATE_LENGTH = 10
# A place, a brand and a kind of house that no other word contains.
HOUSE = compiled("[^，。、；：！？“”《》\\s的]{2,4}?大(?:药房|酒店|饭店|卖场|商场|剧院|戏院|影院)")
# Offices in a list behind one with its place: 县公安局、畜牧局和教育局.
SIBLING = compiled("[、和与及]([㐀-鿿]{2,5}局)")
SIBLINGS = compiled(f"(?<=局)(?:{SIBLING.pattern})+(?![㐀-鿿]{{0,3}}长)")
# Ends of words that are never a place.
ORGANIZATION_END = compiled(
    "(?:公司|集团|联盟|银行|大学|学院|委员会|协会|政府|使馆|医院|法院|检察院|基金会|合作社|研究院|研究所)$"
)
# Least probability of a place or organization at each character before a suffix.
MIN_NAME_PROBABILITY = 0.2
# Characters of a name that is put together to its suffix, one by one, across the words of the tagger.
MAX_NAME_LENGTH = 20


@found_once
def find_by_pattern(context: Context) -> Iterator[Span]:
    """Yield organizations by their form."""
    yield from _offices(context)
    yield from _firms(context)
    yield from _missions(context)
    yield from _houses(context)
    yield from _called_places(context)
    yield from _cut_otherwise(context)
    yield from _siblings(context)


def _siblings(context: Context) -> Iterator[Span]:
    """Yield the offices of a list that begins with a named one: 江州县公安局、畜牧局和教育局."""
    for row in SIBLINGS.finditer(context.folded):
        if context.tag_before(row.start()) == "ORG":
            yield from (part.span(1) for part in SIBLING.finditer(context.folded, *row.span()))


def _offices(context: Context) -> Iterator[Span]:
    """Yield an office of a division that is named by its kind alone, or in full before it: 县文化和旅游局."""
    for office in context.lexicon.organizations.offices.finditer(context.folded):
        start = office.start()
        if start and context.folded[start - 1] in DIVISION_SIGNS:
            before = context.ends.get(start)
            place = context.words[before] if before is not None else None
            yield (place.start if place and place.tag == "LOC" else start - 1, office.end())


def _firms(context: Context) -> Iterator[Span]:
    """Yield a firm with a place in brackets: 永兴（中国）有限公司."""
    for bracket in IN_BRACKETS.finditer(context.folded):
        kind = FIRM.match(context.folded, bracket.end())
        place = bracket[1] in context.lexicon.places.known or context.is_division(*bracket.span(1))
        if kind and place and (start := _firm_start(context, bracket.start())) is not None:
            yield (start, kind.end())
        elif kind and bracket[1] in PARTS:
            named = next((w for w in _words_of_firm(context, bracket.start()) if w.tag in NAMED), None)
            yield from [(named.start, kind.end())] if named else ()


def _firm_start(context: Context, end: int) -> int | None:
    """Return where the name before a bracket begins, at most a few nouns back."""
    start = next((word.start for word in _words_of_firm(context, end)), None)
    if clause := CLAUSE.search(context.folded, max(0, end - 14), end):
        # 诺戴|商务咨询（上海）: one word more, of whatever kind, begins the clause.
        first = clause.start(1)
        return first if start is None or start - first <= MAX_BRAND_LENGTH else start
    return start


def _words_of_firm(context: Context, end: int) -> list[Word]:
    """Return the nouns and names before a bracket, in order."""
    words: list[Word] = []
    for word in reversed(context.words_before(end, MAX_FIRM_WORDS)):
        if word.end != end or word.tag not in FIRM_TAGS:
            break
        words.insert(0, word)
        end = word.start
    return words


def _missions(context: Context) -> Iterator[Span]:
    """Yield the mission of one state in another: 中国驻泰国大使馆."""
    known = context.lexicon.places.known
    for mission in MISSION.finditer(context.folded):
        start = mission.start()
        for length in range(min(MAX_STATE_LENGTH, start), 1, -1):
            if context.folded[start - length : start] in known:
                yield (start - length, mission.end())
                break


def _houses(context: Context) -> Iterator[Span]:
    """Yield a house of trade that the tagger takes for common words behind a place: 江州|振兴|大|药房."""
    for word in (context.words[i] for i in context.tagged("LOC")):
        if house := HOUSE.match(context.folded, word.end):
            yield (word.start, house.end())


def _called_places(context: Context) -> Iterator[Span]:
    """Yield what the tagger calls a place although only an organization ends so: 北陆电力公司."""
    for i in context.tagged("LOC"):
        if ORGANIZATION_END.search(context.spelt[i][2:]):
            yield context.words[i][:2]


def _cut_otherwise(context: Context) -> Iterator[Span]:
    """Yield a name that begins with a place and ends within a word of the tagger: 江州振兴大药房|和县."""
    ends, places = context.ends, [context.words[i].start for i in context.tagged("LOC", "ORG")]
    for suffix in context.lexicon.organizations.long_suffixes.finditer(context.folded):
        if suffix.end() in ends or not context.probabilities:
            continue
        start = suffix.start()
        while start and suffix.end() - start < MAX_NAME_LENGTH and _is_named(context, start - 1):
            start -= 1
        at = bisect_left(places, start)
        if at < len(places) and places[at] < suffix.start():
            yield (places[at], suffix.end())


def _is_named(context: Context, position: int) -> bool:
    return context.probability("ORG", position, position + 1, or_else="LOC") >= MIN_NAME_PROBABILITY


@found_once
def find_clubs(context: Context) -> Iterator[Span]:
    """Yield clubs in a list, where the text is about sport: 北京国安、广州太阳神."""
    if not PLAY.search(context.folded):
        return
    for match in CLUBS.finditer(context.folded):
        start, found = match.start(), list[Span]()
        for name in LINK.split(match[0]):
            # 三名是|北京国安: the first of a list has words before it.
            lead = 0 if found or start > match.start() else _lead_of_club(context, (start, start + len(name)))
            if len(name) - lead - 2 in BRAND_LENGTHS and _is_club(context, (start + lead, start + len(name))):
                found.append((start + lead, start + len(name)))
            start += len(name) + 1
        if len(found) >= MIN_LISTED_CLUBS:
            yield from found


def _lead_of_club(context: Context, span: Span) -> int:
    """Return the length of what stands before the last word of a span that begins with a place."""
    known = context.lexicon.places.known
    begins = (at for at in range(span[0] + 1, span[1] - 3) if at in context.starts)
    return next((at - span[0] for at in begins if context.folded[at : at + 2] in known), 0)


def _is_club(context: Context, span: Span) -> bool:
    """Check for the short name of a place before a brand that is neither a place nor a common end."""
    start, end = span
    name, known = context.folded[start:end], context.lexicon.places.known
    if "队" in name or name[-1] in COMMON_ENDS or name[2:] in known:
        return False
    place = name[:2] in known or context.is_division(start, start + 2)
    return place and not context.is_division(start + 2, end)

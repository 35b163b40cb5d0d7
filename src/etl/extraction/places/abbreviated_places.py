"""Find countries and provinces written with one character: both of 中美, the one of 来华, each of 京津冀.

A character is an entry in ``config/lexicon/places.toml``; a new context in which one stands for a country is
a step in `_abbreviations` or `find_country_pairs`.
"""

from collections.abc import Collection, Iterable, Iterator

from etl.extraction.context import Context, Span, found_once, occurrences
from etl.extraction.people.names import STATE_REPRESENTATIVES
from etl.extraction.resources.tagger import Word
from etl.text.expressions import compiled

PAIR_TAGS = frozenset({"LOC", "ORG", "nz", "n", "ns", "j"})
PROVINCES = frozenset("冀豫鲁晋陕皖苏浙赣鄂湘粤桂琼川黔滇甘陇辽吉闽蜀")
PLACE_OR_ORGANIZATION = frozenset({"LOC", "ORG"})
# Least probability of a place that no list knows (docs/decisions/0043).
MIN_PROBABILITY = 0.4
# Least probability that two such characters, tagged as a common word, are two places.
MIN_PAIR_PROBABILITY = 0.1
# So many such characters stand in a row: 京津冀鲁豫.
MAX_PAIR_LENGTH = 5
CHINA = "中"
# First characters of states that are words of their own beside 中.
WORDS_TOO = frozenset("以和在")
# Two characters before the unit of a division, which begins no other word (区间).
HEADS = compiled("(?=([㐀-鿿]{2})(?:[县市镇乡村]|区[的人委政，。、]))")
# Ends of names that have places before them: 辽东, 合肥港.
ENDS = frozenset("东西南北中港新海江山河湖州城国")


def find_abbreviated_places(context: Context) -> list[Span]:
    """Return every country or province written with one character, in order of place."""
    found = {
        *_abbreviations(context), *find_country_pairs(context), *_named_beside(context), *_initials(context)
    }  # fmt: skip
    return sorted(span for span in found if not _is_half(context, span, found))


def _is_half(context: Context, span: Span, found: Collection[Span]) -> bool:
    """Check for half the name of a division that the text has with its unit: 新|浦 beside 新浦区."""
    start, end = span
    wholes = [(start - 1, end)] * ((start - 1, start) in found) + [(start, end + 1)] * (
        (end, end + 1) in found
    )
    return any(context.folded[slice(*whole)] in _heads(context)[0] for whole in wholes)


@found_once
def _heads(context: Context) -> Iterator[frozenset[str]]:
    """Yield all that may be names of divisions without their units, of two characters, together."""
    yield frozenset(match[1] for match in HEADS.finditer(context.folded))


@found_once
def find_country_pairs(context: Context) -> Iterator[Span]:
    """Yield both countries of 中老两国, whatever the tagger makes of the two characters."""
    places = context.lexicon.places
    starts = context.starts
    for start, _ in occurrences(places.pair_context, context.folded):
        pair = context.folded[max(0, start - 2) : start]
        if len(pair) == 2 and start - 2 in starts and _is_pair(context, pair):  # noqa: PLR2004
            yield (start - 2, start - 1)
            yield (start - 1, start)


def _named_beside(context: Context) -> Iterator[Span]:
    """Yield China and a state that the text names, between words: 哈中 in a text on 哈萨克斯坦."""
    starts, ends = context.starts, context.ends
    for other in context.state_initials - WORDS_TOO:
        for start, end in occurrences((other + CHINA, CHINA + other), context.folded):
            if (start in starts or start in ends) and (end in starts or end in ends):
                yield (start, start + 1)
                yield (start + 1, end)


def _initials(context: Context) -> Iterator[Span]:
    """Yield each character of a word made of characters of places that the text names: 琴澳 beside 横琴."""
    places = context.lexicon.places
    numbers = context.tagged("LOC")
    named = {context.spelt[i] for i in numbers}
    named = {name for name in named if len(name) == 2 and name in places.known}  # noqa: PLR2004
    of_names = {character for name in named for character in name}
    for i in numbers:
        word, name = context.words[i], context.spelt[i]
        if len(name) < 2 or name in places.known or context.is_division(*word[:2]):  # noqa: PLR2004
            continue
        if places.abbreviations.isdisjoint(name) or len(set(name)) < len(name) or name[-1] in ENDS:
            continue
        if (places.abbreviations | of_names).issuperset(name):
            yield from ((at, at + 1) for at in range(word.start, word.end))


def _is_pair(context: Context, pair: str) -> bool:
    places = context.lexicon.places
    one = places.lone_abbreviations
    others = places.partners | context.state_initials
    either = (pair[0] in one and pair[1] in others) or (pair[1] in one and pair[0] in others)
    both = places.abbreviations.issuperset(pair) and pair[0] != pair[1]
    return (either or both) and pair not in places.known and pair not in places.generic


def _abbreviations(context: Context) -> Iterator[Span]:
    """Yield countries and provinces of one character: both of 中美, the one of 来华, each of 京津冀."""
    places = context.lexicon.places
    last = places.abbreviations | places.lone_abbreviations | context.state_initials
    numbers = {i for i, name in enumerate(context.spelt) if name[-1] in last}
    for i in sorted(numbers.union(context.tagged("LOC", "ORG"))):
        word, name = context.words[i], context.spelt[i]
        place = word.tag in PLACE_OR_ORGANIZATION
        if place and _is_middle(name):
            continue
        if _is_row(context, word):
            if _are_places(context, word):
                yield from ((k, k + 1) for k in range(word.start, word.end))
        elif place and len(name) == 2 and _is_pair(context, name):  # noqa: PLR2004
            yield from ((word.start, word.start + 1), (word.start + 1, word.end))
        elif place and _begins_with_pair(context, name) and _is_doubtful(context, word):
            if name[0] != name[1:2] and len(name) > 1 and name[:2] not in places.known:
                yield from ((word.start, word.start + 1), (word.start + 1, word.start + 2))
        elif _is_letter(context, name) and _stands_for_country(context, i):
            # 福州、宁|德等地
            yield (word.start, word.end + context.is_division(word.start, word.end + 1))
        elif word.tag in {"v", "vn", "n"} and _is_way_to(context, name):
            yield (word.start + 1, word.end)


def _is_row(context: Context, word: Word) -> bool:
    """Check for a word made of characters of places alone: 京津冀."""
    name = context.folded[word.start : word.end]
    made_of_places = context.lexicon.places.abbreviations.issuperset(name)
    return word.tag in PAIR_TAGS and 1 < len(name) <= MAX_PAIR_LENGTH and made_of_places


def _are_places(context: Context, word: Word) -> bool:
    """Check whether each character of such a word is a place, and the whole none."""
    places, name = context.lexicon.places, context.folded[word.start : word.end]
    sure = context.probability("LOC", *word[:2], or_else="ORG") >= MIN_PAIR_PROBABILITY
    if not (sure or word.tag in PLACE_OR_ORGANIZATION) or context.is_division(word.start, word.end):
        return False
    return name not in places.known and name not in places.generic


def _begins_with_pair(context: Context, name: str) -> bool:
    return context.lexicon.places.abbreviations.issuperset(name[:2])


def _is_letter(context: Context, name: str) -> bool:
    return name in context.lexicon.places.lone_abbreviations or name in context.state_initials


def _is_middle(name: str) -> bool:
    """Check for the middle of a province: 滇中, 豫中."""
    return len(name) == 2 and name[1] == "中" and name[0] in PROVINCES  # noqa: PLR2004


def _is_doubtful(context: Context, word: Word) -> bool:
    return (
        bool(context.probabilities) and context.probability(word.tag, word.start, word.end) < MIN_PROBABILITY
    )


def _is_way_to(context: Context, name: str) -> bool:
    """Check for a verb and a country in one word: 来华, 访美."""
    places = context.lexicon.places
    return (
        len(name) == len("来华")
        and name[0] in places.before_abbreviation
        and name[1] in places.lone_abbreviations
    )


def _stands_for_country(context: Context, index: int) -> bool:
    word = context.words[index]
    before = context.folded[max(0, word.start - 1) : word.start]
    after = context.folded[word.end : word.end + 1]
    if (
        STATE_REPRESENTATIVES.match(context.folded, word.end)
        and context.folded[word.start] in context.state_initials
    ):
        return word.tag != "PER"
    if after in context.lexicon.places.not_after_abbreviation:
        return False
    return word.tag == "LOC" or before in context.lexicon.places.before_abbreviation


def merge_neighbors(letters: Iterable[Span]) -> list[Span]:
    """Merge neighboring characters to one span each."""
    runs: list[Span] = []
    for start, end in letters:
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs

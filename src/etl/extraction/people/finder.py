"""Find persons: cut the tagger's names free of verbs, titles and places, complete and weigh them.

A surname, title or word that is no name is an entry in ``config/lexicon/people.toml``; a new correction
of a name is a step in `_clean`, a new way to find one a function in `find_people`.
"""

import re
from collections.abc import Iterable, Iterator

from etl.extraction.context import Context, Span, covered, found_once, keep_longest, occurrences
from etl.extraction.people.foreign_names import find_foreign_people, join_parts
from etl.extraction.people.forms import find_by_form
from etl.extraction.people.names import (
    FULL_NAME_LENGTH,
    MAX_CHINESE_LENGTH,
    MIN_PROBABILITY_BESIDE_ROLE,
    VILLAGER,
    VILLAGES,
    accept,
    end_before_office,
    is_certain,
    is_name,
)
from etl.extraction.people.roles import role_before, role_behind
from etl.extraction.resources.tagger import Word
from etl.text.person_names import NAME_DOTS
from etl.text.surnames import COMPOUND_SURNAMES

COMPOUND_FIRSTS = frozenset(surname[0] for surname in COMPOUND_SURNAMES)
GLUED_VERBS = re.compile("[向对在为说和与于把被将从给]")
# 习近平和, 林晓燕都: what the tagger glues to the end of a name, and by how much its probability drops there.
GLUED_LINKS = frozenset("和与同及都")
GLUED_PROBABILITY_DROP = 0.2
# 董事长魏哲家: behind a title no household but the end of a full name.
HOUSEHOLD = "家"
# 胡老: a surname and respect for age.
ELDER = "老"
# 小胡, 老薛: before a surname alone.
FAMILIAR_PREFIXES = frozenset("小老")
# 魏晨魏晨魏晨: one name several times.
REPEATED = re.compile("([㐀-鿿]{2,3})\\1+")
# Behind who owns firms.
OWNED = "旗下"
# A person without a name of his own: 王某, 王某某.
UNNAMED = re.compile("某{1,2}")
# Least probability of PER for a name of another class (docs/decisions/0043), and where it is the whole word.
MIN_PROBABILITY_MISCLASSIFIED = 0.33
MIN_PROBABILITY_WHOLE_WORD = 0.2
# Least probability of the third character that a name of two takes in (docs/decisions/0043); beside a role
# the lower one.
MIN_PROBABILITY_THIRD = 0.3
MIN_PROBABILITY_THIRD_BESIDE_ROLE = 0.085


def find_people(context: Context, taken: Iterable[Span]) -> Iterator[Span]:
    """Yield spans of personal names outside of the ``taken`` spans, none overlapping another."""
    glued = list(_glued(context))
    apart = covered(glued)
    spans = [
        span
        for i in context.tagged("PER")
        if context.words[i].start not in apart
        for span in _clean(context, i, context.words[i])
        if accept(context, span)
    ]
    spans += [*glued, *find_misclassified(context), *_addressed(context), *find_foreign_people(context)]
    spans += find_by_form(context)
    spans = [(start, end_before_office(context, (start, end))) for start, end in spans]
    names = {context.folded[slice(*span)] for span in spans if is_certain(context, span)}
    whole = [*join_parts(context, spans), *occurrences(sorted(names), context.folded)]
    yield from keep_longest(whole, [*taken, *context.closed])


def _glued(context: Context) -> Iterator[Span]:
    """Yield names without a sign between them, cut elsewhere (王道|平陆世强) or one again and again."""
    words, run = context.words, list[Word]()
    for i in [*context.tagged("PER"), None]:
        if i is not None and (not run or run[-1].end == words[i].start):
            run.append(words[i])
            continue
        start, end = (run[0].start, run[-1].end) if run else (0, 0)
        cut = any((word.end - start) % FULL_NAME_LENGTH for word in run)
        if cut and _are_glued(context, context.folded[start:end]):
            yield from ((start + a, start + b) for a, b in _split_names(context.folded[start:end]))
        elif len(run) > 1 and len({context.folded[word.start : word.end] for word in run}) == 1:
            yield from (word[:2] for word in run)
        run = [] if i is None else [words[i]]


@found_once
def find_misclassified(context: Context) -> Iterator[Span]:
    """Yield names that the tagger put into another class, although it thought of a person."""
    people = covered(context.words[i][:2] for i in context.tagged("PER"))
    ends, surnames, shares = context.ends, context.lexicon.people.surnames, context.shares("PER")
    for word in context.words:
        start = word.start
        first = context.folded[start]
        compound = first in COMPOUND_FIRSTS and context.folded[start : start + 2] in COMPOUND_SURNAMES
        if start in people or not (compound or first in surnames):
            continue
        if start - 1 in people and _are_glued(context, context.folded[start : word.end]):
            yield from ((start + a, start + b) for a, b in _split_names(context.folded[start : word.end]))
            continue
        if shares[start] < MIN_PROBABILITY_BESIDE_ROLE:
            continue
        introduced = compound or role_before(context, start) is not None
        for length in (FULL_NAME_LENGTH, 2) if introduced else (FULL_NAME_LENGTH,):
            span = (start, start + length)
            least = MIN_PROBABILITY_BESIDE_ROLE if introduced else _least_misclassified(word)
            sure = context.probability("PER", *span) >= least
            if sure and span[1] in ends and people.isdisjoint(range(*span)) and _is_free(context, span):
                yield span
                break


def _least_misclassified(word: Word) -> float:
    """Return the least probability of a name of another class; a whole organization needs less."""
    alone = word.end - word.start == FULL_NAME_LENGTH and word.tag == "ORG"
    return MIN_PROBABILITY_WHOLE_WORD if alone else MIN_PROBABILITY_MISCLASSIFIED


def _is_free(context: Context, span: Span) -> bool:
    """Check whether a span may be a name, and holds no place (国|南非)."""
    name, known = context.folded[slice(*span)], context.lexicon.places.known
    return name[1:] not in known and name[:2] not in known and is_name(context, span)


def _addressed(context: Context) -> Iterator[Span]:
    """Yield a surname alone before a title or before the word for somebody unnamed: 赖总统, 王某."""
    for word in context.words:
        if word.end - word.start != 1 or context.folded[word.start] not in context.lexicon.people.surnames:
            continue
        if not is_name(context, word[:2]):
            continue
        unnamed = UNNAMED.match(context.folded, word.end)
        if context.probability("PER", word.start, word.end) < MIN_PROBABILITY_BESIDE_ROLE or _is_apart(
            context, word.start
        ):
            continue
        role = role_behind(context, word.end)
        # 政务|司|司长: the end of a body before who heads it.
        if role and context.folded[role[0]] == context.folded[word.start]:
            continue
        if unnamed or role:
            yield (word.start, unnamed.end() if unnamed else word.end)


def shows_person(context: Context, span: Span) -> bool:
    """Check for a name that its signs show: dots, a long surname, a village before, 郑老, who owns firms."""
    name = context.folded[slice(*span)]
    if len(name) == 1:
        familiar = context.folded[span[0] - 1 : span[0]] in FAMILIAR_PREFIXES
        return familiar or context.folded.startswith(ELDER, span[1])
    compound = len(name) >= FULL_NAME_LENGTH and name[:2] in COMPOUND_SURNAMES
    villager = context.folded[span[0] - 1 : span[0]] in VILLAGES
    owner = len(name) == FULL_NAME_LENGTH and context.folded.startswith(OWNED, span[1])
    return compound or villager or owner or any(dot in name for dot in NAME_DOTS)


def _is_apart(context: Context, position: int) -> bool:
    """Check whether a character ends or begins no name: 摄 behind, 代 before a title."""
    return context.folded[position] in context.lexicon.people.apart


def _clean(context: Context, index: int, word: Word) -> Iterator[Span]:
    """Yield the names within one word of the tagger, without village, verb and title."""
    start, end = word.start, _end_before_verb(context, word)
    if villager := VILLAGER.fullmatch(context.folded[start:end]):
        whole = _with_given(context, index, (start + villager.end(1), end))
        yield from [whole] if is_name(context, whole) else ()
        return
    if end - start == 1 and context.folded[start - 1 : start] in VILLAGES:
        start, end = _with_given(context, index, (start, end))
    start += _lead_length(context, (start, end))
    start = _start_at_surname(context, index, (start, end))
    end = _end_before_title(context, start, end)
    end = _end_before_link(context, (start, end))
    end = _end_with_third(context, index, (start, end))
    end = end_before_office(context, (start, end))
    unnamed = UNNAMED.match(context.folded, end)
    if unnamed:
        end = unnamed.end()
    if is_name(context, (start, end)):
        yield from _parted(context, (start, end))


def _parted(context: Context, span: Span) -> Iterator[Span]:
    """Yield the names of a span that are glued together, or the span."""
    start, name = span[0], context.folded[slice(*span)]
    if repeated := REPEATED.fullmatch(name):
        length = len(repeated[1])
        yield from ((at, at + length) for at in range(*span, length))
    elif len(name) > MAX_CHINESE_LENGTH and _are_glued(context, name):
        yield from ((start + a, start + b) for a, b in _split_names(name))
    else:
        yield span


def _lead_length(context: Context, span: Span) -> int:
    """Return the length of 小 in 小胡, or of a title in the name (埃米尔米沙勒)."""
    start, end = span
    words = context.lexicon.people
    if end - start == 2 and context.folded[start] in FAMILIAR_PREFIXES:  # noqa: PLR2004
        return int(
            context.folded[start + 1] in words.surnames and context.folded[end : end + 2] not in words.roles
        )
    lengths = range(min(MAX_CHINESE_LENGTH, end - start - 2), 1, -1)
    return next((n for n in lengths if context.folded[start : start + n] in words.roles), 0)


def _end_before_verb(context: Context, word: Word) -> int:
    """Return the end of a Chinese name before the preposition behind it: 陈立新|向市中心医院."""
    name = context.folded[word.start : word.end]
    if (
        len(name) <= MAX_CHINESE_LENGTH
        or any(dot in name for dot in NAME_DOTS)
        or name[0] not in context.lexicon.people.surnames
    ):
        return word.end
    match = GLUED_VERBS.search(name, 2)
    return word.start + match.start() if match else word.end


def _end_before_title(context: Context, start: int, end: int) -> int:
    words = context.lexicon.people
    for ender in words.enders:
        if len(ender) < end - start and context.folded.endswith(ender, start, end):
            whole = ender == HOUSEHOLD and end - start == FULL_NAME_LENGTH and role_before(context, start)
            return end if whole else end - len(ender)
    surname = context.folded[start] in words.surnames
    rest = context.folded[start + 1 : end]
    return start + 1 if surname and (rest in words.roles or rest == ELDER) else end


def _end_before_link(context: Context, span: Span) -> int:
    """Return the end of a name without a 和 of which the tagger was less sure."""
    start, end = span
    tied = end - start > 2 and context.folded[end - 1] in GLUED_LINKS  # noqa: PLR2004
    sure = context.probability("PER", start, end - 1) - GLUED_PROBABILITY_DROP
    return end - 1 if tied and context.probability("PER", end - 1, end) < sure else end


def _start_at_surname(context: Context, index: int, span: Span) -> int:
    """Return the start of a name whose surname alone was taken for a word: 记者管|克江."""
    words, surnames = context.words, context.lexicon.people.surnames
    start, end = span
    before = words[index - 1] if index else None
    if before is None or end - start != 2 or before.end != start or before.end - before.start != 1:  # noqa: PLR2004
        return start
    alone = before.tag in {"w", "u", "c", "p", "m", "PER"} or _is_apart(context, before.start)
    if alone or context.folded[before.start] not in surnames:
        return start
    listed = before.start == 0 or context.text[before.start - 1].isspace()
    named = listed or context.probability("PER", before.start, before.end) >= MIN_PROBABILITY_BESIDE_ROLE
    return before.start if named or role_before(context, before.start) else start


def _with_given(context: Context, index: int, span: Span) -> Span:
    """Return a villager's name with what it lost to the next word: 厍村李|冠军."""
    behind = context.words[index + 1 : index + 2]
    cut = span[1] - span[0] == 1 and behind and behind[0].start == span[1]
    given = cut and behind[0].end - behind[0].start < FULL_NAME_LENGTH
    return (span[0], behind[0].end if given else span[1])


def _end_with_third(context: Context, index: int, span: Span) -> int:
    """Return the end of a name of two characters that lost its third to the next word: 邱成正|呼吁.

    Also 张学会旗下, where 会 before a noun is no verb.
    """
    words, (start, end) = context.words, span
    if end - start != 2 or end != words[index].end or index + 1 >= len(words):  # noqa: PLR2004
        return end
    behind = words[index + 1]
    if behind.start != end or behind.end - behind.start != 1 or behind.tag in {"w", "PER", "LOC", "m"}:
        return end
    if context.folded[end] == "会" and context.folded.startswith((OWNED, "同志", "先生", "女士"), end + 1):
        return end + 1
    particle = behind.tag == "u" and context.folded[end] != "之"
    if particle or context.folded[start] not in context.lexicon.people.surnames or _is_apart(context, end):
        return end
    beside = role_before(context, start) or role_behind(context, end + 1)
    least = MIN_PROBABILITY_THIRD_BESIDE_ROLE if beside else MIN_PROBABILITY_THIRD
    return end + 1 if context.probability("PER", end, end + 1) >= least else end


def _are_glued(context: Context, name: str) -> bool:
    """Check whether names of three characters, each with a surname, stand without a sign between them."""
    firsts = name[::3]
    if context.lexicon.people.sounds.issuperset(name):
        return False
    return (
        len(name) % 3 == 0 and len(firsts) > 1 and all(c in context.lexicon.people.surnames for c in firsts)
    )


def _split_names(name: str) -> Iterator[Span]:
    return ((start, start + 3) for start in range(0, len(name), 3))

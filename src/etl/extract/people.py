"""Persons: the tagger's names, cut free of verbs, titles and places, grown whole, weighed by its doubts.

A surname, title or word that is no name is an entry in ``config/lexicon/people.toml``; a new repair
of a name is a step in `_clean`, a new way to find one a function in `find_people`.
"""

import re
from collections.abc import Iterable, Iterator

from etl.extract.context import Context, Span, keep_longest, occurrences
from etl.extract.foreign import foreign_people
from etl.extract.roles import role_before, role_behind
from etl.extract.tagger import Word

# Between the parts of a foreign name.
DOTS = "·・•‧"
HYPHENS = frozenset("-－—–")
GLUE = re.compile("[向对在为说和与于把被将从给]")
PLACE_END = "村镇乡县市区屯"
CHINESE_LONGEST = 4
FULL_NAME = 3
# 胡老: a surname and respect for age.
OLD = "老"
HAN = re.compile("[㐀-鿿]+")
LATIN = re.compile("[A-Za-z]")
# A person without a name of his own: 王某, 王某某.
NOBODY = re.compile("某{1,2}")
# How sure the tagger must be of each character: of what looks like a name; of what does not; of what
# it put into another class; of what a role introduces.
PLAUSIBLE = 0.45
ODD = 0.72
MISSED = 0.33
ALONE = 0.2
INTRODUCED = 0.12
# What has the shape of a full name needs less, and so does the next sound of a foreign one.
SHAPED = 0.33
SOUND = 0.2
# A name of two characters takes a third from here on; behind a role, from the lower figure.
THIRD = 0.3
THIRD_INTRODUCED = 0.085
# From here on a full name counts wherever it stands in the text.
CERTAIN = 0.8


def find_people(context: Context, taken: Iterable[Span]) -> Iterator[Span]:
    """Spans of personal names outside of the ``taken`` spans, none overlapping another."""
    spans = [
        span
        for i, word in enumerate(context.words)
        if word.tag == "PER"
        for span in _clean(context, i, word)
        if _is_likely(context, span)
    ]
    spans += [*claimed(context), *_addressed(context), *foreign_people(context)]
    names = {context.folded[slice(*span)] for span in spans if _is_certain(context, span)}
    whole = [*_with_parts(context, spans), *occurrences(sorted(names), context.folded)]
    yield from keep_longest(whole, [*taken, *context.closed])


def claimed(context: Context) -> Iterator[Span]:
    """Names that the tagger put into another class, although it thought of a person."""
    people = {i for word in context.words if word.tag == "PER" for i in range(word.start, word.end)}
    ends = {word.end for word in context.words}
    for word in context.words:
        start = word.start
        if start in people or context.folded[start] not in context.lexicon.people.surnames:
            continue
        introduced = role_before(context, start) is not None
        alone = word.end - start == FULL_NAME and word.tag == "ORG"
        for length in (FULL_NAME, 2) if introduced else (FULL_NAME,):
            span = (start, start + length)
            sure = context.chance("PER", *span) >= (INTRODUCED if introduced else ALONE if alone else MISSED)
            if sure and span[1] in ends and people.isdisjoint(range(*span)) and _is_free(context, span):
                yield span
                break


def _is_free(context: Context, span: Span) -> bool:
    """Whether a span may be a name, and holds no place (国|南非)."""
    name, known = context.folded[slice(*span)], context.lexicon.places.known
    return name[1:] not in known and name[:2] not in known and _is_name(context, span)


def _addressed(context: Context) -> Iterator[Span]:
    """赖总统, 王某: a surname alone before a title, or before the word for somebody unnamed."""
    for word in context.words:
        if word.end - word.start != 1 or context.folded[word.start] not in context.lexicon.people.surnames:
            continue
        unnamed = NOBODY.match(context.folded, word.end)
        if context.chance("PER", word.start, word.end) < INTRODUCED or _is_apart(context, word.start):
            continue
        if unnamed or role_behind(context, word.end):
            yield (word.start, unnamed.end() if unnamed else word.end)


def _is_apart(context: Context, position: int) -> bool:
    """Whether a character is in no name even where one might end or begin: 摄 behind, 代 before a title."""
    return context.folded[position] in context.lexicon.people.apart


def _is_certain(context: Context, span: Span) -> bool:
    length = span[1] - span[0]
    return length >= FULL_NAME and context.chance("PER", *span) >= CERTAIN


def _is_likely(context: Context, span: Span) -> bool:
    """Whether the tagger was sure enough, given what the name looks like and what stands beside it."""
    name = context.folded[slice(*span)]
    people = context.lexicon.people
    if name[-1] == "某" or any(sign in name for sign in DOTS):
        return True
    beside = role_before(context, span[0]) or role_behind(context, span[1])
    chinese = name[0] in people.surnames or name[:2] in people.surnames
    if beside and chinese and len(name) == FULL_NAME:
        return True
    if beside and (chinese or len(name) > 1):
        return context.chance("PER", *span) >= INTRODUCED
    sounds = people.sounds.issuperset(name)
    if chinese and len(name) == FULL_NAME:
        # Its third character was weighed when it was taken in.
        return context.chance("PER", span[0], span[0] + 2) >= SHAPED
    if sounds and len(name) >= FULL_NAME:
        return context.chance("PER", *span) >= SHAPED
    plausible = (chinese and len(name) <= CHINESE_LONGEST) or sounds
    return context.chance("PER", *span) >= (PLAUSIBLE if plausible else ODD)


def _with_parts(context: Context, spans: Iterable[Span]) -> list[Span]:
    """Foreign names whole: parts that dots connect, and parts that the tagger cut without a sign."""
    whole: list[Span] = []
    for start, end in sorted(set(spans)):
        if whole:
            before = whole[-1]
            between = context.text[before[1] : start]
            spelt = context.folded[before[0] : before[1]] + context.folded[start:end]
            hyphened = between in HYPHENS and context.lexicon.people.sounds.issuperset(set(spelt) - set(DOTS))
            dotted = len(between) == 1 and between in DOTS
            if dotted or hyphened or _is_one_sound(context, before, (start, end)):
                whole[-1] = (before[0], end)
                continue
        whole.append((start, end))
    return [_sounded(context, span) for span in whole]


def _is_one_sound(context: Context, first: Span, second: Span) -> bool:
    """德兹|乌班斯基: two neighbors that spell one foreign name."""
    words = context.lexicon.people
    chinese = second[1] - second[0] <= FULL_NAME and context.folded[second[0]] in words.surnames
    return (
        first[1] == second[0]
        and not chinese
        and max(first[1] - first[0], second[1] - second[0]) >= FULL_NAME
        and words.sounds.issuperset(context.folded[first[0] : second[1]])
    )


def _sounded(context: Context, span: Span) -> Span:
    """A foreign name with the sounds at its ends that the tagger gave to its neighbors."""
    sounds = context.lexicon.people.sounds
    start, end = span
    if end - start < FULL_NAME or not sounds.issuperset(context.folded[start:end]):
        return span
    while context.folded[end : end + 1] in sounds and context.chance("PER", end, end + 1) >= SOUND:
        end += 1
    while start and context.folded[start - 1] in sounds and context.chance("PER", start - 1, start) >= SOUND:
        start -= 1
    return (start, end)


def _clean(context: Context, index: int, word: Word) -> Iterator[Span]:
    """The name within one word of the tagger: without its village, its verb, its title; glued names apart."""
    start, end = _without_village(context, word.start, _cut_verb(context, word))
    start = _with_surname(context, index, (start, end))
    end = _without_title(context, start, end)
    end = _with_third(context, index, (start, end))
    unnamed = NOBODY.match(context.folded, end)
    if unnamed:
        end = unnamed.end()
    name = context.folded[start:end]
    if not _is_name(context, (start, end)):
        return
    if len(name) > CHINESE_LONGEST and _glued(context, name):
        yield from ((start + a, start + b) for a, b in _parts(name))
    else:
        yield (start, end)


def _cut_verb(context: Context, word: Word) -> int:
    """陈立新向市中心医院: a Chinese name ends at the preposition behind it."""
    name = context.folded[word.start : word.end]
    if (
        len(name) <= CHINESE_LONGEST
        or any(dot in name for dot in DOTS)
        or name[0] not in context.lexicon.people.surnames
    ):
        return word.end
    match = GLUE.search(name, 2)
    return word.start + match.start() if match else word.end


def _without_village(context: Context, start: int, end: int) -> Span:
    """柳村马国良: what stands behind a village is the name when it begins with a surname."""
    for i in range(end - 2, start, -1):
        if (
            context.folded[i - 1] in PLACE_END
            and context.folded[i] in context.lexicon.people.surnames
            and i - start > 1
        ):
            return (i, end)
    return (start, end)


def _without_title(context: Context, start: int, end: int) -> int:
    words = context.lexicon.people
    for ender in words.enders:
        if len(ender) < end - start and context.folded.endswith(ender, start, end):
            return end - len(ender)
    surname = context.folded[start] in words.surnames
    for title in words.roles if surname else ():
        if end - start == len(title) + 1 and context.folded.endswith(title, start, end):
            return start + 1
    return start + 1 if surname and context.folded[start + 1 : end] == OLD else end


def _with_surname(context: Context, index: int, span: Span) -> int:
    """记者管|克江: the beginning of a name whose surname alone was taken for a word."""
    words, surnames = context.words, context.lexicon.people.surnames
    start, end = span
    before = words[index - 1] if index else None
    if before is None or end - start != 2 or before.end != start or before.end - before.start != 1:  # noqa: PLR2004
        return start
    alone = before.tag in {"w", "u", "c", "p", "m", "PER"} or _is_apart(context, before.start)
    if alone or context.folded[before.start] not in surnames:
        return start
    listed = before.start == 0 or context.text[before.start - 1].isspace()
    named = listed or context.chance("PER", before.start, before.end) >= INTRODUCED
    return before.start if named or role_before(context, before.start) else start


def _with_third(context: Context, index: int, span: Span) -> int:
    """邱成正|呼吁: the end of a name of two characters that lost its third to the next word.

    Also 张学会旗下, where 会 before a noun is no verb.
    """
    words, (start, end) = context.words, span
    if end - start != 2 or end != words[index].end or index + 1 >= len(words):  # noqa: PLR2004
        return end
    behind = words[index + 1]
    if behind.start != end or behind.end - behind.start != 1 or behind.tag in {"w", "PER", "LOC", "m"}:
        return end
    if context.folded[end] == "会" and context.folded.startswith(("旗下", "同志", "先生", "女士"), end + 1):
        return end + 1
    particle = behind.tag == "u" and context.folded[end] != "之"
    if particle or context.folded[start] not in context.lexicon.people.surnames or _is_apart(context, end):
        return end
    beside = role_before(context, start) or role_behind(context, end + 1)
    least = THIRD_INTRODUCED if beside else THIRD
    return end + 1 if context.chance("PER", end, end + 1) >= least else end


def _is_name(context: Context, span: Span) -> bool:
    name = context.folded[slice(*span)]
    people = context.lexicon.people
    if not name or name in people.not_names or name in people.roles:
        return False
    if name[-1] == "方" and name[0] in context.lexicon.places.letters and len(name) == 2:  # noqa: PLR2004
        return False
    if name[-1] in PLACE_END[:3] and len(name) < CHINESE_LONGEST:
        return False
    if len(name) == 1:
        return name in people.surnames or bool(LATIN.match(name))
    return bool(HAN.search(name) or LATIN.search(name)) and not any(character.isdigit() for character in name)


def _glued(context: Context, name: str) -> bool:
    """Whether names of three characters, each beginning with a surname, stand without a sign between them."""
    firsts = name[::3]
    return (
        len(name) % 3 == 0 and len(firsts) > 1 and all(c in context.lexicon.people.surnames for c in firsts)
    )


def _parts(name: str) -> Iterator[Span]:
    return ((start, start + 3) for start in range(0, len(name), 3))

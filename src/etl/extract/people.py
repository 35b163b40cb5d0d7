"""Persons: the tagger's names, cut free of verbs, titles and places, with the roles that stand beside them.

A surname, title or word that is no name is an entry in ``config/lexicon/people.toml``; a new repair
of a name is a step in `_clean`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from etl.extract.context import Context, Span, keep_longest
from etl.extract.tagger import Word

# Between the parts of a foreign name.
DOTS = "·・•‧"
GLUE = re.compile("[向对在为说和与于把被将从给]")
PLACE_END = "村镇乡县市区屯"
VILLAGE_END = "村镇乡屯"
CHINESE_LONGEST = 4
HAN = re.compile("[㐀-鿿]+")
LATIN = re.compile("[A-Za-z]")
# What may stand between two names that share one role.
LISTED = frozenset("、和与及")


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A name's span, the roles beside it, and the body or village before the role."""

    span: Span
    roles: tuple[str, ...] = ()
    of: str | None = None


def find_people(context: Context, taken: Iterable[Span]) -> Iterator[Span]:
    """Spans of personal names outside of the ``taken`` spans, none overlapping another."""
    spans = [
        span for i, word in enumerate(context.words) if word.tag == "PER" for span in _clean(context, i, word)
    ]
    yield from keep_longest(spans, [*taken, *context.closed])


def add_roles(context: Context, people: Iterable[Span], bodies: Iterable[Span]) -> Iterator[FoundPerson]:
    """Each person with the role before or behind the name; names in a list share theirs."""
    ends = {end: (start, end) for start, end in bodies}
    before: FoundPerson | None = None
    for span in people:
        start, role = _role_before(context, span)
        if role:
            # 疗养院长: the body ends within the title.
            body = ends.get(start) or ends.get(start + 1)
            found = FoundPerson(span, (role,), context.text[slice(*body)] if body else None)
        elif before and before.roles and context.folded[before.span[1] : span[0]] in LISTED:
            found = FoundPerson(span, before.roles, before.of)
        else:
            behind = _role_behind(context, span)
            home = _home(context, ends.get(span[0]))
            found = FoundPerson(span, (behind,) if behind else (), home)
        yield found
        before = found


def _home(context: Context, body: Span | None) -> str | None:
    """柳村马国良: a village directly before a name is where the person belongs."""
    return context.text[slice(*body)] if body and context.folded[body[1] - 1] in VILLAGE_END else None


def _role_before(context: Context, span: Span) -> tuple[int, str | None]:
    """The longest role that ends where the name begins, and where that role begins."""
    roles = context.lexicon.people.roles
    for length in range(8, 1, -1):
        start = span[0] - length
        if start >= 0 and context.folded[start : span[0]] in roles:
            return start, context.text[start : span[0]]
    return span[0], None


def _role_behind(context: Context, span: Span) -> str | None:
    roles = context.lexicon.people.roles
    for length in range(6, 1, -1):
        if context.folded[span[1] : span[1] + length] in roles:
            return context.text[span[1] : span[1] + length]
    return None


def _clean(context: Context, index: int, word: Word) -> Iterator[Span]:
    """The name within one word of the tagger: without its village, its verb, its title; glued names apart."""
    start, end = _without_village(context, word.start, _cut_verb(context, word))
    end = _without_title(context, start, end)
    end = _with_missing_character(context, index, (start, end))
    name = context.folded[start:end]
    if not _is_name(context, name):
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
    for ender in context.lexicon.people.enders:
        if len(ender) < end - start and context.folded.endswith(ender, start, end):
            return end - len(ender)
    return end


def _with_missing_character(context: Context, index: int, span: Span) -> int:
    """张学会旗下: 会 before a noun is no verb but the end of a name of two characters."""
    words = context.words
    if span[1] - span[0] != 2 or span[1] != words[index].end or index + 2 >= len(words):  # noqa: PLR2004
        return span[1]
    verb, behind = words[index + 1], words[index + 2]
    is_will = context.folded[verb.start : verb.end] == "会" and verb.start == span[1]
    follows = context.folded[behind.start : behind.end]
    return verb.end if is_will and follows in {"旗下", "同志", "先生", "女士"} else span[1]


def _is_name(context: Context, name: str) -> bool:
    people = context.lexicon.people
    if not name or name in people.not_names or name in people.roles:
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

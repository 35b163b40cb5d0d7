"""Find roles: the offices and titles beside a name, and the organization or village they belong to.

An office or title is an entry in ``config/lexicon/people.toml``; a new way in which names share a role
is a step in `add_roles`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from etl.extraction.context import Context, Span
from etl.text.person_names import HAN, office_inside

COMMITTEE = "委"
VILLAGE_ENDS = "村镇乡屯"
# What may stand between two names that share one role.
LIST_SIGNS = frozenset("、和与及")
# A line that somebody signed, before the name: 主任委員　陳　冲. How many blanks it begins with at most, how
# long its Chinese words are, the office at their end, and how many blanks stand before the name.
MAX_INDENT, MAX_OFFICE_LENGTH, MAX_GAP = 24, 16, 4
SIGNED = re.compile(
    f"^[ \u3000]{{0,{MAX_INDENT}}}([{HAN}]{{2,{MAX_OFFICE_LENGTH}}})[ \u3000]{{1,{MAX_GAP}}}\\Z", re.MULTILINE
)
LONGEST_SIGNED = MAX_INDENT + MAX_OFFICE_LENGTH + MAX_GAP
# Before an office: another rank of it.
RANKS = ("副", "首席", "助理", "名誉", "荣誉", "执行", "常务", "众", "参")
REST_OF_LINE = re.compile("[^\\S\n]*(?:\n|\\Z)")


@dataclass(frozen=True, slots=True)
class PersonWithRoles:
    """A name's span, the roles beside it, and the organization or village before the role."""

    span: Span
    roles: tuple[str, ...] = ()
    of: str | None = None


def add_roles(
    context: Context, people: Iterable[Span], organizations: Iterable[Span]
) -> Iterator[PersonWithRoles]:
    """Yield each person with the role before or behind the name; names in a list share theirs."""
    ends = {end: (start, end) for start, end in organizations}
    before: PersonWithRoles | None = None
    for span in people:
        role = role_before(context, span[0]) or signed_role(context, span)
        if inside := office_inside(context.folded[slice(*span)]):
            found = PersonWithRoles(span, (context.text[span[0] + inside[0] : span[0] + inside[1]],))
        elif role:
            found = PersonWithRoles(span, (context.text[slice(*role)],), _employer(context, ends, role))
        elif before and before.roles and context.folded[before.span[1] : span[0]] in LIST_SIGNS:
            found = PersonWithRoles(span, before.roles, before.of)
        else:
            behind = role_behind(context, span[1])
            roles = (context.text[slice(*behind)],) if behind else ()
            found = PersonWithRoles(span, roles, _home_village(context, ends.get(span[0])))
        yield found
        before = found


def _employer(context: Context, ends: Mapping[int, Span], role: Span) -> str | None:
    """Return the organization before a role, or whose end is the role's beginning: 疗养院长, 浙江省委书记."""
    shared = (end for end in range(*role) if end <= role[0] + 1 or context.folded[end - 1] == COMMITTEE)
    spans = (ends[end] for end in shared if end in ends)
    return next((context.text[start:end] for start, end in spans if start < role[0]), None)


def role_before(context: Context, start: int) -> Span | None:
    """Return the longest role that ends where a name begins."""
    words, folded = context.lexicon.people, context.folded
    for length in words.role_lengths_by_last.get(folded[start - 1 : start], ()):
        if length <= start and folded[start - length : start] in words.roles:
            return (start - length - _rank_length(folded, start - length), start)
    return None


def _rank_length(folded: str, end: int) -> int:
    """Return the length of what makes another office of the one that begins there: 副|众|议长, 助理|教授."""
    length = 0
    while rank := next((rank for rank in RANKS if folded.endswith(rank, 0, end - length)), ""):
        length += len(rank)
    return length


def signed_role(context: Context, span: Span) -> Span | None:
    """Return the role before a blank and a name where the line holds nothing else: a signature."""
    signed = SIGNED.search(context.folded, max(0, span[0] - LONGEST_SIGNED), span[0])
    if signed is None or not REST_OF_LINE.match(context.folded, span[1]):
        return None
    return role_before(context, signed.end(1))


def role_behind(context: Context, end: int) -> Span | None:
    """Return the longest role that begins where a name ends."""
    words, folded = context.lexicon.people, context.folded
    for length in words.role_lengths_by_first.get(folded[end : end + 1], ()):
        if folded[end : end + length] in words.roles:
            return (end, min(end + length, len(folded)))
    return None


def _home_village(context: Context, organization: Span | None) -> str | None:
    """Return the village directly before a name, where the person belongs: 柳村马国良."""
    return (
        context.text[slice(*organization)]
        if organization and context.folded[organization[1] - 1] in VILLAGE_ENDS
        else None
    )

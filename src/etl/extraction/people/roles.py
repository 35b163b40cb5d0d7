"""Find roles: the offices and titles beside a name, and the organization or village they belong to.

An office or title is an entry in ``config/lexicon/people.toml``; a new way in which names share a role
is a step in `add_roles`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from etl.extraction.context import Context, Span
from etl.text.person_names import office_inside

VILLAGE_ENDS = "村镇乡屯"
# What may stand between two names that share one role.
LIST_SIGNS = frozenset("、和与及")


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
        role = role_before(context, span[0])
        if inside := office_inside(context.folded[slice(*span)]):
            found = PersonWithRoles(span, (context.text[span[0] + inside[0] : span[0] + inside[1]],))
        elif role:
            # 疗养院长: the organization ends within the title.
            organization = ends.get(role[0]) or ends.get(role[0] + 1)
            found = PersonWithRoles(
                span,
                (context.text[slice(*role)],),
                context.text[slice(*organization)] if organization else None,
            )
        elif before and before.roles and context.folded[before.span[1] : span[0]] in LIST_SIGNS:
            found = PersonWithRoles(span, before.roles, before.of)
        else:
            behind = role_behind(context, span[1])
            roles = (context.text[slice(*behind)],) if behind else ()
            found = PersonWithRoles(span, roles, _home_village(context, ends.get(span[0])))
        yield found
        before = found


def role_before(context: Context, start: int) -> Span | None:
    """Return the longest role that ends where a name begins."""
    words, folded = context.lexicon.people, context.folded
    for length in words.role_lengths_by_last.get(folded[start - 1 : start], ()):
        if length <= start and folded[start - length : start] in words.roles:
            return (start - length, start)
    return None


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

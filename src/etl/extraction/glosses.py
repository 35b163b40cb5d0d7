"""Give what stands in brackets behind a name the kind of that name: its Latin form, and its short form.

费米（Enrico Fermi） is one person twice; 鑫盛投资有限公司（以下简称“江西鑫盛”） is an organization wherever
the text has its short name. A language that may be named before a Latin form is an entry in `LANGUAGE`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from etl.extraction.context import Context, Span, covered, occurrences
from etl.extraction.organizations.names import is_name as names_organization
from etl.extraction.people.names import is_name as names_person
from etl.extraction.places.finder import is_name as names_place
from etl.text.expressions import compiled

Names = Mapping[str, list[Span]]
CHECKS = {"ORG": names_organization, "PER": names_person, "LOC": names_place}
LANGUAGE = "(?:[英法德俄西日荷]|拉丁|西班牙|葡萄牙|意大利|荷兰)[语文][：:] ?|[英法德]名[：:] ?|原名[：:]? ?"
WORD = "[A-ZÀ-Þ][A-Za-zÀ-ÿ&'’.-]*"
SMALL = "(?:of|the|and|for|in|de|der|des|du|la|le|von|van|da|di|do) "
LATIN = compiled(f"[（(](?:{LANGUAGE})?({WORD}(?: (?:{SMALL}){{0,2}}{WORD}){{0,7}})(?=[）),，;；])")
# 本局 and 该公司 are short for one name here and for another there.
QUOTED = '[“「『"]?((?![本该])[^“”「」『』"（）()，。；：、\\s]{2,10})[”」』"]?'
SHORT = compiled(f"[（(](?:以下|下)?(?:简称|下称)[为：:]? ?{QUOTED}(?=[）),，;；])")


def with_glosses(context: Context, names: Names) -> Names:
    """Return the names with their glosses, each in order of place; what was found inside one gives way."""
    glosses = {kind: [*_latin(context, names[kind]), *_short(context, kind, names[kind])] for kind in CHECKS}
    taken = covered(span for spans in glosses.values() for span in spans)
    if not taken:
        return names
    return {
        kind: sorted({*(span for span in spans if taken.isdisjoint(range(*span))), *glosses.get(kind, ())})
        for kind, spans in names.items()
    }


def _latin(context: Context, names: list[Span]) -> Iterator[Span]:
    """Yield the Latin names in brackets right behind names."""
    behind = (LATIN.match(context.text, end) for _, end in names)
    return (match.span(1) for match in behind if match)


def _short(context: Context, kind: str, names: list[Span]) -> Iterator[Span]:
    """Yield every place of the short names that the text gives to names, but where a longer name has it."""
    shorts = set[str]()
    for start, end in names:
        match = SHORT.match(context.folded, end)
        if match and _is_short(match[1], context.folded[start:end]) and CHECKS[kind](context, match.span(1)):
            shorts.add(match[1])
    ends = dict(names)
    longer = sorted(ends)
    for span in occurrences(sorted(shorts), context.folded):
        before = bisect_right(longer, span[0]) - 1
        if before < 0 or ends[longer[before]] < span[1]:
            yield span


def _is_short(short: str, name: str) -> bool:
    """Check whether all characters of one stand in the other, in order: 民航局, 交通部民用航空局."""
    left = iter(name)
    return all(character in left for character in short)

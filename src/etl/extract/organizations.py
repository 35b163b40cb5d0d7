"""Organizations: the tagger's, those known by name, and those that a suffix gives away, each as one whole span.

A body or suffix is an entry in ``config/lexicon/organizations.toml``; a new way to find one is a
function in `find_organizations`.
"""

from collections.abc import Iterable, Iterator

from etl.extract.context import Context, Span, keep_longest
from etl.extract.tagger import Word

LONGEST = 40
# Tags of words that a body's name may begin with.
HEADS = frozenset({"LOC", "ORG", "nz", "PER", "ns"})


def find_organizations(context: Context) -> Iterator[Span]:
    """Spans of named bodies, none overlapping another."""
    tagged = (_grown(context, i) for i, word in enumerate(context.words) if word.tag == "ORG")
    spans = [*tagged, *_known(context), *_by_suffix(context)]
    yield from (span for span in keep_longest(spans, context.closed) if is_name(context, span))


def is_name(context: Context, span: Span) -> bool:
    """Whether a span names one body rather than a kind of body."""
    name = context.folded[slice(*span)]
    words = context.lexicon.organizations
    return 1 < len(name) <= LONGEST and name not in words.generic and not name[0].isspace()


def _grown(context: Context, index: int) -> Span:
    """A body's word with its place before it and its department behind it."""
    return (context.words[_first(context, index)].start, context.words[_last(context, index)].end)


def _first(context: Context, index: int) -> int:
    while index and _touches(context, index) and context.words[index - 1].tag in {"LOC", "ORG"}:
        if _stands_alone(context, context.words[index - 1]) or _stands_alone(context, context.words[index]):
            break
        index -= 1
    return index


def _last(context: Context, index: int) -> int:
    """Behind a body: its departments, the longest word of which ends the name."""
    departments = context.lexicon.organizations.departments
    while index + 1 < len(context.words) and _touches(context, index + 1):
        following = context.words[index + 1]
        word = context.folded[following.start : following.end]
        if word not in departments and not (following.tag == "ORG" and not _stands_alone(context, following)):
            break
        index += 1
    return index


def _touches(context: Context, index: int) -> bool:
    return context.words[index - 1].end == context.words[index].start


def _stands_alone(context: Context, word: Word) -> bool:
    return context.folded[word.start : word.end] in context.lexicon.organizations.bodies


def _known(context: Context) -> Iterator[Span]:
    """Bodies known by name, where no word of the tagger is cut by them."""
    bodies = context.lexicon.organizations.bodies
    starts = {word.start for word in context.words}
    ends = {word.end: i for i, word in enumerate(context.words)}
    lengths = lengths_by_first(bodies)
    for start in sorted(starts):
        for length in lengths.get(context.folded[start : start + 1], ()):
            if context.folded[start : start + length] in bodies:
                last = ends.get(start + length)
                yield (start, start + length if last is None else context.words[_last(context, last)].end)
                break


def lengths_by_first(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Which lengths the words beginning with a character have, the longest first."""
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def _by_suffix(context: Context) -> Iterator[Span]:
    """A word that ends like a body, with the words before it up to a place or a proper name."""
    suffixes = context.lexicon.organizations.suffixes
    for i, word in enumerate(context.words):
        if word.tag in {"TIME", "m", "v", "w", "PER"}:
            continue
        if context.folded.endswith(suffixes, word.start, word.end):
            first = _head(context, i)
            if first is not None:
                yield (context.words[first].start, context.words[_last(context, i)].end)


def _head(context: Context, index: int) -> int | None:
    """The word that a name ending at ``index`` begins with: the farthest place, body or proper name."""
    words = context.lexicon.organizations
    head = None
    position = index
    while position and _touches(context, position):
        position -= 1
        word = context.words[position]
        if word.tag not in words.fillers | HEADS or context.folded[word.start : word.end] in words.openers:
            break
        if context.words[index].end - word.start > LONGEST:
            break
        if word.tag in HEADS and context.folded[word.start : word.end] not in context.lexicon.places.generic:
            head = position
    return head

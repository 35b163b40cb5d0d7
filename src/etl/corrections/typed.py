"""What a person types, words of the text instead of offsets, as what is asked.

Words must name one place, in the whole text or in the span that is given; else the message shows the places.
"""

from collections.abc import Iterator, Mapping

from etl.corrections.requests import ChangeText, JoinParagraphs, SetEntity, SetKind, SplitParagraph
from etl.corrections.values import EntityType
from etl.errors import SetupError
from etl.mentions import Entity
from etl.model import ParagraphKind, Report

Span = tuple[int, int]
AROUND = 8
# Places that a message shows.
SHOWN = 5


def find(report: Report, words: str, within: Span | None = None) -> Span:
    """The one place of words.

    Raises:
        SetupError: they stand nowhere, or at several places.
    """
    start, end = within or (0, len(report.text))
    found = list(_places(report.text, words, start, end)) if words else []
    if not found:
        raise SetupError(f"“{words}” stands nowhere in {'that place' if within else 'the text'} as it is now")
    if len(found) > 1:
        shown = ", ".join(f"{at}: {_around(report.text, at, len(words))}" for at in found[:SHOWN])
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise SetupError(
            f"“{words}” stands at {len(found)} places ({shown}{more}); give more words or --at N"
        )
    return found[0], found[0] + len(words)


def change(report: Report, old: str, new: str, within: Span | None = None) -> ChangeText:
    """Other words for those that stand there."""
    return ChangeText(*find(report, old, within), new)


def split(report: Report, before: str, after: str, within: Span | None = None) -> SplitParagraph:
    """A new paragraph between words that follow each other, whatever blanks stand between them."""
    for blank in ("", " ", "\u3000"):
        whole = f"{before}{blank}{after}"
        if before and after and whole in report.text:
            return SplitParagraph(find(report, whole, within)[0] + len(before) + len(blank))
    raise SetupError(f"“{before}” is nowhere followed by “{after}” within a paragraph")


def join(report: Report, before: str, after: str, within: Span | None = None) -> JoinParagraphs:
    """One paragraph of two: the words that end the first, and those that begin the second."""
    return JoinParagraphs(find(report, f"{before}\n{after}", within)[0] + len(before))


def kind(report: Report, words: str, named: ParagraphKind, within: Span | None = None) -> SetKind:
    """Another kind of the paragraph in which words stand."""
    return SetKind(find(report, words, within)[0], named)


def entity(
    report: Report,
    words: str,
    named: EntityType | None,
    values: Mapping[str, str],
    within: Span | None = None,
) -> SetEntity:
    """What words name; what is found there now, in a span that meets theirs, is replaced."""
    start, end = find(report, words, within)
    met = [one for one in report.entities if one.start < end and start < one.end]
    best = max(met, key=lambda one: _likeness(one, (start, end), named), default=None)
    replaces = (best.type, best.start, best.end) if best else None
    return SetEntity(start, end, named, replaces, values)


def _likeness(one: Entity, span: Span, named: str | None) -> tuple[bool, bool, int]:
    shared = min(one.end, span[1]) - max(one.start, span[0])
    return ((one.start, one.end) == span, one.type == named, shared)


def _places(text: str, words: str, start: int, end: int) -> Iterator[int]:
    at = text.find(words, start, end)
    while at >= 0:
        yield at
        at = text.find(words, at + 1, end)


def _around(text: str, at: int, length: int) -> str:
    return text[max(0, at - AROUND) : at + length + AROUND].replace("\n", "⏎")

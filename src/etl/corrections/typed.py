"""Make correction requests from what a person types: words of the text instead of offsets.

Words must occur once, in the whole text or in the given span; else the message shows where they occur.
"""

from collections.abc import Iterator, Mapping

from etl.corrections.requests import ChangeText, JoinParagraphs, SetEntity, SetKind, SplitParagraph
from etl.corrections.values import EntityType
from etl.model.errors import SetupError
from etl.model.mentions import Entity
from etl.model.report import ParagraphKind, Report

Span = tuple[int, int]
AROUND = 8
# Places that a message shows.
PLACES_SHOWN = 5


def find_words(report: Report, words: str, within: Span | None = None) -> Span:
    """Find the only occurrence of words in the text, or in the span ``within``; return its offsets.

    Raises:
        SetupError: the words occur nowhere, or several times.
    """
    start, end = within or (0, len(report.text))
    found = list(_occurrences(report.text, words, start, end)) if words else []
    if not found:
        raise SetupError(f"“{words}” stands nowhere in {'that place' if within else 'the text'} as it is now")
    if len(found) > 1:
        shown = ", ".join(f"{at}: {_around(report.text, at, len(words))}" for at in found[:PLACES_SHOWN])
        more = f" and {len(found) - PLACES_SHOWN} more" if len(found) > PLACES_SHOWN else ""
        raise SetupError(
            f"“{words}” stands at {len(found)} places ({shown}{more}); give more words or --at N"
        )
    return found[0], found[0] + len(words)


def request_change(report: Report, old: str, new: str, within: Span | None = None) -> ChangeText:
    """Request other words in the place of ``old``, which must occur once."""
    return ChangeText(*find_words(report, old, within), new)


def request_split(report: Report, before: str, after: str, within: Span | None = None) -> SplitParagraph:
    """Request a new paragraph between words that follow each other, with or without a blank between them."""
    for blank in ("", " ", "\u3000"):
        whole = f"{before}{blank}{after}"
        if before and after and whole in report.text:
            return SplitParagraph(find_words(report, whole, within)[0] + len(before) + len(blank))
    raise SetupError(f"“{before}” is nowhere followed by “{after}” within a paragraph")


def request_join(report: Report, before: str, after: str, within: Span | None = None) -> JoinParagraphs:
    """Request to join two paragraphs, by the words that end the first and those that begin the second."""
    return JoinParagraphs(find_words(report, f"{before}\n{after}", within)[0] + len(before))


def request_kind(report: Report, words: str, named: ParagraphKind, within: Span | None = None) -> SetKind:
    """Request another kind for the paragraph in which words occur."""
    return SetKind(find_words(report, words, within)[0], named)


def request_entity(
    report: Report,
    words: str,
    named: EntityType | None,
    values: Mapping[str, str],
    within: Span | None = None,
) -> SetEntity:
    """Request what words name; the entity that overlaps them most closely is replaced."""
    start, end = find_words(report, words, within)
    met = [one for one in report.entities if one.start < end and start < one.end]
    best = max(met, key=lambda one: _closeness(one, (start, end), named), default=None)
    replaces = (best.type, best.start, best.end) if best else None
    return SetEntity(start, end, named, replaces, values)


def _closeness(one: Entity, span: Span, named: str | None) -> tuple[bool, bool, int]:
    shared = min(one.end, span[1]) - max(one.start, span[0])
    return ((one.start, one.end) == span, one.type == named, shared)


def _occurrences(text: str, words: str, start: int, end: int) -> Iterator[int]:
    at = text.find(words, start, end)
    while at >= 0:
        yield at
        at = text.find(words, at + 1, end)


def _around(text: str, at: int, length: int) -> str:
    return text[max(0, at - AROUND) : at + length + AROUND].replace("\n", "⏎")

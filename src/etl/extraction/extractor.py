"""Extract entities with offsets and values, facts, terms and keywords from one canonical text.

A new type of entity is a class in `etl.model.mentions`, a package with its finder, and one line in
`_entities`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from etl.corrections.entities import PlacedEntity
from etl.extraction.amounts.money import find_money
from etl.extraction.amounts.quantities import find_quantities
from etl.extraction.choosing import choose_names
from etl.extraction.context import Context, Span, covered, occurrences
from etl.extraction.corrected import correct_spans, correct_values
from etl.extraction.facts import find_facts
from etl.extraction.glosses import with_glosses
from etl.extraction.linking.identity import link_entities
from etl.extraction.organizations.finder import find_organizations
from etl.extraction.organizations.names import with_legal_form
from etl.extraction.people.finder import find_misclassified, find_people
from etl.extraction.people.foreign_names import find_foreign_people
from etl.extraction.people.roles import add_roles
from etl.extraction.places.abbreviated_places import find_country_pairs
from etl.extraction.places.finder import find_memorials, find_places
from etl.extraction.places.full_names import find_governed
from etl.extraction.resources.tagger import Tagged
from etl.extraction.terms import find_keywords, find_terms
from etl.extraction.times.chosen import date_spans
from etl.extraction.times.finder import find_times
from etl.model.mentions import Document, Entity, Extraction, Fact, Organization, Person, Place
from etl.model.report import Paragraph
from etl.text.person_names import bare_name

if TYPE_CHECKING:
    from etl.engines import Engines

__all__ = ["KnownEntities", "extract", "extract_facts"]

# A work, law or document; bounded, so that an open bracket without its twin costs nothing.
TITLED = re.compile("《[^《》\n]{1,80}》")
BYLINES = frozenset({"byline"})
AUTHOR = "作者"
SITE = ("纪念馆", "战争纪念馆")


class KnownEntities(NamedTuple):
    """What is known of a text before anything is looked for in it.

    Attributes:
        corrected: what people said of mentions, in the order in which they said it.
        tagged: what the tagger says, where it was asked before, with other texts.
    """

    corrected: Sequence[PlacedEntity] = ()
    tagged: Tagged | None = None


NOTHING_KNOWN = KnownEntities()


def extract(
    text: str,
    paragraphs: Sequence[Paragraph] | None,
    published_on: date | None,
    engines: "Engines",
    known: KnownEntities = NOTHING_KNOWN,
) -> Extraction:
    r"""Find entities, facts, terms and keywords in one canonical text.

    Args:
        text: all paragraphs joined with ``\n``.
        paragraphs: the same text with the kind of each paragraph, or None for a text without structure.
        published_on: the day against which relative times are resolved; None leaves them unresolved.
        engines: tagger, segmenter and lexicon.
        known: what is known of the text before.
    """
    lexicon, gazetteer = engines.lexicon, engines.gazetteer.on(published_on)
    context = _context(text, published_on, engines, known)
    bylines = tuple(_byline_spans(paragraphs or ()))
    found = correct_spans(context, _entities(context, bylines), known.corrected)
    linked = link_entities(context, found, gazetteer, engines.segmenter)
    entities = correct_values(context, linked, known.corrected, gazetteer)
    title = "".join(p.body.text for p in paragraphs or () if p.kind == "title")
    return Extraction(
        entities=entities,
        facts=find_facts(context, entities),
        terms=find_terms(text, entities, engines.segmenter, lexicon.terms),
        keywords=find_keywords(text, title, entities, engines.segmenter, lexicon.terms),
    )


def _context(text: str, published_on: date | None, engines: "Engines", known: KnownEntities) -> Context:
    """Read a text with the tagger and fold it, for all finders."""
    lexicon = engines.lexicon
    folded = lexicon.folding.fold(text)
    tagged = known.tagged or engines.tagger.read(text)
    return Context(
        text=text,
        folded=folded,
        words=tagged.words,
        probabilities=tagged.probabilities,
        gazetteer=engines.gazetteer.on(published_on),
        lexicon=lexicon,
        published_on=published_on,
        closed=(*_titled_spans(text), *_closed_spans(folded, lexicon.places.closed)),
        state_initials=frozenset(_state_initials(folded, lexicon.places.any_state)),
        names=tagged.names,
        tag_probabilities=tagged.tag_probabilities,
    )


def extract_facts(text: str, entities: Sequence[Entity], engines: "Engines") -> tuple[Fact, ...]:
    """Find the facts of a canonical text whose entities are known: the last step of `extract` alone.

    Neither the tagger nor the segmenter is asked.
    """
    lexicon = engines.lexicon
    context = Context(text, lexicon.folding.fold(text), (), lexicon, None)
    return find_facts(context, entities)


def _entities(context: Context, bylines: Sequence[Span]) -> tuple[Entity, ...]:
    """Find all entities in order of place; names overlap no times, no sums and no other names.

    But a government also names the division that it governs.
    """
    closed = covered(context.closed)
    money = [m for m in find_money(context) if closed.isdisjoint(range(m.start, m.end))]
    sums = [(m.start, m.end) for m in money]
    paid = covered(sums)
    told = [t for t in find_times(context) if paid.isdisjoint(range(t.start, t.end))]
    names = _names(context, sums, [(t.start, t.end) for t in told])
    organizations, people, places = names["ORG"], names["PER"], names["LOC"]
    times = list(date_spans(context, names["TIME"], told))
    taken = [*organizations, *sums, *names["TIME"]]
    found: list[Entity] = [
        *_documents(context),
        *money,
        *times,
        *find_quantities(context, [*taken, *people, *places]),
        *(_organization(context, span) for span in organizations),
        *(_place(context, span) for span in [*places, *find_governed(context, organizations)]),
        *_people(context, people, [*organizations, *places], bylines),
    ]
    return tuple(sorted(found, key=lambda entity: (entity.start, entity.end, entity.type)))


def _names(context: Context, sums: Sequence[Span], times: Sequence[Span]) -> Mapping[str, list[Span]]:
    """Find organizations, persons and places, those first that decide over the others; choose times, too."""
    sites = list(find_memorials(context))
    foreign = list(find_foreign_people(context))
    pairs = list(find_country_pairs(context))
    apart = covered([*sums, *find_misclassified(context), *sites, *pairs])
    organizations = [
        span
        for span in find_organizations(context)
        if apart.isdisjoint(range(*span)) and not any(a <= span[0] and span[1] <= b for a, b in foreign)
    ]
    taken = [*organizations, *sums, *times]
    people = list(find_people(context, [*taken, *sites, *pairs]))
    places = list(find_places(context, [*taken, *people]))
    found = {"ORG": organizations, "PER": people, "LOC": places, "TIME": times}
    chosen = choose_names(context, found, sums)
    whole = [with_legal_form(context, span) for span in chosen["ORG"]]
    return with_glosses(context, {**chosen, "ORG": whole})


def _titled_spans(text: str) -> Iterator[Span]:
    return (match.span() for match in TITLED.finditer(text))


def _closed_spans(folded: str, phrases: Sequence[str]) -> Iterator[Span]:
    """Yield fixed expressions to leave alone, unless a site has their name (中国人民抗日战争纪念馆)."""
    return (span for span in occurrences(phrases, folded) if not folded.startswith(SITE, span[1]))


def _state_initials(folded: str, any_state: re.Pattern[str]) -> Iterator[str]:
    """Yield the first character of each country that a text names, also within the name of another."""
    at = -1
    while match := any_state.search(folded, at + 1):
        at = match.start()
        yield folded[at]


def _byline_spans(paragraphs: Sequence[Paragraph]) -> Iterator[Span]:
    position = 0
    for paragraph in paragraphs:
        end = position + len(paragraph.body.text)
        if paragraph.kind in BYLINES:
            yield (position, end)
        position = end + 1


def _documents(context: Context) -> Iterator[Document]:
    for start, end in _titled_spans(context.text):
        name = context.text[start:end]
        yield Document(text=name, start=start, end=end, key=f"document:{context.folded[start + 1 : end - 1]}")


def _organization(context: Context, span: Span) -> Organization:
    start, end = span
    name = context.text[start:end]
    return Organization(text=name, start=start, end=end, key=_key(context, "organization", span), name=name)


def _place(context: Context, span: Span) -> Place:
    start, end = span
    return Place(text=context.text[start:end], start=start, end=end, key=_key(context, "place", span))


def _people(
    context: Context, people: Sequence[Span], organizations: Sequence[Span], bylines: Sequence[Span]
) -> Iterator[Person]:
    signed = covered(bylines)
    for found in add_roles(context, people, organizations):
        start, end = found.span
        yield Person(
            text=context.text[start:end],
            start=start,
            end=end,
            key=f"person:{bare_name(context.folded[slice(*found.span)])}",
            roles=(*found.roles, AUTHOR) if start in signed else found.roles,
            of=found.of,
        )


def _key(context: Context, kind: str, span: Span) -> str:
    """Return the same key for a name in either script."""
    return f"{kind}:{context.folded[slice(*span)]}"

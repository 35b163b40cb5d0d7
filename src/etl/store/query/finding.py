"""Declare searches, their answers and `Index`, the protocol that separates the store from search engines.

`etl.search` has the engine that is used; another one is a class with the methods of `Index`. A new filter is
a field of `Search`.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from etl.model.mentions import DivisionRef, Entity, Place

Sort = Literal["date", "relevance"]
# Characters of a year, and of a month of a year.
YEAR = 4
MONTH = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for; every part that is given must match.

    Attributes:
        words: strings of one or more characters, in either script, with blanks between them; all must stand
            in the report. Widths, case and spaces do not count.
        phrase: the words are one string; a line break in it is the end of a paragraph.
        person, organization: a name as reports use it, or an entity key.
        place: the same, or a code of a division; with everything inside it.
        since, until: first and last day of publication, YYYY-MM-DD.
        fact: type of a fact that the report must state, such as ``donation``.
        source: what the report's URI begins with.
        needs_review: only reports that do (or do not) wait for a person's eye.
        sort: newest first, undated last; or those that say most of the words first.
        limit, offset: how many hits, and how many are left out before them.
        facets: count all that match by year, place, person, organization and source, too.
    """

    words: str = ""
    phrase: bool = False
    person: str | None = None
    organization: str | None = None
    place: str | None = None
    since: str | None = None
    until: str | None = None
    fact: str | None = None
    source: str | None = None
    needs_review: bool | None = None
    sort: Sort = "date"
    limit: int = 20
    offset: int = 0
    facets: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that a search found.

    Attributes:
        excerpt: a stretch of its text around the words, line breaks as spaces.
        highlights: places of the words in ``excerpt`` as (start, end).
        start: where the excerpt begins in the text, in code points.
        paragraph: which paragraph the first highlight stands in, counted from 0.
    """

    id: str
    title: str
    published_on: str | None
    uri: str
    excerpt: str
    highlights: tuple[tuple[int, int], ...]
    start: int = 0
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of search results.

    Attributes:
        total: how many reports match.
        hits: the reports of this page, in the order of the search.
        facets: for each of year, place, person, organization and source the most frequent values with the
            number of matching reports; empty where they were not asked for.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskedEntities:
    """Which entities the filters of a search mean.

    Attributes:
        keys: the keys that a filter means, for each of person, organization and place that is given.
        codes, chains: with what the code or the chain of a division begins that lies in the place.
        names: what the place is called in the search; empty where that is a code.
    """

    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    chains: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()

    def mean(self, one: Entity) -> bool:
        """Return whether an entity of a report is one of those asked for."""
        if one.key in self.keys.get(one.type, ()):
            return True
        divisions: tuple[Place | DivisionRef, ...] = (one, *one.now) if isinstance(one, Place) else ()
        return any(
            (division.code or "").startswith(self.codes) or (division.chain or "").startswith(self.chains)
            for division in divisions
        )


class Index(Protocol):
    """An engine of search over the reports of one database."""

    def find(self, search: Search) -> Page:
        """Return a page of matching reports, after reading all that the feed of changes has told by now."""

    def folders(self) -> tuple[str, ...]:
        """Return the folders in which sources of reports lie or lay, sorted."""

    def ids(self, search: Search) -> Sequence[str]:
        """Return the ids of all matching reports, in the order of the search, whatever its limit."""

    def asked_entities(self, search: Search) -> AskedEntities:
        """Return the entities that a search asks for, as `find` compares them with a report's."""


def first_day(value: str | None) -> str | None:
    """Return the day, or the first one of a month or year, for `Search.since`; None for nothing.

    Raises:
        ValueError: it is none of these.

    >>> first_day("2020"), first_day("2020-02"), last_day("2020-02-15")
    ('2020-01-01', '2020-02-01', '2020-02-15')
    """
    return _day(value, "01", lambda _: 1)


def last_day(value: str | None) -> str | None:
    """Return the day, or the last one of a month or year, for `Search.until`; as `first_day`.

    >>> last_day("2020"), last_day("2020-02")
    ('2020-12-31', '2020-02-29')
    """
    return _day(value, "12", lambda first: monthrange(first.year, first.month)[1])


def _day(value: str | None, month: str, day_of: Callable[[date], int]) -> str | None:
    """Read a day; of a year take this month, of a month the day that ``day_of`` gives for its first one."""
    if not value:
        return None
    given = f"{value}-{month}" if len(value) == YEAR else value
    try:
        if len(given) > MONTH:
            return date.fromisoformat(given).isoformat()
        first = date.fromisoformat(f"{given}-01")
        return first.replace(day=day_of(first)).isoformat()
    except ValueError:
        raise ValueError("expected a day like 2020-02-15, a month like 2020-02, or a year") from None

"""Read a search from its address, and write it into an address again.

A new filter is a field of `SearchForm`, with its word in the form of ``templates/search.html.j2``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

from etl.model.errors import SetupError
from etl.room import addresses
from etl.store.query.finding import Search, Sort, first_day, last_day

HITS_A_PAGE = 20
# Pages that can be turned to; who wants more narrows the search.
LAST_PAGE = 500
MAX_FILTER_LENGTH = 200
FILTERS = ("person", "organization", "place", "since", "until", "fact", "source", "review")


class NoDayError(SetupError):
    """What was typed for a day is none; its only argument is what was typed."""


@dataclass(frozen=True, slots=True)
class SearchForm:
    """A search as an address has it; ``source`` is a token, ``review`` is yes or no."""

    q: str = ""
    phrase: str = ""
    person: str = ""
    organization: str = ""
    place: str = ""
    since: str = ""
    until: str = ""
    fact: str = ""
    source: str = ""
    review: str = ""
    sort: str = ""
    page: int = 1

    def url(self, **changes: str | int) -> str:
        """Return the address with some parts changed; of the first page, unless one is named."""
        other = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        named = {one.name: getattr(other, one.name) for one in fields(other)}
        return addresses.search_url(**named | {"page": other.page if other.page > 1 else ""})

    def table(self, name: str, form: str) -> str:
        """Return the address of a table of all reports that this finds."""
        parts = {one: getattr(self, one) for one in ("q", "phrase", *FILTERS)}
        return addresses.table_url(name, form, **parts)

    def search(self, source: str | None) -> Search:
        """Return the search; ``source`` is the folder of the token.

        Raises:
            NoDayError: a day is not one.
        """
        sort: Sort = "relevance" if self.sort == "relevance" else "date"
        return Search(
            words=self.q,
            phrase=bool(self.phrase),
            person=self.person or None,
            organization=self.organization or None,
            place=self.place or None,
            since=_limit(self.since, first_day),
            until=_limit(self.until, last_day),
            fact=self.fact or None,
            source=source,
            needs_review={"yes": True, "no": False}.get(self.review),
            sort=sort,
            limit=HITS_A_PAGE,
            offset=(self.page - 1) * HITS_A_PAGE,
            facets=True,
        )

    @property
    def filtered(self) -> tuple[tuple[str, str], ...]:
        """The filters that are set, with their values."""
        return tuple((name, getattr(self, name)) for name in FILTERS if getattr(self, name))


def read_form(query: Mapping[str, str]) -> SearchForm:
    """Read a search from an address; too long parts are cut, except the words, which the search refuses."""
    known = {one.name for one in fields(SearchForm)} - {"page", "q"}
    parts = {name: query[name].strip()[:MAX_FILTER_LENGTH] for name in known if name in query}
    number = query.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < MAX_FILTER_LENGTH else 1
    return SearchForm(q=query.get("q", "").strip(), page=min(max(page, 1), LAST_PAGE), **parts)


def _limit(value: str, day: Callable[[str], str | None]) -> str | None:
    """Read a first or last day."""
    try:
        return day(value)
    except ValueError as error:
        raise NoDayError(value[:20]) from error

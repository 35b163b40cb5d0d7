"""Read the filters of a search from parts of an address, within limits.

A new filter is a field of `Filters`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from etl.store.query.finding import Search, first_day, last_day
from etl.web_api.served import Served

# Characters of what is looked for, and of a filter.
MAX_QUERY_LENGTH = 1_000
MAX_FILTER_LENGTH = 200
# Reports of an answer, and how many may be left out before.
MAX_PAGE_SIZE = 100
MAX_OFFSET = 10_000

Name = Annotated[str | None, Field(max_length=MAX_FILTER_LENGTH)]


class QueryParts(BaseModel):
    """The parts of an address behind the question mark; no other is allowed, as a misspelt one would be."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Filters(QueryParts):
    """The filters of reports; every part that is given must match."""

    q: str = Field(
        "", max_length=MAX_QUERY_LENGTH, description="strings in either script, with blanks between"
    )
    phrase: bool = Field(default=False, description="the words are one string")
    person: Name = Field(None, description="a name as reports use it, or a key")
    organization: Name = Field(None, description="the same")
    place: Name = Field(None, description="the same, or a code; with everything inside it")
    since: Annotated[Name, AfterValidator(first_day)] = Field(
        None, description="first day, or a month or year"
    )
    until: Annotated[Name, AfterValidator(last_day)] = Field(None, description="last day, or a month or year")
    fact: Name = Field(None, description="type of a fact that the report states")
    source: Name = Field(None, description="a folder of sources, as the facet names it")
    review: bool | None = Field(None, description="whether it waits for review")

    def search(self, here: Served, **more: Any) -> Search:  # noqa: ANN401 - fields of a search
        """Return the search, with its other parts."""
        return Search(
            words=self.q,
            phrase=self.phrase,
            person=self.person,
            organization=self.organization,
            place=self.place,
            since=self.since,
            until=self.until,
            fact=self.fact,
            source=_folder(here, self.source) if self.source else None,
            needs_review=self.review,
            **more,
        )


class PagedFilters(Filters):
    """A page of the reports that match."""

    limit: int = Field(20, ge=1, le=MAX_PAGE_SIZE)
    offset: int = Field(0, ge=0, le=MAX_OFFSET)

    def page(self, here: Served, **more: Any) -> Search:  # noqa: ANN401 - as above
        """Return the search for this page."""
        return self.search(here, limit=self.limit, offset=self.offset, **more)


class SearchQuery(PagedFilters):
    """A page of a search, with its order and facets."""

    sort: Literal["date", "relevance"] = "date"
    facets: bool = Field(default=False, description="count all that match by year, place, person and so on")


def _folder(here: Served, token: str) -> str:
    """Return the prefix of the sources of a folder; an unknown token gives one that no source has."""
    found = next((one for one in here.store.folders() if here.sources.token(one) == token), "?")
    return f"{found}/"


def shown_facets(here: Served, facets: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the values of facets: what to ask for, what to show, and how many reports have it."""
    return {
        name: [_facet(here, name, value, count) for value, count in values] for name, values in facets.items()
    }


def _facet(here: Served, name: str, value: str, count: int) -> dict[str, Any]:
    if name == "source":
        return {
            "value": here.sources.token(value),
            "shown": here.sources.folder_name(value),
            "count": count,
        }
    return {"value": value, "shown": value.partition(":")[2] or value, "count": count}

"""Show the search page: what was found, with marked excerpts, and the facets that narrow it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from etl.export.table_formats import available_formats
from etl.model.errors import SetupError
from etl.room import addresses
from etl.room.context import render, room_of, words_of
from etl.room.pages.search_form import HITS_A_PAGE, LAST_PAGE, NoDayError, SearchForm, read_form
from etl.sentences import kinds
from etl.store.query.client import Store
from etl.store.query.finding import Hit, Page

NOTHING = Page(0, ())
# What may be taken away of what was found.
TABLES = ("reports", "facts", "mentions", "entities")
# What a first and last day that are the same may be, by its length.
SPANS = {4: "year", 7: "month"}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet: how it is shown, how many reports have it, and the address that narrows to it."""

    shown: str
    count: int
    url: str
    chosen: bool


def show_search(request: Request) -> Response:
    """Show what an address searches for; the newest reports where it names nothing."""
    asked = request.query_params.multi_items()
    filled = [(name, value) for name, value in asked if value.strip()]
    if len(filled) < len(asked):  # a form sends the fields that were left empty, too
        return RedirectResponse(addresses.search_url(**dict(filled)) if filled else "/")
    given, store = read_form(request.query_params), room_of(request).store
    found, wrong, folder = NOTHING, "", ""
    try:
        folder = _folder(store, given.source)
        found = store.find(given.search(f"{folder}/" if given.source else None))
    except NoDayError as error:
        wrong = words_of(request)("search.no_day", given=error)
    except SetupError as error:
        wrong = addresses.without_paths(str(error))
    pages = min(LAST_PAGE, -(-found.total // HITS_A_PAGE))
    if given.page > pages > 0:
        return RedirectResponse(given.url(page=pages))
    return render(
        request,
        "search.html.j2",
        400 if wrong else 200,
        asked=given,
        found=found,
        wrong=wrong,
        hits=[(hit, list(_marked(hit)), _place_of(hit)) for hit in found.hits],
        facets=[(name, list(_values(given, name, values))) for name, values in found.facets.items()],
        chips=list(_chips(given, folder)),
        facts=kinds(),
        tables=[(name, [(one, given.table(name, one)) for one in available_formats()]) for name in TABLES],
        pages=pages,
    )


def _marked(hit: Hit) -> Iterator[tuple[str, bool]]:
    """Yield the stretches of the excerpt, each with whether it is a match."""
    last = 0
    for start, end in hit.highlights:
        yield hit.excerpt[last:start], False
        yield hit.excerpt[start:end], True
        last = end
    yield hit.excerpt[last:], False


def _place_of(hit: Hit) -> str:
    """Return the address of the paragraph of a hit, with its first match marked."""
    where = addresses.paragraph_url(hit.id, hit.paragraph + 1)
    if not hit.highlights:
        return addresses.report_url(hit.id)
    start, end = hit.highlights[0]
    return f"{where}?at={hit.start + start}-{hit.start + end}"


def _values(given: SearchForm, facet: str, values: Iterable[tuple[str, int]]) -> Iterator[FacetValue]:
    for value, count in values:
        if facet == "year":
            chosen = given.since == value and given.until == value
            yield FacetValue(value, count, given.url(since=value, until=value), chosen)
        elif facet == "source":
            mark = addresses.folder_token(value)
            yield FacetValue(
                addresses.folder_name(value), count, given.url(source=mark), given.source == mark
            )
        else:
            shown = value.partition(":")[2] or value
            yield FacetValue(shown, count, given.url(**{facet: value}), getattr(given, facet) == value)


def _folder(store: Store, token: str) -> str:
    """Return the folder of a token; an unknown token gives a folder without sources."""
    if not token:
        return ""
    return next((one for one in store.folders() if addresses.folder_token(one) == token), "?")


def _chips(given: SearchForm, folder: str) -> Iterator[tuple[str, str, str]]:
    """Yield each filter that is set: its name, its value as shown, and the address without it."""
    if given.since and given.since == given.until:
        yield SPANS.get(len(given.since), "day"), given.since, given.url(since="", until="")
    for name, value in given.filtered:
        if name in ("since", "until") and given.since == given.until:
            continue
        shown = value.partition(":")[2] if value.startswith(f"{name}:") else value
        if name == "source":
            shown = addresses.folder_name(folder)
        yield name, shown, given.url(**{name: ""})

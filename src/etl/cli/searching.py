"""Define `etl search`, which finds reports that hold words and match filters, a page at a time.

The options of `filters` choose the reports.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli import options
from etl.cli.filters import with_filters
from etl.cli.output import terminal
from etl.model.errors import SetupError

if TYPE_CHECKING:
    from etl.store.query.finding import Hit, Page, Search, Sort


@with_filters
def search(
    asked: "Search",
    relevance: Annotated[
        bool, typer.Option("--relevance", help="Order by relevance instead of date.")
    ] = False,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count matches by year, place, person, organization and source.")
    ] = False,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Skip this many.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000)] = 20,
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """Find reports, newest first.

    Example: etl search 防疫 捐款 --since 2020-01-01 --fact donation
    """
    from etl.store.query.finding import Search
    from etl.wiring import open_store

    if asked == Search():
        raise SetupError("nothing to look for was given; name words, as in `etl search 防疫`, or a filter")
    sort: Sort = "relevance" if relevance else "date"
    wanted = replace(asked, sort=sort, limit=limit, offset=offset, facets=facets)
    with open_store(options.settings(mongo)) as store:
        page = store.find(wanted)
    _tell_page(page, offset, as_json)
    if not page.total:
        terminal.print_note("no report matches" + _unknown_kind(asked.fact))


def _tell_page(page: "Page", offset: int, as_json: bool) -> None:
    """Print the hits of a page, its facets, and whether there are more."""
    for hit in page.hits:
        _tell_hit(hit, as_json)
    if as_json and page.facets:
        terminal.print_json({"total": page.total, "facets": page.facets})
    for name, values in {} if as_json else page.facets.items():
        terminal.print_result(f"{name:<12}  " + ", ".join(f"{value} {count}" for value, count in values))
    last = offset + len(page.hits)
    if page.hits and (offset or last < page.total):
        more = f"; --offset {last} shows more" if last < page.total else ""
        terminal.print_note(f"{offset + 1} to {last} of {page.total} reports that match{more}")


def _tell_hit(hit: "Hit", as_json: bool) -> None:
    if as_json:
        terminal.print_json(terminal.fields_of(hit))
    else:
        terminal.print_result(f"{hit.published_on or 'undated':<10}  {hit.id}  {hit.title}")
        terminal.print_result("    " + terminal.highlight(hit.excerpt, hit.highlights))


def _unknown_kind(fact: str | None) -> str:
    """Return words for a kind of fact that no pattern states, with the kinds in force; "" for a known one."""
    from etl.sentences import kinds

    known = kinds() if fact else ()
    return (
        ""
        if not fact or fact in known
        else f"; no pattern states {fact}, those in force state {', '.join(known)}"
    )

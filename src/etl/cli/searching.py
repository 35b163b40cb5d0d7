"""`etl search`: reports that hold some words and match filters, a page at a time.

A new filter is an option here and a field of `etl.store.query.finding.Search`.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli import options, terminal
from etl.errors import SetupError

if TYPE_CHECKING:
    from etl.store.query.finding import Hit, Page


def search(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Any strings, in either script; all must stand there."),
    ] = None,
    phrase: Annotated[bool, typer.Option("--phrase", help="The words are one string.")] = False,
    person: Annotated[
        str | None, typer.Option("--person", metavar="NAME", help="Who is named in it.")
    ] = None,
    organization: Annotated[str | None, typer.Option("--organization", metavar="NAME")] = None,
    place: Annotated[
        str | None, typer.Option("--place", metavar="NAME", help="Or a code; with all that lies in it.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Published then or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Published then or earlier.")
    ] = None,
    fact: Annotated[
        str | None, typer.Option("--fact", metavar="TYPE", help="What it states: {facts}.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="URI", help="What its address begins with.")
    ] = None,
    review: Annotated[
        bool | None, typer.Option("--review/--settled", help="Whether it waits for a person's eye.")
    ] = None,
    relevance: Annotated[
        bool, typer.Option("--relevance", help="Those that say most of the words first, not the newest.")
    ] = False,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count all that match by year, place, person and so on.")
    ] = False,
    offset: Annotated[int, typer.Option("--offset", min=0, help="How many to leave out before.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000)] = 20,
    mongo: options.Mongo = None,
    as_json: options.Json = False,
) -> None:
    """Find reports, newest first.

    Example: etl search 防疫 捐款 --since 2020-01-01 --fact donation
    """
    from etl.store.query.finding import Search
    from etl.wiring import open_store

    filters = {"person": person, "organization": organization, "place": place, "fact": fact, "source": source}
    filters |= {"since": _day(since, "--since"), "until": _day(until, "--until")}
    if not words and not any(filters.values()) and review is None:
        raise SetupError("nothing to look for was given; name words, as in `etl search 防疫`, or a filter")
    asked = Search(
        words=" ".join(words or ()),
        phrase=phrase,
        **filters,
        needs_review=review,
        sort="relevance" if relevance else "date",
        limit=limit,
        offset=offset,
        facets=facets,
    )
    with open_store(options.settings(mongo)) as store:
        page = store.find(asked)
    _tell_page(page, offset, as_json)
    if not page.total:
        terminal.note("no report matches" + _unknown_kind(fact))


def _tell_page(page: "Page", offset: int, as_json: bool) -> None:
    """The hits of a page, what it counts, and that there are more."""
    for hit in page.hits:
        _tell_hit(hit, as_json)
    if as_json and page.facets:
        terminal.emit({"total": page.total, "facets": page.facets})
    for name, values in {} if as_json else page.facets.items():
        terminal.tell(f"{name:<12}  " + ", ".join(f"{value} {count}" for value, count in values))
    last = offset + len(page.hits)
    if page.hits and (offset or last < page.total):
        more = f"; --offset {last} shows more" if last < page.total else ""
        terminal.note(f"{offset + 1} to {last} of {page.total} reports that match{more}")


def _tell_hit(hit: "Hit", as_json: bool) -> None:
    if as_json:
        terminal.emit(terminal.fields(hit))
    else:
        terminal.tell(f"{hit.published_on or 'undated':<10}  {hit.id}  {hit.title}")
        terminal.tell("    " + terminal.mark(hit.excerpt, hit.highlights))


def _unknown_kind(fact: str | None) -> str:
    """What else may be asked for, where no pattern states facts of this kind."""
    from etl.sentences import kinds

    known = kinds() if fact else ()
    return (
        ""
        if not fact or fact in known
        else f"; no pattern states {fact}, those in force state {', '.join(known)}"
    )


def _day(value: str | None, option: str) -> str | None:
    found = options.day(value, option)
    return found.isoformat() if found else None

"""Show the page of a person, an organization or a place: names, roles by year, reports, company, sums.

Counts come from the search for it; roles by year and sums are read in its newest reports.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from etl.room.addresses import ENTITY_PAGES, entity_url
from etl.room.context import read_number, render, room_of
from etl.room.pages.charts import MIN_SLOTS, Bar, PlacedBar, layout_bars
from etl.room.pages.search_form import HITS_A_PAGE, LAST_PAGE
from etl.sentences import format_number
from etl.store.query.client import Store
from etl.store.query.finding import Page, Search
from etl.store.records.changelog import EntityRecord

# Reports that are read for roles by year and for sums.
MAX_READ_REPORTS = 200
# Years of a timeline that shows those without a report, too.
MAX_YEARS = 120
# Names, roles, sums and companions that are shown.
MAX_SHOWN_VALUES = 12
FIELDS = ("title", "published_on", "entities", "facts", "parts")


@dataclass(frozen=True, slots=True)
class Sum:
    """Money of one kind of fact in which the entity has one part, such as the donor of donations."""

    fact: str
    part: str
    currency: str
    total: str
    count: int
    largest: tuple[tuple[str, str, str], ...]


def show_entity(request: Request) -> Response:
    """Show what is known of the entity whose key the address gives."""
    key, store = request.path_params["key"], room_of(request).store
    kind = key.partition(":")[0]
    known = store.entity(key) if kind in ENTITY_PAGES else None
    if known is None:
        raise HTTPException(404, "entity")
    page = _page_number(request)
    found = store.find(
        replace(_about(kind, key), limit=HITS_A_PAGE, offset=(page - 1) * HITS_A_PAGE, facets=True)
    )
    pages = min(LAST_PAGE, -(-found.total // HITS_A_PAGE))
    if page > pages > 0:
        return RedirectResponse(f"{entity_url(key)}?page={pages}")
    read = _read(store, kind, key)
    return render(
        request,
        "entity.html.j2",
        entity=known,
        names=_counted(known, "name"),
        roles=_counted(known, "role"),
        roles_by_year=list(_roles(read, key)),
        sums=list(_sums(read, key)),
        found=found,
        page=page,
        pages=pages,
        read=len(read),
        slots=MIN_SLOTS,
        timeline=_timeline(found, f"/?{kind}={quote(key, safe='')}"),
        **_company(store, found, key),
    )


def _company(store: Store, found: Page, key: str) -> dict[str, Any]:
    """Return who appears in the same reports, and the places with what is known of them."""
    others = {name: _others(found.facets.get(name, ()), key) for name in ENTITY_PAGES}
    return {
        "company": [(name, others[name]) for name in ("person", "organization")],
        "places": [(value, count, store.entity(value)) for value, count in others["place"]],
    }


def _timeline(found: Page, link: str) -> tuple[PlacedBar, ...]:
    """Lay out the entity's reports by year, each year with its address; years without one leave a gap."""
    counts = dict(found.facets.get("year", ()))
    years = [f"{year:04}" for year in range(int(min(counts)), int(max(counts)) + 1)] if counts else []
    if len(years) > MAX_YEARS:
        years = sorted(counts)
    return layout_bars([Bar(one, counts.get(one, 0), f"{link}&since={one}&until={one}") for one in years])


def _page_number(request: Request) -> int:
    page = read_number(request.query_params.get("page", "")) or 1
    return min(page, LAST_PAGE)


def _read(store: Store, kind: str, key: str) -> list[Mapping[str, Any]]:
    """Read the newest reports of an entity, at most `MAX_READ_REPORTS`."""
    newest = store.find(replace(_about(kind, key), limit=MAX_READ_REPORTS))
    return list(store.documents([hit.id for hit in newest.hits], FIELDS))


def _about(kind: str, key: str) -> Search:
    """Return the search for all reports that name an entity."""
    chosen: dict[str, Any] = {kind: key}
    return Search(**chosen)


def _counted(known: EntityRecord, kind: str) -> list[tuple[str, int]]:
    """Return names or roles, each with its number of reports, the most frequent first."""
    found = ((one.value, one.reports) for one in known.tally if one.kind == kind)
    return sorted(found, key=lambda one: (-one[1], one[0]))[:MAX_SHOWN_VALUES]


def _others(values: Iterable[tuple[str, int]], key: str) -> list[tuple[str, int]]:
    return [(value, count) for value, count in values if value != key][:MAX_SHOWN_VALUES]


def _roles(read: Iterable[Mapping[str, Any]], key: str) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Yield the roles that reports give by year, each counted once a report, the newest year first."""
    by_year: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for report in read:
        named = {role for one in report["entities"] if one["key"] == key for role in one.get("roles", ())}
        by_year[(report["published_on"] or "")[:4]].update(named)
    for year in sorted(by_year, reverse=True):
        if by_year[year]:
            yield year, by_year[year].most_common(MAX_SHOWN_VALUES)


def _sums(read: Iterable[Mapping[str, Any]], key: str) -> Iterator[Sum]:
    """Yield the sums of facts in which the entity has a part, by kind, part and currency."""
    found: defaultdict[tuple[str, str, str], list[tuple[Decimal, Mapping[str, Any]]]] = defaultdict(list)
    for report in read:
        for fact in report["facts"]:
            money = next((fact[name] for name in ("money", "sum") if isinstance(fact.get(name), dict)), None)
            parts = [name.removesuffix("_key") for name, value in fact.items() if value == key]
            if money and money.get("value") is not None:
                for part in parts:
                    found[fact["type"], part, money["currency"]].append(
                        (Decimal(str(money["value"])), report)
                    )
    for (fact, part, currency), sums in sorted(found.items()):
        largest = sorted(sums, key=lambda one: (-one[0], one[1]["_id"]))[:MAX_SHOWN_VALUES]
        shown = tuple((format_number(float(value)), one["title"], one["_id"]) for value, one in largest)
        total = format_number(float(sum(value for value, _ in sums)))
        yield Sum(fact, part, currency, total, len(sums), shown)

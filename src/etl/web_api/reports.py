"""Answer reports: found, read one by one, and the facts that they state."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from starlette.responses import Response

from etl.export import documents
from etl.export.row_choice import RowChoice, choose_rows
from etl.model.errors import SetupError
from etl.model.report import Report
from etl.store.query.finding import Hit, Search
from etl.store.records.codec import Doc
from etl.store.records.report_codec import from_document, to_document
from etl.web_api.answers import FACT, Json, describe_answers, json_schema, list_schema, object_schema, to_json
from etl.web_api.filters import MAX_FILTER_LENGTH, PagedFilters, QueryParts, SearchQuery, shown_facets
from etl.web_api.served import Here, Served

router = APIRouter()
NUMBER: Doc = {"type": "integer"}
TEXT: Doc = {"type": "string"}
DAY: Doc = {"type": ["string", "null"], "format": "date"}
NEXT: Doc = {"type": ["integer", "null"], "description": "the offset of the next page"}
HIT = json_schema(Hit)
FACET = object_schema(value=TEXT, shown=TEXT, count=NUMBER)
REPORT = json_schema(Report)
REPORT["properties"] |= {
    "facts": list_schema(FACT),
    "revision": NUMBER,
    "loaded_at": {**TEXT, "format": "date-time"},
}
STATED = object_schema(report_id=TEXT, published_on=DAY, title=TEXT, number=NUMBER, fact=FACT)
Id = Annotated[str, Path(max_length=MAX_FILTER_LENGTH)]


class ReportQuery(QueryParts):
    """How a report is written."""

    format: Literal["json", "tei", "markdown", "ris", "bibtex"] = "json"


@router.get(
    "/search",
    summary="Find reports",
    responses=describe_answers(
        "a page of the reports that match, with excerpts",
        object_schema(
            total=NUMBER,
            next=NEXT,
            hits=list_schema(HIT),
            facets={"type": "object", "additionalProperties": list_schema(FACET)},
        ),
    ),
)
def search(asked: Annotated[SearchQuery, Query()], here: Here) -> Response:
    """Find the reports that match, by date (newest first) or by relevance."""
    wanted = asked.page(here, sort=asked.sort, facets=asked.facets)
    page = here.store.find(wanted)
    hits = [to_json(replace(hit, uri=here.sources.name(hit.uri))) for hit in page.hits]
    after = _next(wanted, len(hits), page.total)
    return Json({"total": page.total, "next": after, "hits": hits, "facets": shown_facets(here, page.facets)})


@router.get(
    "/reports/{id}",
    summary="Read one report",
    responses=describe_answers("the report", REPORT, s404="there is none with this id"),
)
def report(id: Id, here: Here, asked: Annotated[ReportQuery, Query()]) -> Response:  # noqa: A002 - names of the address
    """Return one report with all that was found in it; as a document where a format is named."""
    try:
        entry = here.store.document(id)
    except SetupError as error:
        raise HTTPException(404, "no report has this id") from error
    found = from_document(entry)
    found = replace(found, source=replace(found.source, uri=here.sources.name(found.source.uri)))
    if asked.format == "json":
        told = to_json(to_document(found))
        return Json({**told, "revision": entry["revision"], "loaded_at": entry["loaded_at"]})
    chosen = documents.format_of(asked.format)
    name = f'attachment; filename="report-{found.id}.{chosen.suffix}"'
    return Response(chosen.write(found), media_type=chosen.media_type, headers={"content-disposition": name})


@router.get(
    "/facts",
    summary="Facts that reports state",
    responses=describe_answers(
        "the facts of a page of reports",
        object_schema(total=NUMBER, next=NEXT, facts=list_schema(STATED)),
    ),
)
def facts(asked: Annotated[PagedFilters, Query()], here: Here) -> Response:
    """List the facts of matching reports that fit the filters themselves; limit and offset count reports."""
    wanted = asked.page(here)
    page = here.store.find(wanted)
    ids = [hit.id for hit in page.hits]
    choice = choose_rows(here.store, wanted)
    told = [one for entry in _entries(here, ids, choice) for one in _facts(entry, choice)]
    return Json({"total": page.total, "next": _next(wanted, len(ids), page.total), "facts": told})


def _entries(here: Served, ids: list[str], choice: RowChoice) -> Iterator[Doc]:
    found = here.store.documents(ids, ("title", "published_on", "facts", "parts", *choice.fact_fields))
    by_id = {entry["_id"]: entry for entry in found}
    return (by_id[one] for one in ids if one in by_id)


def _facts(entry: Doc, choice: RowChoice) -> Iterator[dict[str, Any]]:
    for number, fact in choice.facts(entry):
        yield {
            "report_id": entry["_id"],
            "published_on": entry["published_on"],
            "title": entry["title"],
            "number": number,
            "fact": {"type": fact.type, **to_json(fact.fields), "spans": to_json(fact.spans)},
        }


def _next(wanted: Search, count: int, total: int) -> int | None:
    """Return the offset of the next page; None where there is none."""
    last = wanted.offset + count
    return last if count and last < total else None

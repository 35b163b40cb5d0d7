"""Stream tables as `etl export` writes them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import StreamingResponse

from etl.export.columns import Row
from etl.export.reading import Table, TableRequest
from etl.export.table_formats import FORMATS, format_of
from etl.model.mentions import EntityType
from etl.web_api.answers import describe_answers
from etl.web_api.filters import Filters
from etl.web_api.served import Here, Sources
from etl.wiring import table_of

router = APIRouter()
TableName = Literal["reports", "entities", "facts", "mentions"]
HIDDEN = "uri"


class TableQuery(Filters):
    """The filters of reports, and how their table is written."""

    format: Literal["csv", "jsonl", "parquet", "xlsx"] = "csv"
    type: EntityType | None = Field(None, description="only entities or mentions of this type")


RESPONSES: dict[int | str, dict[str, Any]] = {
    **describe_answers("the table", {}),
    200: {
        "description": "the table",
        "content": {
            one.media_type: {"schema": {"type": "string", "format": "binary"}} for one in FORMATS.values()
        },
    },
}


@router.get("/tables/{name}", summary="Take a table away", responses=RESPONSES)
def table(name: TableName, asked: Annotated[TableQuery, Query()], here: Here) -> StreamingResponse:
    """Stream a table of all that is stored, or of what fits; docs/exports.md explains rows and columns."""
    chosen = format_of(asked.format)
    found = table_of(here.store, name, TableRequest(asked.search(here), asked.type))
    pieces = chosen.write(_shown(found, here.sources))
    # What is wrong with a search shows with the first piece, while there is still a status to say so.
    first = list(islice(pieces, 1))
    named = f'attachment; filename="{name}.{asked.format}"'
    return StreamingResponse(
        chain(first, pieces), media_type=chosen.media_type, headers={"content-disposition": named}
    )


def _shown(found: Table, sources: Sources) -> Table:
    """Return the table with the names of sources in the place of their URIs."""
    at = next((number for number, one in enumerate(found.columns) if one.name == HIDDEN), None)
    return found if at is None else replace(found, rows=_named(found.rows, at, sources))


def _named(rows: Iterator[Row], at: int, sources: Sources) -> Iterator[Row]:
    for row in rows:
        yield (*row[:at], sources.name(str(row[at])), *row[at + 1 :])

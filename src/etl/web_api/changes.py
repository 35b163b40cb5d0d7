"""Answer the feed of changes: what became of which report since a token, so that a copy can be kept.

A token names a number of the feed and the entry that stood there: of a database that was put back or emptied
it is refused.
"""

import hashlib
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import Field
from starlette.responses import Response

from etl.store.query.feed import Change
from etl.web_api.answers import Json, describe_answers, json_schema, list_schema, object_schema, to_json
from etl.web_api.filters import QueryParts
from etl.web_api.served import Here, Served

router = APIRouter()
BEGINNING = "0"
STAMP_LENGTH = 12
# Digits of a number of the feed: what the database can compare.
MAX_DIGITS = 18
MAX_PAGE_SIZE = 1_000
GONE = "this token belongs to another state of the database; rebuild the copy from the beginning"


class ChangesQuery(QueryParts):
    """Which changes are listed."""

    since: str = Field(BEGINNING, max_length=64, description="the token of the last answer")
    limit: int = Field(100, ge=1, le=MAX_PAGE_SIZE)


@router.get(
    "/changes",
    summary="What has changed",
    responses=describe_answers(
        "changes in order",
        object_schema(
            changes=list_schema(json_schema(Change)),
            next={"type": "string", "description": "the token to go on with"},
            more={"type": "boolean", "description": "there is more behind it by now"},
        ),
        s410="the token belongs to another state of the database; begin again",
    ),
)
def changes(asked: Annotated[ChangesQuery, Query()], here: Here) -> Response:
    """List what became of reports since a token.

    An answer holds ``limit`` changes or some more: those of one number stay together. Revision 0 tells that
    only the link ``reprint_of`` is another one. Read each report as it is now; one that is gone by then comes
    again as deleted.
    """
    number = _number_of(here, asked.since)
    found = _next_changes(here, number, asked.limit)
    last = found[-1].number if found else number
    more = bool(found) and here.store.feed_at(last).more
    token = asked.since if last == number else _token(here, last)
    return Json({"changes": [to_json(one) for one in found], "next": token, "more": more})


def _next_changes(here: Served, number: int, limit: int) -> list[Change]:
    """Return the next changes, those of one number together."""
    out: list[Change] = []
    for one in here.store.changes(number, links=True):
        if len(out) >= limit and one.number != out[-1].number:
            break
        out.append(one)
    return out


def _token(here: Served, number: int) -> str:
    stamp = here.store.feed_at(number).stamp
    return f"{number}-{hashlib.sha256(stamp.encode()).hexdigest()[:STAMP_LENGTH]}" if stamp else BEGINNING


def _number_of(here: Served, token: str) -> int:
    """Return the number of a token of this database."""
    written = token.partition("-")[0]
    if not (written.isascii() and written.isdigit() and len(written) <= MAX_DIGITS):
        raise HTTPException(422, "since: not a token that this address gave")
    number = int(written)
    if number and token != _token(here, number):
        raise HTTPException(410, GONE)
    return number

"""Answer what is known of entities: listed by their names, and read one by one."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import Field
from starlette.responses import Response

from etl.model.mentions import EntityType
from etl.store.records.changelog import EntityRecord
from etl.web_api.answers import Json, describe_answers, json_schema, list_schema, object_schema, to_json
from etl.web_api.filters import MAX_FILTER_LENGTH, QueryParts
from etl.web_api.served import Here

router = APIRouter()
MAX_PAGE_SIZE = 1_000
ENTITY = json_schema(EntityRecord)


class EntitiesQuery(QueryParts):
    """Which entities are listed."""

    type: EntityType = "person"
    prefix: str = Field("", max_length=MAX_FILTER_LENGTH)
    after: str = Field("", max_length=2 * MAX_FILTER_LENGTH)
    limit: int = Field(100, ge=1, le=MAX_PAGE_SIZE)


@router.get(
    "/entities",
    summary="List entities",
    responses=describe_answers(
        "entities in order of their names",
        object_schema(
            next={"type": ["string", "null"], "description": "go on with after="},
            entities=list_schema(ENTITY),
        ),
    ),
)
def entities(asked: Annotated[EntitiesQuery, Query()], here: Here) -> Response:
    """List entities of a type whose name begins with ``prefix``, after the key ``after``."""
    found = here.store.entities(asked.type, asked.prefix, asked.limit, asked.after)
    following = found[-1].id if len(found) == asked.limit else None
    return Json({"next": following, "entities": [to_json(one) for one in found]})


@router.get(
    "/entities/{key:path}",
    summary="Read one entity",
    responses=describe_answers("the entity", ENTITY, s404="there is none with this key"),
)
def entity(
    key: Annotated[str, Path(max_length=2 * MAX_FILTER_LENGTH)], here: Here, _: Annotated[QueryParts, Query()]
) -> Response:
    """Return what is known of one person, place, organization …; the key is ``type:name``."""
    found = here.store.entity(key)
    if found is None:
        raise HTTPException(404, "no entity has this key")
    return Json(to_json(found))

"""Entities: listed by their names, and read one by one."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from starlette.responses import Response

from etl.store.records.changelog import EntityRecord
from etl.web_api.answers import Json, answer, listed, made_of, shape, shown
from etl.web_api.filters import LONGEST
from etl.web_api.served import Here

router = APIRouter()
MOST = 1_000
ENTITY = shape(EntityRecord)
Text = Annotated[str, Query(max_length=LONGEST)]


@router.get(
    "/entities",
    summary="List entities",
    responses=answer(
        "entities in order of their names",
        made_of(
            next={"type": ["string", "null"], "description": "go on with after="}, entities=listed(ENTITY)
        ),
    ),
)
def entities(
    here: Here,
    type: Text = "person",  # noqa: A002 - names of the address
    prefix: Text = "",
    after: Annotated[str, Query(max_length=2 * LONGEST)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> Response:
    """List entities of a type whose name begins with ``prefix``, after the key ``after``."""
    found = here.store.entities(type, prefix, limit, after)
    following = found[-1].id if len(found) == limit else None
    return Json({"next": following, "entities": [shown(one) for one in found]})


@router.get(
    "/entities/{key:path}",
    summary="Read one entity",
    responses=answer("the entity", ENTITY, s404="there is none with this key"),
)
def entity(key: Annotated[str, Path(max_length=2 * LONGEST)], here: Here) -> Response:
    """Return what is known of one person, place, organization …; the key is ``type:name``."""
    found = here.store.entity(key)
    if found is None:
        raise HTTPException(404, "no entity has this key")
    return Json(shown(found))

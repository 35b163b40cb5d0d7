"""Make the application of the API: its addresses, and the answers where one fails.

A new group of addresses is a router in `ROUTERS`.
"""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from etl.model.errors import EtlError, SetupError
from etl.web_api import changes, entities, reports, tables
from etl.web_api.answers import Json
from etl.web_api.served import Served, Sources

ROUTERS: tuple[APIRouter, ...] = (reports.router, entities.router, changes.router, tables.router)
TITLE = "Stored reports"
VERSION = "1"
DESCRIPTION = """\
Restored reports and what was found in them, read only. Values are those of `etl.connect()` in Python: amounts
are numbers with all their digits, days `YYYY-MM-DD`, offsets code points. `/changes` tells what has changed
since a token, so that a copy can be kept. A failure is `{"detail": …}`.
"""


def api(store: Any, sources: Sources) -> FastAPI:  # noqa: ANN401 - a `Store`, or what reads like one
    """Make the API over a store; ``sources`` says how sources are named to readers."""
    # Pages that show a description load scripts from elsewhere: there are none.
    app = FastAPI(title=TITLE, version=VERSION, description=DESCRIPTION, docs_url=None, redoc_url=None)
    app.state.served = Served(store, sources)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(HTTPException, _failed)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(EtlError, _store_failed)
    return app


def _failed(_: Request, error: Exception) -> Json:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return Json({"detail": error.detail if isinstance(error, HTTPException) else "failed"}, status)


def _invalid_request(_: Request, error: Exception) -> Json:
    """Answer a request that is invalid with what is wrong in it, without repeating what was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    wrong = [f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg']}" for one in found]
    return Json({"detail": "; ".join(wrong)}, 422)


def _store_failed(request: Request, error: Exception) -> Json:
    """Answer the store's message of a failure, without paths of this machine."""
    status = 400 if isinstance(error, SetupError) else 503
    served: Served = request.app.state.served
    return Json({"detail": served.sources.without_paths(str(error))}, status)

"""Make the application of the reading room: its pages by address, and the answers where one fails.

A new page is a `Route` in `ROUTES`.
"""

from collections.abc import Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from etl.model.errors import EtlError, SetupError
from etl.room import addresses
from etl.room.aligned.aligned_report import AlignedReports
from etl.room.context import MAX_DIGITS, Options, Room, page_of_form, render, words_of
from etl.room.messages import localize
from etl.room.pages import (
    actions,
    edit_page,
    entity_page,
    history_page,
    page_image,
    report_page,
    rule_page,
    runs_page,
    search_page,
)
from etl.room.safety import HEADERS, LOCAL, AccessMiddleware
from etl.settings import Settings
from etl.store.query.client import Store
from etl.web_api.application import api
from etl.web_api.served import Sources

FOLDER = Path(__file__).parent


class NumberConvertor(IntegerConvertor):
    """A number in an address; one with more digits than any place has leads nowhere."""

    regex = f"[0-9]{{1,{MAX_DIGITS}}}"


register_url_convertor("number", NumberConvertor())
ROUTES: tuple[BaseRoute, ...] = (
    Route("/", search_page.show_search),
    Route("/report/{id}", report_page.show_report),
    Route("/report/{id}/p/{number:number}", report_page.show_paragraph),
    Route("/report/{id}/raw/{start:number}-{end:number}", report_page.show_raw),
    Route("/report/{id}/page/{number:number}.png", page_image.show_page_image),
    Route("/report/{id}/history", history_page.show_history),
    Route("/report/{id}/decide", actions.decide, methods=["POST"]),
    Route("/report/{id}/p/{number:number}/edit", edit_page.show_edit),
    Route("/report/{id}/correct", actions.amend, methods=["POST"]),
    Route("/report/{id}/undo", actions.undo, methods=["POST"]),
    Route("/entity/{key:path}", entity_page.show_entity),
    Route("/review", runs_page.show_review),
    Route("/runs", runs_page.show_runs),
    Route("/runs/{id}", runs_page.show_run),
    Route("/retry", actions.retry, methods=["POST"]),
    Route("/rule/{name}", rule_page.show_rule),
    Mount("/static", StaticFiles(directory=FOLDER / "static")),
)
# How sources are named to readers.
SOURCES = Sources(
    addresses.source_name, addresses.folder_name, addresses.folder_token, addresses.without_paths
)
# What is said of a status: names in ``words.toml``.
STATUS_WORDS: Mapping[int, str] = {403: "error.form", 404: "error.missing", 413: "error.long"}


def app(store: Store, settings: Settings, options: Options | None = None) -> Starlette:
    """Make the reading room over a store; without options it is read only, for this machine alone."""
    chosen = options or Options()
    found = Starlette(
        routes=[*ROUTES, Mount("/api", api(store, SOURCES))],
        middleware=[Middleware(AccessMiddleware, hosts=LOCAL | set(chosen.hosts), login=chosen.login)],
        exception_handlers={HTTPException: _failed, EtlError: _job_failed, Exception: _internal_error},  # type: ignore[dict-item]
    )
    found.state.room = Room(store, settings, chosen, AlignedReports(store))
    return found


def _failed(request: Request, error: HTTPException) -> Response:
    said = STATUS_WORDS.get(error.status_code, "error.request")
    return _error_page(request, error.status_code, said)


def _job_failed(request: Request, error: EtlError) -> Response:
    """Show the message of the store or a job, without paths of this machine."""
    status = 400 if isinstance(error, SetupError) else 503
    said = "error.request" if status == 400 else "error.unavailable"  # noqa: PLR2004
    message = localize(addresses.without_paths(str(error)), words_of(request))
    return _error_page(request, status, said, message)


def _error_page(request: Request, status: int, said: str, message: str = "") -> Response:
    """Say what failed, with the way back to the page whose form was sent."""
    back = page_of_form(request) if request.method == "POST" else ""
    return render(request, "error.html.j2", status, said=said, message=message, back=back)


def _internal_error(request: Request, error: Exception) -> Response:
    """Answer an internal error: the log has the traceback, the visitor learns no details."""
    del request, error
    return PlainTextResponse("This page failed; the log of the reading room says why.\n", 500, HEADERS)

"""Show the history of a report: its versions, and what each changed in its text."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from etl.model.errors import SetupError
from etl.room.context import render, room_of

# Lines of a difference, and characters of a line.
MAX_DIFF_LINES, MAX_LINE_LENGTH = 400, 400
MAX_VERSIONS = 50


def show_history(request: Request) -> Response:
    """Show all versions, the newest first."""
    store, wanted = room_of(request).store, request.path_params["id"]
    try:
        found = store.history(wanted)
    except SetupError as error:
        raise HTTPException(404, "report") from error
    shown = [(one, [line[:MAX_LINE_LENGTH] for line in one.diff[:MAX_DIFF_LINES]]) for one in reversed(found)]
    return render(
        request, "history.html.j2", id=wanted, title=found[-1].report.title, versions=shown[:MAX_VERSIONS]
    )

"""Show the picture of a page, for reports that have pages."""

from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from etl.model.errors import RejectError, SetupError
from etl.read.formats import PDF
from etl.read.pdf.render import render_page
from etl.room.context import room_of

# Pictures that are kept, a few hundred kilobytes each.
MAX_KEPT_PICTURES = 32


def show_page_image(request: Request) -> Response:
    """Show a page of the file of a report, as a PNG."""
    room, number = room_of(request), request.path_params["number"]
    try:
        aligned = room.reports.open(request.path_params["id"])
        if aligned.report.source.media_type != PDF:
            raise HTTPException(404, "page")
        picture = _drawn(room.store.raw(aligned.report.id), number)
    except (SetupError, RejectError) as error:
        raise HTTPException(404, "page") from error
    return Response(picture, media_type="image/png", headers={"cache-control": "private, max-age=3600"})


@lru_cache(maxsize=MAX_KEPT_PICTURES)
def _drawn(payload: bytes, number: int) -> bytes:
    return render_page(payload, number)

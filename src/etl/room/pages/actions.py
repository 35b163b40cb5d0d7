"""Do what people ask for in the room: decide about a repair, correct a paragraph, retry what was quarantined.

Each action is a form that ends in a redirect. One job runs at a time; others are asked to try again.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from etl.ingest import Signature, Summary, accept, correct, reject, take_back
from etl.ingest import retry as try_again
from etl.model.errors import TransientError
from etl.room import addresses
from etl.room.context import Room, read_number, room_of
from etl.room.pages.edit_page import read_correction_form
from etl.settings import Settings, user

Result = TypeVar("Result")
PLACE = re.compile(r"\d{1,9}-\d{1,9}")
MAX_NOTE_LENGTH = 500
# Seconds that a job of the room waits for its turn to write.
WRITE_WAIT = 15.0
VERDICTS = ("accept", "reject")


async def decide(request: Request) -> Response:
    """Accept or reject a repair, reprocess the report, and redirect to the place."""
    room, fields = await _form(request)
    report, number, signature = request.path_params["id"], _number(fields, "number"), _signature(room, fields)
    if fields.get("verdict") not in VERDICTS:
        raise HTTPException(400, "form")
    settle, done = (accept, "accepted") if fields["verdict"] == "accept" else (reject, "rejected")
    await run_in_threadpool(
        _run_exclusively, room, lambda settings: settle(report, number, signature, settings)
    )
    place = fields.get("place", "")
    where = f"/raw/{place}" if PLACE.fullmatch(place) else ""
    return RedirectResponse(f"{addresses.report_url(report)}{where}?done={done}", 303)


async def amend(request: Request) -> Response:
    """Correct a paragraph, reprocess the report, and redirect to where the paragraph is now."""
    room, fields = await _form(request)
    report, signature = request.path_params["id"], _signature(room, fields)

    def call(settings: Settings) -> tuple[int, int]:
        aligned = room.reports.open(report)
        correct(report, read_correction_form(fields, aligned.report), signature, settings)
        return aligned.raw_of_paragraph(_number(fields, "number") - 1)

    start, end = await run_in_threadpool(_run_exclusively, room, call)
    number = _number(fields, "number")
    return RedirectResponse(f"{addresses.paragraph_url(report, number, (start, end))}&done=corrected", 303)


async def undo(request: Request) -> Response:
    """Take back one decision or correction, or all that hold."""
    room, fields = await _form(request)
    report, signature, one = request.path_params["id"], _signature(room, fields), fields.get("id", "")
    chosen = None if fields.get("all") else [one]
    await run_in_threadpool(
        _run_exclusively, room, lambda settings: take_back(report, chosen, signature, settings)
    )
    return RedirectResponse(f"{addresses.report_url(report)}?done=undone", 303)


async def retry(request: Request) -> Response:
    """Retry quarantined reports: one, or all of one reason."""
    room, fields = await _form(request)
    one, reason = fields.get("id", ""), fields.get("reason", "") or None
    if not (one or reason):
        raise HTTPException(400, "form")
    ids = [one] if one else []

    def call(settings: Settings) -> Summary:
        return try_again(settings, ids, None if ids else reason)

    summary = await run_in_threadpool(_run_exclusively, room, call)
    loaded = summary.counts.inserted + summary.counts.updated + summary.counts.unchanged
    if one and loaded:
        return RedirectResponse(f"{addresses.report_url(one)}?done=loaded", 303)
    return RedirectResponse(f"/runs?loaded={loaded}&aside={summary.counts.quarantined}#aside", 303)


def acting_user(room: Room) -> str:
    """Return the name of who acts: of the login, or of the user at this machine."""
    login = room.options.login
    return login.user if login else user()


def _signature(room: Room, fields: Mapping[str, str]) -> Signature:
    """Return who acts, why, and on which revision they looked."""
    note = fields.get("note", "").strip()[:MAX_NOTE_LENGTH] or None
    return Signature(acting_user(room), note, _number(fields, "revision"))


def _number(fields: Mapping[str, str], name: str) -> int:
    number = read_number(fields.get(name, ""))
    if number is None:
        raise HTTPException(400, "form")
    return number


async def _form(request: Request) -> tuple[Room, dict[str, str]]:
    room = room_of(request)
    if room.options.read_only:
        raise HTTPException(403, "read only")
    return room, await room.tokens.form(request)


def _run_exclusively(room: Room, job: Callable[[Settings], Result]) -> Result:
    """Run a job while no other writes, with settings for somebody who waits for a page."""
    run = room.settings.run.model_copy(
        update={
            "runner": "threads",
            "workers": 1,
            "wait_seconds": min(WRITE_WAIT, room.settings.run.wait_seconds),
        }
    )
    with _write_turn(room):
        return job(room.settings.model_copy(update={"run": run}))


@contextmanager
def _write_turn(room: Room) -> Iterator[None]:
    if not room.writing.acquire(timeout=WRITE_WAIT):
        raise TransientError("another change is being made; try again in a moment")
    try:
        yield
    finally:
        room.writing.release()

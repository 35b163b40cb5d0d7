"""Hold what every page of the room needs, and render pages.

`room_of` gives a request's `Room`; a new value that all templates see is a line in `_common`.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from etl.room import addresses
from etl.room.aligned.aligned_report import AlignedReports
from etl.room.safety import VISITOR_COOKIE, BasicAuth, FormTokens
from etl.room.words import LANGUAGES, Interface, preferred
from etl.settings import Settings
from etl.store.query.client import Store

LANGUAGE_COOKIE = "room_language"
# Of a whole number; no offset and no page has more.
MAX_DIGITS = 8
COOKIE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Options:
    """The options with which a room is opened.

    Attributes:
        read_only: nobody decides, edits or tries again.
        hosts: names under which it is reached, beside those of this machine.
        login: asked of everybody.
    """

    read_only: bool = True
    hosts: tuple[str, ...] = ()
    login: BasicAuth | None = None


@dataclass(frozen=True)
class Room:
    """The store that is read, how the room was opened, and what it keeps in memory."""

    store: Store
    settings: Settings
    options: Options
    reports: AlignedReports
    tokens: FormTokens = field(default_factory=FormTokens)
    writing: Lock = field(default_factory=Lock)


def room_of(request: Request) -> Room:
    """Return the room that a request came to."""
    room: Room = request.app.state.room
    return room


def words_of(request: Request) -> Interface:
    """Return the interface in the language of the address, of the visitor's cookie, or of their browser."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE, "")
    if asked in LANGUAGES:
        return Interface(asked)
    return Interface(preferred(request.headers.get("accept-language", "")))


def render(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a page in the visitor's language."""
    room, words = room_of(request), words_of(request)
    visitor = room.tokens.visitor(request)
    common = _common(request, room, words, visitor)
    page = HTMLResponse(_templates().get_template(template).render(**common, **values), status)
    if not room.options.read_only:
        page.set_cookie(VISITOR_COOKIE, visitor, httponly=True, samesite="strict")
    if request.query_params.get("lang") in LANGUAGES:
        page.set_cookie(LANGUAGE_COOKIE, words.language, COOKIE_SECONDS, samesite="lax")
    page.headers["cache-control"] = "no-store"
    page.headers["vary"] = "Accept-Language, Cookie"
    return page


def _common(request: Request, room: Room, words: Interface, visitor: str) -> dict[str, object]:
    return {
        "t": words,
        "to": addresses,
        "languages": [(one, _in_language(request, one)) for one in LANGUAGES],
        "path": request.url.path,
        "read_only": room.options.read_only,
        "token": room.tokens.token(visitor),
    }


def page_of_form(request: Request) -> str:
    """Return the address of the page that an action belongs to: a report, else the runs."""
    return request.url.path.rpartition("/")[0] or "/runs"


def _in_language(request: Request, language: str) -> str:
    """Return the address of this page in a language."""
    if request.method == "POST":
        return f"{page_of_form(request)}?lang={language}"
    parts = [(name, value) for name, value in parse_qsl(request.url.query) if name != "lang"]
    return f"{request.url.path}?{urlencode([*parts, ('lang', language)])}"


def read_number(given: str) -> int | None:
    """Read a whole number of an address or a form; None where it is none, or has too many digits.

    >>> read_number("12"), read_number("-1"), read_number("9" * 9)
    (12, None, None)
    """
    return int(given) if given.isascii() and given.isdigit() and len(given) <= MAX_DIGITS else None


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("etl.room", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

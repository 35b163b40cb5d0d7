"""Keep the room safe from those who reach it: whom it answers, what a page may do, whose form it is.

`AccessMiddleware` stands before every page. Templates escape texts; a page that did not could still load and
run nothing, because the policy allows only the room's own stylesheet and script.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = "; ".join(
    (
        *("default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'"),
        *("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"),
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
LOCAL = frozenset(("127.0.0.1", "localhost", "::1"))
# Bytes of an address with its query, and of a form.
MAX_ADDRESS_BYTES = 12_000
MAX_FORM_BYTES = 64_000
# Fields of a form.
MAX_FORM_FIELDS = 50
VISITOR_COOKIE = "room_visitor"


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """The name and password that a visitor must give."""

    user: str
    password: str = field(repr=False)

    def allows(self, header: str) -> bool:
        """Return whether the header ``Authorization`` gives them."""
        scheme, _, given = header.partition(" ")
        try:
            said = base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError):
            return False
        wanted = f"{self.user}:{self.password}".encode()
        return scheme.lower() == "basic" and hmac.compare_digest(said, wanted)


@dataclass(frozen=True, slots=True)
class AccessMiddleware:
    """Answers permitted requests only, with headers that tell browsers what a page may do.

    Attributes:
        app: what is guarded.
        hosts: names under which the room is reached; other sites that point here get nothing.
        login: asked of everybody; None where nobody is asked.
    """

    app: App
    hosts: Collection[str]
    login: BasicAuth | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            elif scope["type"] == "websocket":
                await send({"type": "websocket.close"})
            return
        refused = self._refused(scope)
        if refused:
            await _answer(send, *refused)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *_encoded(HEADERS)]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, guarded)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if host_of(headers.get("host", "")) not in self.hosts:
            return 421, "The reading room is not reached under this name; see the setting room.hosts.\n"
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > MAX_ADDRESS_BYTES:
            return 414, "This address is too long.\n"
        if self.login and not self.login.allows(headers.get("authorization", "")):
            return 401, "A name and a password are needed.\n"
        return None


def host_of(header: str) -> str:
    """Return the name in a header ``Host``, without its port.

    >>> host_of("localhost:8620"), host_of("[::1]:8620"), host_of("Reports.example.org")
    ('localhost', '::1', 'reports.example.org')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


class FormTokens:
    """Tokens of forms, by which a form of this room is told from one that another site sends."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def visitor(self, request: Request) -> str:
        """Return the id of a visitor: that of their cookie, or a new one."""
        found = request.cookies.get(VISITOR_COOKIE, "")
        return found if found.isalnum() and found.isascii() and len(found) == 32 else secrets.token_hex(16)  # noqa: PLR2004

    def token(self, visitor: str) -> str:
        """Return the token of this visitor's forms."""
        return hmac.new(self._secret, visitor.encode(), sha256).hexdigest()

    async def form(self, request: Request) -> dict[str, str]:
        """Read the fields of a form that this room gave to this visitor.

        Raises:
            HTTPException: it comes from elsewhere, or is too long.
        """
        fields = await _fields(request)
        site = request.headers.get("sec-fetch-site", "same-origin")
        wanted = self.token(request.cookies.get(VISITOR_COOKIE, ""))
        given = fields.get("token", "").encode()
        if site not in ("same-origin", "none") or not hmac.compare_digest(given, wanted.encode()):
            raise HTTPException(403, "form")
        return fields


async def _fields(request: Request) -> dict[str, str]:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(413, "form")
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS)
    except ValueError as error:
        raise HTTPException(400, "form") from error
    return dict(pairs)


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


async def _answer(send: Send, status: int, words: str) -> None:
    ask = {"www-authenticate": 'Basic realm="reading room", charset="UTF-8"'} if status == 401 else {}  # noqa: PLR2004
    headers = _encoded({"content-type": "text/plain; charset=utf-8", **HEADERS, **ask})
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})

import base64
import re
from collections.abc import Iterable

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.room.conftest import Opened
from tests.room.made import BASE, client

from etl.model.errors import SetupError
from etl.room import BasicAuth, Options
from etl.room.safety import HEADERS, MAX_ADDRESS_BYTES, MAX_FORM_BYTES
from etl.room.serving import _refuse_strangers

pytestmark = [pytest.mark.mongo, pytest.mark.xdist_group("room")]

PAGES = ("/", "/review", "/runs", "/report/none", "/static/room.css", "/static/room.js", "/rule/furniture")


def token(asked: TestClient) -> str:
    """The mark of a form that a page holds."""
    found = re.search(r'name="token" value="(\w+)"', asked.get("/runs").text)
    return found[1] if found else ""


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_says_what_a_page_may_do(opened: Opened, path: str) -> None:
    """No answer allows scripts and styles but ours, frames, or guessed types."""
    answer = opened.client.get(path)

    assert HEADERS.items() <= dict(answer.headers).items()
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8620", 200),
        ("localhost", 200),
        ("[::1]:8620", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
    ],
)
def test_only_our_names_are_answered(opened: Opened, host: str, status: int) -> None:
    """A name that another site points to this machine is told nothing."""
    assert opened.client.get("/runs", headers={"host": host}).status_code == status


def test_other_names_must_be_set(opened: Opened) -> None:
    """A name of the settings is answered, too."""
    asked = client(opened.store, opened.settings, Options(hosts=("reports.example",)))

    assert asked.get("/review", headers={"host": "Reports.example:80"}).status_code == 200


FORMS: Iterable[tuple[str, dict[str, str]]] = (
    ("/retry", {"id": "x"}),
    ("/report/none/decide", {"number": "1", "revision": "1", "verdict": "accept"}),
)


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_a_form_of_another_site_is_refused(opened: Opened, path: str, fields: dict[str, str]) -> None:
    """A form without the mark of this visitor does nothing; one of another visitor neither."""
    opened.client.cookies.clear()
    other = client(opened.store, opened.settings, Options(read_only=False))
    stranger = token(other)

    assert opened.client.post(path, data=fields).status_code == 403
    assert opened.client.post(path, data={**fields, "token": stranger}).status_code == 403
    mine = {"token": client_token(opened)}
    crossed = {"sec-fetch-site": "cross-site"}
    assert opened.client.post(path, data={**fields, **mine}, headers=crossed).status_code == 403
    assert opened.client.post(path, data={**fields, **mine}).status_code == 400


@pytest.mark.parametrize("token", ["☃", "\x00", "a" * 1_000], ids=["sign", "zero", "long"])
@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_a_token_of_any_characters(opened: Opened, path: str, fields: dict[str, str], token: str) -> None:
    """A token that is none is refused like one that is missing, whatever stands in it."""
    assert opened.client.post(path, data={**fields, "token": token}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/api/search", "/nowhere"])
def test_no_other_protocol_is_spoken(opened: Opened, path: str) -> None:
    """Who asks for a web socket is refused, which is no failure of the room."""
    with pytest.raises(WebSocketDisconnect), opened.client.websocket_connect(path):
        pass


def client_token(opened: Opened) -> str:
    """The mark of a form of this visitor, from the page of a report that can be decided about."""
    html = opened.client.get(f"/report/{opened.id('晒场堆放')}").text
    (found, *_) = re.findall(r'name="token" value="(\w+)"', html)
    return str(found)


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_read_only(opened: Opened, path: str, fields: dict[str, str]) -> None:
    """A room that is read only takes no form and shows none that would change something."""
    asked = client(opened.store, opened.settings, Options(read_only=True))

    assert asked.post(path, data=fields).status_code == 403
    for page in ("/runs", f"/report/{opened.id('晒场堆放')}"):
        assert 'method="post"' not in asked.get(page).text


def test_limits(opened: Opened) -> None:
    """What is too long is refused before it is looked at."""
    assert opened.client.get("/?q=" + "a" * MAX_ADDRESS_BYTES).status_code == 414
    assert opened.client.post("/retry", data={"note": "a" * MAX_FORM_BYTES}).status_code == 413
    assert opened.client.post("/retry", content=b"&".join([b"a=1"] * 100)).status_code == 400
    assert opened.client.post("/retry", content=b"a=\xff").status_code in (400, 403)
    assert opened.client.get("/?page=99999999999999999999").headers["location"] == "/?"


def test_login(opened: Opened) -> None:
    """With a password everybody is asked for it, on every page."""
    asked = client(opened.store, opened.settings, Options(login=BasicAuth("lee", "geheim字")))

    for path in ("/", "/static/room.css", "/nowhere"):
        refused = asked.get(path)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic")
    for given, status in (("lee:geheim字", 200), ("lee:other", 401), ("x", 401)):
        header = "Basic " + base64.b64encode(given.encode()).decode()
        assert asked.get("/review", headers={"authorization": header}).status_code == status
    assert asked.get("/review", headers={"authorization": "Basic ☃".encode()}).status_code == 401


def test_no_password_is_shown() -> None:
    """A login does not show its password when it is printed."""
    assert "geheim" not in repr(Options(login=BasicAuth("lee", "geheim")))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "reports.example"])  # noqa: S104 - refused
def test_strangers_may_not_decide(host: str) -> None:
    """Beyond this machine a room is read only or asks for a password."""
    with pytest.raises(SetupError, match="--read-only"):
        _refuse_strangers(host, Options(read_only=False))
    _refuse_strangers(host, Options(read_only=True))
    _refuse_strangers(host, Options(read_only=False, login=BasicAuth("lee", "x")))
    for here in ("127.0.0.1", "::1", "localhost"):
        _refuse_strangers(here, Options(read_only=False))


def test_no_path_of_the_machine(opened: Opened) -> None:
    """No page tells where on this machine something lies."""
    one = opened.id("晒场堆放")
    (run, *_) = opened.store.runs(1)
    for path in ("/", "/runs", f"/runs/{run.id}", f"/report/{one}", f"/report/{one}/history", "/review"):
        answer = opened.client.get(path)
        assert answer.status_code == 200
        assert str(opened.settings.data_dir.parent) not in answer.text
        assert BASE not in answer.text

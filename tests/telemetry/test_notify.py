import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from etl.settings import NotifySettings
from etl.telemetry.notify import Notice, send

NOTICE = Notice("failed", "ingest", "wise-owl", "1", "没有数据库", "http://127.0.0.1/runs/1")


@contextmanager
def listening(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A receiver on a free port, and what it has got."""
    got: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook-s3cret", got
        server.shutdown()


def settings(address: str) -> NotifySettings:
    """Settings with this address."""
    return NotifySettings(webhook=SecretStr(address), timeout_seconds=2)


def test_notice_arrives() -> None:
    """The receiver gets every field as JSON, and one sentence for people."""
    with listening() as (address, got):
        assert send(NOTICE, settings(address))

    (body,) = got
    assert body["event"] == "failed"
    assert body["message"] == "没有数据库"
    assert body["text"] == "ingest failed (wise-owl): 没有数据库"


def test_nobody_is_told_without_an_address() -> None:
    """Without an address nothing is sent and nothing is said."""
    assert not send(NOTICE, settings(""))


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/s3cret", "no address s3cret"])
def test_receiver_that_is_away_harms_nothing(caplog: pytest.LogCaptureFixture, address: str) -> None:
    """A receiver that does not take it is one line of warning, without its address."""
    with caplog.at_level(logging.WARNING):
        assert not send(NOTICE, settings(address))

    assert "ETL_NOTIFY__WEBHOOK" in caplog.text
    assert "s3cret" not in caplog.text


def test_receiver_that_refuses_is_named_by_its_status(caplog: pytest.LogCaptureFixture) -> None:
    """A refusal says its status."""
    with listening(500) as (address, got), caplog.at_level(logging.WARNING):
        assert not send(NOTICE, settings(address))

    assert len(got) == 1
    assert "(500)" in caplog.text

"""Answer monitors of `etl serve` at one port: /metrics for Prometheus, /health for whatever restarts it.

A new address is an entry in `application`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from etl.model.errors import UnavailableError
from etl.monitor.metrics import MetricsCollector
from etl.monitor.probe import Probe
from etl.monitor.schedule import schedule
from etl.settings import Settings

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

HEALTHY, UNHEALTHY, UNKNOWN = "200 OK", "503 Service Unavailable", "404 Not Found"


@contextmanager
def answering(settings: Settings, port: int | None, say: Callable[[str], None]) -> Iterator[None]:
    """Answer monitors while the block runs; ``port`` wins over the setting, and 0 opens none.

    A port that is taken is reported by ``say`` and stops nothing: loading matters more than watching it.
    """
    host, wanted = settings.watch.host, settings.watch.port if port is None else port
    with ExitStack() as closing:
        if wanted:
            say(_open(settings, (host, wanted), closing))
        yield


def application(settings: Settings, closing: ExitStack) -> "WSGIApplication":
    """Return the WSGI application of all pages; ``closing`` closes what they open."""
    probe = Probe(settings)
    closing.callback(probe.close)
    registry = CollectorRegistry()
    registry.register(MetricsCollector(probe, datetime.now(UTC)))
    metrics: WSGIApplication = make_wsgi_app(registry)
    return partial(_page, {"/metrics": metrics, "/health": partial(_health, probe, settings)})


def _open(settings: Settings, address: tuple[str, int], closing: ExitStack) -> str:
    """Open the port until ``closing`` ends; return a sentence about the address, or why it cannot be used."""
    place = f"{address[0]}:{address[1]}"
    try:
        server = make_server(*address, application(settings, closing), Threads, Quiet)
    except OSError as error:
        mend = "name another port with --metrics-port or ETL_WATCH__PORT"
        return f"not serving metrics: {place} cannot be used ({error.strerror}); {mend}"
    closing.callback(server.server_close)
    closing.callback(server.shutdown)
    Thread(target=server.serve_forever, name="etl-monitor", daemon=True).start()
    return f"serving metrics at http://{place}/metrics, health at http://{place}/health"


class Threads(ThreadingMixIn, WSGIServer):
    """A server with one thread for each request, so that a slow scrape does not delay a health check."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """A request handler that logs nothing, because monitors ask every few seconds."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the base has it
        """Log nothing."""


def health(probe: Probe, settings: Settings) -> tuple[bool, dict[str, Any]]:
    """Check that the database answers and runs are scheduled; return whether both hold, and the details.

    The details name the newest run, and how many seconds ago it last showed life.
    """
    told = schedule(settings)
    planned = {"schedule": told} if told else {}
    well = told.get("state") != "problem"
    try:
        run = probe.last_run()
    except UnavailableError as error:
        return False, {"database": False, "message": str(error), **planned}
    if run is None:
        return well, {"database": True, "last_run": None, **planned}
    age = (datetime.now(UTC) - run.beat_at).total_seconds()
    last = {"id": run.id, "kind": run.kind, "state": run.state, "age_seconds": round(age, 1)}
    return well, {"database": True, "last_run": last, **planned}


def _health(
    probe: Probe, settings: Settings, environ: Mapping[str, Any], start: "StartResponse"
) -> Iterable[bytes]:
    del environ
    well, said = health(probe, settings)
    return _answer(start, HEALTHY if well else UNHEALTHY, said)


def _page(
    pages: "Mapping[str, WSGIApplication]", environ: dict[str, Any], start: "StartResponse"
) -> Iterable[bytes]:
    page = pages.get(environ["PATH_INFO"])
    if page is None:
        return _answer(start, UNKNOWN, {"pages": sorted(pages)})
    return page(environ, start)


def _answer(start: "StartResponse", status: str, said: Mapping[str, Any]) -> Iterable[bytes]:
    body = json.dumps(said).encode() + b"\n"
    start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]

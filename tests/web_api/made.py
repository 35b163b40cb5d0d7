"""A room that answers over HTTP, and reports that are stored and changed without the stages before."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn
from tests.store.made import make_report
from tests.waiting import until

from etl.model.exact import Amount
from etl.model.mentions import Fact
from etl.model.report import Report
from etl.room import app
from etl.settings import Settings
from etl.store.blobs import source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.changelog import reconcile
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.query.client import Store
from etl.store.reports import report_writes
from etl.store.reports.report_writes import ReportWrite

RUN = Lease("run")


def gift(number: int, said: str) -> Report:
    """A report that states a gift of so many cents."""
    money = {"value": Amount(number / 100), "max": None, "currency": "CNY"}
    fact = Fact("donation", {"donor": f"村民{number}", "money": money}, ((0, 2),))
    return make_report(
        f"file:///srv/in/{number}.txt", f"{said}{number}", published_on="2021-02-03", facts=(fact,)
    )


def store_reports(db: Db, reports: Sequence[Report]) -> None:
    """Store reports or their next versions, as one entry of the feed."""
    heads = {one.id: one for one in report_writes.stored_heads(db, "_id", [one.id for one in reports])}
    blobs = [SourceBlob(one.source.sha256, one.source.uri, "text/plain", "utf-8", b"x") for one in reports]
    source_blobs.put_blobs(db, blobs, 100)
    report_writes.write_reports(db, [ReportWrite(one, heads.get(one.id)) for one in reports], RUN)
    reconcile.reconcile(db)


@contextmanager
def answering(store: Store, settings: Settings, tell: Callable[[str], None]) -> Iterator[str]:
    """The address of the API of a room; each address that is asked for is told before it is answered."""
    room = app(store, settings)

    async def told(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has them
        if scope["type"] == "http":
            tell(scope["path"])
        await room(scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(told, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/api"
    finally:
        server.should_exit = True
        thread.join()

"""How often the database is asked: by batch, not by report."""

from collections import Counter
from collections.abc import Sequence

import pymongo
import pytest
from pymongo import monitoring
from tests.store.made import LONG, make_report

from etl.model.report import Report
from etl.store.blobs import source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.changelog import reconcile
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.records.codec import Doc
from etl.store.reports import report_writes
from etl.store.reports.report_writes import ReportWrite

pytestmark = pytest.mark.mongo

WRITES = ("insert", "update", "delete")


class Commands(monitoring.CommandListener):
    """Counts commands by name, and notes for each write its collection and whether it is journaled."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.writes: list[tuple[str, bool]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Count one."""
        self.sent[event.command_name] += 1
        if event.command_name in WRITES:
            journaled = bool(event.command.get("writeConcern", {}).get("j"))
            self.writes.append((event.command[event.command_name], journaled))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing."""


def news(first: int, count: int) -> list[Report]:
    """Reports that are unlike each other, long enough to be known again, each with a person of its own."""
    texts = [
        "".join(chr(0x4E00 + (number * 97 + at * 7) % 20_000) for at in range(90)) for number in range(99)
    ]
    return [
        make_report(f"file:///{number}.txt", texts[number], (texts[number][:2],), "2024-03-05")
        for number in range(first, first + count)
    ]


def load(db: Db, made: Sequence[Report]) -> None:
    """Store reports with their bytes, and bring entities and links into line."""
    kept = [SourceBlob(r.source.sha256, r.source.uri, "text/plain", "utf-8", LONG.encode()) for r in made]
    source_blobs.put_blobs(db, kept, 1_000_000)
    report_writes.write_reports(db, [ReportWrite(one, None) for one in made], Lease("run"))
    reconcile.reconcile(db)


def test_as_many_for_ten_times_as_many(db: Db) -> None:
    """Sixty reports that are linked and name people take the commands that six of them take."""
    counts = Commands()
    host, port = db.client.address or ("", 0)
    own: pymongo.MongoClient[Doc] = pymongo.MongoClient(host, port, event_listeners=[counts], tz_aware=True)
    with own:
        mine = own[db.name]
        sent = []
        for first, count in ((0, 6), (10, 60)):
            counts.sent.clear()
            load(mine, news(first, count))
            sent.append(dict(counts.sent))

    assert sent[0] == sent[1]
    assert sum(sent[1].values()) < 40


def test_every_write_is_journaled(db: Db) -> None:
    """No write of a load is acknowledged before it is in the journal, that of an entity or a link neither."""
    seen = Commands()
    host, port = db.client.address or ("", 0)
    own: pymongo.MongoClient[Doc] = pymongo.MongoClient(host, port, event_listeners=[seen], tz_aware=True)
    with own:
        mine = own.get_database(db.name, write_concern=pymongo.WriteConcern("majority", j=True))
        load(mine, news(0, 6))

    assert {"reports", "entities", "reprints", "changes"} <= {name for name, _ in seen.writes}
    assert [name for name, journaled in seen.writes if not journaled] == []

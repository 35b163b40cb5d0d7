import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tests.web_api.made import RUN, answering, gift, store_reports

from etl.settings import Settings
from etl.store.changelog import reconcile
from etl.store.driver.connection import Db
from etl.store.query.client import Store
from etl.store.reports import deletion
from etl.store.schema.collections import ensure_schema
from etl.wiring import open_store

pytestmark = pytest.mark.mongo
CONSUMER = Path(__file__).resolve().parents[2] / "docs" / "examples" / "keep_a_copy.py"
# At which question a consumer is killed: before all, within a transaction, between two, within a later one.
MOMENTS = (1, 9, 18, 6)


class Killer:
    """Kills a process with SIGKILL at one of its questions."""

    def __init__(self) -> None:
        self.victim: subprocess.Popen[bytes] | None = None
        self.left = 0

    def hear(self, path: str) -> None:
        """A question was asked."""
        del path
        self.left -= 1
        if self.victim and self.left == 0:
            os.kill(self.victim.pid, signal.SIGKILL)

    def run(self, api: str, copy: Path, moment: int) -> int:
        """The exit status of a consumer that is killed at a question; with 0 it is left alone."""
        self.left = moment or -1
        arguments = [sys.executable, str(CONSUMER), api, str(copy), "10"]
        self.victim = subprocess.Popen(arguments)
        try:
            return self.victim.wait()
        finally:
            self.victim = None


def kept(copy: Path) -> tuple[set[tuple[object, ...]], Decimal | None]:
    """The reports of a copy, and the sum of what its facts tell."""
    with duckdb.connect(str(copy), read_only=True) as found:
        rows = found.execute("SELECT id, revision, title, text FROM reports").fetchall()
        (total,) = found.execute("SELECT sum(money) FROM facts").fetchone() or (None,)
    assert len(rows) == len(set(rows))
    return set(rows), total


def stored(store: Store) -> tuple[set[tuple[object, ...]], Decimal]:
    """The same of the store."""
    found = [store.document(one.id) for one in store.reports()]
    sums: list[Decimal] = [one["facts"][0]["money"]["value"].to_decimal() for one in found]
    return {(one["_id"], one["revision"], one["title"], one["text"]) for one in found}, sum(sums, Decimal(0))


def test_a_killed_consumer_goes_on(db: Db, settings: Settings, tmp_path: Path) -> None:
    """However often a consumer is killed while reports come, change and go, its copy becomes the store."""
    copy, killer = tmp_path / "copy.duckdb", Killer()
    for first in (0, 8, 16):
        store_reports(db, [gift(number, "捐款") for number in range(first, first + 8)])

    with open_store(settings) as store, answering(store, settings, killer.hear) as api:
        for turn, moment in enumerate(MOMENTS):
            assert killer.run(api, copy, moment) == -signal.SIGKILL
            store_reports(db, [gift(turn, f"又{turn}"), gift(24 + turn, "新")])
            deletion.delete_reports(db, [gift(12 + turn, "").id], RUN)
            reconcile.reconcile(db)
        assert killer.run(api, copy, 0) == 0
        assert len(kept(copy)[0]) == 24
        assert kept(copy) == stored(store)

        db.client.drop_database(db.name)  # and another one stands there
        ensure_schema(db)
        store_reports(db, [gift(number, "别") for number in range(3)])
        assert killer.run(api, copy, 0) == 0
        assert kept(copy) == stored(store)

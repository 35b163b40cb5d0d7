import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from etl.ingest import ingest, stop
from etl.isolation.pool import POOL, ReportInWork
from etl.settings import Settings
from etl.store.driver.connection import Db

LONG = 200.0
SENTENCE = "2020年2月{day}日，第{number}小组组长李强在武汉市江岸区发放口罩{number}箱，接收捐款{number}万元。"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Three small reports and one that takes a minute or more."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in "ace":
        (folder / f"{name}.txt").write_text(f"标题{name}\n\n李强在北京介绍情况。\n", encoding="utf-8")
    lines = [SENTENCE.format(day=number % 28 + 1, number=number) for number in range(40_000)]
    (folder / "big.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def run_settings(settings: Settings, **changes: float) -> Settings:
    """The settings with changes to those of a run; all reports are one batch."""
    more = {"workers": 1, "batch_bytes": 10**8, **changes}
    return settings.model_copy(update={"run": settings.run.model_copy(update=more)})


def when_busy(act: Callable[[ReportInWork], None], times: int = 1) -> Thread:
    """A thread that acts as often as a worker is in the middle of the big report."""

    def watch() -> None:
        end, seen = time.monotonic() + LONG, set[float]()
        while len(seen) < times and time.monotonic() < end:
            for subject in POOL.under_way():
                if subject.uri.endswith("big.txt") and subject.stage and subject.since not in seen:
                    seen.add(subject.since)
                    act(subject)
            Event().wait(0.05)

    thread = Thread(target=watch, daemon=True)
    thread.start()
    return thread


def test_too_long(inbox: Path, settings: Settings, db: Db) -> None:
    """A report that is not done in its time is quarantined with stage and reason; its batch goes on."""
    chosen = run_settings(settings, report_seconds=6.0)
    counts = ingest([str(inbox)], chosen).counts

    assert (counts.inserted, counts.quarantined, counts.left) == (3, 1, 0)
    found = db.quarantine.find_one({})
    assert found
    assert found["reason"] == "took too long"
    assert "6 s" in found["message"]
    assert db.sources.find_one({"_id": found["sha256"]})
    assert ingest([str(inbox)], chosen).counts.unchanged == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end(
    inbox: Path, settings: Settings, db: Db, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """Asked to end in the middle of a big report, a run ends, stores what was made and leaves the rest."""
    monkeypatch.setattr(stop, "SHARE", 0.02)
    thread = when_busy(lambda _: os.kill(os.getpid(), number))
    summary = ingest([str(inbox)], run_settings(settings, patience_seconds=25.0))
    thread.join()

    assert (summary.state, summary.counts.inserted, summary.counts.left) == ("stopped", 1, 3)
    run = db.runs.find_one({})
    assert run
    assert (run["state"], run["counts"]["left"]) == ("stopped", 3)
    assert db.reports.count_documents({}) == 1
    lease = db.leases.find_one({})
    assert lease
    assert lease["holder"] is None


def test_says_so_at_once(
    inbox: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Who asks a run to end is told so before anything has ended."""
    monkeypatch.setattr(stop, "SHARE", 0.02)
    told: list[str] = []

    def ask(_: ReportInWork) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        end = time.monotonic() + LONG
        while not told and time.monotonic() < end:
            told.extend(r.getMessage() for r in caplog.records if "asked to end" in r.getMessage())
            time.sleep(0.01)
        told.append(f"{len(POOL.under_way())} under way")

    thread = when_busy(ask)
    ingest([str(inbox)], run_settings(settings, patience_seconds=25.0))
    thread.join()
    assert "within 25 s" in told[0]
    assert told[1] == "1 under way"


def test_dies_twice(inbox: Path, settings: Settings, db: Db) -> None:
    """A report on which two workers die is quarantined with its bytes; its batch goes on."""

    def kill(_: ReportInWork) -> None:
        for worker in list(POOL._busy):
            worker._process.kill()

    thread = when_busy(kill, times=2)
    counts = ingest([str(inbox)], run_settings(settings)).counts
    thread.join()

    assert (counts.inserted, counts.quarantined) == (3, 1)
    found = db.quarantine.find_one({})
    assert found
    assert (found["reason"], found["error"]) == ("internal", "DiedError")
    assert "signal 9" in found["message"]
    assert found["sha256"]

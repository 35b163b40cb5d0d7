import threading
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.monitor.conftest import Monitor

from etl.fingerprint import INPUTS
from etl.ingest import delete_reports, ingest
from etl.monitor import answering, probe
from etl.settings import Settings
from etl.store.driver.connection import Db

pytestmark = pytest.mark.mongo

HOUR = 3600  # far more than any machine needs between a run and the question after it
TEXT = "绛县李明主任为防疫捐款{}元。大家都很感动。"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder of two good reports and a bad one."""
    folder = tmp_path / "in"
    folder.mkdir()
    for sum_ in (100, 200):
        (folder / f"{sum_}.txt").write_text(TEXT.format(sum_), encoding="utf-8")
    (folder / "bad.txt").write_bytes(b"")
    return folder


def test_metrics_follow_the_runs(inbox: Path, settings: Settings, db: Db, monitor: Monitor) -> None:
    """A scrape tells what runs have done since the start, in any process, and what there is now."""
    ingest([str(inbox)], settings)
    with answering(settings, monitor.port, lambda _: None):
        before = monitor.metrics()
        (inbox / "300.txt").write_text(TEXT.format(300), encoding="utf-8")
        counts = ingest([str(inbox)], settings).counts
        after, again = monitor.metrics(), monitor.metrics()

    assert before["etl_up",] == after["etl_up",] == 1
    assert before["etl_reports_total", "inserted"] == 0
    assert before["etl_stored_reports",] == 2
    assert {name: after["etl_reports_total", name] for name in ("inserted", "unchanged", "quarantined")} == {
        "inserted": counts.inserted,
        "unchanged": counts.unchanged,
        "quarantined": counts.quarantined,
    }
    assert after["etl_runs_total", "ingest", "done"] == 1
    assert after["etl_characters_total",] == counts.characters
    assert (after["etl_stored_reports",], after["etl_quarantined_reports",]) == (3, 1)
    assert (after["etl_stale_reports",], after["etl_needs_review_reports",]) == (0, 0)
    assert 0 <= after["etl_newest_report_age_seconds",] < HOUR
    assert 0 <= after["etl_last_run_age_seconds",] < HOUR
    assert after["etl_stage_seconds_total", "extract"] > 0
    assert after["etl_stage_seconds_total", "store"] > 0
    totals = [name for name in after if name[0].endswith("_total")]
    assert {name: again[name] for name in totals} == {name: after[name] for name in totals}


def test_run_under_way(inbox: Path, settings: Settings, db: Db, monitor: Monitor) -> None:
    """What a run has done is seen before its end, and not counted again at its end."""
    for name in ("a", "b", "c"):
        (inbox / f"{name}.txt").write_text(TEXT.format(name), encoding="utf-8")
    small = settings.run.model_copy(update={"batch_bytes": 1, "workers": 1})
    waiting, going = threading.Event(), threading.Event()

    def progress(counts: object) -> None:
        waiting.set()
        assert going.wait(240)

    with answering(settings, monitor.port, lambda _: None):
        chosen = settings.model_copy(update={"run": small})
        run = threading.Thread(target=ingest, args=([str(inbox)], chosen, progress))
        run.start()
        assert waiting.wait(240)
        during = monitor.metrics()
        going.set()
        run.join(240)
        after = monitor.metrics()

    outcomes = ("inserted", "quarantined")
    assert sum(during["etl_reports_total", name] for name in outcomes) >= 1
    assert sum(after["etl_reports_total", name] for name in outcomes) == 6
    assert ("etl_runs_total", "ingest", "done") not in during


def test_stale_reports(
    inbox: Path, settings: Settings, db: Db, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reports that other rules made are counted, anew after each run."""
    monkeypatch.setattr(probe, "RECOUNT_SECONDS", 0.0)
    ingest([str(inbox)], settings)
    with answering(settings, monitor.port, lambda _: None):
        assert monitor.metrics()["etl_stale_reports",] == 0
        db.reports.update_one({}, {"$set": {f"pipeline.{stage}": "old" for stage in INPUTS}})
        current = db.reports.find({"pipeline.read": {"$ne": "old"}})
        delete_reports([str(entry["_id"]) for entry in current], settings)

        assert monitor.metrics()["etl_stale_reports",] == 1


def test_empty_database(settings: Settings, db: Db, monitor: Monitor) -> None:
    """Where nothing was ever loaded all is zero, and health says that there was no run."""
    with answering(settings, monitor.port, lambda _: None):
        assert monitor.metrics()["etl_stored_reports",] == 0
        assert monitor.health() == (200, {"database": True, "last_run": None})


def test_health(inbox: Path, settings: Settings, db: Db, monitor: Monitor) -> None:
    """With a database that answers, health is 200 and tells of the last run; other pages are not there."""
    run = ingest([str(inbox)], settings)
    with answering(settings, monitor.port, lambda _: None):
        status, said = monitor.health()
        assert monitor.get("/nosuch")[0] == 404

    assert status == 200
    assert said["database"] is True
    assert (said["last_run"]["id"], said["last_run"]["state"]) == (run.run_id, "done")
    assert 0 <= said["last_run"]["age_seconds"] < HOUR


def test_database_that_is_away(settings: Settings, monitor: Monitor) -> None:
    """Without a database health is 503 and a scrape says so, soon and without the login."""
    away = settings.model_copy(
        update={
            "mongo_uri": SecretStr("mongodb://user:planted@127.0.0.1:9/etl"),
            "store": settings.store.model_copy(update={"timeout_seconds": 1e4}),
        }
    )
    with answering(away, monitor.port, lambda _: None):
        status, said = monitor.health()
        metrics = monitor.metrics()

    assert (status, said["database"]) == (503, False)
    assert f"within {probe.TIMEOUT_SECONDS:g} s" in said["message"]
    assert "planted" not in said["message"]
    assert metrics == {("etl_up",): 0}


def test_port_that_is_taken(settings: Settings, monitor: Monitor) -> None:
    """A port that is taken is said and stops nothing; port 0 opens none and says nothing."""
    said: list[str] = []
    with answering(settings, monitor.port, lambda _: None), answering(settings, monitor.port, said.append):
        assert monitor.health()[0] == 200
    with answering(settings, 0, said.append):
        pass

    (line,) = said
    assert line.startswith(f"not serving metrics: 127.0.0.1:{monitor.port} cannot be used")

import re

import pytest
from tests.flows.machine import Prefect, no_postgres
from tests.flows.story import FILES, SAMPLES, Story

from etl.store.admin import audit
from etl.store.driver.connection import Db

# One worker runs them all, with one server.
pytestmark = [
    pytest.mark.server,
    pytest.mark.mongo,
    pytest.mark.timeout(3600),
    pytest.mark.xdist_group("server"),
]


def test_server_runs_on_postgresql(prefect: Prefect) -> None:
    """Prefect's server runs by the command of docker-compose.yml on the database that it names."""
    reason = no_postgres()
    if reason:
        pytest.skip(f"{reason}; the other tests use SQLite")
    assert prefect.database.startswith("postgresql+asyncpg://prefect:")
    assert prefect.ask("health") is True


def test_wrong_parameters_never_become_a_run(story: Story) -> None:
    """A value of the wrong type, a name that is none, a number out of bounds: refused by the server."""
    assert story.refused == [409, 409, 409]
    assert story.runs_refused == 0


def test_init_job_sets_everything_up(story: Story) -> None:
    """The commands of docker-compose.yml register every deployment with its schedule and form."""
    crons = {
        name: [one["schedule"]["cron"] for one in found["schedules"]]
        for name, found in story.registered.items()
    }
    assert crons == {
        "ingest/every-15-minutes": ["*/15 * * * *"],
        "reprocess/nightly": ["0 2 * * *"],
        "maintain/weekly": ["7 4 * * 0"],
        "ingest/on-demand": [],
    }
    assert {found["work_pool_name"] for found in story.registered.values()} == {"reports"}
    assert all(found["enforce_parameter_schema"] for found in story.registered.values())
    form = story.registered["ingest/on-demand"]["parameter_openapi_schema"]["definitions"]["IngestJob"]
    assert form["properties"]["workers"]["maximum"] == 256


def test_worker_runs_every_deployment(story: Story) -> None:
    """A worker started by the command of docker-compose.yml completes a run of every deployment."""
    assert story.states == dict.fromkeys(
        ("reprocess/nightly", "maintain/weekly", "ingest/on-demand"), "COMPLETED"
    )
    assert story.finished["type"] == "COMPLETED", story.finished


def test_serve_takes_deployments_over(story: Story) -> None:
    """`etl serve` runs deployments that a work pool had before."""
    assert story.served_again["type"] == "COMPLETED", story.served_again


def test_run_says_what_it_did(story: Story) -> None:
    """Two tables, and one line of log for a batch: never a line for a report."""
    tables = story.prefect.artifacts(story.loaded)
    (row,) = tables["counts"]
    (aside,) = tables["quarantined"]

    samples = len(list(SAMPLES.iterdir()))
    assert (row["read"], row["inserted"], row["quarantined"]) == (samples + 1, samples, 1)
    assert row["repaired"] > 0
    assert row["needs_review"] > 0
    assert row["characters a second"] == round(row["characters"] / row["seconds"])
    assert (aside["stage"], aside["reason"]) == ("read", "empty")
    assert aside["uri"].endswith("bad.txt")
    lines = [line for line in story.prefect.logged(story.loaded) if re.search(r"\d+ read", line)]
    assert sum(int(line.split()[0]) for line in lines) == samples + 1
    assert len(lines) < 10


def test_status_says_the_same(story: Story) -> None:
    """`etl status` shows the counts of the last run and what it quarantined from MongoDB alone."""
    (row,) = story.prefect.artifacts(story.loaded)["counts"]

    assert story.status["last_run"]["id"] == row["run"]
    assert story.status["last_run"]["counts"]["inserted"] == row["inserted"]
    (aside,) = story.status["last_quarantined"]
    assert aside["id"] == story.prefect.artifacts(story.loaded)["quarantined"][0]["id"]


def test_failure_and_recovery_are_told(story: Story) -> None:
    """The webhook hears of a failure with its reason, and of the next run that works; the log says both."""
    told = [notice for notice in story.notices if notice["run_id"] in (story.failed_run, story.loaded)]

    assert story.failed["type"] == "FAILED"
    assert [notice["event"] for notice in told] == ["failed", "recovered"]
    assert "does not exist" in told[0]["text"]
    assert "ended as Failed" in told[1]["text"]
    assert any("the webhook was told" in line for line in story.prefect.logged(story.loaded))


def test_killed_flow_shows_at_once(story: Story) -> None:
    """A flow whose process is killed shows as crashed, and the webhook hears of it."""
    assert story.killed_flow["type"] == "CRASHED"
    crashes = [notice for notice in story.notices if notice["event"] == "crashed"]
    assert [notice["run_id"] for notice in crashes] == [story.killed_flow["state_details"]["flow_run_id"]]


def test_killed_machine_shows_in_time(story: Story) -> None:
    """A flow killed together with what started it is found dead by its silence."""
    assert story.killed_both["type"] == "CRASHED"
    assert story.killed_both["message"].startswith("no sign of life")


def test_next_run_finishes_the_work(story: Story, told: Db) -> None:
    """After both crashes and a cancellation the next run loads what is missing, and nothing is double."""
    assert 0 < story.loaded_before < FILES
    uris = [entry["source"]["uri"] for entry in told.reports.find({}, {"source.uri": 1})]
    assert len(uris) == len(set(uris)) == FILES + len(list(SAMPLES.iterdir()))
    assert told.reports.count_documents({"revision": {"$ne": 1}}) == 0
    assert told.revisions.count_documents({}) == 0
    assert told.pending.count_documents({}) == 0
    changes = [(c["report_id"], c["revision"]) for e in told.changes.find() for c in e["changes"]]
    assert sorted(changes) == sorted((entry["_id"], 1) for entry in told.reports.find({}, {"_id": 1}))
    assert audit.check(told) == ()
    assert [n["event"] for n in story.notices if n["run_id"] == story.finished_run] == ["recovered"]


def test_cancel_stops_in_time(story: Story) -> None:
    """The process of a cancelled run ends before its work is done, and the database agrees with itself."""
    assert story.left_by_cancel > 0
    assert story.cancelled["type"] == "CANCELLED"
    assert story.after_cancel == ()

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from pymongo import MongoClient

from etl.doctor import Finding, database, examine, remedies
from etl.doctor.database import TIMEOUT_SECONDS
from etl.settings import Settings, load
from etl.store.coordination import runs
from etl.store.coordination.lease import Lease, hold_lease
from etl.store.driver.connection import Db, connect
from etl.store.embedded.supervisor import LISTENING
from etl.store.schema.collections import ensure_schema

pytestmark = pytest.mark.mongo

# A server whose clock is two hours ahead: the same program, which asks the time of this class.
AHEAD = """
import datetime, runpy, sys
class Ahead(datetime.datetime):
    @classmethod
    def now(cls, zone=None):
        return super().now(zone) + datetime.timedelta(hours=2)
datetime.datetime = Ahead
sys.argv[0] = "secantus"
runpy.run_module("secantus", run_name="__main__")
"""
PLAIN = ("-m", "secantus")
DIES = """
import os, sys
from pydantic import SecretStr
from etl.settings import load
from etl.store.coordination import runs
from etl.store.driver.connection import connect
from etl.store.coordination.lease import hold_lease
settings = load(mongo_uri=SecretStr(sys.argv[1]))
with connect(settings) as found, hold_lease(found.database, "dies", "ingest", settings.run) as lease:
    runs.begin(found.database, "ingest", {}, {}, lease)
    os._exit(0)
"""


def found(settings: Settings, seconds: float = 60) -> dict[str, Finding]:
    """Findings by the name of their check; with time enough for a machine that does other things, too."""
    return {finding.check: finding for finding in examine(lambda: settings, seconds)}


@contextmanager
def server(folder: Path, program: tuple[str, ...], *options: str) -> Iterator[str]:
    """Address of a server of its own."""
    (folder / "empty.toml").touch()
    command = [sys.executable, *program, "--port", "0", "--config", str(folder / "empty.toml"), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder) as process:
        assert process.stderr
        try:
            port = next(match[1] for line in process.stderr if (match := LISTENING.search(line)))
            yield f"mongodb://127.0.0.1:{port}/etl?directConnection=true"
        finally:
            process.kill()


@contextmanager
def silent() -> Iterator[str]:
    """Address of a port that takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"mongodb://127.0.0.1:{listening.getsockname()[1]}/etl"


def of(settings: Settings, uri: str) -> Settings:
    """The settings with another database."""
    return settings.model_copy(update={"mongo_uri": SecretStr(uri)})


def test_all_is_well(settings: Settings, db: Db) -> None:
    """A database in use, in shape and journaled, has no problem."""
    runs.end(db, runs.begin(db, "ingest", {}, {}, Lease(runs.new_id())), "done", {})
    findings = found(settings)

    assert [one for one in findings.values() if one.state == "problem" and one.check != "packages"] == []
    assert {"server", "journal", "space", "clock", "shape", "runs", "lease"} <= findings.keys()


@pytest.mark.parametrize("word", ["docker", ""])
def test_nobody_answers(settings: Settings, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """A server that is silent is waited for a moment, however long the settings let a run wait.

    Where it runs in a container the command starts that, and else none.
    """
    monkeypatch.setattr(remedies, "runs_in_compose", lambda: bool(word))
    patient = settings.model_copy(
        update={"store": settings.store.model_copy(update={"timeout_seconds": 1e4})}
    )
    with silent() as uri:
        one = found(of(patient, uri))["server"]

    assert f"within {TIMEOUT_SECONDS:g} s" in one.found
    assert one.state == "problem"
    assert (one.mend == "docker compose up --detach mongo mongo-users") == bool(word)
    assert ("docker" in one.mend) == bool(word)


def test_no_address(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of another database is taken back where it was given."""
    monkeypatch.setenv("ETL_MONGO_URI", "postgres://x")

    assert found(of(settings, "postgres://x"))["server"].mend == "unset ETL_MONGO_URI"


def test_nothing_was_loaded_yet(tmp_path: Path) -> None:
    """Without an address and without a data folder nothing is started and nothing is wrong."""
    one = found(load(data_dir=tmp_path / "data"))["server"]

    assert (one.state, (tmp_path / "data").exists()) == ("ok", False)


def test_embedded_server_that_rests(tmp_path: Path) -> None:
    """An embedded server that holds data is started for the checks."""
    settings = load(data_dir=tmp_path / "data")
    with connect(settings) as connection:
        ensure_schema(connection.database)
        runs.end(
            connection.database,
            runs.begin(connection.database, "ingest", {}, {}, Lease(runs.new_id())),
            "done",
            {},
        )
    findings = found(settings)

    assert {findings[name].state for name in ("server", "journal", "clock", "shape", "runs")} == {"ok"}


def test_no_answer_in_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has not answered in time is said to have not, and nobody waits for it."""
    monkeypatch.setattr(database, "TIMEOUT_SECONDS", 600)
    with silent() as uri:
        findings = found(of(settings, uri), 0)

    assert findings["server"].found == "the database did not answer in time"


def test_embedded_server_that_does_not_start(tmp_path: Path) -> None:
    """An embedded server that cannot open its files is a problem, with the command that says more."""
    files = tmp_path / "data" / "mongo" / "files"
    files.mkdir(parents=True)
    (files / "WiredTiger").write_text("damaged", encoding="utf-8")
    (files / "WiredTiger.turtle").write_text("damaged", encoding="utf-8")
    one = found(load(data_dir=tmp_path / "data"))["server"]

    assert (one.state, one.mend) == ("problem", "etl db start")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="uses a folder that takes no files")
def test_folder_that_takes_nothing(tmp_path: Path) -> None:
    """Where the system refuses a file, as on a full disk, that is what is found, with how to look at it."""
    mongo = tmp_path / "data" / "mongo"
    (mongo / "files").mkdir(parents=True)
    (mongo / "users").symlink_to("/proc/self/fd")
    finding = found(load(data_dir=tmp_path / "data"))["server"]

    assert finding.state == "problem"
    assert "cannot be started" in finding.found
    assert finding.mend
    assert finding.mend.startswith("df -h")


def test_not_persistent(settings: Settings, tmp_path: Path) -> None:
    """A server that keeps its data in memory is a problem though it answers."""
    with server(tmp_path, PLAIN, "--storage-path", ":memory:") as uri:
        one = found(of(settings, uri))["server"]

    assert one.state == "problem"
    assert "in memory" in one.found


def test_not_journaled(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that refuses journaled writes, as one without a journal does, is a problem."""
    monkeypatch.setattr(remedies, "runs_in_compose", lambda: True)
    with server(tmp_path, PLAIN, "--storage-path", "files", "--enable-test-commands") as uri:
        with MongoClient[dict[str, object]](uri) as client:
            client.admin.command(
                "configureFailPoint",
                "failCommand",
                mode="alwaysOn",
                data={"failCommands": ["delete"], "errorCode": 2},
            )
        one = found(of(settings, uri))["journal"]

    assert (one.state, one.mend) == ("problem", "docker compose up --detach mongo")


def test_wrong_clock(settings: Settings, tmp_path: Path) -> None:
    """A database whose clock is two hours ahead is found, with by how much."""
    with server(tmp_path, ("-c", AHEAD), "--storage-path", "files") as uri:
        one = found(of(settings, uri))["clock"]

    assert (one.state, one.mend) == ("problem", "timedatectl set-ntp true")
    seconds = int(one.found.split()[4])
    assert abs(seconds - 7200) < 600
    assert "ahead of" in one.found


def test_run_of_the_future(settings: Settings, db: Db) -> None:
    """A run that began later than now was started by another clock."""
    run = runs.begin(db, "ingest", {}, {}, Lease(runs.new_id()))
    begun = db.runs.find_one({"_id": run})
    assert begun
    db.runs.update_one({"_id": run}, {"$set": {"started_at": begun["started_at"] + timedelta(hours=1)}})

    assert "in the future" in found(settings)["clock"].found


def test_dead_run(settings: Settings, db: Db) -> None:
    """A run whose process is gone, and its lease, are a problem until the next run finishes what it left."""
    assert settings.mongo_uri
    address = settings.mongo_uri.get_secret_value()
    subprocess.run([sys.executable, "-c", DIES, address], check=True)
    before = found(settings)
    with hold_lease(db, "next", "reprocess", settings.run) as lease:
        runs.mark_crashed(db, lease)
        after = found(settings)

    for name in ("runs", "lease"):
        assert (before[name].state, before[name].mend) == ("problem", "etl reprocess --stale")
        assert after[name].state == "ok"


def test_older_shape(settings: Settings, db: Db) -> None:
    """A database of an older release is a problem that one command mends."""
    runs.end(db, runs.begin(db, "ingest", {}, {}, Lease(runs.new_id())), "done", {})
    db.migrations.delete_many({})

    assert found(settings)["shape"].mend == "etl db migrate"


def test_docker_that_is_installed_and_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker's commands are named only where they would do something: where its daemon can be asked."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / remedies.COMPOSE).touch()
    monkeypatch.setattr(remedies, "CONTAINER", tmp_path / "none")
    monkeypatch.setattr(remedies, "SOCKETS", (tmp_path / "docker.sock",))
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.delenv("DOCKER_HOST", raising=False)

    assert not remedies.runs_in_compose()
    (tmp_path / "docker.sock").touch()
    assert remedies.runs_in_compose()

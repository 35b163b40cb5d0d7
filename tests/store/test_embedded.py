import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.waiting import freeze, until

from etl.model.errors import SetupError, UnavailableError
from etl.settings import Settings, load
from etl.store.driver.connection import connect, with_retry
from etl.store.embedded import launcher, supervisor
from etl.store.embedded.state_dir import BEAT_SECONDS, Server, StateDir
from etl.store.records import process
from etl.store.records.process import Process

pytestmark = pytest.mark.mongo

HOLD = """
import sys, time
from pathlib import Path
from etl.store.embedded import launcher
with launcher.serve(Path(sys.argv[1]), "64M") as uri:
    print(uri, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """Settings that lead to an embedded server of the test's own."""
    return load(data_dir=tmp_path, mongo_uri=None)


def hold(data_dir: Path) -> tuple[subprocess.Popen[str], Server]:
    """Another command that uses the server of a data folder."""
    command = subprocess.Popen([sys.executable, "-c", HOLD, str(data_dir)], stdout=subprocess.PIPE, text=True)
    assert command.stdout
    assert command.stdout.readline().startswith("mongodb://127.0.0.1:")
    server = launcher.status(data_dir)
    assert server
    return command, server


def open_to_others(folder: Path) -> list[str]:
    """What below a folder others than its owner may do anything with, and the folder itself."""
    return [str(path) for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & 0o077]


def test_data_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The data folder, and all files that server and supervisor make in it, are closed to other users."""
    before = os.umask(0o022)
    try:
        with connect(load(data_dir=tmp_path / "new" / "data", mongo_uri=None)) as found:
            found.database.things.insert_one({"_id": 1})
            assert open_to_others(tmp_path / "new" / "data") == []
    finally:
        os.umask(before)
    assert (tmp_path / "new" / "data" / "mongo" / "files").is_dir()


def test_data_of_an_older_version_is_closed(tmp_path: Path) -> None:
    """What others could read is closed to them; a data folder that holds something else keeps its rights."""
    for name in ("own", "shared"):
        (tmp_path / name / "mongo" / "files").mkdir(mode=0o755, parents=True)
        (tmp_path / name / "mongo" / "files" / "a.wt").write_text("x", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "shared" / "theirs.txt").touch()
    for name in ("own", "shared"):
        StateDir(tmp_path / name / "mongo").prepare()

    assert open_to_others(tmp_path / "own") == []
    assert open_to_others(tmp_path / "shared" / "mongo") == []
    assert (tmp_path / "shared").stat().st_mode & 0o777 == 0o755


def test_life(own: Settings) -> None:
    """One server serves nested commands, survives its own death, and ends with the last command."""
    with connect(own) as outer:
        outer.database.things.insert_one({"_id": 1})
        with connect(own) as inner:
            assert inner.uri == outer.uri
        server = launcher.status(own.data_dir)
        assert server
        assert process.is_alive(server.server)
        os.kill(server.server.pid, signal.SIGKILL)
        # Else the driver's second try may meet the dying server's port, and it makes no third one.
        assert until(lambda: not process.is_alive(server.server))
        assert outer.database.things.count_documents({}) == 1
    assert launcher.status(own.data_dir) is None
    assert until(lambda: launcher.status(own.data_dir) is None and not process.is_alive(server.guard))


def test_writes_no_second_log(own: Settings) -> None:
    """What is written is not written a second time, into a log of operations that nobody reads."""
    with connect(own) as connection:
        connection.database.things.insert_many([{"n": n} for n in range(5)])
        assert connection.client.local["oplog.rs"].count_documents({}) == 0


def test_told_to_end_while_clients_come(tmp_path: Path) -> None:
    """A server that is told to end does so by itself, also where a client comes at that very moment."""
    folder = StateDir(tmp_path)
    folder.prepare()
    for _ in range(5):
        server = supervisor.start(folder, "64M", 0)
        found = supervisor.wait_until_listening(server, folder)
        assert found
        supervisor.stop(server, found.port)
        assert server.returncode == 0


def test_panic(own: Settings) -> None:
    """A server whose engine has given up, as on a full disk, is started anew under those who use it."""
    with connect(own) as connection:
        connection.database.things.insert_one({"_id": 1})
        before = launcher.status(own.data_dir)
        assert before
        with (own.data_dir / "mongo" / "server.log").open("ab") as log:
            log.write(b"[1:2][3:4]: the process must exit and restart: " + supervisor.PANIC + b"\n")
        assert until(lambda: not process.is_alive(before.server))
        assert connection.database.things.count_documents({}) == 1


def test_no_space(own: Settings) -> None:
    """A server that cannot start on a full disk is told by that, whatever its last line says."""
    folder = launcher._folder(own.data_dir)
    old = "etl guard: server 1 started\nNo space left on device\n"
    new = "etl guard: server 2 started\n"
    for said, full in (
        (old, True),
        (old + new, False),
        (old + new + "x: No space left on device\ny\n", True),
    ):
        folder.log.write_text(said, encoding="utf-8")
        assert ("make room" in launcher._failure(folder)) is full


def test_killed_command(own: Settings) -> None:
    """A server does not outlive a command that was killed; nor does it outlive its supervisor."""
    command, server = hold(own.data_dir)
    command.kill()
    command.wait()

    assert until(lambda: not process.is_alive(server.server))
    command, server = hold(own.data_dir)
    os.kill(server.guard.pid, signal.SIGKILL)
    assert until(lambda: not process.is_alive(server.server))
    command.kill()
    command.wait()


@pytest.mark.parametrize("dead", ["supervisor", "supervisor and server", "supervisor of a stopped server"])
def test_killed_at_once(own: Settings, dead: str) -> None:
    """Whatever of command, supervisor and server is killed at one blow, the next command has a database."""
    command, server = hold(own.data_dir)
    victims = [server.guard.pid, command.pid] + [server.server.pid] * (dead == "supervisor and server")
    if dead == "supervisor of a stopped server":
        freeze(server.server.pid)
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    with connect(own) as connection:
        assert connection.database.command("ping")["ok"] == 1
        assert not process.is_alive(server.server)
    command.wait()


def test_supervisor_killed_while_the_server_starts(own: Settings) -> None:
    """A server whose supervisor died before anybody could know its port is ended by the next supervisor."""
    folder = launcher._folder(own.data_dir)
    folder.stay()
    started = launcher._start_supervisor(folder, "64M")
    assert until(folder.engine.exists)
    os.kill(started.pid, signal.SIGKILL)
    folder.stay().unlink()
    with connect(own) as connection:
        assert connection.database.command("ping")["ok"] == 1
    started.wait()


def test_hung_server(own: Settings) -> None:
    """A server that hangs is replaced under those who use it, on the same port, with all that was written."""
    patient = own.model_copy(update={"store": own.store.model_copy(update={"timeout_seconds": 90.0})})
    with connect(patient) as connection:
        connection.database.things.insert_one({"_id": 1})
        before = launcher.status(own.data_dir)
        assert before
        freeze(before.server.pid)
        assert with_retry(lambda: connection.database.things.count_documents({})) == 1
        # The new server may answer a moment before its supervisor has written down which one it is.
        assert until(lambda: (now := launcher.status(own.data_dir)) and now.server != before.server)
        after = launcher.status(own.data_dir)
        assert after
        assert (after.guard, after.port) == (before.guard, before.port)


def test_hung_supervisor(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A supervisor that hangs with its server is replaced by the next command."""
    monkeypatch.setattr(launcher, "LIFELESS_SECONDS", BEAT_SECONDS + 2)
    monkeypatch.setattr(launcher, "QUIET_SECONDS", 0.5)
    command, server = hold(own.data_dir)
    for victim in (server.guard.pid, server.server.pid):
        freeze(victim)
    with connect(own) as connection:
        assert connection.database.command("ping")["ok"] == 1
        assert not process.is_alive(server.guard)
        assert not process.is_alive(server.server)
        command.kill()
        command.wait()


def test_server_killed_while_it_starts(own: Settings) -> None:
    """A server that somebody kills while it starts is started again, by the same supervisor."""
    folder = launcher._folder(own.data_dir)
    folder.stay()
    started = launcher._start_supervisor(folder, "64M")
    assert until(lambda: folder.left_over() is not None)
    first = folder.left_over()
    assert first
    os.kill(first.pid, signal.SIGKILL)
    with connect(own) as connection:
        assert connection.database.command("ping")["ok"] == 1
        assert started.poll() is None
    launcher.stop(own.data_dir)
    started.wait()


def test_supervisor_killed_by_others(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A supervisor that somebody kills before it serves is started again by the command that waits for it."""
    real, started = launcher._start_supervisor, list[subprocess.Popen[bytes]]()

    def supervisor(folder: StateDir, cache_size: str) -> subprocess.Popen[bytes]:
        started.append(real(folder, cache_size))
        if len(started) == 1:
            started[0].kill()
        return started[-1]

    monkeypatch.setattr(launcher, "_start_supervisor", supervisor)
    with connect(own) as connection:
        assert connection.database.command("ping")["ok"] == 1
    assert len(started) == 2


def test_foreign_server_on_the_files(own: Settings) -> None:
    """A server that somebody started by hand on the same files is named as what it is, and left alone."""
    folder = launcher._folder(own.data_dir)
    words = [sys.executable, "-m", "secantus", "--host", "127.0.0.1", "--port", "0", "--log-level", "INFO"]
    words += ["--storage-path", str(folder.files), "--config", str(folder.config)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as other:
        assert other.stderr
        assert any("listening on" in line for line in other.stderr)
        with pytest.raises(UnavailableError, match="no `etl` command started"), connect(own):
            pass
        assert other.poll() is None
        other.kill()


def test_first_command_leaves(own: Settings) -> None:
    """The command that started the server may end first: the other one keeps it."""
    command, server = hold(own.data_dir)
    with connect(own) as connection:
        command.terminate()
        command.wait()
        time.sleep(0.5)
        assert connection.database.command("ping")["ok"] == 1
        assert process.is_alive(server.server)
    assert until(lambda: not process.is_alive(server.server))


def test_stays(own: Settings) -> None:
    """A server that was told to stay is used and left alone by commands, until it is told to stop."""
    server = launcher.start(own.data_dir, "64M")
    with connect(own) as connection:
        assert str(server.port) in connection.uri
        assert launcher.stop(own.data_dir) is False
        launcher.start(own.data_dir, "64M")
    assert process.is_alive(server.server)
    assert launcher.stop(own.data_dir) is True
    assert not process.is_alive(server.server)
    assert launcher.stop(own.data_dir) is False


def test_the_last_one_waits_for_the_end(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who leaves last waits until the server has ended, also when its supervisor is quick to notice."""
    unlink = Path.unlink

    def slow(path: Path, *, missing_ok: bool = False) -> None:
        unlink(path, missing_ok=missing_ok)
        if path.parent == StateDir(own.data_dir / "mongo").users:
            assert until(lambda: not StateDir(own.data_dir / "mongo").state.exists(), 60)

    with launcher.serve(own.data_dir, "64M"):
        server = launcher.status(own.data_dir)
        assert server
        monkeypatch.setattr(Path, "unlink", slow)
    assert not process.is_alive(server.server)


def test_left_over_file(own: Settings) -> None:
    """The file of a server that died with its machine is no obstacle."""
    folder = StateDir((own.data_dir / "mongo").resolve())
    folder.prepare()
    gone = replace(process.current(), boot="another boot")
    folder.write(Server(gone, gone, 1))

    with connect(own) as connection:
        assert connection.database.command("ping")["ok"] == 1


def test_other_host(own: Settings) -> None:
    """A folder that another machine uses is left alone, with a word of what to do."""
    folder = StateDir((own.data_dir / "mongo").resolve())
    folder.prepare()
    elsewhere = Process("elsewhere", "b", 1, "1")
    folder.write(Server(elsewhere, elsewhere, 1))

    with pytest.raises(UnavailableError, match="host elsewhere"), connect(own):
        pass


def test_broken_files(own: Settings) -> None:
    """Files that the engine cannot open end in a sentence of ours, not in its traceback."""
    folder = StateDir((own.data_dir / "mongo").resolve())
    folder.prepare()
    (folder.files / "WiredTiger").write_text("no", encoding="utf-8")
    (folder.files / "WiredTiger.turtle").write_text("no", encoding="utf-8")

    with pytest.raises(UnavailableError, match="did not start") as caught, connect(own):
        pass
    assert "\n" not in str(caught.value)


def test_unwritable(tmp_path: Path) -> None:
    """A data folder that cannot be made is a wrong setting, named."""
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(SetupError, match="ETL_DATA_DIR"), connect(load(data_dir=tmp_path / "file")):
        pass

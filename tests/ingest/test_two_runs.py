import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.soak import is_long
from tests.store.state import agree
from tests.waiting import until

from etl.ingest import delete_quarantined, delete_reports, ingest, maintain, reprocess, retry
from etl.model.errors import UnavailableError
from etl.model.ids import report_id
from etl.settings import Settings
from etl.sources import local_uri
from etl.store.driver.connection import Db

pytestmark = pytest.mark.mongo

TEXT = "绛县李明主任为防疫捐款{}元。大家都很感动。"
SLEEPER = Path(__file__).with_name("sleeper.py")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder of a dozen reports."""
    folder = tmp_path / "in"
    folder.mkdir()
    fill(folder, 1)
    return folder


@pytest.fixture
def start(settings: Settings, db: Db) -> Iterator[Start]:
    """Starts ``etl`` in a process of its own, on the test's database."""
    started: list[subprocess.Popen[str]] = []

    def call(*arguments: str | Path, script: tuple[str | Path, ...] = (), **run: float) -> Any:  # noqa: ANN401
        assert settings.mongo_uri
        own = {name: value for name, value in os.environ.items() if not name.startswith(("ETL_", "PREFECT_"))}
        own |= {"ETL_MONGO_URI": settings.mongo_uri.get_secret_value(), "OMP_NUM_THREADS": "1"}
        own |= {"ETL_DATA_DIR": str(settings.data_dir), "ETL_RUN__WORKERS": "1"}
        own |= {f"ETL_RUN__{name.upper()}": str(value) for name, value in run.items()}
        way = list(map(str, script)) or ["-c", "from etl.cli import main; main()"]
        process = subprocess.Popen(
            [sys.executable, *way, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=own,
        )
        started.append(process)
        return process

    yield call
    for process in started:
        process.kill()
        process.wait()


def fill(folder: Path, sum_: int, number: int = 12) -> None:
    """Write the first reports of the folder, with other sums."""
    for at in range(number):
        (folder / f"{at}.txt").write_text(TEXT.format(sum_ * 100 + at), encoding="utf-8")


def asleep(process: "subprocess.Popen[str]") -> None:
    """Wait until a process has stopped itself."""
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status), process.communicate()


def stopped_child(pid: int) -> int | None:
    """A child of a process that has stopped itself."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        state = Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        if state == "T":
            return int(child)
    return None


def quick(settings: Settings, **run: float) -> Settings:
    """The same settings with other patience."""
    return settings.model_copy(update={"run": settings.run.model_copy(update=run)})


def texts(db: Db) -> list[str]:
    """What the sums in all reports are, in order."""
    return sorted(found["text"] for found in db.reports.find({}, {"text": 1}))


def wanted(sum_: int, number: int = 12) -> list[str]:
    """What `fill` wrote."""
    return sorted(TEXT.format(sum_ * 100 + at) for at in range(number))


def sound(db: Db, revisions: int) -> None:
    """Every revision stands in the log once, nothing is left half done, entities follow."""
    named = [(c["report_id"], c["revision"]) for found in db.changes.find() for c in found["changes"]]
    assert len(named) == len(set(named)) == revisions
    assert db.pending.count_documents({}) == 0
    assert db.revisions.count_documents({}) == revisions - db.reports.count_documents({})
    agree(db)


def test_at_once(inbox: Path, start: Start, db: Db) -> None:
    """Of two runs on one source each report is processed by one of them, new and changed ones alike."""
    for sum_, name in ((1, "inserted"), (2, "updated")):
        fill(inbox, sum_)
        both = [start("run", inbox, "--json") for _ in range(2)]
        out = [(process.communicate(), process.returncode) for process in both]
        counts = [json.loads(said) for (said, _), _ in out]
        assert [status for _, status in out] == [0, 0]
        assert sorted(count[name] for count in counts) == [0, 12]
        assert sorted(count["unchanged"] for count in counts) == [0, 12]
        assert sum("is writing into database" in words for (_, words), _ in out) == 1
        assert texts(db) == wanted(sum_)
    sound(db, 24)


# Where the stop does most harm: the last look at the lease has been taken, the write comes next.
MOMENTS = {
    "before the note": "etl.store.coordination.write_intents.open_intent",
    "before the write": "etl.store.reports.report_writes._bulk",
    "before the old revision is kept": "etl.store.reports.revisions.keep_revisions",
    "before the accounts": "etl.store.changelog.reconcile._plan",
    "before the entities": "etl.store.changelog.apply_change._bulk",
}
LOADED = ("before the accounts", "before the entities")


# The first three in every run, all in a long one.
LATE = (
    ("before the write", True),
    ("before the accounts", False),
    ("before the old revision is kept", True),
    ("before the note", False),
    ("before the write", False),
    ("before the entities", False),
    ("before the entities", True),
)


@pytest.mark.fuzz
@pytest.mark.parametrize(("moment", "known"), LATE if is_long() else LATE[:3])
def test_late_holder(inbox: Path, start: Start, db: Db, settings: Settings, moment: str, known: bool) -> None:  # noqa: FBT001
    """A run that slept past its lease, wherever it stood, overwrites nothing when it wakes, and says so."""
    if known:
        ingest([str(inbox)], settings)
        fill(inbox, 2)
    late = start("run", inbox, script=(SLEEPER, MOMENTS[moment]), lease_seconds=0.5)
    asleep(late)
    fill(inbox, 3)
    counts = ingest([str(inbox)], settings).counts
    assert counts.inserted + counts.updated == 12
    late.send_signal(signal.SIGCONT)
    _, words = late.communicate()

    assert (late.returncode, "took its place" in words) == (3, True)
    assert texts(db) == wanted(3)
    assert ingest([str(inbox)], settings).counts.unchanged == 12
    sound(db, 12 + 12 * known + 12 * (moment in LOADED))


@pytest.mark.parametrize("moment", ["before the note", "before the write"])
def test_late_after_removal(inbox: Path, start: Start, db: Db, settings: Settings, moment: str) -> None:
    """Reports that others loaded and took down while a run slept do not come back when it wakes."""
    late = start("run", inbox, script=(SLEEPER, MOMENTS[moment]), lease_seconds=0.5)
    asleep(late)
    ingest([str(inbox)], settings)
    assert delete_reports([found["_id"] for found in db.reports.find({}, {"_id": 1})], settings) == 12
    late.send_signal(signal.SIGCONT)
    _, words = late.communicate()

    assert (late.returncode, "took its place" in words) == (3, True)
    assert maintain(settings, remove=False).findings == ()
    left = {name: db[name].count_documents({}) for name in ("reports", "entities", "revisions", "pending")}
    assert left == {"reports": 0, "entities": 0, "revisions": 0, "pending": 0}


def test_orphaned_worker(inbox: Path, start: Start, db: Db, settings: Settings) -> None:
    """A worker process that outlives its killed run can overwrite nothing, and ends."""
    dead = start(
        "run",
        inbox,
        "--runner",
        "processes",
        script=(SLEEPER, MOMENTS["before the write"]),
        lease_seconds=600,
    )
    until(lambda: stopped_child(dead.pid) is not None)
    worker = stopped_child(dead.pid)
    assert worker
    dead.kill()
    dead.wait()
    fill(inbox, 3)
    assert ingest([str(inbox)], quick(settings, wait_seconds=0.0)).counts.inserted == 12
    os.kill(worker, signal.SIGCONT)

    assert until(lambda: not Path(f"/proc/{worker}").exists())
    assert texts(db) == wanted(3)
    sound(db, 12)


def test_killed_holder(inbox: Path, start: Start, db: Db, settings: Settings, caplog: Any) -> None:  # noqa: ANN401
    """The place of a run that was killed on this host is taken at once, and the log says whose it was."""
    dead = start("run", inbox, script=(SLEEPER, MOMENTS["before the write"]), lease_seconds=600)
    asleep(dead)
    with pytest.raises(UnavailableError, match=f"ingest, process {dead.pid} on host .* is writing into"):
        ingest([str(inbox)], quick(settings, wait_seconds=0.0))
    dead.kill()
    dead.wait()

    assert ingest([str(inbox)], quick(settings, wait_seconds=0.0)).counts.inserted == 12
    assert f"process {dead.pid} on host" in caplog.text
    assert "has died; going on in its place" in caplog.text
    sound(db, 12)
    assert sorted(found["state"] for found in db.runs.find()) == ["done", "failed"]


def test_every_job_waits(inbox: Path, start: Start, db: Db, settings: Settings) -> None:
    """No job begins to write while another is at work; the command line says who is, and leaves with 3."""
    ingest([str(inbox)], settings)
    fill(inbox, 2)
    busy = start("run", inbox, script=(SLEEPER, MOMENTS["before the write"]))
    asleep(busy)
    before = {name: list(db[name].find().sort("_id")) for name in ("reports", "changes", "pending", "runs")}
    now, one = quick(settings, wait_seconds=0.0), report_id(local_uri(str(inbox / "0.txt")))
    jobs: list[Callable[[], object]] = [
        lambda: reprocess("all", now),
        lambda: retry(now),
        lambda: delete_quarantined(now),
        lambda: delete_reports([one], now),
    ]
    for job in jobs:
        with pytest.raises(UnavailableError, match="ETL_RUN__WAIT_SECONDS"):
            job()
    other = start("run", inbox, "--json", wait_seconds=0)
    out, words = other.communicate()
    assert (other.returncode, out, len(words.splitlines())) == (3, "", 1)
    assert {name: list(db[name].find().sort("_id")) for name in before} == before
    busy.send_signal(signal.SIGCONT)
    busy.communicate()
    assert busy.returncode == 0
    sound(db, 24)

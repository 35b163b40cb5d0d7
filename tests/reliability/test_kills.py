"""Real processes, really killed; see also test_faults for every single point."""

import os
import random
import signal
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from tests.reliability import promises, work
from tests.reliability.killing import VICTIMS, database, kill, own, told
from tests.reliability.world import ENDINGS, documents, lines, write
from tests.soak import Trials, is_long
from tests.store.state import agree, state

from etl.settings import Settings

LONG = is_long()
pytestmark = [pytest.mark.mongo, pytest.mark.fuzz, pytest.mark.timeout(2 * 3600 if LONG else 1200)]

REPORTS, KILLS = (500, 30) if LONG else (60, 5)


def fill(inbox: Path, reports: int) -> None:
    """So many reports to load."""
    inbox.mkdir()
    for number in range(reports):
        write(inbox, number, "新")


def run(settings: Settings, inbox: Path, disturb: tuple[str, float] | None = None) -> bool:
    """Load once; whether the run was under way when the victim was killed (after so many seconds)."""
    child = work.start(settings, inbox, told(settings))
    if disturb is None:
        child.join()
        assert child.exitcode == 0
        return False
    victim, moment = disturb
    child.join(moment)
    hit = child.is_alive()
    if hit:
        kill(victim, child, settings)
    child.join()
    assert child.exitcode in {*ENDINGS, -signal.SIGKILL}
    return hit


def test_killed_at_any_moment(tmp_path: Path, seed: int, trials: Trials) -> None:
    """The run, the server or both killed at any moment: the next run ends in the undisturbed database."""
    chance, inbox = random.Random(seed), tmp_path / "in"
    fill(inbox, REPORTS)
    with database(own(tmp_path / "data")) as db:
        run(own(tmp_path / "data"), inbox)  # the first one also starts what later ones find running
        wanted, known = state(db), promises.versions(documents(db))
        began = time.monotonic()
        run(own(tmp_path / "data", "second"), inbox)
        longest = time.monotonic() - began
    assert len(wanted["reports"]) == REPORTS
    while trials.made < KILLS:
        settings = own(tmp_path / "data", f"trial{trials.made}")
        with database(settings) as db:
            for _ in range(min(3, KILLS - trials.made)):
                disturb = (chance.choice(VICTIMS), chance.uniform(0, longest))
                if run(settings, inbox, disturb):
                    with trials.one(f"seed {seed}, {disturb}", f"killed in run: {disturb[0]}"):
                        promises.whole(db, known)
                        promises.kept(db, 0, lines(told(settings)))
            run(settings, inbox)
            promises.same(state(db), wanted)
            agree(db)
    trials.all_held()


def under_way(settings: Settings, inbox: Path) -> BaseProcess:
    """A run that has stored its first batch."""
    child = work.start(settings, inbox, told(settings))
    while not any("inserted" in line for line in lines(told(settings))):
        time.sleep(0.01)
    return child


def test_server_that_restarts(tmp_path: Path) -> None:
    """A run outlives the crash of its server, which is started again: it ends as if nothing had been."""
    settings, inbox = own(tmp_path / "data"), tmp_path / "in"
    fill(inbox, 300)
    with database(settings) as db:
        child = under_way(settings, inbox)
        kill("server", child, settings)
        child.join()
        end = next(line for line in lines(told(settings)) if "state" in line)

        assert (child.exitcode, end["state"], end["left"]) == (0, "done", 0)
        assert db.reports.count_documents({"revision": 1}) == 300
        agree(db)


def test_asked_to_stop(tmp_path: Path) -> None:
    """Asked to end early, a run finishes what is under way, says what is left, and the next one does it."""
    settings, inbox = own(tmp_path / "data"), tmp_path / "in"
    fill(inbox, 300)
    with database(settings) as db:
        child = under_way(settings, inbox)
        assert child.pid
        os.kill(child.pid, signal.SIGTERM)
        child.join()
        end = next(line for line in lines(told(settings)) if "state" in line)
        record = db.runs.find_one({})

        assert (child.exitcode, end["state"]) == (0, "stopped")
        assert db.reports.count_documents({}) + end["left"] == 300
        assert db.pending.count_documents({}) == 0
        assert record
        assert record["message"] == f"{end['left']} reports are left for the next run"
        run(settings, inbox)
        assert db.reports.count_documents({}) == 300

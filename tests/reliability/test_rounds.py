"""Rounds of all jobs over an inbox that changes between them, each job killed or not."""

import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.reliability import job_steps, promises
from tests.reliability.job_steps import JobStep
from tests.reliability.killing import VICTIMS, database, kill, own, told
from tests.reliability.world import ENDINGS, NAMES, lines
from tests.soak import Trials, is_long
from tests.store.made import LONG as SHARED
from tests.store.state import agree

from etl.ingest import maintain
from etl.model.ids import sha256
from etl.settings import Settings
from etl.sources import local_uri
from etl.store.annotations import decisions
from etl.store.driver.connection import Db

LONG = is_long()
pytestmark = [pytest.mark.mongo, pytest.mark.fuzz, pytest.mark.timeout(4 * 3600 if LONG else 1200)]

FILES, KILLS = (60, 60) if LONG else (12, 2)
BAD = b"no report"


@dataclass(slots=True)
class Inbox:
    """A folder of reports that people edit, rename, copy, break and delete."""

    path: Path
    chance: random.Random
    version: int = 1
    written: dict[str, bytes] = field(default_factory=dict)

    def change(self) -> None:
        """Some of it, and now and then the pipeline's version."""
        for one in self.chance.sample(self.files(), len(self.files()) // 4):
            self.chance.choice((self.edit, self.edit, self.rename, self.copy, self.spoil, self.remove))(one)
        while len(self.files()) < FILES:
            self.edit(self.path / f"{self.chance.randrange(10**6)}.txt")
        self.version += self.chance.random() < 0.3

    def files(self) -> list[Path]:
        """What is there."""
        return sorted(self.path.iterdir())

    def edit(self, one: Path) -> None:
        """Write a report anew; some are reprints of each other."""
        names = " ".join(self.chance.sample(NAMES, self.chance.randint(1, 3)))
        day = f"2020-01-{self.chance.randint(1, 28):02}"
        words = f"{self.chance.choice(['', SHARED])}第{self.chance.randrange(10**6)}号"
        self.write(one, f"{names}\n{day}\n{words}".encode())

    def write(self, one: Path, payload: bytes) -> None:
        """Write a file, and remember what it held."""
        one.write_bytes(payload)
        self.written[sha256(payload)] = payload

    def rename(self, one: Path) -> None:
        """Give a file another name."""
        one.rename(one.with_name(f"{self.chance.randrange(10**6)}.txt"))

    def copy(self, one: Path) -> None:
        """The same bytes at two places."""
        shutil.copy(one, one.with_name(f"{self.chance.randrange(10**6)}.txt"))

    def spoil(self, one: Path) -> None:
        """Something that is no report."""
        self.write(one, BAD + str(self.chance.randrange(10**6)).encode())

    def remove(self, one: Path) -> None:
        """Take a file away."""
        one.unlink()


@dataclass(slots=True)
class Rounds:
    """The inbox, its database, and what is done with them."""

    inbox: Inbox
    settings: Settings
    db: Db
    longest: float = 1.0

    def step(self, kind: str) -> JobStep | None:
        """A job of this kind; None where there is nothing to do it with."""
        ids = sorted(found["_id"] for found in self.db.reports.find({}, {"_id": 1}))
        some = self.inbox.chance.sample(ids, min(2, len(ids)))
        if kind in ("delete", "review") and not some:
            return None
        return JobStep(kind, self.inbox.version, tuple(some), self.inbox.chance.random() < 0.5)

    def do(self, step: JobStep, victim: str | None = None) -> bool:
        """Do a job, killed at any moment where there is a victim; whether it was under way then."""
        child = job_steps.start(self.settings, self.inbox.path, told(self.settings), step)
        if victim:
            child.join(self.inbox.chance.uniform(0, self.longest))
        hit = victim is not None and child.is_alive()
        if victim and hit:
            kill(victim, child, self.settings)
        child.join()
        assert child.exitcode in ({*ENDINGS, -signal.SIGKILL} if hit else {0}), child.exitcode
        return hit

    def sound(self) -> None:
        """What may be seen at any moment: no report but one that a file held, of a version that was there."""
        for found in self.db.reports.find():
            payload = self.inbox.written[found["source"]["sha256"]]
            made = [job_steps.restored(payload, n, [])[0] for n in range(1, self.inbox.version + 1)]
            assert found["text"].removesuffix(" 删") in made, f"no version we know: {found}"

    def settled(self) -> None:
        """What holds after a run: each file is one report, as decided, or quarantined; the log has all."""
        self.sound()
        here = {local_uri(str(one)): one.read_bytes() for one in self.inbox.files()}
        stored = {e["source"]["uri"]: e for e in self.db.reports.find() if e["source"]["gone_at"] is None}
        aside = {found["uri"] for found in self.db.quarantine.find({}, {"uri": 1})}
        assert stored.keys() <= here.keys(), stored.keys() - here.keys()
        assert len(stored) == self.db.reports.count_documents({"source.gone_at": None}), (
            "one file, two reports"
        )
        for uri, payload in here.items():
            bad = payload.startswith(BAD)
            assert (uri in aside) is bad, f"{uri}: in quarantine {uri in aside}, bad {bad}"
            if not bad:
                self.as_decided(stored[uri], payload)
        told_of(self.db)
        agree(self.db)

    def as_decided(self, report: Mapping[str, object], payload: bytes) -> None:
        """A report is what this version makes of these bytes and of what people said."""
        said = decisions.decisions_of(self.db, [str(report["_id"])]).get(str(report["_id"]), ())
        wanted, _ = job_steps.restored(payload, self.inbox.version, [one.decision for one in said])
        assert report["text"] == wanted, f"{report['text']}, not {wanted}"


def told_of(db: Db) -> None:
    """The log has each version of each stored report once since it was taken down last; notes are settled."""
    versions: dict[str, Counter[int]] = {}
    for entry in db.changes.find().sort("_id", 1):
        for one in entry["changes"]:
            if one["deleted"]:
                versions[one["report_id"]] = Counter()
            else:
                versions.setdefault(one["report_id"], Counter())[one["revision"]] += 1
    for report in db.reports.find():
        assert versions[report["_id"]] == Counter(range(1, report["revision"] + 1)), report["_id"]
        kept = [found["revision"] for found in db.revisions.find({"report_id": report["_id"]})]
        assert sorted(kept) == list(range(1, report["revision"])), report["_id"]
    assert db.pending.count_documents({}) == 0


def test_rounds_of_all_jobs(tmp_path: Path, seed: int, trials: Trials) -> None:
    """Whatever job is killed and whatever changes meanwhile, the next runs end in what the files say."""
    chance, folder = random.Random(seed), tmp_path / "in"
    folder.mkdir()
    settings, inbox = own(tmp_path / "data"), Inbox(folder, chance)
    inbox.change()
    with database(settings) as db:
        rounds = Rounds(inbox, settings, db)
        began = time.monotonic()
        rounds.do(JobStep("run", inbox.version))
        longest = time.monotonic() - began
        rounds.settled()
    while trials.made < KILLS:
        with database(settings) as db:
            one_round(Rounds(inbox, settings, db, longest), trials, f"seed {seed}, after {trials.made}")
    with database(settings) as db:
        rounds = Rounds(inbox, settings, db)
        rounds.do(JobStep("run", inbox.version))
        rounds.settled()
        maintain(settings)
        assert maintain(settings).findings == ()
        rounds.settled()
    trials.all_held()


def one_round(rounds: Rounds, trials: Trials, what: str) -> None:
    """The inbox changes, then jobs; half of those that were killed are done again before the next change.

    What a person said is always said again: a decision whose report was not made anew is carried out by that.
    """
    chance = rounds.inbox.chance
    rounds.inbox.change()
    for kind in ("run", chance.choice(job_steps.KINDS)):
        step, victim = rounds.step(kind), chance.choice((*VICTIMS, None))
        if step is None:
            continue
        before = rounds.db.reports.count_documents({})
        if not rounds.do(step, victim):
            continue
        with trials.one(f"{what}, {step.kind}, {victim}", f"killed in {step.kind}: {victim}"):
            rounds.sound()
            promises.kept(rounds.db, before, lines(told(rounds.settings)) if kind == "run" else ())
            if kind == "review" or chance.random() < 0.5:
                rounds.do(step)
                if kind == "run":
                    rounds.settled()

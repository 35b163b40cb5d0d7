"""A small database with a history, an inbox that has moved on since, and what must come of the two.

`World.undo` brings the database back to the history; `trial` lets one fault happen and holds the
outcome against the promises. A new promise is a check in `promises`.
"""

import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.reliability import promises, work
from tests.reliability.faults import KILLED, Fault, Shim, held_back
from tests.store.made import LONG
from tests.store.state import COLLECTIONS, agree, state

from etl.settings import Settings
from etl.store.driver.connection import Db, Doc
from etl.store.schema.collections import ensure_schema

STORED = (*COLLECTIONS, "changes", "runs")
NAMES = ("李明", "王芳", "赵六", "钱七", "孙八")
ENDINGS = {0, KILLED, work.UNAVAILABLE}


@dataclass(frozen=True, slots=True)
class World:
    """Where trials happen.

    Attributes:
        history: documents by collection as they were before the run that is disturbed.
        wanted: the state after an undisturbed run.
        known: by report, every version that may be seen.
        calls: calls that the undisturbed run made, by layer.
    """

    settings: Settings
    db: Db
    inbox: Path
    history: Mapping[str, Sequence[Doc]]
    wanted: Mapping[str, Any]
    known: Mapping[str, Sequence[Any]]
    calls: Mapping[str, int]

    def undo(self) -> None:
        """Let the database be as it was before the run."""
        for name in STORED:
            self.db[name].delete_many({})
            if self.history[name]:
                self.db[name].insert_many(self.history[name], bypass_document_validation=True)

    def run(self, fault: Fault | None = None) -> int:
        """Load once in a process of its own; its exit status. A raw error of an engine is none of ours."""
        # Who waits for a server that never comes back waits in vain; else a busy machine needs time.
        store = self.settings.store.model_copy(update={"timeout_seconds": 0.1 if fault else 30.0})
        settings = self.settings.model_copy(update={"store": store})
        child = work.start(settings, self.inbox, self.told, Shim(fault, str(self.inbox)))
        child.join()
        assert child.exitcode in ENDINGS, f"exit status {child.exitcode}"
        return child.exitcode

    @property
    def told(self) -> Path:
        """Where a run says what it was told to be stored."""
        return self.inbox.parent / "told.jsonl"

    def deliver(self) -> None:
        """Let a message that was held back arrive after another run has had its turn."""
        late = held_back(str(self.inbox))
        if not late.exists():
            return
        assert self.run() == 0
        host = self.db.client.address
        assert host
        with socket.create_connection(host) as wire:
            wire.sendall(late.read_bytes())
            wire.recv(1)
        late.unlink()


def small(settings: Settings) -> Settings:
    """One worker, small batches."""
    run = settings.run.model_copy(update={"workers": 1, "batch_bytes": 20_000})
    return settings.model_copy(update={"run": run})


def build(settings: Settings, db: Db, folder: Path, reports: int) -> World:
    """A world of so many reports: two fifths were loaded before, of which half have changed since."""
    ensure_schema(db)
    inbox, old = folder / "in", reports * 2 // 5
    inbox.mkdir()
    for number in range(old):
        write(inbox, number, "旧")
    first = World(small(settings), db, inbox, {}, {}, {}, {})
    assert first.run() == 0
    history = documents(db)
    for number in range(old // 2):
        write(inbox, number, "新")
    (inbox / f"{old - 1:04}.txt").rename(inbox / "moved.txt")
    for number in range(old, reports - 1):
        write(inbox, number, "新")
    (inbox / "bad.txt").write_bytes(b"")
    assert first.run() == 0
    assert db.reports.count_documents({"reprint_of": {"$ne": None}})
    agree(db)
    assert (db.reports.count_documents({}), db.quarantine.count_documents({})) == (reports - 1, 1)
    calls = next(line["calls"] for line in lines(first.told) if "calls" in line)
    known = promises.versions(documents(db))
    return World(first.settings, db, inbox, history, state(db), known, calls)


def write(inbox: Path, number: int, words: str) -> None:
    """One report of three lines; some share names and days, some are reprints of each other."""
    shared = LONG if number % 5 == 3 and number < 500 else ""
    names = " ".join(NAMES[at % len(NAMES)] for at in range(number, number + 1 + number % 3))
    day = f"2020-01-{1 + number % 28:02}" if number % 4 else ""
    (inbox / f"{number:04}.txt").write_text(f"{names}\n{day}\n{words}{number}{shared}", encoding="utf-8")


def documents(db: Db) -> dict[str, list[Doc]]:
    """Everything that is stored."""
    return {name: list(db[name].find()) for name in STORED}


def lines(path: Path) -> list[dict[str, Any]]:
    """What a run told."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def trial(world: World, fault: Fault, again: Fault | None = None) -> None:
    """One fault, perhaps another during recovery, then an undisturbed run; all promises hold throughout."""
    world.undo()
    for each in [fault, *([again] if again else [])]:
        world.run(each)
        world.deliver()
        promises.whole(world.db, world.known)
        promises.kept(world.db, len(world.history["reports"]), lines(world.told))
    assert world.run() == 0, lines(world.told)
    promises.same(state(world.db), world.wanted)

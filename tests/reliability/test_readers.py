import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.reliability import readers, work
from tests.reliability.world import small
from tests.soak import Trials, is_long
from tests.store import made

from etl.ingest import delete_reports
from etl.model.ids import report_id
from etl.settings import Settings
from etl.sources import local_uri
from etl.store.driver.connection import Db
from etl.store.records.report_codec import from_document

LONG = is_long()
pytestmark = [pytest.mark.mongo, pytest.mark.fuzz, pytest.mark.timeout(3600 if LONG else 1200)]

REPORTS, KILLS = (200, 50) if LONG else (30, 5)
NAMES = {"旧": "李明", "新": "王芳"}


def change(inbox: Path, chance: random.Random) -> None:
    """Write a third of the reports anew, in words of which the names follow; some are reprints now or not."""
    for number in chance.sample(range(REPORTS), REPORTS // 3):
        word, day, shared = chance.choice("旧新"), chance.randint(1, 28), chance.choice(["", made.LONG])
        text = f"{NAMES[word]}\n2020-01-{day:02}\n{word}{number} {chance.random()}{shared}"
        (inbox / f"{number}.txt").write_text(text, encoding="utf-8")


def remove(inbox: Path, settings: Settings, chance: random.Random) -> None:
    """Take a report down whose file is removed, too, for good."""
    path = inbox / f"once {chance.random()}.txt"
    path.write_text("李明\n\n旧", encoding="utf-8")
    assert load(inbox, settings) == 0
    path.unlink()
    assert delete_reports([report_id(local_uri(str(path)))], settings) == 1


def reprint(inbox: Path, settings: Settings) -> None:
    """Load a report, then an earlier one with its text: the first is linked without a new revision."""
    for name, year in (("later", 2019), ("earlier", 2018)):
        (inbox / f"{name}.txt").write_text(f"李明\n{year}-01-01\n旧{made.LONG}", encoding="utf-8")
        assert load(inbox, settings) == 0


def load(inbox: Path, settings: Settings) -> int | None:
    """One run; its exit status."""
    child = work.start(settings, inbox, inbox.parent / "told.jsonl")
    child.join()
    return child.exitcode


def copied(folder: Path) -> tuple[list[tuple[str, int, str]], list[tuple[str, int, int]]]:
    """The copy, and what of the feed was dealt with."""
    with closing(sqlite3.connect(folder / "copy.db")) as copy:
        dealt = copy.execute("SELECT id, revision, deleted FROM dealt WHERE revision").fetchall()
        return copy.execute("SELECT id, revision, content FROM copy ORDER BY id").fetchall(), dealt


def test_consumer_that_is_killed(
    settings: Settings, db: Db, tmp_path: Path, seed: int, trials: Trials
) -> None:
    """A consumer of the feed, killed again and again while reports are loaded, ends with the same copy."""
    chance, inbox, patient = random.Random(seed), tmp_path / "in", small(settings)
    inbox.mkdir()
    reader = readers.start(readers.watch, settings, tmp_path)
    consumer = readers.start(readers.follow, settings, tmp_path)
    while trials.made < KILLS:
        change(inbox, chance)
        child = work.start(patient, inbox, tmp_path / "told.jsonl")
        consumer.join(chance.uniform(0, 1))
        with trials.one(f"seed {seed}", "killed: consumer of the feed"):
            assert consumer.is_alive()
        consumer.kill()
        consumer.join()
        consumer = readers.start(readers.follow, settings, tmp_path)
        child.join()
        assert child.exitcode == 0
    reprint(inbox, patient)
    remove(inbox, patient, chance)
    (tmp_path / "end").touch()
    consumer.join()
    reader.join()
    copy, dealt = copied(tmp_path)

    assert (consumer.exitcode, reader.exitcode) == (0, 0)
    assert copy == [
        (one["_id"], one["revision"], readers.said(from_document(one)))
        for one in db.reports.find().sort("_id")
    ]
    assert db.changes.count_documents({"linked": {"$ne": []}})
    written = [(one["_id"], number + 1, 0) for one in db.reports.find() for number in range(one["revision"])]
    assert sorted(one for one in dealt if not one[2]) == sorted([*written, *gone(dealt)])
    assert trials.made == KILLS
    trials.all_held()


def gone(dealt: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Versions of reports that were taken down."""
    down = {one for one, _, deleted in dealt if deleted}
    assert len(down) == 1
    return [row for row in dealt if row[0] in down and not row[2]]

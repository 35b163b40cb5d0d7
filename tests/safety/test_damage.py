"""Files damaged by chance: whatever is left of them is read, or refused with a reason."""

import random
from pathlib import Path

import pytest
from tests.safety import damage
from tests.soak import Trials, is_long

from etl.model.errors import RejectError
from etl.model.report import Candidate, Rejected
from etl.read import read
from etl.settings import load
from etl.sources import fetch, list_candidates
from etl.sources.names import is_archive

LONG = is_long()
pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(3600 if LONG else 300)]
ROUNDS = 3_000 if LONG else 60
LIMITS = load().source


def outcome(folder: Path) -> set[str]:
    """What becomes of all that a folder's archives and files hold: ``read``, or reasons."""
    told = set()
    archives = [str(path) for path in folder.iterdir() if is_archive(path.name)]
    for offer in list_candidates([str(folder), *archives], LIMITS):
        if isinstance(offer, Rejected):
            told.add(offer.reason)
        if isinstance(offer, Candidate):
            try:
                told.add("read" if read(fetch(offer, LIMITS)).text else "nothing")
            except RejectError as error:
                told.add(error.reason)
    return told


@pytest.mark.parametrize("name", damage.SOUND)
def test_damaged_files_are_read_or_refused(name: str, tmp_path: Path, seed: int, trials: Trials) -> None:
    """A file damaged anywhere is read or refused with a reason, and the file beside it is read."""
    chance = random.Random(seed)
    (tmp_path / "sound.txt").write_text(damage.TEXT, encoding="utf-8")
    if name.endswith(".meta.json"):
        (tmp_path / name.removesuffix(".meta.json")).write_text(damage.TEXT, encoding="utf-8")
    for number in range(ROUNDS):
        payload = damage.damaged(name, chance)
        (tmp_path / name).write_bytes(payload)
        with trials.one(f"ETL_SEED={seed}, round {number}", f"damaged bytes: {name}"):
            try:
                told = outcome(tmp_path)
            except Exception as error:
                raise AssertionError(f"{type(error).__name__}: {error}") from error
            assert "read" in told
            assert "nothing" not in told
    assert trials.made == ROUNDS
    trials.all_held()

import random
from pathlib import Path

import pytest
from tests.reliability.faults import FAULTS, ONCE, Fault
from tests.reliability.world import World, build, trial
from tests.soak import Trials, is_long

from etl.settings import Settings
from etl.store.driver.connection import Db

LONG = is_long()
pytestmark = [pytest.mark.mongo, pytest.mark.fuzz, pytest.mark.timeout(6 * 3600 if LONG else 1200)]

REPORTS = 50 if LONG else 12
# Each worker of a long run takes some of the points; a short one chooses among all.
SHARES = range(8 if LONG else 1)


def points(world: World) -> list[Fault]:
    """Every fault at every call of the run."""
    return [
        Fault(layer, kind, number, for_ever)
        for layer, calls in sorted(world.calls.items())
        for number in range(1, calls + 1)
        for kinds, often in ((FAULTS[layer], (False, True)), (ONCE[layer], (False,)))
        for kind in kinds
        for for_ever in often
    ]


def some(faults: list[Fault], chance: random.Random) -> list[Fault]:
    """One of each kind, at any call."""
    kinds = sorted({(fault.layer, fault.kind) for fault in faults})
    return [chance.choice([f for f in faults if (f.layer, f.kind) == kind]) for kind in kinds]


@pytest.mark.parametrize("share", SHARES)
def test_every_failure_point(
    share: int, settings: Settings, db: Db, tmp_path: Path, seed: int, trials: Trials
) -> None:
    """Any call that fails, once or for ever, in a run and in its recovery, leaves nothing wrong behind."""
    world, chance = build(settings, db, tmp_path, REPORTS), random.Random(seed)
    every = points(world)
    for at, fault in enumerate(every[share :: len(SHARES)] if LONG else some(every, chance)):
        again = chance.choice(every) if at % 2 else None
        kind = f"{fault.layer}: {fault.kind}, {'from then on' if fault.for_ever else 'once'}"
        with trials.one(f"seed {seed}, {fault}" + (f", then {again}" if again else ""), kind):
            trial(world, fault, again)
    trials.all_held()
    assert not trials.failed

import random
from pathlib import Path

import pytest
from tests.reliability.faults import DEADLY, FAULTS, Fault
from tests.reliability.world import World, build, trial

from etl.settings import Settings
from etl.store.connection import Db

pytestmark = pytest.mark.mongo

REPORTS = 50


def points(world: World) -> list[Fault]:
    """Every fault at every call of the run."""
    return [
        Fault(layer, kind, number, for_ever)
        for layer, calls in sorted(world.calls.items())
        for number in range(1, calls + 1)
        for kinds, often in ((FAULTS[layer], (False, True)), (DEADLY[layer], (False,)))
        for kind in kinds
        for for_ever in often
    ]


def tried(world: World, faults: list[Fault], seed: int) -> None:
    """Let each fault happen in a run, and every second time another one in the recovery from it."""
    chance, every = random.Random(seed), points(world)
    for at, fault in enumerate(faults):
        again = chance.choice(every) if at % 2 else None
        try:
            trial(world, fault, again)
        except AssertionError as error:
            error.add_note(f"after {fault}" + (f", then {again}" if again else ""))
            raise


def test_some_failure_points(settings: Settings, db: Db, tmp_path: Path, seed: int) -> None:
    """A fault of each kind, at any call of a run, ends in the undisturbed database."""
    world = build(settings, db, tmp_path, 12)
    every = points(world)
    kinds = sorted({(fault.layer, fault.kind) for fault in every})
    chance = random.Random(seed)
    chosen = [chance.choice([f for f in every if (f.layer, f.kind) == kind]) for kind in kinds]
    tried(world, chosen, seed)

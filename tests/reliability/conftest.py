"""Every trial says by which seed it can be had again; `make soak` makes all of them."""

import os
import random

import pytest


@pytest.fixture
def seed() -> int:
    """The seed of this test's choices: ETL_SEED, or a new one, which a failure shows."""
    chosen = int(os.environ.get("ETL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"ETL_SEED={chosen}")  # noqa: T201 - shown with a failure
    return chosen

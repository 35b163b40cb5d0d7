"""Long runs (``make soak``) and how they count: the same tests as in `make test`, with more trials.

A test that tries something many times counts with the fixture `trials`; a property counts its examples.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby

import hypothesis
import pytest

SOAK = "soak"
EXAMPLES = 5_000
FEW = 25


@dataclass(slots=True)
class Trials:
    """What was tried, by kinds of faults, and what did not hold; all of it is told at the end."""

    made: int = 0
    failed: list[str] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    violated: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def one(self, what: str, kind: str) -> Iterator[None]:
        """Count a trial of a kind of fault; an assertion that fails in it does not end the others."""
        self.made += 1
        self.tried[kind] += 1
        try:
            yield
        except AssertionError as error:
            self.violated[kind] += 1
            self.failed.append(f"{what}: {error}")
            print(self.failed[-1], flush=True)  # noqa: T201 - seen at once with -s: a long run takes hours

    def all_held(self) -> None:
        """Fail where a trial has, and where nothing was tried."""
        assert self.made
        assert not self.failed, f"{len(self.failed)} of {self.made}:\n" + "\n".join(self.failed)


def is_long() -> bool:
    """Whether this is a long run; known once hypothesis has its profile, so not in a conftest."""
    return hypothesis.settings.get_current_profile_name() == SOAK


def examples() -> hypothesis.settings:
    """How many examples a property is tried with."""
    return hypothesis.settings(max_examples=EXAMPLES if is_long() else FEW, deadline=None)


def counted(item: pytest.Item, *, passed: bool) -> dict[str, object]:
    """What the table says of a test: its promise, trials and failures."""
    test = getattr(item, "function", item)
    trials: Trials | None = getattr(item, "funcargs", {}).get("trials")
    made = EXAMPLES if hasattr(test, "hypothesis") else 1
    failures = len(trials.failed) if trials else 0
    return {
        "promise": str(test.__doc__ or item.name).split("\n")[0],
        "trials": trials.made if trials and trials.made else made,
        "failures": failures or int(not passed),
        "kinds": {kind: [n, trials.violated[kind]] for kind, n in trials.tried.items()} if trials else {},
    }


def ledger(kinds: Iterable[Mapping[str, tuple[int, int]]]) -> Iterator[str]:
    """Fault, trials, violations: a line for each kind of fault, in the order of words, and their sum."""
    tried, violated = Counter[str](), Counter[str]()
    for one in kinds:
        for kind, (made, failed) in one.items():
            tried[kind] += made
            violated[kind] += failed
    yield f"{'trials':>8}  {'violations':>10}  fault"
    for kind, made in sorted(tried.items()):
        yield f"{made:>8}  {violated[kind]:>10}  {kind}"
    yield f"{tried.total():>8}  {violated.total():>10}  all"


def table(rows: list[dict[str, object]]) -> Iterator[str]:
    """Promise, trials, failures: a line for each promise, in the order of words."""
    yield f"{'trials':>8}  {'failures':>8}  promise"
    ordered = sorted(rows, key=lambda row: str(row["promise"]))
    for promise, group in groupby(ordered, key=lambda row: str(row["promise"])):
        same = list(group)
        made, failed = (sum(int(str(row[name])) for row in same) for name in ("trials", "failures"))
        yield f"{made:>8}  {failed:>8}  {promise}"

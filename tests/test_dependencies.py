import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PAGES = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
# Left out of the lock: what only some installations want, and is large.
NOT_LOCKED: set[str] = set()


def requirements(lines: Iterable[str]) -> dict[str, Requirement]:
    """What is asked for, by its name as an index writes it."""
    found = [Requirement(line) for line in lines]
    return {str(canonicalize_name(one.name)): one for one in found}


OURS = requirements([*PROJECT["dependencies"], *(line for lines in EXTRAS.values() for line in lines)])
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {
    str(canonicalize_name(name)): version
    for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK)
}


@pytest.mark.parametrize("name", OURS)
def test_a_page_says_why(name: str) -> None:
    """Whatever the product leans on is named on a page of docs/decisions."""
    word = re.escape(name).replace(r"\-", "[-_ .]")

    assert re.search(rf"(?i)\b{word}\b", PAGES), f"no page of docs/decisions says why {name} is leaned on"


@pytest.mark.parametrize("name", sorted(OURS.keys() - NOT_LOCKED))
def test_the_lock_keeps_the_bounds(name: str) -> None:
    """The locked version is one that pyproject.toml allows; `make lock` follows each change of a bound."""
    assert name in LOCKED, f"{name} is not in requirements.lock; make it anew with make lock"
    assert OURS[name].specifier.contains(LOCKED[name], prereleases=True), (
        f"requirements.lock has {name} {LOCKED[name]}, pyproject.toml asks for {OURS[name].specifier}"
    )

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


def requirements(lines: Iterable[str]) -> dict[str, Requirement]:
    """What is asked for, by its name as an index writes it."""
    found = [Requirement(line) for line in lines]
    return {str(canonicalize_name(one.name)): one for one in found}


OURS = requirements([*PROJECT["dependencies"], *(line for lines in EXTRAS.values() for line in lines)])


def locked(name: str) -> dict[str, str]:
    """The versions in a lock."""
    lines = re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", (ROOT / name).read_text(encoding="utf-8"))
    return {str(canonicalize_name(package)): version for package, version in lines}


RUN, TESTS = locked("requirements.lock"), locked("requirements-tests.lock")


@pytest.mark.parametrize("name", OURS)
def test_a_page_says_why(name: str) -> None:
    """Whatever the product leans on is named on a page of docs/decisions."""
    word = re.escape(name).replace(r"\-", "[-_ .]")

    assert re.search(rf"(?i)\b{word}\b", PAGES), f"no page of docs/decisions says why {name} is leaned on"


@pytest.mark.parametrize("name", OURS)
def test_the_lock_keeps_the_bounds(name: str) -> None:
    """The locked version is one that pyproject.toml allows; `make lock` follows each change of a bound."""
    assert name in TESTS, f"{name} is in no lock; make them anew with make lock"
    assert OURS[name].specifier.contains(TESTS[name], prereleases=True), (
        f"the lock has {name} {TESTS[name]}, pyproject.toml asks for {OURS[name].specifier}"
    )


def test_tests_run_with_what_runs() -> None:
    """What tests need beside it changes no version of what `make run` installs."""
    assert TESTS.items() >= RUN.items()


def test_large_extras_stay_out() -> None:
    """`make run` installs nothing of what only some want."""
    wanted = requirements([*EXTRAS["embedded"], *EXTRAS["dask"], *PROJECT["dependencies"]])
    assert not (OURS.keys() - wanted.keys()) & RUN.keys()

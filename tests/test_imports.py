from pathlib import Path

import count_imports
import pytest

FILES = count_imports.modules(count_imports.ROOT)
ARROWS = count_imports.arrows(FILES)
# What the store knows beside itself: values, settings and the words for what went wrong, but no stage and no
# engine.
BELOW_STORE = {
    f"etl.{name}"
    for name in (
        "decisions",
        "errors",
        "ids",
        "logins",
        "mentions",
        "model",
        "private",
        "reprints",
        "settings",
        "stages",
        "traced",
    )
}
PACKAGES = ("extraction", "repair", "store")
# The sub-packages of the store from the ground up.
FLOORS = (
    "records",
    "embedded",
    "driver",
    "coordination",
    "blobs",
    "annotations",
    "changelog",
    "reports",
    "schema",
    "query",
    "admin",
)


def test_no_circle() -> None:
    """The packages of the house import each other in one direction."""
    assert not count_imports.circle(count_imports.grouped(ARROWS, 2))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_circle_within(package: str) -> None:
    """The sub-packages of a package import each other in one direction."""
    below = {pair for pair in ARROWS if all(one.startswith(f"etl.{package}.") for one in pair)}
    between = count_imports.grouped(below, 3)

    assert between
    assert not count_imports.circle(between)


def test_the_store_knows_no_stage() -> None:
    """The store imports no engine, no reader and no stage: what it needs of them is passed in."""
    known = {b for a, b in count_imports.grouped(ARROWS, 2) if a == "etl.store"}

    assert known <= BELOW_STORE


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("etl.store.")])
def test_sub_packages_say_what_they_import(name: str) -> None:
    """A module of the store imports only from sub-packages that stand below its own."""
    own = name.split(".")[2]
    used = {b.split(".")[2] for a, b in ARROWS if a == name and b.startswith("etl.store.")}

    assert used <= set(FLOORS[: FLOORS.index(own) + 1])


def test_counts(tmp_path: Path) -> None:
    """An import of a module, of a name, and inside a function is one arrow each; for checkers alone, none."""
    package = tmp_path / "src/etl/store"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "a.py").write_text("from etl.store import b\nfrom etl.store.c import name\n", encoding="utf-8")
    (package / "b.py").write_text("def read():\n    import etl.store.c\n", encoding="utf-8")
    checked = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import etl.store.a\n"
    (package / "c.py").write_text(checked, encoding="utf-8")

    found = count_imports.arrows(count_imports.modules(tmp_path))
    assert found == {
        ("etl.store.a", "etl.store.b"),
        ("etl.store.a", "etl.store.c"),
        ("etl.store.b", "etl.store.c"),
    }
    assert count_imports.circle({*found, ("etl.store.c", "etl.store.a")})

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import count_imports
import pytest

# One worker reads the tree, once.
pytestmark = pytest.mark.xdist_group("imports")
FILES = count_imports.modules(count_imports.ROOT)
# What the store knows beside itself: values, settings and the words for what went wrong, but no stage and no
# engine.
BELOW_STORE = {
    f"etl.{name}"
    for name in (
        "corrections",
        "logins",
        "model",
        "private",
        "reprints",
        "settings",
    )
}
PACKAGES = ("cli", "extraction", "ingest", "read", "repair", "room", "store")
# The house from the ground up: a module or package imports from lines above its own only.
HOUSE = (
    "child_process damage figures layers logins model no_telemetry private text",
    "corrections onnx_session openvino_session reprints rules wrong_settings",
    "extraction normalize read script settings structure view",
    "fingerprint quality repair sentences sources store telemetry",
    "engines export search",
    "pipeline wiring",
    "api isolation trial",
    "ingest",
    "orchestration",
    "in_force",
    "doctor",
    "monitor",
    "web_api",
    "room",
    "cli",
)
LEVELS = {f"etl.{name}": level for level, line in enumerate(HOUSE) for name in line.split()}
# Who may import a package, where that is less than all that stand above it.
IMPORTERS = {
    "orchestration": {"cli", "doctor", "in_force", "monitor"},
    "monitor": {"cli"},
    "room": {"cli"},
    "web_api": {"room"},
    "cli": set[str](),
    "view": {"cli"},
    "trial": {"cli"},
}
PACKAGES_OF_ALL = sorted(name for name, path in FILES.items() if path.name == "__init__.py")
QUOTED = re.compile(r"`([a-z][\w./]+)`", re.ASCII)
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


@cache
def arrows() -> count_imports.Arrows:
    """Who imports whom."""
    return count_imports.arrows(FILES)


def grouped_in_house() -> count_imports.Arrows:
    """The arrows between what stands at the top of the house."""
    return {(a, b) for a, b in count_imports.grouped(arrows(), 2) if "etl" not in (a, b)}


def opening(name: str) -> str:
    """The docstring of a module."""
    return ast.get_docstring(ast.parse(FILES[name].read_text(encoding="utf-8"))) or ""


def defined(package: str) -> set[str]:
    """Names of the functions, classes, constants and fields of a package."""
    paths = [path for name, path in FILES.items() if name == package or name.startswith(f"{package}.")]
    return set[str]().union(*map(defined_in, paths))


@cache
def defined_in(path: Path) -> frozenset[str]:
    """Names of what a module defines; a module belongs to several packages."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    stored = (node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return frozenset(named.union(stored))


def imports_prefect(path: Path) -> bool:
    """Whether a module imports Prefect, also inside functions; for type checkers too."""
    text = path.read_text(encoding="utf-8")
    if "prefect" not in text:
        return False
    names = [
        name
        for node in ast.walk(ast.parse(text))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    ]
    return any(name.split(".")[0] in {"prefect", "prefect_dask"} for name in names)


@pytest.mark.complete
def test_no_circle() -> None:
    """The packages of the house import each other in one direction."""
    assert not count_imports.circle(count_imports.grouped(arrows(), 2))


@pytest.mark.complete
def test_order_of_the_house() -> None:
    """Each module and package at the top has its place in the order, imports only what is below."""
    between = grouped_in_house()

    assert {name for pair in between for name in pair} <= LEVELS.keys()
    assert [pair for pair in between if LEVELS[pair[0]] <= LEVELS[pair[1]]] == []


@pytest.mark.parametrize("package", IMPORTERS)
def test_importers(package: str) -> None:
    """A package that is for some is imported by no others."""
    found = {a.removeprefix("etl.") for a, b in grouped_in_house() if b == f"etl.{package}"}

    assert found <= IMPORTERS[package]


def test_prefect_in_one_place() -> None:
    """Prefect is imported by `etl.orchestration` and by flows, by nothing else of the product."""
    outside = [
        name
        for name, path in FILES.items()
        if not name.startswith("etl.orchestration.") and imports_prefect(path)
    ]

    assert outside == []
    assert imports_prefect(FILES["etl.orchestration.tasks"])


@pytest.mark.complete
@pytest.mark.parametrize("name", PACKAGES_OF_ALL)
def test_packages_say_who_imports_them(name: str) -> None:
    """The opening of each package says what it is for, and what it imports or who may import it."""
    said = opening(name)

    assert name == "etl" or re.search(r"\bimports?\b", said, re.IGNORECASE), (
        f"{name} does not say who may import it"
    )


@pytest.mark.complete
@pytest.mark.parametrize("name", [name for name in PACKAGES_OF_ALL if name != "etl"])
def test_packages_name_what_they_hold(name: str) -> None:
    """The opening of each package names every module and sub-package in it, and nothing that is gone."""
    inside = {one.rpartition(".")[2] for one in FILES if one.rpartition(".")[0] == name}
    quoted = {words: set(re.split(r"[./]", words)) for words in QUOTED.findall(opening(name))}
    known = {word for one in FILES for word in one.split(".")} | defined(name) | defined("etl.api")

    assert inside - set[str]().union(*quoted.values()) == set()
    assert [
        words
        for words, parts in quoted.items()
        if not (parts & known or (count_imports.ROOT / words).exists())
    ] == []


@pytest.mark.complete
@pytest.mark.parametrize("package", PACKAGES)
def test_no_circle_within(package: str) -> None:
    """The sub-packages of a package import each other in one direction."""
    below = {pair for pair in arrows() if all(one.startswith(f"etl.{package}.") for one in pair)}
    between = count_imports.grouped(below, 3)

    assert between
    assert not count_imports.circle(between)


def test_the_store_knows_no_stage() -> None:
    """The store imports no engine, no reader and no stage: what it needs of them is passed in."""
    known = {b for a, b in count_imports.grouped(arrows(), 2) if a == "etl.store"}

    assert known <= BELOW_STORE


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("etl.store.")])
def test_sub_packages_say_what_they_import(name: str) -> None:
    """A module of the store imports only from sub-packages that stand below its own."""
    own = name.split(".")[2]
    used = {b.split(".")[2] for a, b in arrows() if a == name and b.startswith("etl.store.")}

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


@pytest.mark.parametrize(
    ("statement", "unneeded"),
    [
        ("import etl", ("numpy", "pydantic", "typer")),
        (
            "import etl; etl.clean('今天开会。')",
            ("bson", "docx", "lunar_python", "lxml", "prefect", "pymongo", "pypdfium2"),
        ),
        ("import etl.cli.app", ("numpy", "onnxruntime", "prefect", "pydantic", "pymongo")),
        ("import etl.ingest.jobs", ("cryptography", "etl.corrections.requests", "etl.ingest.correcting")),
        (
            "import etl.ingest.correcting",
            ("lunar_python", "numpy", "onnxruntime", "opencc", "prefect", "rjieba"),
        ),
    ],
)
def test_nothing_is_loaded_before_it_is_needed(statement: str, unneeded: tuple[str, ...]) -> None:
    """Texts need no database and no other format, an unchanged run no models, and help neither."""
    code = f"{statement}\nimport sys\nprint(*sorted(set({unneeded!r}) & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []

"""Counts files, lines and imports between the packages of the product.

usage: python benchmarks/count_imports.py [--depth N] [--show PACKAGE] [TREE]

An arrow is a pair of modules of which one imports the other, imports inside functions included, or of
packages, at depth N below ``etl``. Printed for each package are its files and lines, the arrows between its
modules, the arrows between its sub-packages and whether these form a circle; for the house, the arrows
between packages. TREE is another checkout than this one.
"""

import argparse
import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
HOUSE = "etl"
Arrows = set[tuple[str, str]]


def modules(tree: Path) -> dict[str, Path]:
    """The modules of the product by dotted name."""
    found = {}
    for path in sorted((tree / "src" / HOUSE).rglob("*.py")):
        parts = path.relative_to(tree / "src").with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def arrows(files: Mapping[str, Path]) -> Arrows:
    """Which module imports which, each pair once; what only type checkers see does not count."""
    out = set()
    for name, path in files.items():
        for target in _imported(ast.parse(path.read_text(encoding="utf-8")), files):
            if target != name:
                out.add((name, target))
    return out


def _imported(node: ast.AST, files: Mapping[str, Path]) -> Iterable[str]:
    """The modules of the product that a tree imports; of a name in a package the module, where it is one."""
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        return
    if isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            yield from (one for one in [whole if whole in files else node.module] if one in files)
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in files)
    for child in ast.iter_child_nodes(node):
        yield from _imported(child, files)


def grouped(pairs: Arrows, depth: int) -> Arrows:
    """Arrows between packages whose names have ``depth`` parts; within one there is none."""
    cut = {(_cut(a, depth), _cut(b, depth)) for a, b in pairs}
    return {(a, b) for a, b in cut if a != b}


def _cut(name: str, depth: int) -> str:
    return ".".join(name.split(".")[:depth])


def circle(pairs: Arrows) -> str:
    """A circle among the arrows, as text; empty where there is none."""
    graph: defaultdict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        graph[a].add(b)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " → ".join(name.rpartition(".")[2] for name in error.args[1])
    return ""


def rooms(files: Mapping[str, Path], pairs: Arrows, depth: int) -> Table:
    """A row for each package of the first floor that holds more than one module."""
    table = Table(
        "package", "files", "lines", "arrows", "sub-packages", "arrows between", "circle", box=SIMPLE
    )
    for name in sorted({_cut(one, 2) for one in files} - {HOUSE}):
        inside = {one: path for one, path in files.items() if one == name or one.startswith(f"{name}.")}
        own = {(a, b) for a, b in pairs if a in inside and b in inside and name not in (a, b)}
        if len(inside) > 1:
            groups = {_cut(one, depth) for one in inside if one.count(".") >= depth}
            between = grouped(own, depth)
            lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in inside.values())
            row = (len(inside), lines, len(own), len(groups), len(between))
            table.add_row(name, *map(str, row), circle(between) or "none")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tree", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--depth", type=int, default=3, help="parts of a sub-package's name")
    parser.add_argument("--show", metavar="PACKAGE", help="print each arrow between its sub-packages")
    asked = parser.parse_args()
    files = modules(asked.tree)
    pairs = arrows(files)
    screen = Console()
    screen.print(rooms(files, pairs, asked.depth))
    house = grouped(pairs, 2)
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files.values())
    screen.print(
        f"{len(files)} files, {lines} lines, {len(pairs)} arrows between modules, {len(house)} between "
        f"packages; circle: {circle(house) or 'none'}",
        soft_wrap=True,
    )
    if asked.show:
        below = {pair for pair in pairs if all(one.startswith(f"{asked.show}.") for one in pair)}
        for a, b in sorted(grouped(below, asked.depth)):
            screen.print(f"{a} → {b}")


if __name__ == "__main__":
    main()

import ast
from collections.abc import Iterator
from pathlib import Path

import etl

ROOT = Path(etl.__file__).resolve().parent
# Each package or module of extraction, and which of the others it may import.
MAY = {
    "resources": set[str](),
    "context": {"resources"},
    "people": {"context", "resources"},
    "places": {"people", "context", "resources"},
    "organizations": {"people", "places", "context", "resources"},
    "times": {"context", "resources"},
    "amounts": {"context", "resources"},
    "linking": {"context", "resources"},
    "facts": {"context", "resources"},
    "terms": {"resources"},
}
HOUSE = {
    "etl.corrections",
    "etl.engines",
    "etl.layers",
    "etl.model",
    "etl.onnx_session",
    "etl.openvino_session",
    "etl.text",
}


def imported(file: Path) -> Iterator[str]:
    """Names of the house's modules that a file imports, at its top or within a function."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (
                (f"{node.module}.{name.name}" for name in node.names)
                if node.module in {"etl", "etl.extraction"}
                else [node.module]
            )
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def files(name: str) -> list[Path]:
    """Files of a package of extraction, or the one of a module."""
    folder = ROOT / "extraction" / name
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def test_imports_run_one_way() -> None:
    """Packages of extraction import each other in one direction only, as their openings say."""
    found = {
        name: {
            module.split(".")[2]
            for file in files(name)
            for module in imported(file)
            if module.startswith("etl.extraction.")
        }
        - {name}
        for name in MAY
    }

    assert {name: others - MAY[name] for name, others in found.items() if others - MAY[name]} == {}


def test_extraction_leans_on_little() -> None:
    """Of the house extraction takes text, values, corrections, models and, for types, its engines."""
    modules = {module for file in (ROOT / "extraction").rglob("*.py") for module in imported(file)}
    others = {m for m in modules if m.startswith("etl.") and not m.startswith("etl.extraction")}

    assert {m for m in others if not any(m == one or m.startswith(f"{one}.") for one in HOUSE)} == set()


def test_text_is_the_ground_floor() -> None:
    """The package of text imports nothing else of the house."""
    modules = {module for file in (ROOT / "text").rglob("*.py") for module in imported(file)}

    assert {m for m in modules if m.startswith("etl") and not m.startswith("etl.text")} == set()

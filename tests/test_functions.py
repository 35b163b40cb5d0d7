"""A function does one thing: it fits on half a screen. A file holds one idea."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINES, FIELDS, FILE_LINES = 25, 8, 400
FILES = [*sorted((ROOT / "src/etl").rglob("*.py")), *sorted((ROOT / "flows").glob("*.py"))]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a body without its docstring; a record that is filled field by field is one line."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body:
        return 0
    filled = [
        (call.end_lineno or 0) - call.lineno
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and len(call.keywords) >= FIELDS
    ]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 - sum(filled)


def test_functions_are_short() -> None:
    """No function has more lines than fit at a glance."""
    long = {
        f"{path.relative_to(ROOT)}:{one.name}": length(one)
        for path in FILES
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: lines for name, lines in long.items() if lines > LINES} == {}


def test_files_hold_one_idea() -> None:
    """No file of Python has more lines than an idea takes."""
    paths = (path for name in ("src", "tests", "benchmarks", "flows") for path in (ROOT / name).rglob("*.py"))
    lines = {str(path.relative_to(ROOT)): path.read_bytes().count(b"\n") for path in paths}

    assert {name: count for name, count in lines.items() if count > FILE_LINES} == {}

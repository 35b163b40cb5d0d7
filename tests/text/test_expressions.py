"""An expression is compiled once an installation, and matches as if it were compiled now."""

import marshal
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.text import expressions
from etl.text.expressions import Kept

DAY = "(?P<year>[〇一二三四五六七八九]{4})年(?:(?P<month>[一二三]+)月)?(日)?"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "kept.expressions"


@pytest.fixture(autouse=True)
def with_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written, whatever the environment says."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def fill(path: Path) -> None:
    """Compile an expression and write it."""
    first = Kept(path)
    first.compiled(DAY)
    first.write()


def forbid(*_: object) -> None:
    """Stand in for the compiler where nothing may be compiled."""
    raise AssertionError("compiled again")


@pytest.mark.parametrize(
    ("expression", "flags"),
    [(DAY, 0), ("a b # c", re.VERBOSE), ("[a-z]+é", re.IGNORECASE), ("(?s:.)(?<=中)\\d", 0), ("", re.ASCII)],
)
def test_read_from_the_file(path: Path, expression: str, flags: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process compiled is not compiled again, and is the pattern that `re` makes."""
    wanted, first = re.compile(expression, flags), Kept(path)
    assert first.compiled(expression, flags) == wanted
    first.write()
    monkeypatch.setattr(expressions, "_parts", forbid)

    found = Kept(path).compiled(expression, flags)

    assert found == wanted
    assert (found.pattern, found.flags, found.groups) == (wanted.pattern, wanted.flags, wanted.groups)
    assert found.groupindex == wanted.groupindex
    for text in ("二〇二一年三月日", "ab", "Aé", "中5", ""):
        assert [m.groups() for m in found.finditer(text)] == [m.groups() for m in wanted.finditer(text)]


@pytest.mark.parametrize(
    "expression",
    [
        "(?=[一二])(?:一月|二月|[三]月)",
        "(?=[\\d十])(?:(?<=第)\\d+|十)",
        "(?=[一二]月)..(?=[^一])",
        "(?=[^一])二?",
        "(?=[ab])(?i:A)b",
        "(?=[一二])",
        "(?![一二]).",
        "(?=一)一",
        "(?<=[一二])月",
    ],
)
@pytest.mark.parametrize("flags", [0, re.IGNORECASE, re.ASCII])
@given(text=st.text("一二三月第十5٣abAB\n"))
def test_a_look_ahead_makes_the_search_no_other(expression: str, flags: int, text: str) -> None:
    """What begins with a look ahead is found where Python itself finds it, whatever stands in it."""
    made = expressions._pattern(expressions._parts(expression, flags))

    assert [m.span() for m in made.finditer(text)] == [m.span() for m in re.finditer(expression, text, flags)]
    for find in ("match", "fullmatch", "search"):
        found, wanted = getattr(made, find)(text), getattr(re.compile(expression, flags), find)(text)
        assert (found and found.span()) == (wanted and wanted.span())


def test_flags_and_rewriting_are_told_apart(path: Path) -> None:
    """The same expression with other flags, or rewritten by another version, is another one."""
    kept = Kept(path)

    assert kept.compiled("a").fullmatch("A") is None
    assert kept.compiled("a", re.IGNORECASE).fullmatch("A")
    assert kept.compiled("a", 0, str.upper, 1).pattern == "A"
    assert kept.compiled("a", 0, lambda _: "b", 2).pattern == "b"


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"garbage", marshal.dumps(5), marshal.dumps((("another Python", 1), {(DAY, 0, 0): None}))],
)
def test_a_strange_file_counts_as_none(path: Path, content: bytes) -> None:
    """What is broken, or what another Python wrote, is compiled and written anew."""
    path.write_bytes(content)

    fill(path)

    assert Kept(path)._known.keys() == {(DAY, 0, 0)}


def test_two_processes_keep_both(path: Path) -> None:
    """What another process wrote meanwhile stays."""
    first, second = Kept(path), Kept(path)
    first.compiled("甲")
    second.compiled("乙")
    first.write()
    second.write()

    assert {expression for expression, _, _ in Kept(path)._known} == {"甲", "乙"}


def test_the_file_stays_small(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with more expressions than a package has begins anew with those that are used."""
    monkeypatch.setattr(expressions, "MOST_KEPT", 2)
    for expression in ("甲", "乙", "丙"):
        kept = Kept(path)
        kept.compiled(expression)
        kept.write()

    assert {expression for expression, _, _ in Kept(path)._known} == {"丙"}


def test_nothing_is_written_without_bytecode(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python may not write its bytecode, expressions are not kept either."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    fill(path)

    assert not path.exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Where nothing can be written, nothing is kept, and nobody is told."""
    fill(tmp_path / "missing" / "kept.expressions")
    (tmp_path / "kept.expressions").mkdir()
    fill(tmp_path / "kept.expressions")

    assert [path.name for path in tmp_path.iterdir()] == ["kept.expressions"]


def test_a_python_that_compiles_otherwise(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what compiled code is made of, expressions are compiled by `re` alone."""
    monkeypatch.setattr(expressions, "PYTHON", None)
    monkeypatch.setattr(expressions, "_parts", forbid)

    assert Kept(path).compiled(DAY) == re.compile(DAY)
    fill(path)
    assert not path.exists()


def test_no_expression() -> None:
    """What is no expression is refused as `re` refuses it."""
    with pytest.raises(re.error, match="unterminated"):
        expressions.compiled("(一")

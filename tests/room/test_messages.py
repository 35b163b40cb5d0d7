"""Why a form or a query cannot be done, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import etl
from etl.room.messages import GAP, chinese, localize
from etl.room.words import Interface

HOME = Path(etl.__file__).parent
# What forms, queries and the jobs behind them are made of; `typed` is the command line's.
MODULES = [
    *(path for path in (HOME / "corrections").glob("*.py") if path.stem != "typed"),
    *(HOME / "room/pages").glob("*.py"),
    *(HOME / "search").glob("*.py"),
    *(HOME / f"ingest/{name}.py" for name in ("correcting", "jobs", "review")),
    *(HOME / f"store/query/{name}.py" for name in ("client", "review")),
]
ERRORS = {"SetupError", "TransientError", "UnavailableError", "ValueError"}
# Sentences that stand within another message.
PARTS = {"nothing was decided or corrected", "{} holds no longer"}

pytestmark = pytest.mark.complete


def raised() -> Iterator[str]:
    """Yield the messages that these modules raise, with gaps for what is filled in."""
    for path in MODULES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ERRORS and call.args:
                yield from template(call.args[0])


def template(message: ast.expr) -> Iterator[str]:
    """Yield a message with gaps; nothing where it is that of another error."""
    if isinstance(message, ast.Constant):
        yield str(message.value)
    elif isinstance(message, ast.JoinedStr):
        yield "".join(str(p.value) if isinstance(p, ast.Constant) else GAP for p in message.values)


def test_each_message_is_there_in_chinese() -> None:
    """Each message that a form or a query may be answered has a Chinese wording, and no other has one."""
    assert {*raised(), *PARTS} == set(chinese())


@pytest.mark.parametrize("message", sorted(chinese()))
def test_a_message_in_chinese_keeps_its_values(message: str) -> None:
    """A wording uses only what the message fills in, and no word of the message is left in it."""
    values = [f"<{number}>" for number in range(message.count(GAP))]
    said = localize(message.replace(GAP, "%s") % tuple(values), Interface("zh"))

    assert said == chinese()[message].format(*values)
    assert localize(message, Interface("en")) == message


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("the paragraph reads so already", "本段文字没有变化"),
        ("nothing was decided or corrected; see `etl review ab12`", "没有可以撤回的决定或更正（报告ab12）"),
        ("found x; kinds of entities are person, place", "没有“x”这一实体类别；类别有：人物、地点"),
        ("what nobody has translated", "what nobody has translated"),
    ],
)
def test_a_visitor_reads_why(message: str, said: str) -> None:
    """A Chinese visitor reads a message and the names in it in Chinese; an unknown one stays as it is."""
    assert localize(message, Interface("zh")) == said

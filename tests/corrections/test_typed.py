"""Words that a person types name one place of the text, or the message shows the places."""

from collections.abc import Callable

import pytest
from tests.corrections.made import TEXT, make

from etl.corrections import typed
from etl.corrections.requests import (
    ChangeText,
    CorrectionRequest,
    JoinParagraphs,
    SetEntity,
    SetKind,
    SplitParagraph,
)
from etl.corrections.values import EntityType
from etl.errors import SetupError
from etl.model import Report

AT = make(TEXT).text.index
PERSON: tuple[EntityType, int, int] = ("person", AT("李明"), AT("李明") + 2)
Call = Callable[[Report], CorrectionRequest]

ASKED: dict[str, tuple[Call, CorrectionRequest]] = {
    "change": (lambda r: typed.change(r, "张丰", "张三丰"), ChangeText(AT("张丰"), AT("张丰") + 2, "张三丰")),
    "split": (lambda r: typed.split(r, "100个，", "李明"), SplitParagraph(AT("李明"))),
    "join": (lambda r: typed.join(r, "很好。", "张丰"), JoinParagraphs(AT("\n张丰"))),
    "kind": (lambda r: typed.kind(r, "第二段", "note"), SetKind(AT("第二段"), "note")),
    "wider": (
        lambda r: typed.entity(r, "李明主任", "person", {}),
        SetEntity(AT("李明"), AT("李明") + 4, "person", PERSON, {}),
    ),
    "which": (
        lambda r: typed.change(r, "。", "！", (AT("。\n第"), AT("。\n第") + 3)),
        ChangeText(AT("。\n第"), AT("。\n第") + 1, "！"),
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_words_for_offsets(name: str) -> None:
    """Words are found where they stand."""
    call, asked = ASKED[name]

    assert call(make(TEXT)) == asked


def test_several_places() -> None:
    """Where words stand at several places, these are shown; where at none, that is said."""
    with pytest.raises(SetupError, match=r"“。” stands at 3 places \(52: 出席了仪式并讲话。⏎"):
        typed.change(make(TEXT), "。", "！")
    with pytest.raises(SetupError, match="stands nowhere in the text"):
        typed.change(make(TEXT), "没有的话", "！")

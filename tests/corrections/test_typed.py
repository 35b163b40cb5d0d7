"""Words that a person types name one place of the text, or the message shows the places."""

from collections.abc import Callable

import pytest
from tests.corrections.made import TEXT, at, make

from etl.corrections import typed
from etl.corrections.requests import (
    ChangeText,
    CorrectionRequest,
    JoinParagraphs,
    SetEntity,
    SetKind,
    SplitParagraph,
)
from etl.model.errors import SetupError
from etl.model.report import Report

Call = Callable[[Report], CorrectionRequest]

ASKED: dict[str, tuple[Call, Callable[[], CorrectionRequest]]] = {
    "change": (
        lambda r: typed.request_change(r, "张丰", "张三丰"),
        lambda: ChangeText(at("张丰"), at("张丰") + 2, "张三丰"),
    ),
    "split": (lambda r: typed.request_split(r, "100个，", "李明"), lambda: SplitParagraph(at("李明"))),
    "join": (lambda r: typed.request_join(r, "很好。", "张丰"), lambda: JoinParagraphs(at("\n张丰"))),
    "kind": (lambda r: typed.request_kind(r, "第二段", "note"), lambda: SetKind(at("第二段"), "note")),
    "wider": (
        lambda r: typed.request_entity(r, "李明主任", "person", {}),
        lambda: SetEntity(at("李明"), at("李明") + 4, "person", ("person", at("李明"), at("李明") + 2), {}),
    ),
    "which": (
        lambda r: typed.request_change(r, "。", "！", (at("。\n第"), at("。\n第") + 3)),
        lambda: ChangeText(at("。\n第"), at("。\n第") + 1, "！"),
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_words_for_offsets(name: str) -> None:
    """Words are found where they stand."""
    call, asked = ASKED[name]

    assert call(make(TEXT)) == asked()


def test_several_places() -> None:
    """Where words stand at several places, these are shown; where at none, that is said."""
    with pytest.raises(SetupError, match=r"“。” stands at 3 places \(52: 出席了仪式并讲话。⏎"):
        typed.request_change(make(TEXT), "。", "！")
    with pytest.raises(SetupError, match="stands nowhere in the text"):
        typed.request_change(make(TEXT), "没有的话", "！")

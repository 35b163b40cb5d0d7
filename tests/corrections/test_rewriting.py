"""A paragraph that was rewritten becomes few changes, which make of it what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.corrections.made import TEXT, ask, make

from etl.corrections.requests import ChangeText, CorrectionRequest, SplitParagraph
from etl.corrections.rewriting import rewrite_requests
from etl.model.errors import SetupError
from etl.model.report import ReportParagraph

OLD = "张丰说，今天下雨了，大家都很高兴。"
MADE: dict[str, tuple[str, list[CorrectionRequest]]] = {
    "two words": (
        "张三丰说，今天下雪了，大家都很高兴。",
        [ChangeText(11, 11, "三"), ChangeText(17, 18, "雪")],
    ),
    "a line end": ("张丰说，今天下雨了，\n大家都很高兴。", [SplitParagraph(20)]),
    "a mark and a line end": (
        "张丰说，今天下雨了。\r\n大家都很高兴。",
        [SplitParagraph(20), ChangeText(19, 20, "。")],
    ),
    "words and a line end": (
        "张丰说，今天下雨了，好。\n\u3000那么大家都很高兴。",
        [SplitParagraph(20), ChangeText(19, 20, "，好。"), ChangeText(20, 21, "那么大")],
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_rewritten(name: str) -> None:
    """Each changed stretch is a change; a line end begins a paragraph, before words are changed."""
    new, asked = MADE[name]

    assert list(rewrite_requests(ReportParagraph("body", OLD, 10, 10 + len(OLD)), new)) == asked


@pytest.mark.parametrize("name", MADE)
def test_what_was_typed_is_read(name: str) -> None:
    """The report reads as it was typed."""
    text = TEXT[: TEXT.index("张丰")] + OLD
    before = make(text)
    new = MADE[name][0].replace("\r\n", "\n").replace("\n\u3000", "\n")
    made = make(text, ask(before, text, *rewrite_requests(before.paragraphs[-1], MADE[name][0])))

    assert made.text == before.text[: before.paragraphs[-1].start] + new


@given(st.text("甲乙丙", min_size=1, max_size=9), st.text("甲乙丙", max_size=9))
def test_changes_make_the_other(old: str, new: str) -> None:
    """Carried out from behind, the changes make of the one text the other."""
    paragraph = ReportParagraph("body", old, 0, len(old))
    if old == new:
        with pytest.raises(SetupError, match="reads so already"):
            rewrite_requests(paragraph, new)
        return
    for one in reversed(rewrite_requests(paragraph, new)):
        assert isinstance(one, ChangeText)
        old = old[: one.start] + one.text + old[one.end :]
    assert old == new

"""What people correct is done at its place, whatever the rest of the report becomes."""

from collections.abc import Callable
from typing import get_args

import pytest
from tests.corrections.made import TEXT, ask, at, make, sound

from etl.corrections.entities import KINDS
from etl.corrections.requests import (
    ChangeText,
    CorrectionRequest,
    JoinParagraphs,
    SetEntity,
    SetKind,
    SplitParagraph,
)
from etl.model.errors import SetupError
from etl.model.mentions import EntityType
from etl.model.report import Report
from etl.rules import cards


def change(old: str, new: str, report: Report | None = None) -> ChangeText:
    """Another word for one that stands once."""
    at = (report.text if report else make(TEXT).text).index(old)
    return ChangeText(at, at + len(old), new)


def states(report: Report) -> list[str]:
    """What became of each correction."""
    return [one.state for one in report.corrections]


def test_a_word() -> None:
    """A word is replaced; what is the same in both keeps its place in the raw text; the ledger tells."""
    found = sound(make(TEXT, ask(make(TEXT), TEXT, change("张丰", "张三丰"))), TEXT)
    at = found.text.index("张三丰")
    (line,) = [one for one in found.edits if one.stage == "correct"]

    assert [found.raw_span(at + k, at + k + 1) for k in (0, 2)] == [
        (TEXT.index("张丰") + k, TEXT.index("张丰") + k + 1) for k in (0, 1)
    ]
    assert (line.rule, line.before, line.after, line.applied, line.decided) == (
        "correction",
        "",
        "三",
        True,
        True,
    )
    assert "person:张三丰" in found.entity_keys
    assert [(one.by, one.note, found.text[one.start : one.end]) for one in found.corrections] == [
        ("李芳", "读过原件", "张三丰")
    ]


def test_a_mark_that_stands_for_several() -> None:
    """A part of what normalization made of several characters is replaced; the whole keeps its place."""
    text = "张丰说，今天下雨了...大家都很高兴。"
    at = make(text).text.index("…")
    found = sound(make(text, ask(make(text), text, ChangeText(at + 1, at + 2, "！"))), text)

    assert found.text == "张丰说，今天下雨了…！大家都很高兴。"
    assert found.raw_span(at, at + 2) == (text.index("..."), text.index("...") + 3)


def test_put_in_and_left_out() -> None:
    """Characters are put in between two others, also at the ends of a paragraph, and words left out."""
    end = len(make(TEXT).text)
    asked = (ChangeText(at("第二段"), at("第二段"), "【"), ChangeText(end, end, "】"), change("很好", ""))
    found = sound(make(TEXT, ask(make(TEXT), TEXT, *asked)), TEXT)

    assert "\n【第二段说天气。\n" in found.text
    assert found.text.endswith("高兴。】")


def test_a_paragraph_left_out() -> None:
    """Where nothing is left of a paragraph, it is gone."""
    found = sound(make(TEXT, ask(make(TEXT), TEXT, change("第二段说天气很好。", ""))), TEXT)

    assert len(found.paragraphs) == len(make(TEXT).paragraphs) - 1


def test_paragraphs() -> None:
    """A paragraph is cut, two are joined, one becomes a heading; the title follows what is a title."""
    asked = (
        SplitParagraph(at("李明")),
        JoinParagraphs(at("第二段")),
        SetKind(at("第二段"), "heading"),
        SetKind(0, "body"),
    )
    found = sound(make(TEXT, ask(make(TEXT), TEXT, *asked)), TEXT)

    assert [(one.kind, one.text[:3]) for one in found.paragraphs] == [
        ("body", "关于防"),
        ("body", "202"),
        ("body", "李明主"),
        ("heading", "第二段"),
    ]
    assert found.title == ""
    assert [(one.before, one.after) for one in found.edits if one.stage == "correct"] == [
        ("", "\n"),
        ("\n", ""),
    ]


def test_what_the_head_says() -> None:
    """A corrected byline and date line give the authors and the day."""
    text = "春耕忙\n\n记者 王小明\n\n2020年3月5日\n\n今天，村里人都下地干活去了，一直干到天黑才回家。"
    plain = make(text)
    found = make(text, ask(plain, text, change("王小明", "王晓明", plain), change("3月5日", "3月6日", plain)))

    assert (plain.authors, plain.published_on) == (("王小明",), "2020-03-05")
    assert (found.authors, found.published_on) == (("王晓明",), "2020-03-06")


def test_new_bytes() -> None:
    """Where the bytes changed elsewhere, everything is done at its new place."""
    asked = (
        change("张丰", "张三丰"),
        change("……", "，"),
        SplitParagraph(at("李明")),
        JoinParagraphs(at("第二段")),
    )
    said = ask(make(TEXT), TEXT, *asked)
    text = "新的第一行说了很多别的话，与下面的无关。\n\n" + TEXT.replace("天气很好", "天气不好")
    found = sound(make(text, said), text)

    assert states(found) == ["made"] * 4
    assert "100个，\n李明主任出席了仪式并讲话。\n第二段说天气不好。张三丰说，今天下雨了，大家" in found.text
    assert "lost corrections" not in found.review_reasons


LOST: dict[str, tuple[str, Callable[[], CorrectionRequest], str]] = {
    "other words": (TEXT.replace("张丰", "赵六"), lambda: change("张丰", "张三丰"), "赵六"),
    "gone": (TEXT[: TEXT.index("第二段")], lambda: change("张丰", "张三丰"), "gone from the raw text"),
    "several": (TEXT + "\n" + TEXT, lambda: change("张丰", "张三丰"), "cannot be told from others"),
    "no paragraph": (
        TEXT.replace("话。\n第二段", "话，第二段"),
        lambda: SetKind(at("第二段"), "heading"),
        "no paragraph begins there",
    ),
    "an entity": (
        TEXT.replace("李明", "王红"),
        lambda: SetEntity(at("李明"), at("李明") + 2, "organization"),
        "王红",
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_no_longer_fits(name: str) -> None:
    """A correction whose place is gone does nothing; the report says which, why, and waits for a person."""
    text, asked, reason = LOST[name]
    if name == "several":
        text = "前言说了一些话。\n\n" + text
    found = sound(make(text, ask(make(TEXT), TEXT, asked())), text)

    assert states(found) == ["no longer fits"]
    assert reason in str(found.corrections[0].reason)
    assert found.text == make(text).text
    assert found.needs_review
    assert "lost corrections" in found.review_reasons


def test_within_furniture() -> None:
    """A correction in a line that a rule takes out by now does no longer fit; the line does not come back."""
    body = "这一页说的是村子里的事情，大家都来帮忙，没有人说累，一直干到天黑才回家。"
    seasons = enumerate("春夏秋冬年", 1)
    parts = [(f"绛县简报　　第{k}期", f"{season}{body}\n\n{season}{body}") for k, season in seasons]
    plain = f"{parts[1][1]}\n\n{parts[2][0]}\n\n{parts[2][1]}\n"
    text = "\f".join(f"{head}\n\n{page}\n\n— {k} —\n" for k, (head, page) in enumerate(parts, 1))
    before = make(plain)
    found = sound(make(text, ask(before, plain, change("简报", "快报", before))), text)

    assert "第3期" not in found.text
    assert states(found) == ["no longer fits"]
    assert found.corrections[0].reason == "its place is no longer in the restored text"


def test_needless() -> None:
    """Where the text reads so by itself, as its source was corrected, nothing is done and nobody is asked."""
    said = ask(make(TEXT), TEXT, change("张丰说", "张三丰说"), JoinParagraphs(at("第二段")))
    text = TEXT.replace("张丰", "张三丰").replace("很好。\n\n", "很好。")
    found = sound(make(text, said), text)

    assert states(found) == ["needless", "needless"]
    assert [one for one in found.edits if one.stage == "correct"] == []
    assert "lost corrections" not in found.review_reasons


def test_one_over_the_other() -> None:
    """A correction of corrected words holds while the first one does; without it, it no longer fits."""
    first = ask(make(TEXT), TEXT, change("张丰说", "张三丰讲"))
    once = make(TEXT, first)
    second = ask(once, TEXT, change("三丰讲", "三丰谈", once), after=1)
    both = sound(make(TEXT, [*first, *second]), TEXT)
    alone = sound(make(TEXT, second), TEXT)

    assert "张三丰谈，今天" in both.text
    assert states(both) == ["made", "made"]
    assert states(alone) == ["no longer fits"]
    assert alone.text == make(TEXT).text


def test_two_at_one_place() -> None:
    """Of two corrections that overlap, made of the same text, the first is done, the second fits no more."""
    said = ask(make(TEXT), TEXT, change("张丰说", "张三丰讲"), change("丰说", "飞说"))
    found = sound(make(TEXT, said), TEXT)

    assert "张三丰讲，今天" in found.text
    assert states(found) == ["made", "no longer fits"]


REFUSED: dict[str, tuple[Callable[[], CorrectionRequest], str]] = {
    "nothing new": (lambda: change("张丰", "张丰"), "stands there already"),
    "a line end": (lambda: change("张丰", "张\n丰"), "by a split"),
    "over paragraphs": (lambda: ChangeText(at("第二段") - 2, at("第二段") + 1, ""), "join paragraphs first"),
    "outside": (lambda: ChangeText(10**6, 10**6, "啊"), "found offset"),
    "an empty half": (lambda: SplitParagraph(at("第二段")), "on both sides"),
    "the last one": (lambda: JoinParagraphs(at("张丰")), "the last one"),
    "the same kind": (lambda: SetKind(0, "title"), "already"),
    "no kind": (lambda: SetKind(0, "poem"), "kinds of paragraphs are"),  # type: ignore[arg-type]
    "no entity": (lambda: SetEntity(at("天气"), at("天气") + 2, None), "is no entity already"),
    "no such value": (
        lambda: SetEntity(at("李明"), at("李明") + 2, "person", values={"code": "1"}),
        "a person has",
    ),
    "no number": (
        lambda: SetEntity(at("李明"), at("李明") + 2, "money", values={"value": "1e99"}),
        "15 digits",
    ),
    "gone entity": (lambda: SetEntity(0, 2, "person", ("person", 0, 3)), "look again"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """What cannot be done is refused at once, with what to do."""
    asked, message = REFUSED[name]
    with pytest.raises(SetupError, match=message):
        ask(make(TEXT), TEXT, asked())


def test_the_whole_text_stays() -> None:
    """Nobody can leave out all of a report."""
    text = "今天下雨了。"
    with pytest.raises(SetupError, match="etl delete"):
        ask(make(text), text, ChangeText(0, len(text), ""))


def test_the_card_tells_the_truth() -> None:
    """The example of the card is what a person's word makes of it, and the other text is left."""
    card = cards()["correction"]
    said = ask(make(card.given), card.given, change("张丰说", "张三丰说", make(card.given)))

    assert make(card.given, said).text == card.becomes
    assert make(card.kept, said).text == card.kept


def test_every_kind_of_entity_can_be_said() -> None:
    """The kinds that a person may name are those that mentions have."""
    assert set(get_args(EntityType)) == set(KINDS)

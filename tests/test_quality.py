import re
import tomllib
from pathlib import Path

import pytest

from etl.api import clean, process
from etl.model.report import Report
from etl.normalize import unreadable
from etl.read.mojibake import undo

CASES = Path(__file__).parent / "cases" / "repair"
SENTENCE = re.compile("^[^：“第（一二三\n][^：“\n]{28,}。$", re.MULTILINE)
REPORT = "石桥县防汛指挥部通报：7月12日普降大雨，各乡镇已转移群众三百余人。"


def report(text: str) -> Report:
    """The report of a text."""
    return process(text.encode())


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (REPORT, ()),
        ("他去过São Paulo、Curaçao和Besançon，花了××××元。", ()),
        ("姓沈\ue320的先生来了，大家都很高兴。", ()),
        (REPORT + "党员(cid:1117)(cid:2040)千余名。", ("unreadable characters",)),
        (REPORT + "党员\ufffd千余名。", ("unreadable characters",)),
        ("石锟斤拷锟截凤拷汛指锟接诧拷通锟斤拷锟斤拷，各乡镇转移群众。", ("unreadable characters",)),
        (REPORT + "\ue000\ue001\ue002\ue003", ("unreadable characters",)),
        (REPORT.encode().decode("latin-1"), ("misread encoding",)),
        (REPORT.encode().decode("gbk", "replace"), ("misread encoding", "unreadable characters")),
    ],
)
def test_why_a_report_waits(text: str, reasons: tuple[str, ...]) -> None:
    """What nobody can read, and what had been misread, asks for a person's eye; nothing else does."""
    found = report(text)

    assert found.review_reasons == reasons
    assert found.needs_review == bool(reasons)
    assert (found.quality.unreadable > 0) == ("unreadable characters" in reasons)


def test_share_of_unreadable_characters() -> None:
    """The share is of the characters of the text, and never rounded to nothing."""
    assert report("党员(cid:11)千余名。").quality.unreadable == pytest.approx(8 / 14, abs=1e-4)
    assert report(REPORT * 700 + "\ufffd").quality.unreadable == pytest.approx(1e-4)


def test_the_ledger_keeps_what_was_misread() -> None:
    """A stretch that was undone is a line of the ledger, at the place where its truth stands now."""
    misread = REPORT.encode().decode("latin-1")
    raw, _ = undo(f"通报如下。\n{misread}")
    first = report(f"通报如下。\n{misread}").edits[0]

    assert (first.stage, first.rule, first.before, first.after) == ("read", "mojibake", misread, REPORT)
    assert raw[first.start : first.end] == REPORT
    assert clean(misread).text == REPORT


def test_a_glyph_without_a_name_stays_as_it_is() -> None:
    """No rule touches what stands for an unreadable character, so that it can be counted and found."""
    text = "全县共有党员(cid:1117)千余名，比上年增加\ufffd百名。"

    assert clean(text).text == text
    assert unreadable(text) == 11


def test_what_is_too_tangled_is_not_moved_and_waits() -> None:
    """The halves of many sentences, all first ones before all second ones, stay; a person is told so."""
    texts = [
        case.get("expected") or case["text"]
        for name in ("columns", "cuts", "undamaged")
        for case in tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    ]
    sentences = dict.fromkeys(SENTENCE.findall("\n".join(texts)))
    first, second = (
        [one[: len(one) // 2] for one in sentences],
        [one[len(one) // 2 :] for one in sentences],
    )
    found = report("\n".join([*first, *second]))

    assert "too tangled" in found.review_reasons
    assert not any(change.rule == "moved column" for change in found.edits if change.applied)

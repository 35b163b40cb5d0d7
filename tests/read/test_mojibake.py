import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import LIMIT, exponent

from etl.read.encoding import decode
from etl.read.mojibake import UNDOERS, Found, undo

REPORT = "石桥县防汛指挥部通报：7月12日普降大雨，各乡镇已转移群众三百余人。"
TRADITIONAL = "據民意調查，全縣水利工程建設情況良好，投資3.5億元。"
# Frequent characters of both scripts, as reports put them together.
WORDS = "的一是在了人有中大全县镇村省领导干部群众国会经济发展工作，。、：“”0123縣導幹區國會經濟發專"


def as_windows(payload: bytes) -> str:
    """Bytes as browsers read Windows-1252: what it leaves free is a control character."""
    return "".join(
        bytes([byte]).decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252") for byte in payload
    )


@pytest.mark.parametrize("text", [REPORT, TRADITIONAL])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5"])
def test_a_report_read_as_latin_comes_back(text: str, codec: str) -> None:
    """UTF-8, GB18030 and Big5 that were read as Latin-1 or Windows-1252 are read anew."""
    if codec == "big5" and text is REPORT:
        text = TRADITIONAL
    for misread in (text.encode(codec).decode("latin-1"), as_windows(text.encode(codec))):
        assert undo(misread) == (text, ((misread, text),))


@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("会议昨日召开。\n", "\n全文如下"), ("石桥县：", "")]
)
def test_a_part_that_was_misread_comes_back(before: str, after: str) -> None:
    """What stands around a misread stretch stays as it is, and the ledger gets the stretch alone."""
    misread = as_windows(REPORT.encode())
    text, undone = undo(before + misread + after)

    assert text == before + REPORT + after
    assert undone == ((misread, REPORT),)


def test_twice_misread() -> None:
    """A text that went through two wrong hands comes back whole."""
    assert undo(as_windows(as_windows(REPORT.encode()).encode()))[0] == REPORT


def test_utf8_read_as_gbk() -> None:
    """UTF-8 read as GBK comes back, with one U+FFFD for each character that lost a byte."""
    text, _ = undo("会议昨日召开，" + REPORT.encode().decode("gbk", "replace") + "全文如下")
    whole = REPORT.encode().decode("gb18030", "ignore").encode("gb18030").decode("utf-8", "ignore")

    assert text.startswith(
        "会议昨日召开，石桥县防汛指挥部通报\ufffd7\ufffd12日普降大\ufffd，各乡镇已转移群众三百余人"
    )
    assert text.endswith("全文如下")
    assert "石桥县防汛指挥部通报" in whole


@given(st.text(WORDS, min_size=12, max_size=60))
def test_any_misread_prose_comes_back(text: str) -> None:
    """Prose of frequent characters survives being read as Windows-1252, and stays when it was not."""
    assert undo(as_windows(text.encode()))[0] == text
    assert undo(text) == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        "他去过 São Paulo、Curaçao、Besançon 和 Málaga",
        "Pelé——球王；Beyoncé……歌手；“Amélie”“”",
        "schön für Müller, Ångström, Žižek, Łódź",
        "增长5％±0.5℃，×××同志，©2020 §3 ¶ µm",
        "全县共有党员(cid:1117)��千余名，锟斤拷锟斤拷",
        "鐵路、鎮長、鋼鐵、鏈條與鍾錶",
    ],
)
def test_what_is_right_or_lost_stays(text: str) -> None:
    """Letters of Europe, signs and what nobody can bring back are left alone."""
    assert undo(text) == (text, ())


def test_decoding_tells_what_it_undid() -> None:
    """A file whose text went through a wrong encoding is decoded to the text, and says so."""
    misread = as_windows(REPORT.encode())
    decoded = decode(f"通报\n{misread}\n".encode())

    assert decoded.text == f"通报\n{REPORT}\n"
    assert decoded.encoding.undone == ((misread, REPORT),)


@pytest.mark.parametrize("undoer", UNDOERS)
def test_undoing_is_linear(undoer: Callable[[str], Iterator[Found]]) -> None:
    """The time for a text is in proportion to its length."""
    for unit in ("é", "é—", "Ã", "Ã©", "ç³æ", "锛", "锛\ufffd", "鐭虫ˉ", "Ê¯", "é ", "é\n", "锛\n", "â€"):
        small, large = unit * 4_000, unit * 32_000

        assert exponent(lambda text: sum(1 for _ in undoer(text)), small, large, 8) < LIMIT, unit


@pytest.mark.shared
def test_undamaged_texts_stay(shared: Path) -> None:
    """In texts of seven kinds nothing is undone."""
    with gzip.open(shared / "bench" / "harm" / "texts.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            assert undo(row["text"])[1] == (), row["id"]

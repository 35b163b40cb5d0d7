import gzip
import json
import random
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC
from tests.growth import seconds

from etl.model.errors import RejectError
from etl.read.encoding import decode
from etl.read.mojibake import undo

CASES = Path(__file__).resolve().parents[1] / "cases" / "read" / "encodings.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
PAIRS = [
    pytest.param(
        row["text"] * row.get("repeat", 1) + row.get("tail", ""),
        codec,
        id=f"{row['why']}, {codec}",
        marks=[pytest.mark.xfail(raises=RejectError)] if row["label"] == "known_failure" else [],
    )
    for row in ROWS
    for codec in row["codecs"]
]
# Frequent characters of both scripts, and what stands between them.
WORDS = (
    "的一是在了人有中大全县镇村省领导干部群众国会经济发展工作，。、：“”\n 0123456789县縣導幹區國會經濟發專"
)


@pytest.mark.parametrize(("text", "codec"), PAIRS)
def test_a_text_is_decoded_exactly(text: str, codec: str) -> None:
    """The text comes back, under a codec that gives it back, with a certainty above a half."""
    decoded = decode(text.encode(codec))

    assert decoded.text == text
    assert text.encode(codec).decode(decoded.encoding.name) == text
    assert 0.5 < decoded.encoding.confidence <= 1


def test_marks_make_it_certain() -> None:
    """A byte order mark decides, and is not part of the text."""
    for codec in ("utf-8-sig", "utf-16", "utf-32"):
        decoded = decode("县".encode(codec))

        assert (decoded.text, decoded.encoding.confidence) == ("县", 1.0)
    assert decode(b"\xfe\xff" + "县".encode("utf-16-be")).text == "县"


@given(
    st.text(WORDS, min_size=12, max_size=60), st.sampled_from(("utf-8", "gb18030", "utf-16-le", "utf-16-be"))
)
def test_frequent_characters_are_never_mistaken(text: str, codec: str) -> None:
    """A dozen frequent characters are decoded exactly, whatever their order."""
    ideographs = sum(character > "\u4e00" for character in text)
    if ideographs < len(text) // 2:
        text += "各级党组织"

    assert decode(text.encode(codec)).text == text


@given(st.text(max_size=80).filter(lambda text: not any(c < " " or c == "\x7f" for c in text)))
def test_utf8_is_never_taken_for_less(text: str) -> None:
    """UTF-8 with a mark gives back any text without control characters, but what had been misread."""
    assert decode(text.encode("utf-8-sig")).text == undo(text)[0]


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_give_a_text_or_a_reason(payload: bytes) -> None:
    """No bytes make anything but a text without 0x00, or a RejectError of two reasons."""
    try:
        decoded = decode(payload)
    except RejectError as error:
        assert (error.stage, error.reason) in {("read", "encoding"), ("read", "binary")}  # noqa: PT017
    else:
        assert "\0" not in decoded.text
        assert not any("\ud800" <= character <= "\udfff" for character in decoded.text)
        assert payload.decode(decoded.encoding.name) == decoded.text


def test_broken_utf8_does_not_become_gb18030() -> None:
    """UTF-8 that lost bytes is refused; its bytes make characters of GB18030 that no text consists of."""
    text = "全县各级党组织和广大党员干部迅速行动，投入防汛抢险第一线。"
    for lost in range(1, 3):
        for start in (0, 7, 20):
            payload = text[start:].encode()[lost:]

            with pytest.raises(RejectError) as caught:
                decode(payload)

            assert caught.value.reason == "encoding"
            assert "utf-8" in str(caught.value)


def test_a_zero_byte_anywhere_is_binary() -> None:
    """A 0x00 byte makes a text binary, also behind a mark and far behind what decides the encoding."""
    text = "全县各级党组织迅速行动。" * 500
    for payload in (text.encode(), text.encode("gb18030"), text.encode("utf-8-sig"), text.encode("utf-16")):
        wide = b"\0\0" if payload.startswith(b"\xff\xfe") else b"\0"

        with pytest.raises(RejectError) as caught:
            decode(payload + wide)

        assert caught.value.reason == "binary"


def test_a_declared_encoding_is_evidence() -> None:
    """What a page claims decides a tie and is overruled where its bytes say otherwise."""
    assert decode("绛县通报".encode(), declared="gb2312").encoding.name == "utf-8"
    assert decode("绛县通报".encode("gb18030"), declared="utf-8").encoding.name == "gb18030"
    assert decode(b"12", declared="no-such-codec").encoding.name == "utf-8"


def test_plain_utf8_is_fast() -> None:
    """UTF-8 is not looked at as anything else: decoding takes a few times what the codec alone takes."""
    payload = ("全县各级党组织和广大党员干部迅速行动。\n" * 100_000).encode()

    assert min(seconds(decode, payload) / seconds(bytes.decode, payload) for _ in range(5)) < 20


@pytest.mark.shared
def test_short_slices_of_real_text(shared: Path) -> None:
    """Of real text, 999 of 1000 slices of 8 characters and more are decoded exactly in every encoding."""
    with gzip.open(shared / "corpus" / "gov_reports_to_2014.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [p for line, _ in zip(lines, range(60), strict=False) for p in json.loads(line)["paragraphs"]]
    chance, house = random.Random(7), OpenCC("s2tw")
    wrong = total = 0
    for number in range(1500):
        length = (8, 12, 40, 400)[number % 4]
        text = chance.choice([text for text in texts if len(text) >= length][:2000])
        start = chance.randrange(len(text) - length + 1)
        piece = text[start : start + length]
        if not any("\u4e00" <= character <= "\u9fff" for character in piece):
            continue
        for codec, truth in (
            *((codec, piece) for codec in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")),
            ("big5hkscs", house.convert(piece).encode("big5hkscs", "ignore").decode("big5hkscs")),
        ):
            total += 1
            wrong += _text(truth.encode(codec)) != truth

    assert total > 6000
    assert wrong <= total // 1000


def _text(payload: bytes) -> str | None:
    try:
        return decode(payload).text
    except RejectError:
        return None


GBK_LINE = "县水利局二月三日报告，水库水位下降。"
BIG5_LINE = "本會訂於三月開會，請各位代表準時出席。"
UTF8_LINE = "石桥县防汛通报，各乡镇已转移群众三百余人。"


@pytest.mark.parametrize(("line", "codec"), [(GBK_LINE, "gb18030"), (BIG5_LINE, "big5hkscs")])
def test_lines_in_two_encodings(line: str, codec: str) -> None:
    """A file to which lines in another encoding were appended is read line by line, and says so."""
    payload = f"{UTF8_LINE}\n\n".encode() + f"{line}\n".encode(codec) + UTF8_LINE.encode()
    found = decode(payload)

    assert found.text == f"{UTF8_LINE}\n\n{line}\n{UTF8_LINE}"
    assert found.encoding.name == f"utf-8 + {codec}"


@pytest.mark.parametrize("flaw", [b"\xb5", b"\xe7\x9f", b"\xff\xfe"])
def test_a_flaw_is_no_second_encoding(flaw: bytes) -> None:
    """A broken line refuses the file: it reads well in no encoding."""
    with pytest.raises(RejectError):
        decode(f"{UTF8_LINE}\n".encode() + UTF8_LINE[:4].encode() + flaw + "通报\n".encode())


def test_seven_bits() -> None:
    """HZ is read where its escapes hold Chinese, and left where they are signs of something else."""
    assert decode(f"{GBK_LINE}\n{GBK_LINE}".encode("hz")).text == f"{GBK_LINE}\n{GBK_LINE}"
    assert decode(b"for x in ~{abcd~}: pass").text == "for x in ~{abcd~}: pass"


def test_signs_that_the_standard_moved() -> None:
    """Signs of vertical text in GB 18030 are themselves, not private characters."""
    assert decode(GBK_LINE.encode("gb18030") + bytes.fromhex("a6d9a6daa6db")).text == f"{GBK_LINE}︐︒︑"

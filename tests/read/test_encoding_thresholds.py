"""Every length, share and likelihood by which an encoding is told has bytes on each side of it."""

import pytest
from tests.thresholds import Edges, divides

from etl.model.errors import RejectError
from etl.read import encoding
from etl.read.encoding import decode
from etl.read.likelihood import floor, score
from etl.read.mojibake import undo

# Characters of Chinese whose bytes in GBK are valid as UTF-8, too.
BOTH = "全一展同平要业前通示斯为委十系强目实水席路习色式指时施支员元源品统院取学山位之小" * 6
# A half of a character, which no UTF-16 has.
HALF = b"\x00\xd8"


def is_gbk(count: int) -> bool:
    """Whether so many characters are taken for what is likely, not for what is valid."""
    return decode(BOTH[:count].encode("gbk")).encoding.name == "gb18030"


def broken(faults: int) -> bool:
    """Whether sixty units with so many faults are UTF-16."""
    return encoding._broken_utf16("水".encode("utf-16-le") * (60 - faults) + HALF * faults)


def is_text(letters: int) -> bool:
    """Whether a control character among so many letters is a flaw of a text."""
    try:
        decode(b"\x01" + b"a" * letters)
    except RejectError:
        return False
    return True


def plausible(text: str) -> bool:
    """Whether a text of rare characters is Chinese."""
    return score(text)[1] > floor(len(text))


def looked_at(before: int) -> bool:
    """Whether a byte so far before the first one beyond ASCII is looked at."""
    return encoding._sample(b"b" + b"a" * (before - 1) + "水".encode())[0].startswith(b"b")


def favored(text: str) -> bool:
    """Whether a page in GB 18030 that declares Big5 is read as it declares."""
    return decode(text.encode("gb18030"), "big5").encoding.name == "big5hkscs"


def wrongly(text: str, codec: str = "utf-8", times: int = 1) -> str:
    """Return a text that was decoded as Latin-1 so many times."""
    for _ in range(times):
        text = text.encode(codec).decode("latin-1")
    return text


def undone(times: int) -> bool:
    """Whether a text that went through so many wrong hands is found."""
    return undo(wrongly("石桥水库大坝", times=times))[0] == "石桥水库大坝"


def as_gbk(text: str) -> bool:
    """Whether a text in UTF-8 that was read as GBK is found: every other character begins one of GBK."""
    return undo(text.encode().decode("gbk"))[0] == text


def restored(text: str) -> bool:
    """Whether a text in GB 18030 that was read as Latin-1 is found."""
    return undo(wrongly(text, "gb18030"))[0] == text


def among_letters(count: int) -> bool:
    """Whether two words of eight bytes with so many letters between them are one stretch of GB 18030."""
    return restored(f"石桥水库{'a' * count}石桥水库")


EDGES: Edges = {
    "encoding CERTAIN_UTF8": (is_gbk, (200,), (201,)),
    "encoding ONE_FAULT_IN": (broken, (4,), (5,)),
    "encoding CONTROL_SHARE": (is_text, (49,), (48,)),
    "encoding BEFORE": (looked_at, (64,), (66,)),
    # GB 18030 is the likelier reading, by 6.4 in log-odds of the first text and by 8.7 of the second.
    "encoding DECLARED": (favored, ("箭刚拜出",), ("丽款谋環",)),
    "likelihood SHORT_TEXT_SLACK": (plausible, ("ü〡",), ("ü龘",)),
    "mojibake _TIMES": (undone, (3,), (4,)),
    "mojibake _LETTERS": (restored, ("居足空",), ("紧勢干",)),
    "mojibake _IDEOGRAPHS": (restored, ("好言土",), ("线老",)),
    "mojibake _AT_LEAST": (as_gbk, ("石桥水库大坝加高",), ("石桥水库大坝",)),
    "mojibake _HIGH_SHARE": (among_letters, (24,), (25,)),
}


@pytest.mark.parametrize("number", EDGES)
def test_numbers_divide(number: str) -> None:
    """What stands on the one side of a number is told from what stands on the other."""
    assert divides(*EDGES[number])


@pytest.mark.parametrize(
    ("text", "written", "read", "confidence"),
    [
        ("康破", "utf-16-le", "utf-16-le", 0.4717),
        ("電結", "gb18030", "utf-8", 0.6061),
        ("载智權乘", "utf-16-be", "gb18030", 0.4511),
        ("沒救", "utf-16-be", "utf-16-be", 0.4310),
    ],
)
def test_encodings_are_weighed(text: str, written: str, read: str, confidence: float) -> None:
    """Bytes that several encodings make sense of are as sure as what is known of files before allows."""
    found = decode(text.encode(written)).encoding

    assert found.name == read
    assert found.confidence == pytest.approx(confidence, abs=0.001)

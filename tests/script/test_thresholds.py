"""Every number by which a script is told, and a text converted, has a text on each side of it.

A row of `EDGES` is a question, what still holds and what no longer does.
"""

import pytest
from tests.thresholds import Edges, divides

from etl.script import conversion, detection, names, words

SIMPLIFIED, TRADITIONAL, SHARED = "国", "國", "山"
TAIWAN, HONG_KONG = "捷運", "港鐵"


def shared(gap: int) -> bool:
    """Whether two changed characters, so many others between them, share a line of the ledger."""
    text = f"{SIMPLIFIED}{SHARED * gap}{SIMPLIFIED}"
    return len(list(conversion._aligned(text, text.replace(SIMPLIFIED, TRADITIONAL), 0))) == 1


def mixed(simplified: int) -> bool:
    """Whether so many of a hundred telling characters are part of a traditional text."""
    return detection.detect(SIMPLIFIED * simplified + TRADITIONAL * (100 - simplified)).script == "mixed"


def wholly(traditional: int, simplified: int) -> bool:
    """Whether a text of so many telling characters needs no conversion."""
    return detection.is_wholly_traditional(TRADITIONAL * traditional + SIMPLIFIED * simplified)


def region(*signs: str, size: int = 100, behind: int = 0) -> str | None:
    """The region of a traditional text of a size whose signs end so far behind it."""
    told = "".join(signs)
    return detection.detect(f"{TRADITIONAL * (size + behind - len(told))}{told}").region


def from_taiwan(taiwan: int, hong_kong: int) -> bool:
    """Whether so many signs of Taiwan stand against those of Hong Kong."""
    return region(*[TAIWAN] * taiwan, *[HONG_KONG] * hong_kong) == "tw"


def from_hong_kong(hong_kong: int, taiwan: int) -> bool:
    """Whether so many signs of Hong Kong stand against those of Taiwan."""
    return region(*[TAIWAN] * taiwan, *[HONG_KONG] * hong_kong) == "hk"


def named(name: str) -> bool:
    """Whether a name in a character that only names have is found as a whole."""
    text = f"，{name}。"
    return (1, 1 + len(name)) in names.named_spans(text)


def bridged(size: int) -> bool:
    """Whether a phrase of so many characters that ends within a word loses against the word."""
    text = "甲乙丙丁戊己庚辛壬癸"
    phrase, changed = text[:size], text[: size - 1] + "変"
    found = words._Bridge(text, lambda part: part.replace(phrase, changed), (0, size - 1, 10))
    return found.is_torn(size - 1, "変", (size - 1, 10))


def taken(before: int) -> bool:
    """Whether a phrase that begins so far before a word takes the word's own form away."""
    text = "甲乙丙丁戊己庚辛壬癸"
    phrase = text[5 - before : 7]

    def convert(part: str) -> str:
        return part if phrase in part or part == "己" else part.replace("己", "変")

    return words._Bridge(text, convert, (0, 5, 7, 10)).is_torn(5, "己", (5, 7))


EDGES: Edges = {
    "conversion _NEAR": (shared, (15,), (16,)),
    "detection _SHARE": (mixed, (15,), (14,)),
    "detection _DOUBTLESS": (wholly, (5, 0), (4, 0)),
    "detection is_wholly_traditional": (wholly, (25, 1), (24, 1)),
    "detection _PAGES": (lambda behind: region(*[TAIWAN] * 41, size=20_000, behind=behind), (0,), (4,)),
    "detection _SIGN_EVERY": (lambda size: region(TAIWAN, size=size), (500,), (501,)),
    "detection _region tw": (from_taiwan, (3, 1), (2, 1)),
    "detection _region hk": (from_hong_kong, (3, 1), (2, 1)),
    "names NAME_LENGTHS shortest": (named, ("薛旂",), ("旂",)),
    "names NAME_LENGTHS longest": (named, ("薛應旂",), ("薛應旂甲",)),
    "words BRIDGE_REACH": (taken, (3,), (4,)),
    "words _LONGEST": (bridged, (6,), (7,)),
}


@pytest.mark.parametrize("number", EDGES)
def test_numbers_divide(number: str) -> None:
    """What stands on the one side of a number is told from what stands on the other."""
    assert divides(*EDGES[number])

"""Tabulate what OpenCC's dictionaries say about single characters, once a process, through OpenCC itself.

Converting character by character keeps phrases out. A new table is one more function with a cache.
"""

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from etl.text.expressions import compiled
from etl.text.folding import COMMON, Folding, characters

# What a character tells of the script of its text.
SIMPLIFIED, TRADITIONAL = 1, 2
LAST_COMMON = COMMON[-1][-1]
# A form of OpenCC's phrases that neither region writes, and the one that both do: 人蔘.
PLAIN_FORM = ("蔘", "參")
# Simplified in phrases alone: 土坏, 回覆, 沈默.
_IN_PHRASES = "坏沈覆瞭藉甦哩衹"
# What OpenCC normalizes, and ideographs that no table here is asked for.
_BEYOND = "\uf900-\ufaff\U00010000-\U0010ffff"
# Counties with 乾; 著 that writes or is known, where OpenCC reads the 着 of what goes on, which 看著有人 has.
_KEPT = re.compile(
    "乾(?=安?[县縣])|(?<=[原譯译专專遺遗土名巨論论拙編编合卓昭显顯])著"
    "|(?<![\u3400-\u9fff])著(?=有)|著(?=有(?:[績绩貢贡]|[功成][績绩勞劳就效]))"
)


def keep_meant(text: str, converted: str) -> str:
    """Put back into a simplified text the 著 of 原著, which is no 着, and the 乾 of 乾县, which is no 干.

    ``text`` is the traditional original; where the lengths differ, ``converted`` is returned as it is.
    """
    if len(text) != len(converted) or not any(char in text for char in "著乾"):
        return converted
    out = list(converted)
    for match in _KEPT.finditer(text):
        out[match.start()] = text[match.start()]
    return "".join(out)


@lru_cache(maxsize=1)
def common_forms() -> Folding:
    """Return OpenCC's standard forms that Taiwan and Hong Kong both write another way: 爲 to 為.

    Left out are forms that OpenCC's own test cases expect of its standard conversion.
    """
    taiwan, hong_kong = characters("t2tw"), characters("t2hk")
    shared = {old: new for old, new in taiwan.items() if hong_kong.get(old) == new and old not in "喫皁祕癡"}
    return Folding(str.maketrans(shared))


@lru_cache(maxsize=1)
def simplifiable() -> re.Pattern[str]:
    """Return an expression for the characters that OpenCC may simplify, on their own or within a phrase.

    A text without them is the same afterwards, whatever region it comes from.
    """
    return compiled(f"[{''.join(characters('t2s'))}{_IN_PHRASES}{_BEYOND}]")


@lru_cache(maxsize=1)
def telling_characters() -> NDArray[np.uint8]:
    """Return an array by code point: `SIMPLIFIED`, `TRADITIONAL` or their sum where a character tells it.

    No traditional text uses a simplified one: traditional has another form, and Big5 lacks this one. For
    traditional ones the same holds with GB 2312. The last entry stands for all code points beyond.
    """
    tells = np.zeros(LAST_COMMON + 2, dtype=np.uint8)
    for script, config, encoding in ((SIMPLIFIED, "s2t", "big5"), (TRADITIONAL, "t2s", "gb2312")):
        tells[[ord(c) for c in characters(config) if not _in(c, encoding)]] += script
    return tells


def _in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True

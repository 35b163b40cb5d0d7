"""Tabulate what OpenCC's dictionaries say about single characters, once a process, through OpenCC itself.

Converting character by character keeps phrases out. A new table is one more function with a cache.
"""

import re
from functools import lru_cache

from etl.text.folding import characters

# Forms of OpenCC's phrases that neither region writes: 人蔘.
PLAIN_FORMS = str.maketrans({"蔘": "參"})
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
def common_forms() -> dict[int, str]:
    """Return OpenCC's standard forms that Taiwan and Hong Kong both write another way: 爲 to 為.

    Left out are forms that OpenCC's own test cases expect of its standard conversion.
    """
    taiwan, hong_kong = characters("t2tw"), characters("t2hk")
    shared = {old: new for old, new in taiwan.items() if hong_kong.get(old) == new and old not in "喫皁祕癡"}
    return str.maketrans(shared)


@lru_cache(maxsize=1)
def only_simplified() -> frozenset[str]:
    """Return characters no traditional text uses: traditional has another form, and Big5 lacks this one."""
    return frozenset(c for c in characters("s2t") if not _in(c, "big5"))


@lru_cache(maxsize=1)
def only_traditional() -> frozenset[str]:
    """Return characters no simplified text uses: simplified has another form, and GB 2312 lacks this one."""
    return frozenset(c for c in characters("t2s") if not _in(c, "gb2312"))


def _in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True

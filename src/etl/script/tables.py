"""What OpenCC's dictionaries say about single characters, read once a process through OpenCC itself.

Asking character by character keeps phrase tables out. A new table is one more function with a cache.
"""

from functools import cache, lru_cache

from opencc import OpenCC

# Stands between pieces that no phrase may bridge; no dictionary holds it.
SEPARATOR = "\x1e"
_BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))


@cache
def characters(config: str) -> dict[str, str]:
    """The ideographs that an OpenCC configuration changes on their own, each with its new form."""
    every = [chr(code) for start, stop in _BLOCKS for code in range(start, stop + 1)]
    forms = str(OpenCC(config).convert(SEPARATOR.join(every))).split(SEPARATOR)
    return {old: new for old, new in zip(every, forms, strict=True) if old != new}


@lru_cache(maxsize=1)
def common_forms() -> dict[int, str]:
    """OpenCC's standard forms that Taiwan and Hong Kong both write another way, with that way: 爲 to 為.

    Forms that OpenCC's own cases hold in its standard direction stay.
    """
    taiwan, hong_kong = characters("t2tw"), characters("t2hk")
    shared = {old: new for old, new in taiwan.items() if hong_kong.get(old) == new and old not in "喫皁祕癡"}
    return str.maketrans(shared)


@lru_cache(maxsize=1)
def only_simplified() -> frozenset[str]:
    """Characters that no traditional text uses: traditional has another form, and Big5 lacks this one."""
    return frozenset(c for c in characters("s2t") if not _in(c, "big5"))


@lru_cache(maxsize=1)
def only_traditional() -> frozenset[str]:
    """Characters that no simplified text uses: simplified has another form, and GB 2312 lacks this one."""
    return frozenset(c for c in characters("t2s") if not _in(c, "gb2312"))


def simplify(text: str) -> str:
    """The text in simplified characters, each on its own and as long as it was; for looking words up."""
    return text if text.isascii() else text.translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    return str.maketrans(characters("t2s"))


def _in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True

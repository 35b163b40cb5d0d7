"""Replace radicals and compatibility ideographs by the ideographs that they stand for.

Programs that write PDFs name a glyph after the radical that shares it (⼯⽬ for 工目), and fonts of Korea
and Japan name some ideographs after their compatibility twins. Done: radicals of Kangxi in running text;
those of the supplement that are whole characters (⻓ ⻋ ⻢); compatibility ideographs that Unicode calls
canonically equal. Not done: radicals in a table of radicals (⺮ 竹字头), components that are no character
(⺡ ⻌). A whole character of the supplement is one more entry in `SUPPLEMENT`.
"""

import unicodedata
from collections.abc import Iterator

from etl.model.traced import Edit
from etl.normalize.context import HAN_CLASS
from etl.text.expressions import compiled

# Blocks of Unicode, with the ideograph that each member is equal to.
SUPPLEMENT = dict(
    zip(
        "⺎⺏⺐⺒⺓⺝⺟⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "兀尣尢巳幺月母民虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
KANGXI = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
# Print of simplified text names these glyphs after the radical, whose own ideograph is the traditional one.
_SIMPLIFIED = {"⼾": "户", "⾭": "青", "⿈": "黄"}
_TWINS = range(0xF900, 0xFAE0), range(0x2F800, 0x2FA20)
COMPATIBLE = {
    chr(code): unicodedata.normalize("NFC", chr(code))
    for block in _TWINS
    for code in block
    if unicodedata.decomposition(chr(code))
}
FORMS = KANGXI | SUPPLEMENT

_TWIN = compiled("[\uf900-\ufadf\U0002f800-\U0002fa1f]")
_RADICAL = compiled("[\u2e80-\u2fd5]")
# A stretch of ideographs, some of them perhaps radicals.
_STRETCH = compiled(f"[{HAN_CLASS}\u2e80-\u2fd50-9]+")
# Radicals as such: what tables and teachers of them say.
_TABLE = compiled("部首|偏旁|字头|字頭|字底|字旁|笔画|筆畫|笔顺|筆順")
# A number before a heading stands alone: ⼀、
_NUMBER = compiled("[⼀⼆⼋⼗]+(?=[、．.])|(?<=[（(])[⼀⼆⼋⼗]+(?=[）)])")
_TRADITIONAL = compiled("[們為國個來時會對發這學關縣區長門間車東業與員點當從動見開]")
_TRADITIONAL_RADICAL = compiled("[⾒⾞⻑⾨⾴⾵⾶⾺⿂⿃⿆⿐⿓]")
# So many radicals in the order of their table are the table.
_ROW = 3


def write_ideographs(text: str) -> Iterator[Edit]:
    """Yield edits that write ideographs in the place of radicals and compatibility ideographs.

    >>> [e.replacement for e in write_ideographs("⼯作⽬标")], list(write_ideographs("⽔ ⽕ ⽊"))
    (['工', '目'], [])
    """
    for twin in _TWIN.finditer(text):
        if twin.group() in COMPATIBLE:
            yield Edit(twin.start(), twin.end(), COMPATIBLE[twin.group()], "compatibility ideograph")
    if not _RADICAL.search(text):
        return
    forms = FORMS if _is_traditional(text) else FORMS | _SIMPLIFIED
    position = 0
    for line in text.split("\n"):
        for start, end in _stretches(line):
            for radical in _RADICAL.finditer(line, start, end):
                if form := forms.get(radical.group()):
                    at = position + radical.start()
                    yield Edit(at, at + 1, form, "radical")
        position += len(line) + 1


def _is_traditional(text: str) -> bool:
    return bool(_TRADITIONAL.search(text) or _TRADITIONAL_RADICAL.search(text))


def _stretches(line: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a line where radicals stand for ideographs: in prose, or as a heading's number."""
    if not _RADICAL.search(line) or _TABLE.search(line):
        return
    for stretch in _STRETCH.finditer(line):
        number = _NUMBER.match(line, stretch.start())
        if _is_prose(stretch.group()) or (number and number.end() == stretch.end()):
            yield stretch.span()


def _is_prose(stretch: str) -> bool:
    """Check whether a stretch is prose: not one character alone, and no row of radicals in table order."""
    if len(stretch) == 1:
        return False
    others = len(_RADICAL.sub("", stretch))
    codes = [ord(c) for c in stretch]
    return others > 0 or len(stretch) < _ROW or codes != sorted(codes)

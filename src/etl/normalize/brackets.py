"""Set half-width brackets full width where they hold or touch Chinese.

Done: pairs, also where only one of the two is half width; list numbers 1) and (1) before Chinese.
Not done: pairs of an English sentence, calls such as f(x), addresses, file names, faces such as :).
`_is_chinese_pair` decides which pairs count as Chinese.
"""

import re
from collections.abc import Iterator

from etl.model.traced import Edit
from etl.normalize.context import HAN, Protected, after, before, is_chinese, is_shared, latin_run

_BRACKET = re.compile(r"[()（）\n]")
_HALF = re.compile(r"[()]")
_FULL = {"(": "（", ")": "）"}
# Before the place asked about: one or two digits, and nothing that they would belong to before them.
_NOT_ITS_OWN = "(?<![A-Za-z0-9(（.])"
_LIST_NUMBER = re.compile(rf"(?<={_NOT_ITS_OWN}\d)|(?<={_NOT_ITS_OWN}\d\d)")
# Brackets deeper than this pair with nothing, which keeps hostile input linear.
_DEPTH = 8


def widen_brackets(text: str) -> Iterator[Edit]:
    """Yield edits that widen half-width brackets.

    >>> [(e.start, e.replacement) for e in widen_brackets("世卫组织(WHO)宣布")]
    [(4, '（'), (8, '）')]
    """
    if not _HALF.search(text) or not HAN.search(text):
        return
    protected = Protected(text)
    pairs, single = _pairs(text)
    widened = -1
    for opening, closing in sorted(pairs):
        if opening in protected or closing in protected:
            continue
        if widened == opening - 1 >= 0 or _is_chinese_pair(text, opening, closing):
            widened = closing
            yield from (_widen(text, at) for at in (opening, closing) if text[at] in _FULL)
    for at in single:
        if text[at] in _FULL and at not in protected and _is_chinese_single(text, at):
            yield _widen(text, at)


def _pairs(text: str) -> tuple[list[tuple[int, int]], list[int]]:
    """Return the offsets of brackets that pair within a line, whatever their width, and of all others."""
    pairs: list[tuple[int, int]] = []
    single: list[int] = []
    stack: list[int] = []
    for match in _BRACKET.finditer(text):
        at, character = match.start(), match.group()
        if character in "(（":
            stack.append(at)
            if len(stack) > _DEPTH:
                single.append(stack.pop(0))
        elif character == "\n":
            single += stack
            stack.clear()
        elif stack:
            pairs.append((stack.pop(), at))
        else:
            single.append(at)
    return pairs, single + stack


def _is_chinese_pair(text: str, opening: int, closing: int) -> bool:
    if text[opening] not in _FULL or text[closing] not in _FULL:
        return True
    holds_chinese = HAN.search(text, opening, closing) is not None
    left, at = before(text, opening)
    right, _ = after(text, closing + 1)
    touches = text[closing + 1 : closing + 2]
    if is_chinese(left) or (is_shared(left) and (holds_chinese or is_chinese(touches))):
        return True
    if not left:
        return holds_chinese or is_chinese(touches)
    if not holds_chinese:
        return at < opening and is_chinese(touches)
    words, after_chinese = latin_run(text, at)
    return after_chinese or is_chinese(right) or (words == 1 and at == opening)


def _is_chinese_single(text: str, at: int) -> bool:
    """Check whether a bracket without a partner belongs to Chinese, by the characters that touch it."""
    left, right = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] == "(":
        return is_chinese(right) and (is_chinese(left) or not left)
    if _LIST_NUMBER.match(text, at):
        return is_chinese(right)
    return is_chinese(left)


def _widen(text: str, at: int) -> Edit:
    return Edit(at, at + 1, _FULL[text[at]], "brackets")

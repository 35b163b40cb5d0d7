"""A change of the ledger as a sentence in the language of the visitor.

English is what `etl.rules.explain` says. A new kind of repair needs a case in `_deed` for Chinese.
"""

from etl import rules
from etl.decisions import REPAIR_KINDS
from etl.room.words import Words
from etl.rules import explain
from etl.traced import Change


def sentence(change: Change, words: Words) -> str:
    """What was done, where, and why.

    >>> sentence(Change("normalize", "punctuation", 3, 4, ",", "，", 1.0), Words("zh"))
    '第4字：“,”改为“，”（中文里的半角标点）'
    """
    if words.language != "zh":
        return explain.words(change)
    kept = "" if change.applied else "已拒绝，原文未动：" if change.decided else "仅为建议，原文未动："
    return f"{kept}第{change.start + 1}字：{_deed(change)}（{reason(change.rule, words)}）"


def reason(rule: str, words: Words) -> str:
    """Return why a rule changes a text, in a few words of the visitor's language."""
    return words.get(f"rules.{rule.replace(' ', '-')}", rules.words(rule))


def _deed(change: Change) -> str:
    deed = REPAIR_KINDS.get(change.rule)
    if deed == "join":
        return _joined(change)
    if deed == "move":
        verb = "已移到" if change.applied else "可能应在"
        return f"以{shown(change.before)}开头的一段{verb}第{change.to}字之后"
    if not change.before:
        return f"补入{shown(change.after)}"
    if deed == "removal" and change.to is not None:
        return f"{shown(change.before)}已从句中移出，置于第{change.to}字之后"
    if not change.after:
        gone = "可能不属于正文" if deed and not change.applied else "已删去"
        return f"{shown(change.before)}{gone}"
    return f"{shown(change.before)}改为{shown(change.after)}"


def _joined(change: Change) -> str:
    if not change.applied:
        return f"句子可能接在{shown(change.before)}之后" if change.before else "后半句可能在文件别处"
    if not change.before:
        return "句子在此中断，后半句在文件别处找到，已接到这里"
    return f"句子在此中断，已越过{shown(change.before)}接上"


def shown(text: str) -> str:
    """A short, visible form of a stretch of text, in Chinese.

    >>> shown(chr(10)), shown("第17页")
    ('换行', '“第17页”')
    """
    if text.strip():
        return explain.shown(text)
    named = {"\n": "换行", " ": "空格", "\u3000": "全角空格"}
    if "\f" in text:
        return "换页"
    return named.get(text, "空行" if "\n" in text else f"{len(text)}个空格")

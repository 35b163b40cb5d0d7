"""Describe a change of the ledger, or a fact, in the language of the visitor.

English is what `etl.rules.explain` and the patterns of facts say; a new kind of sentence there needs a
template in `CHINESE`, a sentence of a pattern one in `SENTENCES`; patterns of one's own are told as they are.
"""

from collections.abc import Mapping

from etl import rules
from etl.model.traced import Change, RawToText
from etl.room.words import Interface
from etl.rules import explain
from etl.sentences import ENGLISH, Phrasing

CHINESE: Mapping[explain.Account, str] = {
    "put in": "补入{after}",
    "taken out": "{before}已删去",
    "replaced": "{before}改为{after}",
    "moved": "以{before}开头的一段已移到第{to}字之后",
    "moved aside": "{before}已从句中移出，置于第{to}字之后",
    "joined over": "句子在此中断，已越过{before}接上",
    "joined from": "句子在此中断，后半句在第{found}字之后找到，已接到这里",
    "joined": "句子在此中断，后半句在文件别处找到，已接到这里",
    "may move": "以{before}开头的一段可能应在第{to}字之后",
    "may be no text": "{before}可能不属于正文",
    "may go on": "句子可能接在{before}之后",
    "may go on elsewhere": "后半句可能在文件别处",
}

# The sentences of the patterns of the package.
SENTENCES: Mapping[str, str] = {
    "{donor} gave {gift} to {recipient}": "{donor}向{recipient}捐赠{gift}",
    "{donor} gave {gift}": "{donor}捐赠{gift}",
    "{recipient} received {gift}": "{recipient}收到捐赠{gift}",
    "{person}, {post} of {body}: {action}": "{person}（{body}{post}）：{action}",
    "{person}, {post}: {action}": "{person}（{post}）：{action}",
    "{person}, {post} of {body}": "{person}：{body}{post}",
    "{person}, {post}": "{person}：{post}",
    "{winner} won {project} of {buyer} for {sum}": "{winner}以{sum}中标{buyer}的{project}",
    "{winner} won {project} for {sum}": "{winner}以{sum}中标{project}",
    "{winner} won {project} of {buyer}": "{winner}中标{buyer}的{project}",
    "{winner} won {project}": "{winner}中标{project}",
}


def phrase_facts(words: Interface) -> Phrasing:
    """Return how facts are told in the visitor's language."""
    if words.language != "zh":
        return ENGLISH

    def word(name: str) -> str:
        return words.get(name, name.partition(".")[2])

    marks = {"brackets": "（{}）", "comma": "，"}
    return Phrasing(SENTENCES, word, "超过 {}", "约 {}", "{} 至 {}", "数目不详的", **marks)


def describe_change(change: Change, words: Interface, where: RawToText | None = None) -> str:
    """Return what was done, where, and why.

    >>> describe_change(Change("normalize", "punctuation", 3, 4, ",", "，", 1.0), Interface("zh"))
    '第4字：“,”改为“，”（中文里的半角标点）'
    """
    if words.language != "zh":
        return explain.words(change, where)
    kept = "" if change.applied else "已拒绝，原文未动：" if change.decided else "仅为建议，原文未动："
    done = explain.describe(change, where, CHINESE, quote_text)
    return f"{kept}第{change.start + 1}字：{done}（{rule_reason(change.rule, words)}）"


def rule_reason(rule: str, words: Interface) -> str:
    """Return why a rule changes a text, in a few words of the visitor's language."""
    return rules.words(rule, words.language)


def quote_text(text: str) -> str:
    """Return a short, visible form of a stretch of text, in Chinese.

    >>> quote_text(chr(10)), quote_text("第17页")
    ('换行', '“第17页”')
    """
    if text.strip():
        return explain.shown(text)
    named = {"\n": "换行", " ": "空格", "\u3000": "全角空格"}
    if "\f" in text:
        return "换页"
    return named.get(text, "空行" if "\n" in text else f"{len(text)}个空格")

"""Find names of persons by their form, so that no phrase rewrites them: 學者徐乾學、王汎森, 干事郑谷雨.

What extraction finds is better, but comes after the conversion. A title that names stand behind is one more
word in `TITLES`.
"""

from etl.text.alternation import alternation
from etl.text.expressions import compiled
from etl.text.folding import SEPARATOR, simplify
from etl.text.surnames import COMMON, SAME_IN_BOTH_SCRIPTS

Span = tuple[int, int]

_PUBLIC = "书记 主任 干事 出纳 会计 社员 党员 队员 教师 老师 医生 护士 记者 教授 学者 作家 诗人 院士"
_HEADS = "委员 代表 主席 经理 总裁 董事 教练 律师 法官 局长 县长 镇长 乡长 村长 市长 省长 区长 校长"
_CHIEFS = "院长 处长 科长 所长 站长 队长 团长 部长 厅长 会长 馆长"
_OTHERS = "先生 女士 同志 专家 博士 村民 职工 司机 农民 学生 老人 居民 患者"
TITLES = (*_PUBLIC.split(), *_HEADS.split(), *_CHIEFS.split(), *_OTHERS.split())
NAME_LENGTHS = (2, 3)  # characters of a surname and a given name
GIVEN = "[㐀-鿿]{1,2}"
_NAME = f"[{COMMON}{''.join(sorted(SAME_IN_BOTH_SCRIPTS))}]{GIVEN}"
_END = f"(?=[、，。；：！？（）()“”《》\n{SEPARATOR}]|[与和及的等到说称赴]|出席|主持|表示|介绍|参加|带队|$)"
_ENDED = compiled(_END)
_LISTED = compiled(f"(?<=[、与和及])({_NAME}?){_END}")
# Characters that are hardly written outside of names.
_RARE = compiled("[汎旂]")
_TITLED = compiled(f"(?:{alternation(TITLES)})({_NAME}?){_END}")


def named_spans(text: str) -> list[Span]:
    """Return the spans of names behind a title, of names listed after them, and of names in 汎 or 旂.

    >>> [("學者徐乾學、王汎森與會")[slice(*span)] for span in named_spans("學者徐乾學、王汎森。")]
    ['徐乾學', '王汎森']
    """
    plain = simplify(text)
    if len(plain) != len(text):
        return []
    found, at = list[Span](), 0
    while match := _TITLED.search(plain, at):
        span = match.span(1)
        found.append(span)
        while following := _LISTED.match(plain, span[1] + 1):
            span = following.span(1)
            found.append(span)
        at = span[1]
    return sorted({*found, *_rare(text, plain)})


def _rare(text: str, plain: str) -> list[Span]:
    """Return spans where a clause begins with a surname and a character that only names have: ，薛應旂."""
    places = (match.start() for match in _RARE.finditer(text))
    return [
        (start, end)
        for at in places
        for start in (at - 2, at - 1)
        for end in (at + 1, at + 2)
        if end - start in NAME_LENGTHS and start >= 0 and plain[start] in COMMON
        if SEPARATOR not in text[start:end]
        if not plain[max(0, start - 1) : start].isalpha() and _ENDED.match(plain, end)
    ]

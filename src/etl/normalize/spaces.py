"""Remove stray spaces: between Chinese characters, around Chinese marks, at the ends of a text.

Done: spaces that tear words, all stray ones of a report strewn with them, spaces after or before a
full-width mark, exotic spaces to plain ones, ends of a text. Not done: spaces between Chinese and Latin
(the style of some publishers), tabs, and the spaces that a line means: behind the number of an article or
heading, between the halves of a headline or slogan, the names of a byline or list, the columns of a table.
`spacing.py` tells the two apart.
"""

from collections.abc import Iterator

from etl.model.traced import Edit
from etl.normalize.context import HAN_CLASS, STRONG
from etl.normalize.spacing import stray_gaps
from etl.text.expressions import compiled

_EXOTIC = compiled("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_BLANK = " \u3000"
_ANY_BLANK = compiled(f"[{_BLANK}]")
# Nothing that is meant stands in these places, whatever the line is. Each begins with a blank, by which the
# places to look at are found, and looks back over it.
_AT_MARK = compiled(
    f"[{_BLANK}](?:(?<=[，。；、].)[{_BLANK}]*(?=[^{_BLANK}\n])"
    f"|(?<=[：？！].)(?=[^{_BLANK}\n])"
    f"|(?<=[（《〈「『【〔“‘].)[{_BLANK}]*(?=[^{_BLANK}\n])"
    f"|(?<![{_BLANK}].)[{_BLANK}]*(?=[，。；：、？！）》〉」』】〕])"
    f"|(?<=[{HAN_CLASS}，。；、：？！…）》].)[{_BLANK}]*(?=[”’])"
    f"|(?<=[A-Za-z0-9%].)[{_BLANK}]*(?=[”’][{HAN_CLASS}，。；、：？！）》]))"
)
_LINE = compiled(r"[^\n]+")


def plain_spaces(text: str) -> Iterator[Edit]:
    """Yield edits that make exotic spaces (no-break, thin) plain; ideographic ones are left to other rules.

    >>> [e.replacement for e in plain_spaces("GDP" + chr(0xA0) + "growth")]
    [' ']
    """
    if not text.isascii():
        for match in _EXOTIC.finditer(text):
            yield Edit(match.start(), match.end(), " ", "space kind")


def trim_ends(text: str) -> Iterator[Edit]:
    """Yield edits that drop white space at both ends of a text.

    >>> [(e.start, e.end) for e in trim_ends("　　各级党组织 ")]
    [(0, 2), (7, 8)]
    """
    if text[:1].isspace() or text[-1:].isspace():
        inner = text.strip()
        start = len(text) - len(text.lstrip())
        yield Edit(0, start, "", "ends")
        yield Edit(start + len(inner), len(text), "", "ends")


def close_marks(text: str) -> Iterator[Edit]:
    """Yield edits that drop spaces before and after full-width marks.

    >>> [(e.start, e.end) for e in close_marks("关键时刻， 关键在党")]
    [(5, 6)]
    """
    if _ANY_BLANK.search(text) and STRONG.search(text):
        for match in _AT_MARK.finditer(text):
            yield Edit(match.start(), match.end(), "", "space at mark")


def close_gaps(text: str) -> Iterator[Edit]:
    """Yield edits that drop spaces which tear a Chinese word.

    >>> [(e.start, e.end) for e in close_gaps("全力做好防 控工作，连续作战。")]
    [(5, 6)]
    """
    yield from _close(text, strewn=False)


def close_strewn_gaps(text: str) -> Iterator[Edit]:
    """Yield edits that drop the stray spaces between Chinese in a report that is strewn with them.

    >>> [(e.start, e.end) for e in close_strewn_gaps("全力 做好防 控工作，连续作战。")]
    [(2, 3), (6, 7)]
    """
    yield from _close(text, strewn=True)


def _close(text: str, *, strewn: bool) -> Iterator[Edit]:
    if _ANY_BLANK.search(text):
        for line in _LINE.finditer(text):
            for start, end in stray_gaps(line.group(), strewn=strewn):
                yield Edit(line.start() + start, line.start() + end, "", "stray space")

"""Turn a rewritten paragraph into the fewest corrections of its words; a line end begins a new paragraph.

`rewrite_requests` puts splits before changes of words, since each correction must find the words around it.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher

from etl.corrections.draft import common_prefix_length
from etl.corrections.requests import ChangeText, CorrectionRequest, SplitParagraph
from etl.model.errors import SetupError
from etl.model.report import ReportParagraph

# Characters of one changed stretch that are compared one by one; longer ones are one change.
COMPARED = 4000
BLANKS = " \u3000\t"
Change = tuple[int, int, str]


def rewrite_requests(paragraph: ReportParagraph, text: str) -> tuple[CorrectionRequest, ...]:
    """Return the requests that turn a paragraph into ``text``, splits first.

    Raises:
        SetupError: the text is the same.
    """
    old, new = paragraph.text, text.replace("\r\n", "\n").strip("\n")
    splits: list[CorrectionRequest] = []
    changes: list[CorrectionRequest] = []
    for start, end, put in _changes(old, new):
        left, *more = put.split("\n")
        if not more:
            changes.append(ChangeText(paragraph.start + start, paragraph.start + end, put))
            continue
        splits.append(SplitParagraph(paragraph.start + end))
        parts = _beside_a_split(old, (start, end), left.rstrip(BLANKS), "".join(more).lstrip(BLANKS))
        changes += [ChangeText(paragraph.start + a, paragraph.start + b, words) for a, b, words in parts]
    if not (splits or changes):
        raise SetupError("the paragraph reads so already")
    return (*splits, *changes)


def _beside_a_split(old: str, span: tuple[int, int], left: str, right: str) -> Iterator[Change]:
    """Yield changes for words put in before and after a new line end, each with a neighbouring character.

    A passage does not reach over a paragraph's end, so the neighbour anchors the words. ``left`` and
    ``right`` are the new words before and after the line end, ``span`` the offsets in ``old`` of what goes.
    """
    start, end = span
    if start < end:
        if old[start:end] != left:
            yield (start, end, left)
    elif left:
        yield (start - 1, start, old[start - 1 : start] + left)
    if right:
        yield (end, end + 1, right + old[end : end + 1])


def _changes(old: str, new: str) -> Iterator[Change]:
    """Yield start, end and replacement of each stretch of ``old`` that differs in ``new``."""
    head = common_prefix_length(old, new)
    tail = common_prefix_length(old[head:][::-1], new[head:][::-1])
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(a), len(b)) > COMPARED:
        yield (head, head + len(a), b)
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            yield (head + i1, head + i2, b[j1:j2])

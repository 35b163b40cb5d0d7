"""Lines that a page printed and the article never had: page numbers and running headers.

They are found by what they are, never by their words: a line that comes again from page to page, a
number that counts up, a place in the middle of a sentence. A new kind is one more rule in `_judge`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from etl.repair.lines import Layout, Line
from etl.structure import ends_sentence, is_heading, is_numbered, is_row

_DIGITS = re.compile(r"[0-9０-９]+")
_SPACE = re.compile(r"\s+")
_LONGEST = 40
_NUMBER = "[0-9０-９]{1,4}"
_MARKED_NUMBER = re.compile(
    rf"[-—–－―_~·•.*|＊]{{1,3}}\s*{_NUMBER}\s*[-—–－―_~·•.*|＊]{{1,3}}"
    rf"|第\s*{_NUMBER}\s*[页頁]\s*(?:[,，/／]?\s*共\s*{_NUMBER}\s*[页頁])?"
    rf"|(?:[Pp]age|PAGE|[Pp]\.)\s*{_NUMBER}(?:\s*(?:of|/)\s*{_NUMBER})?"
    rf"|{_NUMBER}\s*[页頁]"
    rf"|[^，。,；;：:]{{2,20}}\s*([·•|—–]\s?){_NUMBER}\s?[·•|—–]"
    rf"|([·•|—–]\s?){_NUMBER}\s?[·•|—–]\s*[^，。,；;：:]{{2,20}}"
)
_BARE_NUMBER = re.compile(_NUMBER)
_EDGE_NUMBER = re.compile(
    rf"{_NUMBER}[\s·•|/]+[^0-9０-９\s，。,；;：:、][^，。,；;：:、]*|[^，。,；;：:、]*[^0-9０-９\s，。,；;：:、][\s·•|/]+{_NUMBER}"
)
_SHORTEST_OPEN = 32  # a line this long that ends in mid-sentence is no heading
_SPACING = 120  # raw characters between two pages' furniture, at the least
_SPACED_SHARE = 0.6
_COUNTED_SHARE, _REPEATED_SHARE = 0.3, 0.5  # of a group's members that must be witnesses
_STEP = 4  # pages between two numbers that were kept, at the most


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A short line, with what its surroundings say: does it stand in a sentence, or at a page's end?"""

    index: int
    numbers: tuple[int, ...]
    apart: bool
    cuts: bool
    page: bool


def find(lines: Sequence[Line], layout: Layout) -> dict[int, float]:
    """Which lines are page furniture: their index, and the probability that they are."""
    groups: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if len(line.text) <= _LONGEST and not ends_sentence(line.text) and line.text[-1] not in ",，:：;；、":
            groups.setdefault(_SPACE.sub("", _DIGITS.sub("#", line.text)), []).append(index)
    likely = {i for shape, group in groups.items() if len(group) > 1 or "#" in shape for i in group}
    found: dict[int, float] = {}
    for shape, group in groups.items():
        if len(group) == 1 and "#" not in shape:
            continue
        candidates = [_candidate(lines, i, likely, layout) for i in group]
        found |= _judge(shape, candidates, lines)
    return found


def _candidate(lines: Sequence[Line], index: int, likely: set[int], layout: Layout) -> _Candidate:
    before, after = index - 1, index + 1
    while before >= 0 and before in likely and index - before < _STEP:
        before -= 1
    line = lines[index]
    following = lines[after] if after < len(lines) else None
    page = line.page or (following is not None and following.page)
    apart = page or all(
        near is None or near.newlines > max(1, layout.newlines if layout.width else 1)
        for near in (line, following)
    )
    cuts = before >= 0 and before not in likely and _is_open(lines[before].text, lines, before, layout)
    return _Candidate(index, _numbers(line.text), apart, cuts, page)


def _is_open(text: str, lines: Sequence[Line], index: int, layout: Layout) -> bool:
    if ends_sentence(text) or text[-1] in ":：;；" or is_row(text):
        return False
    if layout.width:
        return layout.fills(text, lines[index + 1].text if index + 1 < len(lines) else "")
    return len(text) >= _SHORTEST_OPEN


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _DIGITS.findall(text) if len(number) < 10)  # noqa: PLR2004


def _judge(shape: str, group: Sequence[_Candidate], lines: Sequence[Line]) -> Mapping[int, float]:
    """The members of one group of like lines that are furniture.

    Headings come again too (案例 in each section), and years count up in a chronicle: those stand
    between paragraphs. So repetition and counting need a share of members that stand in a sentence
    or at a page's end.
    """
    text = lines[group[0].index].text
    if _MARKED_NUMBER.fullmatch(text):
        return {c.index: 0.99 if c.cuts or c.page else 0.95 for c in group if c.apart or c.cuts}
    witnesses = sum(c.cuts or c.page for c in group)
    counted = _counts(group)
    spaced = [lines[b.index].start - lines[a.index].start >= _SPACING for a, b in pairwise(group)]
    enough = witnesses >= (_COUNTED_SHARE if counted else _REPEATED_SHARE) * len(group)
    if spaced and sum(spaced) >= _SPACED_SHARE * len(spaced) and enough and (counted or witnesses > 1):
        return {c.index: 0.97 for c in group if (c.index or c.page) and (c.apart or (counted and c.cuts))}
    if "#" in shape:
        return {c.index: 0.92 for c in group if _cuts_alone(c, lines)}
    return {}


def _counts(group: Sequence[_Candidate]) -> bool:
    """Whether one of the numbers in these lines counts up from page to page."""
    slots = zip(*(c.numbers for c in group), strict=False)
    return any(all(0 < b - a <= _STEP for a, b in pairwise(slot)) for slot in slots)


def _cuts_alone(candidate: _Candidate, lines: Sequence[Line]) -> bool:
    """A single line with a number at its edge that stands apart in the middle of a sentence."""
    if not (candidate.cuts and candidate.apart) or candidate.index + 1 >= len(lines):
        return False
    text, following = lines[candidate.index].text, lines[candidate.index + 1]
    if following.newlines < 2 and not following.page:  # noqa: PLR2004
        return False
    if not (_BARE_NUMBER.fullmatch(text) or _EDGE_NUMBER.fullmatch(text)):
        return False
    return not is_heading(following.text) and not is_numbered(following.text)

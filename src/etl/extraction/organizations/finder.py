"""Find organizations: the tagger's, known ones, those with a suffix, each as one span.

An organization or suffix is an entry in ``config/lexicon/organizations.toml``; a new way to find one is a
function in `find_organizations`.
"""

import re
from collections.abc import Iterator

from etl.extraction.context import Context, Span, keep_longest
from etl.extraction.organizations.government_bodies import find_government_bodies, find_sure_bodies
from etl.extraction.organizations.names import (
    MAX_NAME_LENGTH,
    accept,
    child_length,
    is_name,
    split_joint,
    strip_party_cell,
    trim,
)
from etl.extraction.organizations.patterns import LEGAL_FORM, find_by_pattern, find_clubs
from etl.extraction.people.roles import role_behind
from etl.extraction.places.finder import begins_site
from etl.extraction.resources.tagger import Word

# Characters behind a verb between two organizations; the second has more: 绛县商会组织|永兴厂.
MIN_PART_LENGTH = 2
PREFIX_TAGS = frozenset({"LOC", "ORG"})
# Parties, whose branches are named behind them (民建江州支部).
PARTIES = frozenset({"民革", "民盟", "民建", "民进", "农工党", "致公党", "九三学社", "台盟"})
# Plain words of a committee that has an office behind it; without one it has one more.
MIN_COMMITTEE_WORDS = 3
COMMITTEES = ("委员会", "基金会", "联合会", "协会", "学会", "联盟", "研究院", "研究所", "领导小组", "指挥部")
LINKING_VERBS = re.compile(
    "组织(?!部|局|处|法|委)|审批|函询|责成|督饬|联合(?!会|国|体|大学|总|社)|会同|以及|向(?![阳东西南北])|依托|所属|下属|旗下"
)
# Tags of words that an organization's name may begin with.
DEPARTMENT_TAGS = frozenset({"n", "vn", "nz", "an", "a", "c", "v"})
# Words behind an organization that make its department: 教育部|基层|教育|管理司.
MAX_DEPARTMENT_WORDS = 5
# Characters of a department that no list has (水利司), and of an office behind an organization.
MIN_DEPARTMENT_LENGTH = 3
MAX_ROLE_LENGTH = 6
# Characters of a name that an office behind it in the same word leaves: the shortest names, 民盟, have two.
MIN_LENGTH_BEFORE_ROLE = 2
# Tags of words that no organization ends with.
NO_SUFFIX_TAGS = frozenset({"TIME", "m", "v", "w", "PER"})
HEAD_TAGS = frozenset({"LOC", "ORG", "nz", "PER", "ns"})
# 院长, 局长: an office of one character for the body.
HEAD_OF = "长"
# Least probability of a verb within a name.
MIN_NAME_PROBABILITY = 0.25


def find_organizations(context: Context) -> Iterator[Span]:
    """Yield spans of named organizations, none overlapping another."""
    tagged = (_expand(context, i) for i in context.tagged("ORG") if not begins_site(context, i))
    glued = [*tagged, *_by_suffix(context), *_with_heads(context), *find_by_pattern(context)]
    parted = (part for span in glued for part in _split_at_verb(context, span))
    spans = [*parted, *_known(context)]
    sure = {*find_clubs(context), *find_sure_bodies(context)}
    spans += [*find_government_bodies(context), *_committees(context), *sure]
    joined = (part for span in {*spans} for part in split_joint(context, span))
    whole = keep_longest((trim(context, span) for span in joined), context.closed)
    for span in (strip_party_cell(context, s) for s in whole):
        if span in sure or (is_name(context, span) and accept(context, span)):
            form = LEGAL_FORM.match(context.folded, span[1])
            yield (span[0], form.end() if form else span[1])


def _committees(context: Context) -> Iterator[Span]:
    """Yield several plain words that end like an organization: 国家气候变迁对策委员会."""
    words = context.words
    for i in context.tagged("n"):
        if not context.spelt[i].endswith(COMMITTEES):
            continue
        first, word = i, words[i]
        while first and context.touches(first) and words[first - 1].tag in {"n", "vn", "an", "nz"}:
            first -= 1
        enough = MIN_COMMITTEE_WORDS if role_behind(context, word.end) else MIN_COMMITTEE_WORDS + 1
        if i - first + 1 >= enough:
            yield (words[first].start, word.end)


def _expand(context: Context, index: int) -> Span:
    """Expand a word by the place before it and the department behind it, up to a title at its end."""
    start = context.words[_first_index(context, index)].start
    word = context.words[index]
    end = _end_before_role(context, word)
    return (start, end if end < word.end else context.words[_last_index(context, index)].end)


def _split_at_verb(context: Context, span: Span) -> Iterator[Span]:
    """Split where a verb stands between two organizations: 市商会|组织|永兴机械有限公司."""
    endings = context.lexicon.organizations.endings
    start = span[0]
    for verb in LINKING_VERBS.finditer(context.folded, *span):
        first = context.folded[start : verb.start()]
        named = endings.end(first) or first in context.lexicon.organizations.known
        if span[1] - verb.end() > MIN_PART_LENGTH and named:
            yield (start, verb.start())
            start = verb.end()
    yield (start, span[1])


def _end_before_role(context: Context, word: Word) -> int:
    """Return where the name ends when the tagger's word goes on with a title: 民进党|立委."""
    people = context.lexicon.people
    longest = min(MAX_ROLE_LENGTH, word.end - word.start - MIN_LENGTH_BEFORE_ROLE)
    for length in people.role_lengths_by_last.get(context.folded[word.end - 1], ()):
        if length <= longest and context.folded[word.end - length : word.end] in people.roles:
            return word.end - length
    return word.end


def _first_index(context: Context, index: int) -> int:
    while index and context.touches(index) and context.words[index - 1].tag in PREFIX_TAGS:
        if context.folded[context.words[index - 1].start : context.words[index - 1].end] in PARTIES:
            return index - 1
        index -= 1
    return index


def _last_index(context: Context, index: int) -> int:
    """Return the last word of the departments behind an organization (材料系, 基层教育管理司)."""
    while index + 1 < len(context.words):
        step = _department_length(context, index)
        if not step:
            break
        index += step
    return index


def _department_length(context: Context, index: int) -> int:
    """Return how many words behind ``index`` make a department; 0 where there is none."""
    words = context.lexicon.organizations
    for step in range(1, MAX_DEPARTMENT_WORDS + 1):
        position = index + step
        if position >= len(context.words) or not context.touches(position):
            return 0
        word = context.words[position]
        name = context.folded[word.start : word.end]
        if name in context.lexicon.people.roles or name in words.openers:
            return 0
        if name in words.departments or (word.tag == "ORG" and step == 1):
            return step
        if word.tag not in DEPARTMENT_TAGS:
            return 0
        if len(name) >= MIN_DEPARTMENT_LENGTH and name[-1] in words.department_ends:
            return step
    return 0


def _known(context: Context) -> Iterator[Span]:
    """Yield organizations on the list that cut no word of the tagger."""
    known = context.lexicon.organizations.known
    ends, lengths = context.ends, context.lexicon.organizations.known_lengths
    for start, head in context.heads:
        for length in lengths.get(head, ()):
            if start + length <= len(context.folded) and context.folded[start : start + length] in known:
                length += child_length(context, start, length)  # noqa: PLW2901 - with the body below it
                last = ends.get(start + length)
                if (
                    last is None
                    and context.folded[start + length : start + length + 1]
                    in context.lexicon.organizations.goes_on
                ):
                    continue
                yield (
                    start,
                    start + length if last is None else context.words[_last_index(context, last)].end,
                )
                break


def _by_suffix(context: Context) -> Iterator[Span]:
    """Yield a word with an organization's suffix, with the words before it up to a place or a proper name."""
    endings = context.lexicon.organizations.endings
    for i, word in enumerate(context.words):
        long = word.end - word.start > MIN_LENGTH_BEFORE_ROLE
        if word.tag in NO_SUFFIX_TAGS or not (long or context.folded[word.end - 1] in endings.last):
            continue
        end = _end_before_role(context, word)
        # 美洲|国家|组织: a suffix may be two words.
        before = context.words[i - 1].start if i and context.touches(i) else word.start
        if endings.end(context.folded, before, end):
            first = _head_index(context, i)
            if first is not None:
                whole = end if end < word.end else context.words[_last_index(context, i)].end
                yield (context.words[first].start, whole)


def _with_heads(context: Context) -> Iterator[Span]:
    """Yield an organization that shares its last character with the office behind it: 江州爱心养护|院长."""
    endings = context.lexicon.organizations.endings
    for i, name in enumerate(context.spelt):
        if name[1:] != HEAD_OF or not i or not context.touches(i):
            continue
        before, start = context.words[i - 1].start, context.words[i].start
        # 江州大学|校长 and 教育局|局长 are whole without it.
        whole = endings.end(context.folded, before, start)
        first = None if whole else _head_index(context, i)
        if first is not None and endings.end(context.folded, before, start + 1):
            yield (context.words[first].start, start + 1)


def _head_index(context: Context, index: int) -> int | None:
    """Return the farthest place, organization or proper name that a name ending at ``index`` begins with."""
    words = context.lexicon.organizations
    head = None
    position = index
    while position and context.touches(position):
        position -= 1
        word = context.words[position]
        named = word.tag in words.fillers | HEAD_TAGS or _is_named(context, word)
        if not named or context.folded[word.start : word.end] in words.openers:
            break
        if context.words[index].end - word.start > MAX_NAME_LENGTH:
            break
        if word.tag == "PER" and context.words[position + 1].tag in PREFIX_TAGS:
            # 免去李志强|江州市教育局局长职务
            break
        name = context.folded[word.start : word.end]
        if name in PARTIES or (word.tag in HEAD_TAGS and name not in context.lexicon.places.generic):
            head = position
    return head


def _is_named(context: Context, word: Word) -> bool:
    """Check whether the tagger thought of a name although it made the word a verb: 江州|振兴|大药房."""
    if word.tag not in {"v", "vd", "a", "ad"} or not context.probabilities:
        return False
    return context.probability("ORG", *word[:2], or_else="LOC") >= MIN_NAME_PROBABILITY

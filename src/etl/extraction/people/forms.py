"""Find persons by a fixed form of writing, whatever the tagger makes of it.

吳院長敦義 has the office inside the name, 赵　敏 a blank, 张×× a mask, 买买提·吐尔逊 a dot, 扎西次仁 parts of
Tibetan names. A new form is a function here and a line in `find_by_form`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from etl.extraction.context import Context, Span, found_once, occurrences
from etl.extraction.people.roles import role_before
from etl.text.alternation import alternation
from etl.text.expressions import compiled
from etl.text.first_characters import compile_with_lookahead
from etl.text.person_names import HAN, NAME_DOTS, OFFICE, TYPED_DOTS
from etl.text.surnames import COMMON

# Between the parts of a name; the last two only where sounds stand on both sides.
ANY_DOT = NAME_DOTS + TYPED_DOTS
BLANKS = "[ \u3000]{1,2}"
# Surnames that before an office are a word of their own: 代市长唐良, 和市长胡衡, 财政司司长.
WORDS_TOO = "代和别司时由向应让连原"
TITLED = compiled(f"((?![{WORDS_TOO}])[{COMMON}])({OFFICE})([{HAN}]{{2}}|[{HAN}](?=[：:（）)、，]))")
# What shows the form without the tagger: a speaker before a colon, and who asked or signed.
SPEAKER_BEFORE = frozenset(("", *"\n*>＊　 "))
ASKER_BEFORE = compiled("(?:函送|提案人|质询人|连署人|答复)$")
COLON = frozenset("：:")
# Behind an office, what is done and no given name: 王代表发言：.
VERBS = frozenset(("v", "vd", "vn"))
MAX_SIGN_LENGTH = 8
# Least probability of PER for the given name behind the office.
MIN_PROBABILITY_GIVEN = 0.25
MASK = "[×*＊○]"
# 蔡某1, but 蔡某3人.
COUNTED = "\\d(?![\\d.人名次个年月日号时点岁元])"
MASKED = compile_with_lookahead(
    f"(?<![\\d×*A-Za-z])[{COMMON}](?:某[甲乙丙丁戊]|某某|某{{1,2}}{COUNTED}|某(?=\\d人)|(?:{MASK}|[Xx](?![A-Za-z0-9])){{1,2}}(?![{HAN}]?[×*])"
    f"(?:[{HAN}](?=[、，。；：）\n]|$))?|[{HAN}]{MASK}(?![\\d×*]))"
)
LABEL = compiled(f"[{HAN} \u3000]{{1,12}}[：:][ \u3000]*")
# What stands before one name alone: 组长：赵　敏, but 目录：方　案.
PERSON_LABEL = compiled("(?:长|员|席|书记|主任|人|参加|主持|师|者|代表|名单)[ \u3000]*[：:]")
ITEM = compiled(f"([{COMMON}]{BLANKS}[{HAN}](?![{HAN}])|[{COMMON}][{HAN}]{{1,2}}(?![{HAN}]))")
GAP = compiled("(?:[（(][^（）()\n]{1,24}[)）])?(?:[、，,；; \u3000]+|$)")
LINE = compiled("[^\n]+")
# Sounds of Uyghur and Kazakh names that no name of Europe is spelt with.
MORE_SOUNDS = "买不都合吐肉孜汗江再力帕廉"


@found_once
def find_by_form(context: Context) -> Iterator[Span]:
    """Yield names by their form."""
    yield from _titled(context)
    yield from _listed(context)
    yield from _masked(context)
    yield from _dotted(context)
    yield from _made_of_parts(context)


def _titled(context: Context) -> Iterator[Span]:
    """Yield surname, office and given name as one (陳委員根德), elsewhere the surname before the office."""
    starts = context.starts
    matches = list(TITLED.finditer(context.folded))
    shown = {match[0] for match in matches if _asks(context, match) or _speaks(context, match)}
    offices = set[str]()
    for match in matches:
        start, end = match.span(3)
        given = context.probability("PER", start, end) >= MIN_PROBABILITY_GIVEN
        goes_on = context.word_around(end) is not None  # 杜尚|别市长鲁斯|塔姆
        if match[0] in shown or (match.start() in starts and given and not goes_on):
            offices.add(match[1] + match[2])
            yield match.span()
    for office in offices:
        yield from ((at, at + 1) for at, _ in occurrences((office,), context.folded))


def _asks(context: Context, match: re.Match[str]) -> bool:
    """Check for somebody who asked or signed (函送吳委員清池就)."""
    return bool(ASKER_BEFORE.search(context.folded[max(0, match.start() - MAX_SIGN_LENGTH) : match.start()]))


def _speaks(context: Context, match: re.Match[str]) -> bool:
    """Check for a speaker (吳委員清池：), behind whose office stands no verb (王代表发言：)."""
    before, behind = (
        context.folded[max(0, match.start() - 1) : match.start()],
        context.folded[match.end() : match.end() + 1],
    )
    return before in SPEAKER_BEFORE and behind in COLON and context.tag_of(match.span(3)) not in VERBS


def _listed(context: Context) -> Iterator[Span]:
    """Yield the names of a line that is a list of names, where one of them has a blank inside."""
    for line in LINE.finditer(context.folded):
        at, spans = line.start(), list[Span]()
        if label := LABEL.match(context.folded, at, line.end()):
            at = label.end()
        while item := ITEM.match(context.folded, at, line.end()):
            gap = GAP.match(context.folded, item.end(), line.end())
            if not gap:
                break
            spans.append(item.span())
            at = gap.end()
        spaced = any(re.search("[ \u3000]", context.folded[slice(*span)]) for span in spans)
        one = label and PERSON_LABEL.search(label[0])
        if at == line.end() and spaced and (one or len(spans) > 1):
            yield from spans


def _masked(context: Context) -> Iterator[Span]:
    """Yield names of which something is hidden: 张××, 王*军, 赵某甲; the mark of a note hides none: 刊印*."""
    for match in MASKED.finditer(context.folded):
        if not context.word_around(match.start()):
            yield match.span()


def _dotted(context: Context) -> Iterator[Span]:
    """Yield sounds that a dot connects, from the title before them to the last sound: 买买提·吐尔逊.

    What a tagger reads as a person across the dot has better ends (为|罗德·拉沃), the network's first, but
    for sounds between these and a title or mark.
    """
    people = [(name.start, name.end) for name in context.names if name.kind == "PER"]
    people += [word[:2] for word in context.words if word.tag == "PER"]
    for match in _dotted_pattern(context.lexicon.people.sounds).finditer(context.folded):
        start, end = match.span()
        titled = next((at for at in range(start, match.end(1)) if role_before(context, at)), None)
        read = next(((a, b) for a, b in people if a < match.end(1) < b - 1), None)
        if read and (titled is None or read[0] <= titled + 1):
            yield read
            continue
        # 特朗普|通话: the last sound begins another word.
        word = context.word_around(end)
        if (
            word
            and word.start > match.start(2) + 1
            and context.probability("PER", word.start, end) < MIN_PROBABILITY_GIVEN
        ):
            end = word.start
        start = start if titled is None else titled
        certain = [context.probability("PER", at, at + 1) for at in range(start, end)]
        if sum(certain) >= MIN_PROBABILITY_GIVEN * len(certain):
            yield (start, end)


@lru_cache(maxsize=2)
def _dotted_pattern(sounds: frozenset[str]) -> re.Pattern[str]:
    sound = f"[{''.join(sorted({*sounds, *MORE_SOUNDS}))}]"
    return compiled(
        f"({sound}{{2,8}})(?:[{re.escape(ANY_DOT)}]{sound}{{2,8}}){{0,2}}[{re.escape(ANY_DOT)}]({sound}{{2,8}})"
    )


def _made_of_parts(context: Context) -> Iterator[Span]:
    """Yield names made of two parts of Tibetan or Mongolian names, or of one behind a role."""
    for match in _parts_pattern(context.lexicon.people.parts).finditer(context.folded):
        start, end = match.span()
        if match[2] or role_before(context, start):
            yield (start, end)


@lru_cache(maxsize=2)
def _parts_pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    part = alternation(parts)
    return compile_with_lookahead(f"(?<![·•])({part})((?:{part}){{1,2}})?(?![·•{HAN}]*[县市乡镇村寺])")

"""Decide what is the name of a person: what can never be one, and how probable the rest must be.

A new reason to doubt a name goes into `accept`, a thing that only looks like a name into `is_name`.
The words are in ``config/lexicon/people.toml``.
"""

from etl.extraction.context import Context, Span
from etl.extraction.people.foreign_names import is_place_name, is_quoted, stands_for_place
from etl.extraction.people.roles import role_before, role_behind
from etl.text.alternation import behind
from etl.text.expressions import compiled
from etl.text.person_names import HONORED, NAME_DOTS
from etl.text.surnames import COMMON

PLACE_ENDS = "村镇乡县市区屯"
# 黎南部: a part of a country, whatever stands before it.
SIDES = frozenset(a + "部" for a in "东南西北中")
# Characters of a Chinese name: two of the surname and two, at most; mostly one and two.
MAX_CHINESE_LENGTH = 4
FULL_NAME_LENGTH = 3
# 范村|王雪峰: a village and who is from there.
VILLAGES = frozenset("村屯")
VILLAGER = compiled(f"([㐀-鿿]{{1,3}}[村屯])[{COMMON}][㐀-鿿]{{0,2}}")
HAN = compiled("[㐀-鿿]+")
LATIN = compiled("[A-Za-z]")
# Least probability of PER at each character, set on reports_dev.bio (docs/decisions/0043 and 0044): a surname
# with up to three characters; two characters without a role (below, six in ten were common words); what has
# neither a surname nor sounds of a foreign name; what stands beside a role.
MIN_PROBABILITY_CHINESE = 0.45
MIN_PROBABILITY_TWO_CHARACTERS = 0.7
MIN_PROBABILITY_OTHER = 0.72
MIN_PROBABILITY_BESIDE_ROLE = 0.12
# Of a surname and two characters, and of a name spelt by sound.
MIN_PROBABILITY_FULL_NAME = 0.33
# From here on a full name is a person wherever the text has it.
MIN_PROBABILITY_CERTAIN = 0.8
# 赵新民|哈哈哈, 许坚|你: what ends no name of so many characters.
NOISE, MIN_NAME_LENGTH = compiled("(?:[哈呵嘿嘻哇]{2,}|[你您她它们])\\Z"), 2
# 方  案: a word of two characters with blanks inside.
SPACED = compiled("[ \u3000]{1,4}[㐀-鿿](?:[\n，。、；]|$)")
# 乌总统 in a report on 乌克兰 is no Mr. 乌.
STATE_REPRESENTATIVES = compiled(
    "总统|总理|首相|外长|防长|财长|国王|议长|议员|官员|军|方|媒|政府|国防部|外交部"
)
# Where one side in talks is named, 卢方 is another.
OTHER_SIDE = compiled("[中双]方")
# 红利曼等地, 戈兰高地: what is a place whoever it looks like.
PLACE_BEHIND = compiled("等地(?!方)|高地|等县|等市|等省|等多地")
# 朱德任|总司令, 贝鲁为|总理: a verb that is glued to a name, where an office ends the short clause behind it.
# 为 ends many names, but none that has dots; behind a name 任 is no surname (李鹏任主任).
APPOINTING = "任为"
CLAUSE = compiled("[^，。；、！？\n]{1,24}(?=[，。；、！？\n]|$)")
OFFICE_END = "长"
STORMS = ("台风", "飓风", "风暴", "气旋")
STORM_BEFORE = compiled(behind(f"{storm}{quote}" for storm in STORMS for quote in ("", *"“「『")))
STORM_BEHIND = compiled("|".join(STORMS))
# 洛宜高速 is a road between two places.
ROAD_BEHIND = compiled("高速|铁路|公路|高铁|城际|段(?!长)|线(?!长|人)")


def accept(context: Context, span: Span) -> bool:
    """Check whether the tagger is sure enough, given what the name looks like and what stands beside it."""
    name = context.folded[slice(*span)]
    if name[-1] == "某" or any(sign in name for sign in NAME_DOTS):
        return True
    surnames = context.lexicon.people.surnames
    chinese = name[0] in surnames or name[:2] in surnames
    villager = context.folded[span[0] - 1 : span[0]] in VILLAGES
    if villager or role_before(context, span[0]) or role_behind(context, span[1]):
        full = chinese and len(name) == FULL_NAME_LENGTH
        return full or (
            (chinese or len(name) > 1) and context.probability("PER", *span) >= MIN_PROBABILITY_BESIDE_ROLE
        )
    if chinese and len(name) == FULL_NAME_LENGTH:
        # Its third character was weighed when it was taken in.
        return context.probability("PER", span[0], span[0] + 2) >= MIN_PROBABILITY_FULL_NAME
    return context.probability("PER", *span) >= _least_probability(context, name, chinese=chinese)


def _least_probability(context: Context, name: str, *, chinese: bool) -> float:
    """Return the probability that a name without a role must have."""
    if len(name) < FULL_NAME_LENGTH:
        return MIN_PROBABILITY_TWO_CHARACTERS
    if context.lexicon.people.sounds.issuperset(name):
        return MIN_PROBABILITY_FULL_NAME
    return MIN_PROBABILITY_CHINESE if chinese and len(name) <= MAX_CHINESE_LENGTH else MIN_PROBABILITY_OTHER


def is_certain(context: Context, span: Span) -> bool:
    """Check whether a full name is sure enough to be a person wherever else the text has it."""
    length = span[1] - span[0]
    return length >= FULL_NAME_LENGTH and context.probability("PER", *span) >= MIN_PROBABILITY_CERTAIN


def is_name(context: Context, span: Span) -> bool:
    """Check whether a span may name a person at all."""
    name = context.folded[slice(*span)]
    people, amounts = context.lexicon.people, context.lexicon.amounts
    if not name or name in people.not_names or name in people.roles or HONORED.fullmatch(name):
        return False
    other = name[0].islower() or name in amounts.currencies or name in amounts.shared
    if other or _is_part(context, name) or end_before_office(context, span) < span[1]:
        return False
    if VILLAGER.fullmatch(name) or (name[-1] in PLACE_ENDS[:3] and len(name) < MAX_CHINESE_LENGTH):
        return False
    if len(name) == 1:
        state = name in context.state_initials and STATE_REPRESENTATIVES.match(context.folded, span[1])
        verb = name == APPOINTING[0] and context.tag_before(span[0]) == "PER"
        apart = not (state or verb or _ends_place(context, span) or SPACED.match(context.folded, span[1]))
        return apart and (name in people.surnames or bool(LATIN.match(name)))
    if _is_thing(context, span) or is_place_name(context, span) or stands_for_place(context, span):
        return False
    return bool(HAN.search(name) or LATIN.search(name)) and not any(character.isdigit() for character in name)


def _ends_place(context: Context, span: Span) -> bool:
    """Check for the last character of a place of the list that the tagger cut: 杜尚|别|市长."""
    before = context.ends.get(span[0])
    known = context.lexicon.places.known
    return before is not None and context.folded[context.words[before].start : span[1]] in known


def end_before_office(context: Context, span: Span) -> int:
    """Return the end of a name without laughter, and without the verb that gives an office: 朱德任|总司令."""
    start, end = span
    if noise := NOISE.search(context.folded, start + MIN_NAME_LENGTH, end):
        return noise.start()
    verb, words = context.folded[end - 1], context.lexicon.people
    dotted = any(dot in context.folded[start:end] for dot in NAME_DOTS)
    chinese = end - start >= FULL_NAME_LENGTH and context.folded[start] in words.surnames
    if verb not in APPOINTING or not (dotted or (chinese and verb == APPOINTING[0])):
        return end
    clause = CLAUSE.match(context.folded, end)
    return end - 1 if clause and clause[0].endswith((OFFICE_END, *words.roles)) else end


def _is_part(context: Context, name: str) -> bool:
    """Check for a part of a country (黎南部) or its side in talks (巴方, and 贝方 in a report on 贝宁)."""
    if name[-2:] in SIDES and len(name) <= FULL_NAME_LENGTH:
        return True
    if name[-1] != "方" or len(name) != 2:  # noqa: PLR2004
        return False
    places = context.lexicon.places
    named = places.state_initials if OTHER_SIDE.search(context.folded) else context.state_initials
    return name[0] in places.abbreviations or name[0] in named


def _is_thing(context: Context, span: Span) -> bool:
    """Check for a road between two places, and for a storm or machine in quotes."""
    start, end = span
    storm = STORM_BEHIND.match(context.folded, end) or STORM_BEFORE.match(context.folded, start)
    if storm or PLACE_BEHIND.match(context.folded, end):
        return True
    if end - start >= FULL_NAME_LENGTH and context.folded[start] in context.lexicon.people.surnames:
        return False
    return is_quoted(context, span) or (
        end - start < FULL_NAME_LENGTH and bool(ROAD_BEHIND.match(context.folded, end))
    )

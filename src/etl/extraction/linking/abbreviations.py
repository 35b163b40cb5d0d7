"""Map the shortened name of an organization to its full name within one report.

Pure functions over folded names. A new way to shorten a name is a function in `SHORTENINGS`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

DIVISION_SIGNS = "省市县区旗"
# 县人民医院 leaves out which county it means; 市场监管局 begins with no city.
LOCAL_NAME = re.compile(
    f"(?!市场|市民(?!政)|市政(?!府|协|法)|省会|区块|县域|县城|区域|市域|旗舰)[{DIVISION_SIGNS}](?![级直属内外长])(?=..)"
)
# 绛县县委: the committee's name keeps the kind of its division.
COMMITTEE = re.compile(f"[{DIVISION_SIGNS}]委(?!员会)")
FIRM = re.compile("(?P<core>.{2,6})(?:公司|集团)")
FIRM_ENDS = ("公司", "集团", "银行")
OMITTED = "人民"
NATIONAL = re.compile("^(?:国家|中国|中华)(?=..)")
# Characters of a division before the name of a body, this number excluded.
MAX_DIVISION_LENGTH = 12
# Characters of a name made of one from each word of a longer one: 卫健委.
MAX_ACRONYM_LENGTH = 6
# Characters of a name from which on the report's longer ones are asked whether it shortens one.
MIN_NAME_LENGTH = 3


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names that one report gives, folded, against which short names are read.

    Attributes:
        homes: by 省, 市, 县 and so on the division of that kind that the report is about.
        divisions: all divisions that it names.
        declared: abbreviations that it explains, with what they stand for.
        national: organizations that are known beyond any one place.
        cut: cuts a name into words.
    """

    homes: Mapping[str, str]
    divisions: frozenset[str]
    declared: Mapping[str, str]
    national: frozenset[str]
    cut: Callable[[str], Sequence[str]]


def expand_names(names: Iterable[str], known: KnownNames) -> Mapping[str, str]:
    """Map each name of an organization to its full name; to itself where it shortens no other."""
    distinct = tuple(dict.fromkeys(names))
    given = frozenset(distinct)
    completed = {name: _complete(known.declared.get(name, name), given, known) for name in distinct}
    pool = tuple(dict.fromkeys((*completed.values(), *known.declared.values())))
    # Names are compared only with those that begin alike, so that cost grows with their number.
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for name in pool:
        alike[_first(name, known)].append(name)
    longer = {name: _find_longer(name, alike[_first(name, known)], known) for name in pool}
    # Two steps: 县卫健委 is 绛县卫健委, which is 绛县卫生健康委员会.
    return {name: longer[longer[full]] for name, full in completed.items()}


def _first(name: str, known: KnownNames) -> str:
    return _without_division(name.replace(OMITTED, ""), known)[:1]


def _complete(name: str, names: frozenset[str], known: KnownNames) -> str:
    """Put the county before 县人民医院 when the report is about one; a form in the report wins."""
    if name in known.national or not LOCAL_NAME.match(name) or name[0] not in known.homes:
        return name
    home = known.homes[name[0]]
    options = (home + name[1:], home + name)
    if found := next((option for option in options if option in names), None):
        return found
    # 绛县县委, but 江州市委.
    return options[1] if COMMITTEE.match(name) and len(home) == len("绛县") else options[0]


def _find_longer(name: str, pool: Sequence[str], known: KnownNames) -> str:
    """Return the one longer name that a name shortens; the name itself where there is none, or several."""
    if len(name) < MIN_NAME_LENGTH or name in known.national:
        return name
    for shortens in SHORTENINGS:
        found = [full for full in pool if len(full) > len(name) and shortens(name, full, known)]
        if found:
            return found[0] if len(found) == 1 else name
    return name


def _is_tail(name: str, full: str, known: KnownNames) -> bool:
    """Check whether only the division is left out: 百惠商贸有限公司 for 绛县百惠商贸有限公司."""
    return full.endswith(name) and full.removesuffix(name) in known.divisions


def _is_plain(name: str, full: str, known: KnownNames) -> bool:
    """Check whether only 人民 is left out: 绛县检察院 for 绛县人民检察院."""
    del known
    return OMITTED in full and full.replace(OMITTED, "") == name


def _is_firm(name: str, full: str, known: KnownNames) -> bool:
    """Check whether a firm is named by its beginning: 永兴公司 for 江州市永兴机械有限公司."""
    match = FIRM.fullmatch(name)
    if not match or match["core"] in known.divisions or not full.endswith(FIRM_ENDS):
        return False
    bare = _without_division(full, known)
    return full.startswith(match["core"]) or bare.startswith(match["core"])


def _is_acronym(name: str, full: str, known: KnownNames) -> bool:
    """Check for an acronym of words, two of them shortened at least: 绛县卫健委 for 绛县卫生健康委员会."""
    short, long = (_without_division(each, known) for each in (name, full))
    if name != short and name.removesuffix(short) != full.removesuffix(long):
        return False
    if not 1 < len(short) <= MAX_ACRONYM_LENGTH or len(short) >= len(long) or short in long:
        return False
    return any(shortened > 1 for shortened in _alignments(short, tuple(known.cut(long))))


def _alignments(short: str, words: Sequence[str]) -> Iterator[int]:
    """Yield how many words are shortened, for each way to read a short name as beginnings of words."""
    if not words:
        if not short:
            yield 0
        return
    word, rest = words[0], words[1:]
    if rest:
        yield from _alignments(short, rest)
    elif short == word[-1]:
        # 证监会: the last word by its last character.
        yield 1
    for length in range(1, min(len(word), len(short)) + 1):
        if not short.startswith(word[:length]):
            break
        yield from (n + (length < len(word)) for n in _alignments(short[length:], rest))


def _without_division(name: str, known: KnownNames) -> str:
    """Strip the division or 国家: 卫健委 of 绛县卫健委, 发展和改革委员会 of 国家发展和改革委员会."""
    while heads := [
        n for n in range(2, MAX_DIVISION_LENGTH) if n < len(name) and name[:n] in known.divisions
    ]:
        name = name[max(heads) :]
    return NATIONAL.sub("", name) or name


SHORTENINGS: tuple[Callable[[str, str, KnownNames], bool], ...] = (_is_tail, _is_plain, _is_firm, _is_acronym)

"""Every probability and length by which extraction decides has a text on each side of it.

A row of `EDGES` is a question, what still holds and what no longer does. What the tagger says is given here,
so that each probability can be put on either side.
"""

from datetime import date
from functools import cache

import numpy as np
import pytest
from tests.thresholds import Edges, divides

from etl.engines import Engines, shared
from etl.extraction import facts
from etl.extraction.amounts.quantities import find_quantities
from etl.extraction.context import Context, Span
from etl.extraction.linking.divisions import count_named_divisions
from etl.extraction.network.outputs import ENTITY_TAGS, OUTSIDE
from etl.extraction.network.paths import mended
from etl.extraction.organizations import government_bodies
from etl.extraction.organizations import names as organization_names
from etl.extraction.organizations import patterns as organization_patterns
from etl.extraction.people import finder, foreign_names, names
from etl.extraction.people.roles import role_before, role_behind
from etl.extraction.places import abbreviated_places, name_ends, patterns
from etl.extraction.places import finder as places
from etl.extraction.resources.tagger import NAMES, Word
from etl.extraction.times.finder import find_times
from etl.extraction.times.time_anchor import TimeAnchor
from etl.extraction.times.years import take_year
from etl.settings import load

SOUNDS = "布拉兹塞克" * 5
HAN = "水渠路面桥梁河堤树苗灯杆" * 30


@cache
def engines() -> Engines:
    """The engines of the default settings."""
    return shared(load())


def tagged(words: str, **probabilities: float) -> Context:
    """A text as the tagger might read it: 县长/n 李明/PER, everywhere as likely a name of each kind."""
    text, found = "", list[Word]()
    for word, _, tag in (part.partition("/") for part in words.split()):
        found.append(Word(len(text), len(text) + len(word), tag))
        text += word
    shares = {kind: np.full(len(text), probabilities.get(kind, 0.0), np.float32) for kind in NAMES}
    lexicon = engines().lexicon
    gazetteer = engines().gazetteer.on(None)
    return Context(text, text.translate(lexicon.folding), tuple(found), lexicon, None, (), shares, gazetteer)


def person(words: str, span: Span, share: float) -> bool:
    """Whether a name is taken for a person."""
    return names.accept(tagged(words, PER=share), span)


def found(words: str, **probabilities: float) -> list[str]:
    """The persons of a text."""
    context = tagged(words, **probabilities)
    return [context.text[slice(*span)] for span in finder.find_people(context, ())]


def foreign(words: str, **probabilities: float) -> list[str]:
    """The persons whose names are spelt by sound."""
    context = tagged(words, **probabilities)
    return [context.text[slice(*span)] for span in foreign_names.find_foreign_people(context)]


def doubtful(words: str, at: int, share: float) -> Context:
    """A text of whose characters the tagger thinks as of a person, and of one less surely."""
    context = tagged(words, PER=0.9)
    context.probabilities["PER"][at] = share
    return context


def runs(words: str, at: int, share: float) -> list[str]:
    """The names spelt by sound in such a text."""
    context = doubtful(words, at, share)
    return [context.text[slice(*span)] for span in foreign_names.find_foreign_people(context)]


def organization(name: str, share: float) -> bool:
    """Whether a name that no list confirms is an organization."""
    return organization_names.accept(tagged(f"{name}/ORG", ORG=share), (0, len(name)))


def thing(text: str) -> str | None:
    """What is counted."""
    return next(find_quantities(tagged(text), ())).thing


def whole_thing(first: int, second: int) -> bool:
    """Whether what is counted has a name of two words of so many characters."""
    name = f"{HAN[:first]}/n {HAN[:second]}/n"
    return len(thing(f"5个/m {name}") or "") == first + second


def clauses(length: int) -> bool:
    """Whether a clause of so many characters, which tells of a gift, is read."""
    donation = next(one for one in engines().lexicon.patterns if one.type == "donation")
    return bool(list(facts._clauses(tagged(f"{HAN[: length - 1]}捐/n"), donation)))


def dealt(*names: str) -> bool:
    """Whether the members of the lists in these slots are dealt out."""
    donation = next(one for one in engines().lexicon.patterns if one.type == "donation")
    context = tagged("水渠、桥梁分别/n")
    slots = {name: facts.Slot("水渠、桥梁", 0, 5, ()) for name in names}
    return len(list(facts.distribute(context, slots, donation, context.folded))) > 1


def stays_outside(share: float) -> bool:
    """Whether a character so surely outside of all names begins none, though one goes on behind it."""
    probabilities = np.full((2, len(ENTITY_TAGS)), 1e-6, np.float32)
    probabilities[0, OUTSIDE], probabilities[0, 1], probabilities[1, 2] = share, 1 - share, 0.99
    return bool(mended(probabilities.argmax(axis=1), probabilities, np.zeros(2, np.bool_))[0] == OUTSIDE)


def by_form(words: str, **probabilities: float) -> list[str]:
    """The organizations that a text has by their form."""
    context = tagged(words, **probabilities)
    spans = [*organization_patterns.find_by_pattern(context), *organization_patterns.find_clubs(context)]
    return [context.text[slice(*span)] for span in spans]


def clubs(names: str) -> list[str]:
    """The clubs of a list in a text about sport."""
    return by_form(f"联赛/n ，/w {names}/ORG")


def firm(nouns: int) -> bool:
    """Whether the name of a firm reaches over so many nouns before its bracket."""
    words = " ".join(["昨天/t 下午/t 在/p", *["甲乙/n"] * nouns])  # the clause begins elsewhere
    return f"{'甲乙' * nouns}（中国）有限公司" in by_form(f"{words} （中国）有限公司/n")


def ministry(task: str) -> bool:
    """Whether the ministry is found that a minister's title names."""
    context = tagged(f"泰国/LOC {task}部长/n")
    return (0, 3 + len(task)) in list(government_bodies.find_government_bodies(context))


def facility(nouns: int) -> bool:
    """Whether so many words behind a place make its facility."""
    context = tagged("绛县/LOC " + " ".join(["机器/n"] * (nouns - 1) + ["产业园/n"]))
    return places._facility(context, 0) == nouns


def counted(text: str) -> bool:
    """Whether anything is counted or measured."""
    return any(True for _ in find_quantities(tagged(text), ()))


def home(times: int) -> bool:
    """Whether a report is about the county that it names so many times, and another one once."""
    places = ["绛县"] * times + ["平遥县"]
    return count_named_divisions(places, (), engines().gazetteer.on(None)).home is not None


def ends(name: str, share: float) -> int:
    """Where a place ends within a span of the tagger."""
    return name_ends.strip_trailer(tagged(f"{name}/LOC", LOC=share), (0, len(name)))


def year(text: str, published: int) -> str | None:
    """The first day of a time."""
    lexicon = engines().lexicon
    context = Context(text, text.translate(lexicon.folding), (), lexicon, date(published, 6, 1))
    return next(find_times(context)).start_date


def times(words: str, **probabilities: float) -> list[str]:
    """The times of a text."""
    return [one.text for one in find_times(tagged(words, **probabilities))]


def months_past(words: str) -> bool:
    """Whether a day without its year is the last one that has been."""
    return (
        year(f"{words}2月10日，全县完工。", 2024) == "2024-02-10"
        and year(f"{words}8月10日。", 2024) == "2023-08-10"
    )


EDGES: Edges = {
    "names MIN_PROBABILITY_CHINESE": (lambda p: person("欧阳建国/PER", (0, 4), p), (0.46,), (0.44,)),
    "names MAX_CHINESE_LENGTH": (
        lambda name: person(f"{name}/PER", (0, len(name)), 0.6), ("欧阳建国",), ("欧阳建国甲",)
    ),
    "names MIN_PROBABILITY_TWO_CHARACTERS": (lambda p: person("李明/PER", (0, 2), p), (0.71,), (0.69,)),
    "names MIN_PROBABILITY_OTHER": (lambda p: person("嗯哼嘿/PER", (0, 3), p), (0.73,), (0.71,)),
    "names MIN_PROBABILITY_BESIDE_ROLE": (
        lambda p: person("县长/n 李明/PER", (2, 4), p), (0.13,), (0.11,)
    ),
    "names MIN_PROBABILITY_FULL_NAME": (lambda p: person("李建国/PER", (0, 3), p), (0.34,), (0.32,)),
    "names MIN_PROBABILITY_CERTAIN": (
        lambda p: names.is_certain(tagged("李建国/PER", PER=p), (0, 3)), (0.81,), (0.79,)
    ),
    "names FULL_NAME_LENGTH": (
        lambda n: names.is_certain(tagged("李建国/PER", PER=0.9), (0, n)), (3,), (2,)
    ),
    "finder MIN_PROBABILITY_MISCLASSIFIED": (
        lambda p: found("李建国/LOC 说/v", PER=p), (0.34,), (0.32,)
    ),
    "finder MIN_PROBABILITY_WHOLE_WORD": (lambda p: found("李建国/ORG 说/v", PER=p), (0.21,), (0.19,)),
    "finder MIN_PROBABILITY_THIRD": (
        lambda p: finder._end_with_third(tagged("邱成/PER 正/ad 呼吁/v", PER=p), 0, (0, 2)) == 3,
        (0.31,),
        (0.29,),
    ),
    "finder MIN_PROBABILITY_THIRD_BESIDE_ROLE": (
        lambda p: finder._end_with_third(tagged("县长/n 邱成/PER 正/ad 呼吁/v", PER=p), 1, (2, 4)) == 5,
        (0.09,),
        (0.08,),
    ),
    "foreign_names MIN_PROBABILITY_ALONE": (
        lambda p: foreign("布拉兹塞克/nz 来/v 了/u", PER=p, ORG=0.3), (0.36,), (0.34,)
    ),
    "foreign_names MIN_PROBABILITY_SPEAKING": (
        lambda p: foreign("布拉兹塞克/nz 表示/v", PER=p, ORG=0.5), (0.26,), (0.24,)
    ),
    "foreign_names MIN_PROBABILITY_BESIDE_ROLE": (
        lambda p: foreign("总理/n 布拉兹塞克/nz 来/v", PER=p, ORG=0.5), (0.13,), (0.11,)
    ),
    "foreign_names MIN_MEAN_NAME_PROBABILITY": (
        lambda p: foreign("布拉兹塞克/nz 来/v", PER=0.4, ORG=p), (0.11,), (0.09,)
    ),
    "foreign_names MIN_LENGTH": (
        lambda name: foreign(f"{name}/nz 来/v", PER=0.9), ("布拉兹",), ("布拉",)
    ),
    "foreign_names MAX_LENGTH": (lambda n: foreign(f"{SOUNDS[:n]}/nz 来/v", PER=0.9), (20,), (21,)),
    "foreign_names MIN_NAME_PROBABILITY": (lambda p: runs("布拉兹塞克/nz 来/v", 2, p), (0.19,), (0.17,)),
    "foreign_names MIN_PROBABILITY_BEHIND_TITLE": (
        lambda p: "内塔尼亚胡" in runs("总理/n 内/f 塔尼亚胡/nz 来/v", 2, p), (0.11,), (0.09,)
    ),
    "finder GLUED_PROBABILITY_DROP": (
        lambda p: finder._end_before_link(doubtful("李建和/PER", 2, p), (0, 3)) == 3, (0.71,), (0.69,)
    ),
    "organization names MIN_PROBABILITY": (lambda p: organization("石桥龙泰", p), (0.43,), (0.41,)),
    "organization names MIN_PROBABILITY_BEFORE_COMMON_WORD": (
        lambda p: organization("上海旅游", p), (0.81,), (0.79,)
    ),
    "abbreviated_places MIN_PAIR_PROBABILITY": (
        lambda p: abbreviated_places.find_abbreviated_places(tagged("中美/n 苹果/n", LOC=p)), (0.11,), (0.09,)
    ),
    "patterns MIN_NAME_PROBABILITY": (
        lambda p: list(patterns.find_by_pattern(tagged("龙石/nz 高铁/n", LOC=p))), (0.31,), (0.29,)
    ),
    "name_ends MIN_GLUED_PROBABILITY": (lambda p: ends("北京市新冠", p) == 3, (0.59,), (0.61,)),
    "patterns MIN_LISTED_CLUBS": (clubs, ("北京国安、广州恒大",), ("北京国安、嗯哼嘿嘿",)),
    "patterns BRAND_LENGTHS": (clubs, ("北京国安龙虎、广州恒大",), ("北京国安龙虎豹、广州恒大",)),
    "patterns MAX_FIRM_WORDS": (firm, (4,), (5,)),
    "patterns MAX_STATE_LENGTH": (
        lambda state: any(one.startswith(state) for one in by_form(f"{state}驻泰国大使馆/ORG")),
        ("中华人民共和国",),
        ("阿拉伯联合酋长国啊",),
    ),
    "government_bodies MAX_TASK_LENGTH": (ministry, ("经济社会发展",), ("经济社会发展与",)),
    "organization names MAX_NAME_LENGTH": (
        lambda n: organization_names.is_name(tagged(f"{HAN[: n - 2]}公司/ORG"), (0, n)), (40,), (41,)
    ),
    "places MAX_NAME_LENGTH": (lambda n: places.is_name(tagged(f"{HAN[:n]}/LOC"), (0, n)), (30,), (31,)),
    "places MAX_FACILITY_WORDS": (facility, (4,), (5,)),
    "quantities MAX_THING_LENGTH": (whole_thing, (8, 8), (8, 9)),
    "facts MAX_CLAUSE_LENGTH": (clauses, (300,), (301,)),
    "facts, lists that belong to each other": (dealt, ("donor", "gift"), ("gift",)),
    "paths SURE": (stays_outside, (0.981,), (0.979,)),
    "divisions DOMINANCE_RATIO": (home, (3,), (2,)),
    "quantities MIN_COUNT_IN_CHARACTERS": (counted, ("建成十一条",), ("建成九条",)),
    "years MAX_YEARS_AHEAD": (lambda of: year("98年5月完工。", of) == "1998-05-01", (2087,), (2088,)),
    "years LATEST_YEAR": (lambda n: take_year(f"{n}年", TimeAnchor())[0] == 2000 + n, (50,), (51,)),
    "finder NEIGHBORS": (
        lambda months: f"{months}月份" in times(f"全省{months}月份遭灾"), ("11、12",), ("12、13",)
    ),
    "finder GIVEN_NAME_LENGTH": (lambda name: not times(name, PER=0.9), ("李国庆/PER",), ("李国庆节/PER",)),
    "finder MIN_PERSON_PROBABILITY": (lambda p: not times("李国庆/PER", PER=p), (0.41,), (0.39,)),
    "finder EVERY": (lambda words: not times(words), ("每个星期的周五",), ("个星期的周五",)),
    "finder UNTIL": (months_past, ("截至到",), ("到",)),
    "years REPUBLIC_YEAR_ONE": (lambda text: year(text, 2020) == "1912-01-01", ("民国元年",), ("民国2年",)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])


def test_the_longest_role_counts() -> None:
    """The longest office that stands before or behind a name is its role, whole."""
    longest = max(engines().lexicon.people.roles, key=len)

    assert role_before(tagged(f"{longest}/n 李明/PER"), len(longest)) == (0, len(longest))
    assert role_behind(tagged(f"李明/PER {longest}/n"), 2) == (2, 2 + len(longest))

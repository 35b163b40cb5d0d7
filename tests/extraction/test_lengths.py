"""Every length and count by which extraction tells names apart has a text on each side of it.

See `test_thresholds`, which has the probabilities and how a text is given as the tagger might read it.
"""

from collections.abc import Callable

import pytest
from tests.extraction.test_thresholds import HAN, clubs, ends, tagged

from etl.extraction import terms
from etl.extraction.linking import abbreviations
from etl.extraction.linking.abbreviations import KnownNames
from etl.extraction.organizations import finder as organizations
from etl.extraction.organizations import government_bodies
from etl.extraction.organizations import names as organization_names
from etl.extraction.organizations import patterns as organization_patterns
from etl.extraction.places import abbreviated_places, patterns
from etl.extraction.places import finder as places
from etl.extraction.resources.tagger import split_pieces


def known(*divisions: str) -> KnownNames:
    """What a report names; each word of a name has two characters."""
    return KnownNames(
        {},
        frozenset(divisions),
        {},
        frozenset(),
        lambda name: [name[k : k + 2] for k in range(0, len(name), 2)],
    )


def parts(rest: str) -> int:
    """How many organizations stand around a verb."""
    text = f"绛县商会组织{rest}"
    return len(list(organizations._split_at_verb(tagged(f"{text}/ORG"), (0, len(text)))))


def committee(words: int, behind: str = "") -> bool:
    """Whether so many plain words are a committee."""
    context = tagged(" ".join(["气候/n"] * (words - 1) + ["委员会/n"]) + behind)
    return bool(list(organizations._committees(context)))


def departments(*words: str) -> int:
    """How many words behind a ministry make its department."""
    return organizations._department_length(
        tagged(" ".join(["教育部/ORG", *[f"{word}/n" for word in words]])), 0
    )


def cut_before_role(name: str) -> int:
    """Where a name ends whose word goes on with an office."""
    context = tagged(f"{name}/ORG")
    return organizations._end_before_role(context, context.words[0])


def lead(words: str) -> int:
    """How long the words are that lead to a known name."""
    text = f"{words}民政部"
    return organization_names._lead_length(tagged(f"{text}/ORG"), (0, len(text)))


def doubted(share: float) -> bool:
    """Whether a place is doubted."""
    context = tagged("甲乙/LOC", LOC=share)
    return abbreviated_places._is_doubtful(context, context.words[0])


def each(name: str) -> bool:
    """Whether each character of a word is a place."""
    found = abbreviated_places.find_abbreviated_places(tagged(f"{name}/nz", LOC=0.9))
    return len(found) == len(name)


def accepted(name: str, share: float) -> bool:
    """Whether an organization is accepted."""
    return organization_names.accept(tagged(f"{name}/ORG", ORG=share), (0, len(name)))


def acronym(length: int) -> bool:
    """Whether the first characters of so many words are an acronym of them."""
    return abbreviations._is_acronym(HAN[: 2 * length : 2], HAN[: 2 * length], known())


EDGES: dict[str, tuple[Callable[..., object], tuple[object, ...], tuple[object, ...]]] = {
    "finder MIN_PART_LENGTH": (lambda rest: parts(rest) == 2, ("永兴厂",), ("永兴",)),
    "finder MIN_COMMITTEE_WORDS": (committee, (4,), (3,)),
    "finder MIN_COMMITTEE_WORDS, before an office": (committee, (3, " 主任/n"), (2, " 主任/n")),
    "finder MAX_DEPARTMENT_WORDS": (lambda n: departments(*["水渠"] * (n - 1), "管理司"), (5,), (6,)),
    "finder MIN_DEPARTMENT_LENGTH": (departments, ("水利司",), ("水司",)),
    "finder MAX_ROLE_LENGTH": (
        lambda role: cut_before_role(f"甲乙{role}") == 2, ("首席经济学家",), ("中央军委副主席",)
    ),
    "finder, what an office leaves": (
        lambda name: cut_before_role(name) == len(name) - 2, ("民进立委",), ("党立委",)
    ),
    "government_bodies DIVISION_LENGTHS": (
        lambda name: list(government_bodies._committees(tagged(f"{name}委/LOC"))),
        ("阿坝藏族羌族自治州",),
        ("海西蒙古族藏族自治州",),
    ),
    "government_bodies MIN_DIVISION_LENGTH": (
        lambda name: list(government_bodies._committees(tagged(f"{name}委/LOC"))), ("闻喜县",), ("绛县",)
    ),
    "names MAX_LEAD_LENGTH": (
        lambda words: lead(words) == len(words), ("全国各级全国各级",), ("全国各级全国各级该",)
    ),
    "names MIN_OFFICE_LENGTH": (lambda name: accepted(name, 0.0), ("水渠路面系",), ("水渠路系",)),
    "names, particles": (lambda name: accepted(name, 0.9), ("从严桥",), ("从严",)),
    "patterns BRAND_LENGTHS": (clubs, ("北京国安虎、广州恒大",), ("北京虎、广州恒大",)),
    "organization patterns MIN_NAME_PROBABILITY": (
        lambda p: organization_patterns._is_named(tagged("振兴/v", ORG=p), 0), (0.26,), (0.24,)
    ),
    "patterns MIN_LISTED_DIVISIONS": (
        lambda text: list(patterns._listed(tagged(text))), ("绛县、闻喜县等县",), ("绛县、嗯哼县等县",)
    ),
    "patterns ROAD_NAME_LENGTHS": (
        lambda name: list(patterns._roads(tagged(f"{name}/n 高铁/n"))), ("鲁豫皖",), ("鲁豫皖赣",)
    ),
    "name_ends MIN_FULL_NAME_LENGTH": (
        lambda name: ends(f"{name}新冠", 0.5) == len(name), ("闻喜县",), ("绛县",)
    ),
    "name_ends GLUED_LENGTHS": (
        lambda glued: ends(f"北京市{glued}", 0.5) == 3, ("新冠肺",), ("新冠肺炎",)
    ),
    "abbreviated_places MIN_PROBABILITY": (doubted, (0.39,), (0.41,)),
    "abbreviated_places MAX_PAIR_LENGTH": (each, ("京津冀鲁豫",), ("京津冀鲁豫皖",)),
    "finder MAX_BEGINNING_LENGTH": (
        lambda name: (0, len(name)) in list(places._known_beginnings(tagged(f"{name}旅游/ORG"))),
        ("大兴国际机场",),
        ("香港特别行政区",),
    ),
    "finder MIN_DIVISION_LENGTH": (
        lambda name: places._is_known_division(tagged(f"{name}/LOC"), name), ("大新县",), ("新县",)
    ),
    "abbreviations MAX_ACRONYM_LENGTH": (acronym, (6,), (7,)),
    "abbreviations MIN_NAME_LENGTH": (
        lambda name: abbreviations._find_longer(name, [f"绛县{name}"], known("绛县")) != name,
        ("水渠厂",),
        ("水渠",),
    ),
    "abbreviations MAX_DIVISION_LENGTH": (
        lambda n: abbreviations._without_division(f"{HAN[:n]}水利局", known(HAN[:n])) == "水利局",
        (11,),
        (12,),
    ),
    "terms MAX_TERM_LENGTH": (lambda n: terms._is_term("a" * n), (40,), (41,)),
    "terms MIN_TERM_LENGTH": (terms._is_term, ("水渠",), ("水",)),
    "tagger MAX_PIECE_LENGTH": (lambda n: len(list(split_pieces("水" * n))) == 1, (400,), (401,)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    question, holds, holds_not = EDGES[name]

    assert question(*holds)
    assert not question(*holds_not)

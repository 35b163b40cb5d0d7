"""Every length and count by which extraction tells names apart has a text on each side of it.

See `test_thresholds`, which has the probabilities and how a text is given as the tagger might read it.
"""

from dataclasses import replace

import pytest
from tests.extraction.test_thresholds import HAN, clubs, doubtful, ends, tagged
from tests.thresholds import Edges, divides

from etl.extraction import terms
from etl.extraction.linking import abbreviations, divisions
from etl.extraction.linking.abbreviations import KnownNames
from etl.extraction.organizations import finder as organizations
from etl.extraction.organizations import government_bodies
from etl.extraction.organizations import names as organization_names
from etl.extraction.organizations import patterns as organization_patterns
from etl.extraction.people import finder as people
from etl.extraction.people import foreign_names, forms, names, roles
from etl.extraction.places import abbreviated_places, name_ends, patterns, titles
from etl.extraction.places import finder as places
from etl.extraction.places.full_names import find_full_names
from etl.extraction.resources.tagger import split_pieces
from etl.model.mentions import Place


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


def title(words: str) -> bool:
    """Whether the place that a text begins with only begins the name of an event."""
    return titles.begins_title(tagged(words), (0, 2))


def verb_named(share: float) -> bool:
    """Whether a verb belongs to a name, by its share of an organization's."""
    context = tagged("振兴/v", ORG=share)
    return organizations._is_named(context, context.words[0])


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


def identity_of(name: str, share: float) -> bool:
    """Whether a name of three characters without an office is taken for a person."""
    return names.accept(tagged(f"{name}/PER", PER=share), (0, len(name)))


def in_list_of_places(count: int) -> bool:
    """Whether the first of so many names spelt by sound is one of places."""
    return foreign_names.stands_for_place(tagged("、".join(["布拉兹"] * count) + "等方向"), (0, 3))


def familiar(behind: str) -> bool:
    """Whether 小 before a surname is no part of the name."""
    return people._lead_length(tagged(f"小胡/PER {behind}/n 说/v"), (0, 2)) == 1


def within(name: str) -> bool:
    """Whether a division is found that begins within a word of the tagger."""
    return (1, 1 + len(name)) in list(find_full_names(tagged(f"从{name}/nz")))


def brand(length: int) -> bool:
    """Whether one word more, so long, begins the name of a firm."""
    context = tagged(f"，/w {HAN[:length]}/v 商务/n 咨询/n")
    return organization_patterns._firm_start(context, length + 5) == 1


def begins_clause(length: int) -> bool:
    """Whether the name of a firm begins a clause of so many characters."""
    context = tagged(f"，/w 水渠路/v {HAN[3:length]}/n")
    return organization_patterns._firm_start(context, 1 + length) == 1


def split_in_two(name: str, share: float) -> bool:
    """Whether the first two characters of a word are places."""
    found = abbreviated_places.find_abbreviated_places(tagged(f"{name}/LOC", LOC=share))
    return {(0, 1), (1, 2)} <= set(found)


def cut_otherwise(length: int) -> bool:
    """Whether a name of so many characters is found that ends within a word of the tagger."""
    context = tagged(f"在/p 江州/LOC {HAN[: length - 5]}大药房和/n", ORG=0.9)
    return bool(list(organization_patterns._cut_otherwise(context)))


def left_open(count: int) -> bool:
    """Whether so many divisions of one name are given, where the report does not tell which is meant."""
    context = tagged("绛县/LOC")
    assert context.gazetteer
    readings = [next(iter(context.gazetteer.read_name("绛县")))] * count
    place = Place(text="绛县", start=0, end=2, key="place:绛县")
    return len(divisions._left_open(place, readings, "绛县").candidates) == count


def side(name: str) -> int:
    """How many characters of a name of a place are its side."""
    return len(name) - name_ends.strip_trailer(tagged(f"{name}/LOC 端/n"), (0, len(name)))


def speaks(words: str) -> bool:
    """Whether a surname, an office and what stands behind it are a speaker."""
    context = tagged(words)
    titled = forms.TITLED.search(context.folded)
    return titled is not None and forms._speaks(context, titled)


def signed(indent: int, office: int, gap: int) -> bool:
    """Whether who signs is found behind so many blanks, an office so long, and so many blanks again."""
    before = f"水渠\n{'　' * indent}{HAN[: office - 2]}部长{'　' * gap}"
    context = replace(tagged("水渠/n"), folded=f"{before}李建国\n")
    return roles.signed_role(context, (len(before), len(before) + 3)) is not None


EDGES: Edges = {
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
    "titles MIN_VERB_LENGTH": (
        title, ("上海/LOC 学/v 术/n 大会/n",), ("上海/LOC 召开/v 学术/n 大会/n",)
    ),
    "organizations MIN_NAME_PROBABILITY": (verb_named, (0.26,), (0.24,)),
    "organization patterns MIN_NAME_PROBABILITY": (
        lambda p: organization_patterns._is_named(tagged("振兴/v", ORG=p), 0), (0.21,), (0.19,)
    ),
    "patterns MIN_LISTED_DIVISIONS": (
        lambda text: list(patterns._listed(tagged(text))), ("绛县、闻喜县等县",), ("绛县、嗯哼县等县",)
    ),
    "patterns FEWEST_FORECASTS": (
        lambda n: patterns.find_forecasts(tagged("塔什干晴26℃/n " * n)), (3,), (2,)
    ),
    "patterns MAX_ADDRESS_WORDS": (
        lambda n: patterns._place_start(tagged(" ".join(["绛县/LOC"] * n)), 2 * n) == 0, (4,), (5,)
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
    "name_ends strip_trailer, what a side leaves": (lambda name: side(name) == 1, ("龙山西",), ("坝西",)),
    "name_ends strip_trailer, how long a side is": (
        lambda name: side(name) == len(name) - 3, ("大别山东北",), ("大别山西东北",)
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
    "organization patterns MAX_BRAND_LENGTH": (brand, (3,), (4,)),
    "organization patterns, a clause before a bracket": (begins_clause, (10,), (11,)),
    "organization patterns MAX_NAME_LENGTH": (cut_otherwise, (20,), (21,)),
    "organization patterns, a known place before a brand": (
        clubs, ("韩国圣虎、广州恒大",), ("北京韩国、广州恒大",)
    ),
    "organization patterns, a division before a brand": (
        clubs, ("绛县圣虎、广州恒大",), ("北京闻喜、广州恒大",)
    ),
    "divisions MAX_CANDIDATES": (left_open, (12,), (13,)),
    "people names, compound surnames": (lambda name: identity_of(name, 0.35), ("端木建",), ("端桥建",)),
    "people names, first two characters": (
        lambda at: names.accept(doubtful("李建国/PER", at, 0.1), (0, 3)), (2,), (1,)
    ),
    "people names PLACE_ENDS": (
        lambda name: not names.is_name(tagged(f"{name}/PER"), (0, 3)), ("李建乡",), ("李建县",)
    ),
    "people names SIDES": (lambda name: names._is_part(tagged(name), name), ("黎南部",), ("黎下部",)),
    "people names, sides in talks": (
        lambda name: names._is_part(tagged(name), name), ("中方",), ("中山方",)
    ),
    "people names STORM_BEFORE": (
        lambda before: names._is_thing(tagged(f"{before}妮科尔"), (len(before), len(before) + 3)),
        ("台风“",),
        ("大风“",),
    ),
    "people finder, a place within": (
        lambda name: people._is_free(tagged(f"{name}/PER"), (0, 3)), ("安建明",), ("韩国明",)
    ),
    "people finder, familiar names": (familiar, ("走路",), ("主任",)),
    "people finder, a title within": (
        lambda name: people._lead_length(tagged(f"{name}/PER"), (0, len(name))) == 2,
        ("总统李明",),
        ("总统李",),
    ),
    "people finder GLUED_LINKS": (
        lambda name: (
            people._end_before_link(doubtful(f"{name}/PER", len(name) - 1, 0.5), (0, len(name))) == len(name)
        ),
        ("李和",),
        ("李建和",),
    ),
    "people finder, a surname apart": (
        lambda name: people._start_at_surname(tagged(f"管/n {name}/PER"), 1, (1, 1 + len(name))) == 0,
        ("克江",),
        ("克江山",),
    ),
    "people finder, names in a row": (
        lambda name: people._are_glued(tagged(name), name), ("李建国王立新",), ("李建国王",)
    ),
    "foreign_names MAX_LIST_LENGTH": (in_list_of_places, (6,), (7,)),
    "foreign_names, a part before a hyphen": (
        lambda text: foreign_names._extend_by_jean(tagged(text), (3, 6)) == (1, 6),
        ("说让-皮埃尔",),
        ("说来-皮埃尔",),
    ),
    "forms MIN_PROBABILITY_GIVEN": (
        lambda p: list(forms._dotted(tagged("买买提/nz ·/w 吐尔逊/nz", PER=p))), (0.26,), (0.24,)
    ),
    "abbreviated_places, pairs": (
        lambda pair: list(abbreviated_places.find_country_pairs(tagged(f"都说/v {pair}/j 两国/n"))),
        ("中老",),
        ("中人",),
    ),
    "abbreviated_places, a partner": (split_in_two, ("中丹", 0.9), ("中丹人", 0.9)),
    "abbreviated_places, two of one kind": (split_in_two, ("苏浙水", 0.3), ("苏苏水", 0.3)),
    "abbreviated_places, a known place before": (split_in_two, ("中韩水", 0.3), ("中亚水", 0.3)),
    "abbreviated_places, a word of initials": (
        lambda name: list(abbreviated_places._initials(tagged(f"横琴/LOC 的/u {name}/LOC"))),
        ("琴澳",),
        ("澳",),
    ),
    "abbreviated_places, initials": (
        lambda name: list(abbreviated_places._initials(tagged(f"{name}/LOC 的/u 琴澳/LOC"))),
        ("横琴",),
        ("横琴岛",),
    ),
    "abbreviated_places, middles": (abbreviated_places._is_middle, ("豫中",), ("豫中部",)),
    "full_names UNMISTAKABLE": (within, ("土默特左旗",), ("巴林左旗",)),
    "government_bodies longest_state": (
        lambda state: list(government_bodies._bodies_of_any_state(tagged(f"{state}/LOC 国会/n"))),
        ("特立尼达和多巴哥",),
        ("特立尼达和多巴",),
    ),
    "foreign_names longest_state": (
        lambda state: foreign_names.is_place_name(tagged(f"{state}/nz"), (7, 8)),
        ("特立尼达和多巴哥",),
        ("特立尼达和多马哥",),
    ),
    "organization names MAX_STATE_LENGTH": (
        lambda name: organization_names._of_state(tagged(name), name),
        ("安提瓜和巴布达财政部",),
        ("特立尼达和多巴哥水利部",),
    ),
    "organization names MAX_PLACE_LENGTH": (
        lambda name: organization_names._place_before_common_word(tagged(name), (0, len(name))),
        ("哈尔科夫旅游",),
        ("伊斯坦布尔旅游",),
    ),
    "patterns MIN_CUT_NAME_LENGTH": (
        lambda words: list(patterns._cut_names(tagged(words))), ("华盛/n 顿/n",), ("韩/n 国/n",)
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
    "context tag_of": (lambda span: tagged("县长/n 李明/PER").tag_of(span) == "n", ((0, 2),), ((0, 3),)),
    "people finder shows_person": (
        lambda name: people.shows_person(tagged(f"{name}/PER"), (0, 3)), ("欧阳建",), ("李建国",)
    ),
    "forms _speaks": (speaks, ("王/n 代表/n 根德/nr ：/w",), ("王/n 代表/n 发言/v ：/w",)),
    "roles MAX_INDENT": (signed, (24, 2, 1), (25, 2, 1)),
    "roles MAX_OFFICE_LENGTH": (signed, (24, 16, 1), (24, 17, 1)),
    "roles MAX_GAP": (signed, (24, 16, 4), (24, 16, 5)),
    "word_files HEAD, the shortest names": (
        lambda name: list(organizations._known(tagged(f"{name}/ORG 说/v"))), ("欧盟",), ("欧渠",)
    ),
    "tagger MAX_PIECE_LENGTH": (lambda n: len(list(split_pieces("水" * n))) == 1, (400,), (401,)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])

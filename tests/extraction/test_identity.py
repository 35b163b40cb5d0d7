from collections.abc import Callable
from typing import Any

from tests.growth import LIMIT, exponent

from etl.extraction.linking.abbreviations import KnownNames, expand_names
from etl.model.mentions import Extraction, Organization, Person

TABLE = "identities.toml"


def _known(**given: Any) -> KnownNames:  # noqa: ANN401 - fields of several types
    empty = {"homes": {}, "divisions": frozenset(), "declared": {}, "national": frozenset(), "cut": list}
    return KnownNames(**{**empty, **given})


def test_bodies_have_their_full_name(case: dict[str, Any], found: Callable[..., Extraction]) -> None:
    """A name that leaves out what the report says elsewhere is the full name, and shares its key."""
    organizations = [e for e in found(case["text"]).entities if isinstance(e, Organization)]

    assert [o.name for o in organizations] == case["names"]
    assert all(a.key == o.key for a in organizations for o in organizations if a.name == o.name)


def test_an_abbreviation_of_two_bodies_is_tied_to_none() -> None:
    """What may mean either of two names stays what it is."""
    names = ["江州市永兴机械有限公司", "永兴水泥有限公司", "永兴公司"]

    assert expand_names(names, _known(divisions=frozenset({"江州市"})))["永兴公司"] == "永兴公司"


def test_beginnings_of_words_make_an_acronym() -> None:
    """工信部 is the ministry whose words it begins; 中国银行 is not 中国工商银行."""
    words = {
        "工业和信息化部": ["工业", "和", "信息化", "部"],
        "中国工商银行": ["中国", "工商", "银行"],
        "证券监督管理委员会": ["证券", "监督", "管理", "委员会"],
    }
    known = _known(cut=lambda name: words.get(name, [name]))
    full = expand_names([*words, "工信部", "中国银行", "证监会"], known)

    assert full["工信部"] == "工业和信息化部"
    assert full["中国银行"] == "中国银行"
    assert full["证监会"] == "证券监督管理委员会"


def test_a_declared_abbreviation_is_known() -> None:
    """What the report explains needs no guess."""
    declared = {"永兴": "江州市永兴机械有限公司"}

    assert expand_names(["永兴"], _known(declared=declared))["永兴"] == "江州市永兴机械有限公司"


def test_national_bodies_stay_what_they_are() -> None:
    """An organization known beyond any one place is not taken for a local one of the same words."""
    known = _known(national=frozenset({"红十字会"}), divisions=frozenset({"石桥县"}))

    assert expand_names(["红十字会", "石桥县红十字会"], known)["红十字会"] == "红十字会"


def test_one_person_has_one_key(found: Callable[..., Extraction]) -> None:
    """The sign between the parts of a foreign name does not make another person of it."""
    text = "弗拉基米尔·普京抵达北京。弗拉基米尔•普京发表讲话。"
    people = [e for e in found(text).entities if isinstance(e, Person)]

    assert len(people) == 2
    assert len({p.key for p in people}) == 1


def test_a_division_left_out_is_filled_in_only_when_the_report_is_about_it() -> None:
    """县医院 is completed by the one county named, and left alone without one."""
    homes = {"县": "石桥县"}

    assert expand_names(["县中医院"], _known(homes=homes))["县中医院"] == "石桥县中医院"
    assert expand_names(["县中医院"], _known())["县中医院"] == "县中医院"
    assert expand_names(["县委宣传部"], _known(homes={"县": "绛县"}))["县委宣传部"] == "绛县县委宣传部"


def test_many_names_cost_no_more_than_their_number() -> None:
    """Thousands of names are linked in a moment: each is compared with its like only."""
    names = [f"{chr(0x4E00 + i)}{chr(0x5E00 + i)}机械有限公司" for i in range(4000)]
    few, many = ([*some, *(name[:2] + "公司" for name in some)] for some in (names[:500], names))

    assert expand_names(many, _known())[names[7][:2] + "公司"] == names[7]
    assert exponent(lambda given: expand_names(given, _known()), few, many, 8) < LIMIT

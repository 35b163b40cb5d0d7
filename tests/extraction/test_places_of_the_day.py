import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from division_heirs import Changes, Life, find_heirs

from etl.extraction.resources.division_table import TABLE
from etl.model.mentions import DivisionRef, Extraction, Place

Found = Callable[..., Extraction]
ROOT = Path(__file__).resolve().parents[2]


def places(found: Found, text: str, day: str | None = None) -> list[Place]:
    """The places of a text of a day."""
    entities = found(text, date.fromisoformat(day) if day else None).entities
    return [e for e in entities if isinstance(e, Place)]


@pytest.mark.parametrize(
    ("day", "text", "name", "code", "chain", "now"),
    [
        ("1998-07-03", "襄樊市召开防汛会议。", "襄樊市", "420600", "湖北省襄樊市", ["420600"]),
        ("2005-03-09", "考察组来到闸北区。", "闸北区", "310108", "上海市闸北区", ["310106"]),
        ("2023-03-09", "考察组来到襄阳市。", "襄阳市", "420600", "湖北省襄阳市", ["420600"]),
        (None, "当年的襄樊市很小。", "襄樊市", "420600", "湖北省襄樊市", ["420600"]),
        ("2003-05-06", "莱芜市的生姜丰收。", "莱芜市", "371200", "山东省莱芜市", ["370116", "370117"]),
        ("1996-05-06", "五华县政府发布公告。", "五华县", "441424", "广东省梅州市五华县", ["441424"]),
        ("2019-05-06", "无锡市人民政府决定", "无锡市", "320200", "江苏省无锡市", ["320200"]),
        # The tagger cuts these: 立|山区, 通|什市, 镶|黄旗, 从察|哈尔右翼中旗, 达|县市.
        ("2022-05-18", "立山区遭受暴雨袭击。", "立山区", "210304", "辽宁省鞍山市立山区", ["210304"]),
        ("1997-11-19", "海南省通什市遭受暴雨。", "海南省通什市", "460001", "海南省通什市", ["469001"]),
        ("1992-07-02", "考察组来到镶黄旗。", "镶黄旗", "152528",
         "内蒙古自治区锡林郭勒盟镶黄旗", ["152528"]),
        ("2001-07-02", "记者从察哈尔右翼中旗了解到", "察哈尔右翼中旗", "152631",
         "内蒙古自治区乌兰察布盟察哈尔右翼中旗", ["150927"]),
        ("1985-11-23", "达县地区达县市遭受暴雨", "达县地区达县市", "513001",
         "四川省达县地区达县市", ["511702"]),
        # 南 and 郊区 are no side and no outskirts here, nor 万州区 and 千山区 kinds of places.
        ("1987-10-21", "记者从天津市南郊区了解到", "天津市南郊区", "120112", "天津市南郊区", ["120112"]),
        ("1990-01-09", "他在湖南省邵阳市郊区工作", "湖南省邵阳市郊区", "430511",
         "湖南省邵阳市郊区", ["430511"]),
        ("1998-01-06", "万州区召开全体会议。", "万州区", "500101", "重庆市万州区", ["500101"]),
        ("2009-12-18", "千山区召开全体会议。", "千山区", "210311", "辽宁省鞍山市千山区", ["210311"]),
    ],
)  # fmt: skip
def test_places_are_coded_as_on_the_day(
    day: str | None, text: str, name: str, code: str, chain: str, now: list[str], found: Found
) -> None:
    """A place has the code and the chain of its day, and what it is today, however the tagger cuts it."""
    place = next(p for p in places(found, text, day) if p.text == name)

    assert (place.code, place.chain) == (code, chain)
    assert [today.code for today in place.now] == now
    assert not place.candidates


def test_what_is_open_has_candidates(found: Found) -> None:
    """A name that several divisions have, and nothing tells which, has no code but says which they are."""
    (place,) = places(found, "朝阳区通报。", "2020-01-01")

    assert (place.code, place.chain, place.now) == (None, None, ())
    assert place.candidates == (
        DivisionRef("110105", "北京市朝阳区"),
        DivisionRef("220104", "吉林省长春市朝阳区"),
    )


def test_candidates_are_those_of_the_day(found: Found) -> None:
    """Whoever had the name at another time is no candidate: 河东区 of 临沂 is of 1994."""
    (early,) = places(found, "河东区通报。", "1990-01-01")
    (late,) = places(found, "河东区通报。", "2020-01-01")

    assert (early.code, early.candidates) == ("120102", ())
    assert [c.code for c in late.candidates] == ["120102", "371312"]


@pytest.mark.parametrize(
    "text",
    ["长宁县域经济发展很快。", "他们去了老城区。", "台北市政府公告。", "美国政府声明。", "今天去郊区玩。"],
)
def test_other_words_name_no_division(text: str, found: Found) -> None:
    """A kind of place, a beginning of other words, and a government without years name no division."""
    named = [p.text for p in places(found, text, "2020-01-01") if p.code]

    assert named in ([], ["长宁县"])


def test_one_key_over_a_change_of_codes(found: Found) -> None:
    """A county that only got another code and another city above it stays one thing."""
    (before,) = places(found, "会同县通报。", "1990-01-01")
    (after,) = places(found, "会同县通报。", "2020-01-01")

    assert (before.code, after.code) == ("433029", "431225")
    assert before.key == after.key == "place:会同县"


def test_the_table_is_as_it_was_made() -> None:
    """The manifest has the table's checksum, and each source with its licence; the notice names them all."""
    manifest = json.loads((TABLE.parent / "manifest.json").read_text(encoding="utf-8"))
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").lower()

    assert hashlib.sha256(TABLE.read_bytes()).hexdigest() == manifest["table"][TABLE.name]["sha256"]
    assert "make_divisions.py" in manifest["command"]
    for name, source in manifest["sources"].items():
        package = name.split("-")[0].replace("_", "-").lower()
        assert package in notice
        assert source["licence"]
        assert source["sha256"]


@pytest.mark.parametrize(
    ("ended", "others", "expected"),
    [
        (Life("321123", "句容县", 1983, 1994), [Life("321183", "句容市", 1995, 2000)], ("321183",)),
        (Life("420600", "襄樊市", 1980, 1994), [Life("420600", "襄阳市", 1995, 2000)], ("420600",)),
        (Life("433029", "会同县", 1980, 1994), [Life("431225", "会同县", 1995, 2000)], ("431225",)),
        (Life("132429", "霸县", 1980, 1994), [Life("131081", "霸州市", 1995, 2000)], ("131081",)),
        # A region goes on as the city, not as the county at its seat.
        (
            Life("432100", "湘潭地区", 1980, 1994),
            [Life("430300", "湘潭市", 1980, 2000), Life("430321", "湘潭县", 1995, 2000)],
            ("430300",),
        ),
        # The one of a city that ended and the one that began.
        (Life("370625", "某县", 1980, 1994), [Life("370683", "别市", 1995, 2000)], ("370683",)),
        # A code that went to a division which had its name before follows nothing.
        (
            Life("352425", "平潭县", 1980, 1994),
            [Life("352425", "永春县", 1995, 2000), Life("352526", "永春县", 1980, 1994)],
            None,
        ),
    ],
)
def test_successors_are_found(ended: Life, others: list[Life], expected: tuple[str, ...] | None) -> None:
    """What follows a division is told by its name, its stem, its code, or by what is left over."""
    assert find_heirs([ended, *others], Changes(), 2000).get(ended) == expected

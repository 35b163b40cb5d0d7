from datetime import date
from pathlib import Path

import pytest

from etl.extraction.resources import division_table
from etl.extraction.resources.division_table import Row, build
from etl.extraction.resources.gazetteer import DatedGazetteer, Gazetteer
from etl.model.errors import SetupError


@pytest.fixture(scope="module")
def table() -> Gazetteer:
    """The divisions of all years."""
    return Gazetteer.load()


@pytest.fixture(scope="module")
def today(table: Gazetteer) -> DatedGazetteer:
    """The divisions of today."""
    return table.on(None)


def codes(gazetteer: DatedGazetteer, name: str) -> set[str]:
    """What a whole name may mean."""
    return {r.division.code for r in gazetteer.read_name(name) if r.length == len(name)}


@pytest.mark.parametrize(
    ("name", "expected", "length"),
    [
        ("绛县", {"140826"}, 2),
        ("山西省运城市绛县", {"140826"}, 8),
        ("山西运城绛县", {"140826"}, 6),
        ("恩施", {"422800", "422801"}, 2),
        ("吉林市", {"220200"}, 3),
        ("重庆市", {"500000"}, 3),
        ("济源市", {"419001"}, 3),
        ("朝阳区", {"110105", "220104"}, 3),
        ("北京朝阳区", {"110105"}, 5),
        ("鄂温克族自治旗", {"150724"}, 7),
        ("黔东南州凯里市", {"522601"}, 7),
        ("延边州", {"222400"}, 3),
        ("香港特区", {"810000"}, 4),
        ("京", {"110000"}, 1),
        ("绛县原庄镇", {"140826"}, 2),
        ("原庄镇", set(), 0),
        ("", set(), 0),
    ],
)
def test_names_are_read_as_far_as_they_go(
    name: str, expected: set[str], length: int, today: DatedGazetteer
) -> None:
    """A name, short or in full, alone or in a chain, gives all the divisions that it may mean."""
    readings = today.read_name(name)

    assert {reading.division.code for reading in readings} == expected
    assert all(reading.length == length for reading in readings)


@pytest.mark.parametrize(
    ("day", "name", "expected"),
    [
        ("1998-05-01", "襄樊市", {"420600"}),
        ("2005-05-01", "闸北区", {"310108"}),
        ("1990-05-01", "重庆市", {"510200"}),
        ("1990-05-01", "四川省重庆市", {"510200"}),
        ("1985-06-22", "山东省德州地区乐陵县", {"372427"}),
        ("1996-02-11", "会同县", {"433029"}),
        ("2006-02-11", "会同县", {"431225"}),
        ("1990-02-11", "四川省达县地区达县", {"513021"}),
        ("1990-02-11", "毕节", {"522400", "522421"}),
        # The list of 2015 has no 闸北区 any more; a report of that year may have.
        ("2015-02-11", "闸北区", {"310108"}),
        # Nobody has the name on the day: who had it before, failing that who had it first afterwards.
        ("2020-02-11", "湖北省襄樊市", {"420600"}),
        ("2020-02-11", "襄樊", {"420600"}),
        ("1990-02-11", "三沙市", {"460300"}),
        # Before the first list and after the last one.
        ("1955-02-11", "句容县", {"322625"}),
        ("2999-02-11", "绛县", {"140826"}),
    ],
)
def test_names_are_read_as_on_the_day(day: str, name: str, expected: set[str], table: Gazetteer) -> None:
    """A name means the divisions that had it on the day."""
    assert codes(table.on(date.fromisoformat(day)), name) == expected


def test_short_names_of_former_counties_mean_nothing(table: Gazetteer) -> None:
    """A word that was short for a county of other years is not read as one: 太平 of 太平县 (until 1983)."""
    assert "342727" in codes(table.on(date(1981, 1, 1)), "太平")
    assert "342727" not in codes(table.on(None), "太平")


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        ("420600", 1998, ["420600"]),  # 襄樊市
        ("310108", 2005, ["310106"]),  # 闸北区
        ("371200", 2000, ["370116", "370117"]),  # 莱芜市
        ("510200", 1990, ["500000"]),  # 重庆市
        ("370625", 1985, ["370683"]),  # 掖县, 莱州市 since
        ("422500", 1981, ["420600"]),  # 襄阳地区
        ("442200", 1985, []),  # 海南黎族苗族自治州, divided among several
        ("140826", 2020, ["140826"]),
    ],
)
def test_successors(code: str, year: int, expected: list[str], table: Gazetteer) -> None:
    """A division of any year leads to what it is today, over all changes between."""
    division = table.at(code, year)

    assert division
    assert [heir.code for heir in table.now(division)] == expected


@pytest.mark.parametrize("year", [1980, 1986, 1994, 2003, 2012, 2022, 2026])
def test_every_division_is_read_from_its_chain(year: int, table: Gazetteer) -> None:
    """No chain of any year is ambiguous but those of two that a list of their time names alike."""
    dated = table.on(date(year, 12, 31))
    twice = [d.chain for d in table.divisions if d.in_force(year) and codes(dated, d.chain) != {d.code}]

    assert len(twice) <= (8 if year == 2006 else 0), twice


def test_a_code_belongs_to_one_division_at_a_time(table: Gazetteer) -> None:
    """In no year do two divisions have one code, and all that follows is in force in the year after."""
    taken = [
        (division.code, year)
        for division in table.divisions
        for year in range(division.since, division.until + 1)
    ]
    assert len(taken) == len(set(taken))
    following = [(code, division.until + 1) for division in table.divisions for code in division.heirs]
    assert set(following) <= set(taken)


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        ("140826", 2020, "绛县"),
        ("110105", 2020, "北京市朝阳区"),
        ("433029", 1990, "会同县"),  # only its code changed since
        ("420600", 1998, "襄樊市"),
        ("130405", 1984, "河北省邯郸市郊区"),
        # Today another has the name.
        ("341400", 2005, "巢湖市"),
        ("330621", 2000, "绍兴县"),
    ],
)
def test_keys(code: str, year: int, expected: str, table: Gazetteer) -> None:
    """A division has one name for its key, its chain where others have or had the name."""
    division = table.at(code, year)

    assert division
    assert table.canonical_name(division) == expected


def test_a_new_chain_is_a_new_version() -> None:
    """A county whose city changes its name has two chains, each for its years, and follows itself."""
    rows = [
        Row("420000", "湖北省", 1980, 2000, ()),
        Row("420600", "襄樊市", 1980, 1990, ("420600",)),
        Row("420600", "襄阳市", 1991, 2000, ()),
        Row("420602", "襄城区", 1985, 2000, ()),
    ]
    made = [(d.chain, d.since, d.until, d.heirs) for d in build(rows) if d.code == "420602"]

    assert made == [
        ("湖北省襄樊市襄城区", 1985, 1990, ("420602",)),
        ("湖北省襄阳市襄城区", 1991, 2000, ()),
    ]


@pytest.mark.parametrize(
    "content", [None, "code\tname\n110000\t北京市\n", "code\tname\tsince\tuntil\theirs\n1\n"]
)
def test_a_damaged_table_is_named(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the table as it was made the start fails with its path and what to do."""
    path = tmp_path / "divisions.tsv"
    if content:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(division_table, "TABLE", path)

    with pytest.raises(SetupError, match=r"divisions\.tsv.*Install report-etl anew"):
        Gazetteer.load()

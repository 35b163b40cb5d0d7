"""Which rows a search wants: those that fit it themselves, of reports that match."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.export.made import DECLARED, MadeStore
from tests.search.made import ListFeed, index_of
from tests.store.made import make_report

from etl.export.reading import TableRequest, open_table
from etl.model.mentions import DivisionRef, Entity, Fact, Organization, Person, Place
from etl.model.report import Report
from etl.search.lookup import Area
from etl.store.query.finding import Search

SHANXI, NANJING = Area("140000", "山西省"), Area("320100", "江苏省南京市")
AREAS = {"山西省": [SHANXI], "南京市": [NANJING], "140000": []}
PLACES = {"绛县": ("140826", "山西省运城市绛县"), "南京市": ("320100", "江苏省南京市")}
PEOPLE = ("王建国", "李桂兰")
ORGANIZATIONS = ("永安公司", "绛县医院", "市红十字会")
LINES = (
    "绛县永安公司捐款5万元。",
    "南京市王建国向绛县医院捐款3万元。",
    "李桂兰捐款2千元。",
    "南京市任命王建国为主任。",
    "南京市李桂兰向市红十字会捐款1万元。",
)


def mentions(text: str) -> Iterator[Entity]:
    """Each place at which a text names something of the above."""
    for start in range(len(text)):
        at: dict[str, Any]
        for name in (*PLACES, *PEOPLE, *ORGANIZATIONS):
            if not text.startswith(name, start):
                continue
            at = {"text": name, "start": start, "end": start + len(name)}
            if name in PEOPLE:
                yield Person(**at, key=f"person:{name}")
            elif name in ORGANIZATIONS:
                yield Organization(**at, key=f"organization:{name}", name=name)
            elif not text.startswith("绛县医院", start):
                code, chain = PLACES[name]
                now = (DivisionRef(code, chain),)
                yield Place(**at, key=f"place:{name}", code=code, chain=chain, now=now)


def made(uri: str, lines: tuple[str, ...], day: str | None) -> Report:
    """A report that states a fact a line: a donation, or an appointment."""
    text = "\n".join(lines)
    found = tuple(mentions(text))
    facts, start = list[Fact](), 0
    for line in lines:
        kind = "appointment" if "任命" in line else "donation"
        facts.append(Fact(kind, {"gift": line}, ((start, start + len(line)),)))
        start += len(line) + 1
    keys = tuple(sorted({one.key for one in found}))
    return make_report(uri, text, (), day, entities=found, entity_keys=keys, facts=tuple(facts))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> MadeStore:
    """One report of two provinces, and one of Nanjing alone."""
    feed = ListFeed()
    feed.put(made("file:///both", LINES, "2020-02-03"))
    feed.put(made("file:///nanjing", LINES[3:], "2021-02-03"))
    return MadeStore(feed, index_of(feed, tmp_path_factory.mktemp("rows"), AREAS))


def rows(store: MadeStore, name: str, wanted: TableRequest) -> list[Mapping[str, Any]]:
    """A table as its rows by name."""
    table = open_table(store, name, wanted, DECLARED)
    return [dict(zip([one.name for one in table.columns], row, strict=True)) for row in table.rows]


@pytest.mark.parametrize(
    ("search", "lines"),
    [
        (Search(), [3, 4, 0, 1, 2, 3, 4]),
        (Search(fact="donation"), [4, 0, 1, 2, 4]),
        (Search(person="王建国"), [3, 1, 3]),
        (Search(person="person:王建国", fact="donation"), [1]),
        (Search(person="王建国", organization="绛县医院"), [1]),
        (Search(person="李桂兰", organization="绛县医院"), []),
        (Search(organization="市红十字会", since="2021-01-01"), [4]),
        # 绛县 stands in 绛县医院; no place is named beside 李桂兰.
        (Search(place="山西省"), [0, 1, 2]),
        (Search(place="140000"), [0, 1, 2]),
        (Search(place="绛县"), [0, 1, 2]),
        (Search(place="南京市", until="2020-12-31"), [1, 2, 3, 4]),
        (Search(place="山西省", person="李桂兰"), [2]),
        (Search(words="永安公司"), [0, 1, 2, 3, 4]),
        (Search(person="无人"), []),
    ],
)
def test_facts(store: MadeStore, search: Search, lines: list[int]) -> None:
    """A fact is of the type, names the person and organization, and no place or the one asked for."""
    assert [row["text"] for row in rows(store, "facts", TableRequest(search))] == [LINES[at] for at in lines]


@pytest.mark.parametrize(
    ("search", "kind", "names"),
    [
        (Search(person="王建国"), None, {"王建国"}),
        (Search(place="山西省"), None, {"绛县"}),
        (Search(place="140000"), "place", {"绛县"}),
        (Search(place="山西省", person="李桂兰"), None, {"绛县", "李桂兰"}),
        # Another type than that of the filter: what else the reports name.
        (Search(place="山西省"), "person", {"王建国", "李桂兰"}),
        (Search(person="李桂兰", place="山西省"), "person", {"李桂兰"}),
        (Search(organization="永安公司"), "organization", {"永安公司"}),
        (Search(fact="donation", until="2020-12-31"), "organization", set(ORGANIZATIONS)),
        (Search(since="2021-01-01"), None, {"南京市", *PEOPLE, "市红十字会"}),
        (Search(person="无人"), None, set()),
    ],
)
def test_mentions_and_entities(store: MadeStore, search: Search, kind: str | None, names: set[str]) -> None:
    """Mentions and entities are those asked for; of another type, those of the reports that match."""
    asked = TableRequest(search, kind)

    assert {row["name"] for row in rows(store, "mentions", asked)} == names
    assert {row["name"] for row in rows(store, "entities", asked)} == names


def test_numbers_stay(store: MadeStore) -> None:
    """A row says which of its report's mentions or facts it is, also where others are left out."""
    search = Search(organization="绛县医院")
    (fact,) = rows(store, "facts", TableRequest(search))
    (mention,) = rows(store, "mentions", TableRequest(search))
    (entity,) = rows(store, "entities", TableRequest(search))

    assert fact["number"] == 1
    assert mention["number"] == [one.text for one in mentions("\n".join(LINES))].index("绛县医院")
    assert (entity["key"], entity["matching"]) == ("organization:绛县医院", 1)


def test_a_fact_without_spans(tmp_path: Path) -> None:
    """A fact that does not say where it stands is found by the keys that it holds."""
    feed = ListFeed()
    person = Person(text="王建国", start=0, end=3, key="person:王建国")
    facts = (Fact("donation", {"donor_key": "person:王建国"}, ()), Fact("donation", {"donor": "某人"}, ()))
    feed.put(
        make_report(text="王建国捐款", people=(), entities=(person,), entity_keys=(person.key,), facts=facts)
    )
    kept = MadeStore(feed, index_of(feed, tmp_path))

    assert [row["number"] for row in rows(kept, "facts", TableRequest(Search(person="王建国")))] == [0]

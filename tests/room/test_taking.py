import csv
import io
import re
from typing import Any

import pytest
from tests.room.conftest import Opened

from etl.store.query.finding import Search

pytestmark = [pytest.mark.mongo, pytest.mark.xdist_group("room")]


def links(page: str) -> list[str]:
    """The files that a page offers."""
    return [one.replace("&amp;", "&") for one in re.findall(r'href="(/api/[^"]+)" download', page)]


def test_tables_of_a_search(opened: Opened) -> None:
    """The search page offers what it found as tables; they hold all that matches, and no paths."""
    offered = links(opened.client.get("/", params={"q": "捐款", "fact": "donation", "page": "2"}).text)
    assert offered == []
    offered = links(opened.client.get("/", params={"q": "捐款", "since": "2021", "fact": "donation"}).text)

    facts = next(one for one in offered if one.startswith("/api/tables/facts") and one.endswith("=csv"))
    answer = opened.client.get(facts)
    rows = [*csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert sum(int(row["money_value"] or 0) for row in rows) == 2_506_000
    for one in offered:
        told = opened.client.get(one)
        assert told.status_code == 200
        assert str(opened.settings.data_dir.parent).encode() not in told.content


def rows(opened: Opened, address: str) -> list[dict[str, str]]:
    """A table of the room as its rows by name."""
    content = opened.client.get(address).content.decode("utf-8-sig")
    return [*csv.DictReader(io.StringIO(content, newline=""))]


def test_rows_are_those_asked_for(opened: Opened) -> None:
    """What the page of a search or of a person offers has the rows that fit, as Python and the API have."""
    asked: dict[str, Any] = {"person": "邱国平", "fact": "donation"}
    offered = links(opened.client.get("/", params=asked).text)
    of_person = links(opened.client.get("/entity/person:邱国平").text)

    (fact,) = rows(opened, next(one for one in offered if "tables/facts" in one and "=csv" in one))
    assert (fact["person"], fact["money_value"]) == ("邱国平", "80000")
    assert [row["number"] for row in rows(opened, of_person[0])] == [fact["number"]]
    assert {row["name"] for row in rows(opened, of_person[1])} == {"邱国平"}
    assert opened.store.to_arrow("facts", Search(**asked))["number"].to_pylist() == [int(fact["number"])]
    (stated,) = opened.client.get("/api/facts", params=asked).json()["facts"]
    assert stated["number"] == int(fact["number"])


def test_documents_of_a_report(opened: Opened) -> None:
    """The page of a report offers it as documents, that of a person what is said of them."""
    report = opened.id("县红十字会")
    offered = links(opened.client.get(f"/report/{report}").text)
    person = links(opened.client.get("/entity/person:邱国平").text)

    assert len(offered) == 5
    assert all(opened.client.get(one).status_code == 200 for one in offered)
    assert "邱国平" in opened.client.get(person[0]).text


def test_the_api_is_guarded(opened: Opened) -> None:
    """The API stands behind the checks of the room: no other host is answered, headers are theirs."""
    assert opened.client.get("/api/search", headers={"host": "evil.example"}).status_code == 421
    assert "default-src 'none'" in opened.client.get("/api/openapi.json").headers["content-security-policy"]

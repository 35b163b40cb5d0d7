import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient
from tests.export.made import MadeStore, store_of
from tests.store.made import make_report, rich_report

from etl.model.errors import SetupError
from etl.room.application import SOURCES
from etl.store.query.feed import Change, FeedAt
from etl.store.records.changelog import EntityRecord
from etl.web_api.application import api

HOSTILE = "<script>alert(1)</script>"


class Served(MadeStore):
    """What the API reads, without a server."""

    def document(self, report_id: str) -> dict[str, Any]:
        """See `Store.document`."""
        for entry in self.documents([report_id], ()):
            return {**self.feed.stored[report_id], **entry, "loaded_at": date(2026, 1, 2)}
        raise SetupError(f"no report has the id {report_id} in /srv/secret/data")

    def folders(self) -> tuple[str, ...]:
        """See `Store.folders`."""
        return self.index.folders()

    def entity(self, key: str) -> EntityRecord | None:
        """See `Store.entity`."""
        return next(iter(self.entities_of([key])), None)

    def entities(self, kind: str, prefix: str, limit: int, after: str) -> tuple[EntityRecord, ...]:
        """See `Store.entities`."""
        found = [
            one for one in self.all_entities() if one.id.startswith(f"{kind}:{prefix}") and one.id > after
        ]
        return tuple(found[:limit])

    def changes(self, since: int = 0, *, links: bool = False) -> Iterator[Change]:
        """See `Store.changes`."""
        assert links
        return self.feed.changes(since)

    def feed_at(self, number: int) -> FeedAt:
        """See `Store.feed_at`."""
        return self.feed.feed_at(number)


@pytest.fixture
def store(tmp_path: Path) -> Served:
    """Three reports, one of them with everything, one hostile."""
    made = store_of(
        (
            make_report("file:///srv/secret/a.txt", published_on="2021-02-03"),
            make_report("file:///srv/b.txt", f"王芳{HOSTILE}", people=("王芳",), title=HOSTILE),
            rich_report(),
        ),
        tmp_path,
    )
    return Served(made.feed, made.index)


@pytest.fixture
def client(store: Served) -> TestClient:
    """Asks the API."""
    return TestClient(api(store, SOURCES), base_url="http://127.0.0.1")


def test_search(client: TestClient) -> None:
    """A search answers total, hits, facets and the next page; sources are named without paths."""
    first = client.get("/search", params={"q": "李明", "facets": "true", "limit": 1}).json()
    newest = client.get("/search", params={"limit": 1}).json()

    assert (first["total"], first["next"], first["hits"][0]["highlights"]) == (1, None, [[0, 2]])
    assert (newest["total"], newest["next"]) == (3, 1)
    assert first["hits"][0]["uri"] == "secret/a.txt"
    assert first["facets"]["person"] == [{"value": "person:李明", "shown": "李明", "count": 1}]
    (folder,) = first["facets"]["source"]
    assert folder["shown"] == "secret"
    assert client.get("/search", params={"source": folder["value"]}).json()["total"] == 1
    assert client.get("/search", params={"source": "nowhere"}).json()["total"] == 0
    assert client.get("/search", params={"since": "2021", "review": "no", "phrase": "1"}).json()["total"] == 1


def test_report(client: TestClient) -> None:
    """A report is what Python has: entities with their values, facts flat, offsets, and its revision."""
    made = rich_report()
    found = client.get(f"/reports/{made.id}").json()

    assert (found["id"], found["revision"], found["text"]) == (made.id, 1, made.text)
    assert found["entities"][4]["value"] == 30000
    assert found["facts"] == [
        {
            "type": "donation",
            "donor": "王明",
            "money": {"value": 3.5},
            "goods": [],
            "spans": [[0, 9], [15, 24]],
        }
    ]
    assert found["source"]["uri"] == "a.txt"
    tei = client.get(f"/reports/{made.id}", params={"format": "tei"})
    assert tei.headers["content-disposition"] == f'attachment; filename="report-{made.id}.xml"'
    assert "<persName" in tei.text


def test_facts_and_entities(client: TestClient) -> None:
    """Facts come with the report that states them; entities in order, page by page."""
    stated = client.get("/facts", params={"fact": "donation"}).json()
    first = client.get("/entities", params={"limit": 2}).json()

    assert [(one["title"], one["fact"]["donor"]) for one in stated["facts"]] == [("", "王明")]
    assert [one["id"] for one in first["entities"]] == ["person:李明", "person:王明"]
    assert client.get("/entities", params={"after": first["next"]}).json()["entities"][0]["name"] == "王芳"
    assert client.get("/entities/person:王芳").json()["reports"] == 1
    assert client.get("/entities/person:无人").status_code == 404


def test_changes(store: Served, client: TestClient) -> None:
    """The feed goes on behind a token, says whether there is more, and refuses that of another database."""
    first = client.get("/changes", params={"limit": 2}).json()
    second = client.get("/changes", params={"since": first["next"]}).json()

    assert [one["number"] for one in first["changes"]] == [1, 2]
    assert (first["more"], second["more"], len(second["changes"])) == (True, False, 1)
    again = client.get("/changes", params={"since": second["next"]}).json()
    assert again == {"changes": [], "next": second["next"], "more": False}
    store.feed.name = "another"
    refused = client.get("/changes", params={"since": second["next"]})
    assert (refused.status_code, "from the beginning" in refused.json()["detail"]) == (410, True)


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_tables(client: TestClient, form: str) -> None:
    """The tables of `etl export` are there to be taken, with the same filters, and without paths."""
    answer = client.get("/tables/reports", params={"format": form, "since": "2021-01-01"})

    assert answer.headers["content-disposition"] == f'attachment; filename="reports.{form}"'
    if form == "csv":
        (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    elif form == "jsonl":
        row = json.loads(answer.text)
    else:
        names, cells = openpyxl.load_workbook(io.BytesIO(answer.content))["reports"].iter_rows(
            values_only=True
        )
        row = dict(zip(names, cells, strict=True))
    assert (row["text"], row["uri"]) == ("李明说", "secret/a.txt")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/none", 404),
        ("/nowhere", 404),
        ("/search?offset=10001", 422),
        ("/search?limit=101", 422),
        ("/entities?limit=1001", 422),
        (f"/search?person={'名' * 201}", 422),
        (f"/search?q={'字' * 1001}", 422),
        ("/search?words=a", 422),
        ("/search?since=86400", 422),
        ("/tables/people", 422),
        ("/tables/reports?format=ods", 422),
        ("/reports/none?form=tei", 422),
        ("/entities?kind=place", 422),
        ("/entities?type=people", 422),
        ("/entities/person:nobody?limit=1", 422),
        ("/changes?from=1", 422),
        ("/tables/mentions?type=people", 422),
        ("/changes?since=-1", 422),
        (f"/changes?since={'9' * 20}", 422),
        (f"/changes?since={'9' * 18}-abc", 410),
        ("/changes?since=99999-abc", 410),
    ],
)
def test_refused(client: TestClient, path: str, status: int) -> None:
    """What is too much, misspelt or not there is refused as JSON, without a path of the machine."""
    answer = client.get(path)

    assert (answer.status_code, [*answer.json()]) == (status, ["detail"])
    assert "/srv" not in answer.text


def test_nothing_is_written(client: TestClient) -> None:
    """No address answers to anything but reading, and hostile words come as JSON, which no browser runs."""
    told = client.get("/search", params={"q": "王芳"})

    assert told.headers["content-type"] == "application/json"
    assert told.json()["hits"][0]["title"] == HOSTILE
    for path in json.loads(client.get("/openapi.json").text)["paths"]:
        assert client.post(path).status_code == 405
    assert client.get("/docs").status_code == 404


def test_description(client: TestClient) -> None:
    """The description names every address and the shape of its answers, as the values have it."""
    told = client.get("/openapi.json").json()
    shape = told["paths"]["/reports/{id}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    found = client.get(f"/reports/{rich_report().id}").json()

    assert {*told["paths"]} == {
        *("/search", "/reports/{id}", "/facts", "/entities", "/entities/{key}", "/changes", "/tables/{name}")
    }
    assert found.keys() == shape["properties"].keys()
    kinds = [one["properties"]["type"]["enum"] for one in shape["properties"]["entities"]["items"]["oneOf"]]
    assert ["money"] in kinds
    assert shape["properties"]["source"]["properties"]["gone_at"] == {
        "type": ["string", "null"],
        "format": "date-time",
    }

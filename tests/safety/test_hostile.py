import os
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reliability import work
from tests.reliability.world import lines, small, write
from tests.soak import examples, is_long

import etl
from etl import pipeline
from etl.engines import default
from etl.ingest import ingest
from etl.model.errors import SetupError
from etl.model.report import RawReport, Rejected, Report
from etl.settings import Settings, load
from etl.sources import local_uri
from etl.sources.names import MEDIA_TYPES
from etl.store.driver.connection import Db
from etl.store.records.report_codec import to_document
from etl.wiring import open_store

pytestmark = pytest.mark.fuzz  # at full length in the long runs
CASES = Path(__file__).resolve().parents[1] / "cases" / "safety" / "hostile.toml"
TABLES = tomllib.loads(CASES.read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = TABLES["synthetic"]
TINY = 10_000 if is_long() else 1_000
# Pieces that mean something to one of the stages, put together by chance.
PIECES = [*TABLES["pieces"], "\ud800", "\0"]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.text(max_size=200))
PAYLOADS = st.one_of(
    TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    TEXTS.map(lambda text: text.encode("gb18030", "replace")),
    TEXTS.map(lambda text: text.encode("utf-16", "replace")),
    st.binary(max_size=400),
)


def path_of(row: dict[str, Any], inbox: Path) -> Path:
    """Where a row's file is."""
    return inbox / (os.fsdecode(bytes.fromhex(row["hex"])) if "hex" in row else row["name"])


def lay(row: dict[str, Any], inbox: Path) -> None:
    """Make the file of a row."""
    path = path_of(row, inbox)
    if "link" in row:
        path.symlink_to(row["link"])
        return
    path.write_bytes(row.get("text", "").encode())
    if "size" in row:
        os.truncate(path, row["size"])  # sparse: it takes no room
    sidecar = row.get("sidecar", "") or row.get("sidecar_repeats", "") * 100_000
    if sidecar:
        path.with_name(path.name + ".meta.json").write_text(sidecar, encoding="utf-8")


def keys(value: object) -> Iterator[str]:
    """Every name of a field at any depth."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from keys(part)
    elif isinstance(value, list):
        for part in value:
            yield from keys(part)


@pytest.mark.mongo
def test_a_hostile_inbox(settings: Settings, db: Db, tmp_path: Path) -> None:
    """Each hostile file is stored as what it is or quarantined with its reason, and harms no other one."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    for row in ROWS:
        lay(row, inbox)
    (inbox / "up").symlink_to(inbox)
    with zipfile.ZipFile(inbox / "nested.zip", "w") as nested:
        nested.writestr("../../out.txt", "x")

    ingest([str(inbox)], settings)

    stored = {one["source"]["uri"]: one for one in db.reports.find()}
    aside = {one["uri"]: one["reason"] for one in db.quarantine.find()}
    uris = {row.get("name", row.get("hex")): local_uri(str(path_of(row, inbox))) for row in ROWS}
    outcomes = {name: "stored" if uri in stored else aside.pop(uri, None) for name, uri in uris.items()}
    assert outcomes == {row.get("name", row.get("hex")): row["outcome"] for row in ROWS}
    assert list(aside.values()) == ["unsafe name"]  # the archive in the folder
    for row in ROWS:
        said = stored.get(uris[row.get("name", row.get("hex"))], {}).get("text", "")
        assert [word for word in row.get("without", ()) if word in said] == []
    assert not (tmp_path / "out.txt").exists()


@pytest.mark.mongo
def test_operators_are_words(settings: Settings, db: Db, tmp_path: Path) -> None:
    """What means something to MongoDB is a value like any other: no name of a field, no part of a query."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    for row in ROWS[:3]:
        lay(row, inbox)
    ingest([str(inbox)], settings)

    everything = [one for name in db.list_collection_names() for one in db[name].find()]
    assert {name for name in keys(everything) if name.startswith("$") or "." in name} == set()
    with open_store(settings) as store:
        for words in ('{"$gt": ""}', "$where", "entities.$[]", "person:.*", "a\x00b"):
            assert store.entity(words) is None
            assert store.entities("person", words) == ()
            assert store.search("县", person=words) == ()
            assert len(store.search("没有的词" + words)) == 0
            with pytest.raises(SetupError):
                store.report(words)


@pytest.mark.mongo
def test_many_tiny_files(settings: Settings, db: Db, tmp_path: Path) -> None:
    """Ten thousand tiny files are so many reports (a thousand in short runs)."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    for number in range(TINY):
        write(inbox, number, "新")
    told = tmp_path / "told.jsonl"
    child = work.start(small(settings), inbox, told)
    child.join()

    assert child.exitcode == 0
    assert [line["inserted"] for line in lines(told) if "inserted" in line][-1] == TINY
    assert db.reports.count_documents({}) == TINY


@examples()
@given(payload=PAYLOADS, kind=st.sampled_from(sorted(set(MEDIA_TYPES.values()))))
def test_any_bytes_become_a_report_or_a_reason(payload: bytes, kind: str) -> None:
    """Whatever the bytes, the pipeline makes a report that can be stored, or says why not."""
    made = pipeline.process(RawReport("file:///a", kind, payload), default(), load())

    if isinstance(made, Rejected):
        assert made.reason
        return
    assert isinstance(made, Report)
    bson.encode(to_document(made))
    assert [e.text for e in made.entities] == [made.text[e.start : e.end] for e in made.entities]
    assert [p.text for p in made.paragraphs] == [made.text[p.start : p.end] for p in made.paragraphs]


@examples()
@given(text=TEXTS)
def test_any_text_is_cleaned_extracted_and_converted(text: str) -> None:
    """Whatever the text, it can be cleaned and converted, and its entities stand where they say."""
    etl.clean(text)
    etl.convert(text, to="hant")
    found = etl.extract(text)

    assert [entity.text for entity in found] == [text[entity.start : entity.end] for entity in found]

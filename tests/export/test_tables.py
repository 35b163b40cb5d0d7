import csv
import io
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.export.made import DECLARED, LOADED, MadeStore, store_of
from tests.store.made import make_report, rich_report

from etl.corrections.entities import value_names
from etl.export import as_csv, as_xlsx, facts, reading, reference, tables
from etl.export.as_parquet import to_arrow
from etl.export.columns import Column, Row
from etl.export.reading import Table, TableRequest, open_table
from etl.export.table_formats import FORMATS, format_of
from etl.model.errors import SetupError
from etl.model.exact import Amount
from etl.model.mentions import EntityType, Fact
from etl.store.query.finding import Search
from etl.store.records.report_codec import read_facts, to_document

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "－1", "\r\n=cmd|' /C calc'!A0", "\u3000=1"]
# One row of each type, and what is hard about it.
COLUMNS = (
    Column("word", "text", "a text"),
    Column("count", "integer", "a count"),
    Column("share", "number", "a share"),
    Column("sum", "decimal", "a sum"),
    Column("sure", "boolean", "a truth"),
    Column("day", "date", "a day"),
    Column("at", "time", "a time"),
)
ROWS: tuple[Row, ...] = (
    ("縣醫院,\n“好”", 7, 0.25, Decimal("434999999.99"), True, date(2020, 2, 15), LOADED),
    (None, None, None, None, None, None, None),
    ("𠮷=1", -3, 1.0, Decimal("1E+3"), False, date(1899, 5, 1), LOADED),
)


@pytest.fixture
def store(tmp_path: Path) -> MadeStore:
    """Three reports, one of them with everything."""
    two = (
        make_report("file:///in/a", published_on="2021-02-03"),
        make_report("file:///in/b", people=("王芳",)),
    )
    return store_of((*two, rich_report()), tmp_path)


def rows(store: MadeStore, name: str, wanted: TableRequest = TableRequest()) -> list[dict[str, Any]]:  # noqa: B008 - it is frozen
    """A table as its rows by name."""
    table = open_table(store, name, wanted, DECLARED)
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def written(name: str, made: tuple[Row, ...] = ROWS, columns: tuple[Column, ...] = COLUMNS) -> bytes:
    """A table as a file of a format."""
    return b"".join(FORMATS[name].write(Table("things", columns, iter(made))))


def test_csv() -> None:
    """A CSV begins with the mark of UTF-8, and gives back its texts, numbers, days and times."""
    content = written("csv")
    first, empty, last = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))

    assert content.startswith(b"\xef\xbb\xbfword,count")
    assert list(first.values()) == [
        *("縣醫院,\n“好”", "7", "0.25", "434999999.99", "true", "2020-02-15", "2026-01-02T03:04:05Z")
    ]
    assert set(empty.values()) == {""}
    assert (last["sum"], last["count"]) == ("1000", "-3")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_run(text: str) -> None:
    """What a spreadsheet would run is a text, in CSV with an apostrophe, in a workbook as it is."""
    made: tuple[Row, ...] = ((text, *ROWS[0][1:]),)
    (row,) = csv.DictReader(io.StringIO(written("csv", made).decode("utf-8-sig"), newline=""))
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", made)))["things"]

    assert row["word"] == f"'{text}"
    assert (sheet["A2"].data_type, sheet["A2"].value.strip()[-1]) == ("s", text[-1])
    assert as_csv.format_cell(Decimal(-5)) == "-5"


def test_jsonl() -> None:
    """JSON lines hold numbers with all their digits, days and times as texts, null for nothing."""
    lines = [json.loads(line, parse_float=Decimal) for line in written("jsonl").decode().splitlines()]

    assert lines[0]["sum"] == Decimal("434999999.99")
    assert (lines[0]["day"], lines[0]["at"], lines[0]["sure"]) == ("2020-02-15", "2026-01-02T03:04:05Z", True)
    assert set(lines[1].values()) == {None}
    assert (lines[2]["word"], lines[2]["sum"]) == ("𠮷=1", 1000)


def test_parquet() -> None:
    """Parquet has the types that the columns state, exact decimals, and tells what each column means."""
    table = pq.read_table(io.BytesIO(written("parquet")))

    assert [str(kind) for kind in table.schema.types] == [
        *("string", "int64", "double", "decimal128(38, 12)", "bool", "date32[day]", "timestamp[ms, tz=UTC]")
    ]
    assert table.schema.field("sum").metadata == {b"meaning": b"a sum"}
    assert [list(row.values()) for row in table.to_pylist()] == [list(row) for row in ROWS]


def test_xlsx() -> None:
    """A workbook has real numbers and days, texts for days before 1900, and explains its columns."""
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx")))
    _, first, empty, last = book["things"].iter_rows(values_only=True)

    assert first[1:5] == (7, 0.25, 434999999.99, True)
    assert first[5:] == (datetime(2020, 2, 15), datetime(2026, 1, 2, 3, 4, 5))  # noqa: DTZ001 - as it is read
    assert set(empty) == {None}
    assert (last[0], last[5]) == ("𠮷=1", "1899-05-01")
    assert [row[:2] for row in book["columns"].iter_rows(values_only=True)][1] == ("word", "text")


def test_long_texts_and_full_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too long for a cell is cut where a character ends, and told; a full sheet has a next one."""
    monkeypatch.setattr(as_xlsx, "MAX_SHEET_ROWS", 2)
    made: tuple[Row, ...] = (("𠮷" * 20_000,), ("短",), ("三",))
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", made, COLUMNS[:1])))

    assert book.sheetnames == ["things", "things 2", "columns"]
    assert book["things"]["A2"].value == "𠮷" * 16_383 + "…"
    assert book["things 2"]["A2"].value == "三"
    assert book["columns"]["A3"].value == "texts that were cut at 32767 characters: 1"


def test_numbers_of_fifteen_digits_stay() -> None:
    """Amounts of as many digits as there may be come back from a workbook as they were written."""
    sums = [
        Decimal(f"{whole}.{part:02}") for whole, part in ((9_007_199_254_740, 99), (1_234_567_890_123, 45))
    ]
    made: tuple[Row, ...] = tuple((one,) for one in sums)
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", made, COLUMNS[3:4])))["things"]

    assert [Amount(sheet[cell].value).exact for cell in ("A2", "A3")] == sums


def test_reports(store: MadeStore) -> None:
    """The table of reports has one line a report, newest first, undated last."""
    made = rows(store, "reports")

    assert [row["published_on"] for row in made] == [date(2021, 2, 3), date(2020, 2, 3), None]
    rich = made[1]
    assert (rich["authors"], rich["mentions"], rich["facts"]) == ("张三; 李四", 7, 1)
    assert (rich["uri"], rich["loaded_at"], rich["characters"]) == (
        "file:///a.txt",
        LOADED,
        len(rich["text"]),
    )
    assert [row["uri"] for row in rows(store, "reports", TableRequest(Search(person="王芳")))] == [
        "file:///in/b"
    ]


def test_mentions(store: MadeStore) -> None:
    """A mention has its place in text and raw text, and the values of its kind; one kind may be chosen."""
    made = {row["key"]: row for row in rows(store, "mentions", TableRequest(Search(source="file:///a.txt")))}

    assert len(made) == 7
    assert made["money:30000 CNY"]["value"] == Decimal(30000)
    assert made["time:2020-02-03"]["start_date"] == date(2020, 2, 3)
    person = made["person:王明"]
    assert (person["roles"], person["of"], person["value"]) == ("主任", "绛县卫健局", None)
    assert (person["start"], person["end"], person["raw_start"], person["number"]) == (15, 17, 15, 3)
    assert {row["name"] for row in rows(store, "mentions", TableRequest(kind="person"))} == {
        "李明",
        "王芳",
        "王明",
    }


def test_facts(store: MadeStore) -> None:
    """A fact has its declared values in columns, and in the last what no column was declared for."""
    (made,) = rows(store, "facts")

    assert (made["type"], made["donor"], made["money_value"]) == ("donation", "王明", Decimal("3.5"))
    assert made["text"] == "2020年2月3日，绛县卫健局王明主任收到3万元"
    assert json.loads(made["other"]) == {"goods": []}
    assert {"person", "post", "fact_title", "quantity_unit"} <= made.keys()
    assert rows(store, "facts", TableRequest(Search(fact="appointment"))) == []


def test_values_of_another_kind() -> None:
    """A value that its column cannot hold is told in the last one; nothing is lost."""
    said = Fact("donation", {"donor": ["甲", "乙"], "money": {"value": Amount(5), "rate": 2}}, ((0, 1),))
    report = make_report(facts=(said,))
    entry = {**store_entry(report)}
    chosen = facts.choose_fields(DECLARED, "donation")
    (row,) = facts.fact_rows(entry, enumerate(read_facts(entry["facts"])), chosen)
    names = [column.name for column in facts.fact_columns(chosen)]

    assert row[names.index("money_value")] == 5
    assert json.loads(str(row[-1])) == {"donor": ["甲", "乙"], "money": {"rate": 2}}


def test_entities(store: MadeStore) -> None:
    """The table of entities has all of them, or those of the reports that match, with how many of these."""
    everything = rows(store, "entities")
    chosen = rows(store, "entities", TableRequest(Search(since="2021-01-01")))

    assert len(everything) == 9
    assert all(row["reports"] == row["matching"] for row in everything)
    assert [(row["key"], row["matching"], row["last_seen"]) for row in chosen] == [
        ("person:李明", 1, date(2020, 2, 3))
    ]
    assert {row["type"] for row in rows(store, "entities", TableRequest(kind="money"))} == {"money"}


def test_read_by_several_threads(store: MadeStore) -> None:
    """Rows may be read by one thread after the other, as a web server does."""
    for name in reading.TABLES:
        table = open_table(store, name, TableRequest(Search(source="file:///")), DECLARED)
        with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
            assert one.submit(next, table.rows).result()
            other.submit(list, table.rows).result()


def test_streamed(tmp_path: Path) -> None:
    """The first rows are there when some reports have been read, not all."""
    store = store_of((make_report(f"file:///{number}") for number in range(120)), tmp_path)
    table = open_table(store, "mentions", TableRequest(), DECLARED)

    assert store.asked == 0
    next(table.rows)
    assert store.asked == reading.READ_BATCH
    assert len(list(table.rows)) == 119


def test_matching_is_in_the_order_of_search(store: MadeStore) -> None:
    """The ids of all that match are those of the pages of a search, one after the other."""
    for search in (
        Search(),
        Search(words="说"),
        Search(words="说", sort="relevance"),
        Search(words="\u200b"),
    ):
        pages = [
            store.find(Search(words=search.words, sort=search.sort, limit=1, offset=at)) for at in range(3)
        ]
        assert [*store.matching(search)] == [hit.id for page in pages for hit in page.hits]


def test_arrow(store: MadeStore) -> None:
    """A table in memory is that of Arrow."""
    table = to_arrow(open_table(store, "facts", TableRequest(), DECLARED))

    assert table["money_value"].to_pylist() == [Decimal("3.5")]
    assert isinstance(table, pa.Table)


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pyarrow is missing one is told how to install it, before anything is read."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(SetupError, match=r"pip install 'report-etl\[parquet\]'"):
        format_of("parquet")


def test_unknown_names(store: MadeStore) -> None:
    """A table, type or format that there is not is told with those that there are."""
    with pytest.raises(SetupError, match="person, organization, place"):
        open_table(store, "mentions", TableRequest(kind="people"), DECLARED)
    with pytest.raises(SetupError, match="reports, entities, facts, mentions"):
        open_table(store, "people", TableRequest(), DECLARED)
    with pytest.raises(SetupError, match="csv, jsonl, parquet, xlsx"):
        format_of("ods")


@pytest.mark.complete
@pytest.mark.parametrize("kind", get_args(EntityType))
def test_every_value_has_a_column(kind: EntityType) -> None:
    """What a person may say of an entity of a kind stands in the table of mentions."""
    assert set(value_names(kind)) <= {column.name for column in tables.MENTIONS}


@pytest.mark.complete
def test_columns_are_documented() -> None:
    """docs/exports.md shows the columns of all tables as they are."""
    said = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")

    assert reference.render_columns() in said


def store_entry(report: Any) -> dict[str, Any]:  # noqa: ANN401 - a report
    """A report as it is stored."""
    return {**to_document(report), "_id": report.id}


def test_pieces() -> None:
    """A long table comes in pieces, of whole lines in JSON."""

    def many() -> Iterator[Row]:
        yield from (("字" * 1_000,) for _ in range(200))

    for name in ("csv", "jsonl"):
        pieces = [*FORMATS[name].write(Table("things", COLUMNS[:1], many()))]
        assert len(pieces) > 2
        assert max(map(len, pieces)) < 300_000

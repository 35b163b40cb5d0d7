import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from tests.cli.conftest import Etl

import etl as product

pytestmark = pytest.mark.mongo


def test_export(etl: Etl, inbox: Path, tmp_path: Path) -> None:
    """Tables of all reports or of some, and one report as a document, on standard output or in a file."""
    etl("run", inbox)

    told = etl("export", "facts", "县医院", "--fact", "donation")
    (row,) = csv.DictReader(io.StringIO(told.out.removeprefix("\ufeff"), newline=""))
    assert (row["donor"], row["recipient"], row["money_value"]) == ("永安公司", "县医院", "50000")
    assert told.err == "1 rows\n"
    people = etl("export", "mentions", "--type", "person", "--format", "jsonl").lines
    assert [one["name"] for one in people] == ["沈佩兰"]
    keys = etl("export", "entities", "--person", "沈佩兰", "--format", "jsonl").lines
    assert {"person:沈佩兰"} == {one["key"] for one in keys if one["type"] == "person"}

    book, table = tmp_path / "reports.xlsx", tmp_path / "reports.parquet"
    assert etl("export", "reports", "--format", "xlsx", "--out", book).status == 0
    assert openpyxl.load_workbook(book)["reports"]["B2"].value == "爱心企业助力防疫"
    assert etl("export", "reports", "--format", "parquet", "--out", table).status == 0
    assert pq.read_table(table)["text"].to_pylist()[0].startswith("爱心企业")
    assert [one.name for one in tmp_path.glob(".*")] == []
    with product.connect() as store:
        assert store.to_arrow("facts")["money_value"].to_pylist() == [50_000]
        assert store.to_arrow("reports", product.Search(words="图书馆")).num_rows == 1

    report = row["report_id"][:8]
    assert "# 爱心企业助力防疫" in etl("export", "report", report).out
    assert "<corr" in etl("export", "report", report, "--format", "tei").out
    assert (
        json.loads(etl("search", "县医院", "--json").out)["id"]
        in etl("export", "report", report, "--format", "ris").out
    )


def test_wrong_use(etl: Etl, tmp_path: Path) -> None:
    """A type where there is none, an unknown format and a folder that is not there end with a line."""
    assert "--type is for entities and mentions" in etl("export", "facts", "--type", "person").error
    assert etl("export", "facts", "--format", "ods").status == 2
    assert etl("export", "reports", "--out", tmp_path / "none" / "a.csv").status == 3
    assert "expected a day" in etl("export", "reports", "--since", "gestern").error

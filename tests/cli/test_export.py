import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from tests.cli.conftest import Etl

import etl as product

pytestmark = pytest.mark.mongo

PEOPLE = ("王建国", "李桂兰", "沈佩兰", "刘永喜")


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


def test_rows_fit_the_filters(etl: Etl, tmp_path: Path) -> None:
    """Facts, mentions and entities of a report are those asked for, as `to_arrow` has them, too."""
    report = tmp_path / "捐赠-2020-02-15.txt"
    report.write_text(
        "爱心汇聚\n\n2020年2月15日，山西省运城市绛县的永安公司向武汉市红十字会捐款5万元。江苏省南京市居民王建国"
        "向绛县人民医院捐赠口罩3000个。李桂兰向郑州市人民医院捐款2000元。县委任命沈佩兰为图书馆馆长。绛县横水镇下村村民刘永喜也来了。\n",
        encoding="utf-8",
    )
    etl("run", report)

    def told(table: str, *asked: str) -> list[dict[str, Any]]:
        return etl("export", table, *asked, "--format", "jsonl").lines

    assert {one["type"] for one in told("facts")} == {"donation", "appointment"}
    donated = told("facts", "--fact", "donation")
    assert [one["gift"] for one in donated] == ["5万元", "口罩3000个", "2000元"]
    assert [one["gift"] for one in told("facts", "--person", "王建国")] == ["口罩3000个"]
    assert [one["gift"] for one in told("facts", "--organization", "武汉市红十字会")] == ["5万元"]
    assert [one["gift"] for one in told("facts", "--place", "山西省", "--fact", "donation")] == [
        *("5万元", "口罩3000个", "2000元")
    ]
    assert [one["gift"] for one in told("facts", "--place", "江苏省", "--fact", "donation")] == [
        *("口罩3000个", "2000元")
    ]
    for place in ("山西省", "140826"):
        names = {one["text"] for one in told("mentions", "--place", place)}
        assert names == {"山西省运城市绛县", "绛县横水镇下村"}
    assert {one["key"] for one in told("entities", "--person", "李桂兰")} == {"person:李桂兰"}
    assert {one["type"] for one in told("entities", "--person", "李桂兰", "--type", "organization")} == {
        "organization"
    }
    with product.connect() as store:
        asked = product.Search(place="江苏省", fact="donation")
        assert store.to_arrow("facts", asked)["gift"].to_pylist() == ["口罩3000个", "2000元"]
        people = store.to_arrow("mentions", product.Search(place="江苏省"), "person")
        assert set(people["name"].to_pylist()) == {*PEOPLE}


def test_wrong_use(etl: Etl, tmp_path: Path) -> None:
    """A type where there is none, an unknown format and a folder that is not there end with a line."""
    assert "--type is for entities and mentions" in etl("export", "facts", "--type", "person").error
    assert etl("export", "facts", "--format", "ods").status == 2
    assert etl("export", "reports", "--out", tmp_path / "none" / "a.csv").status == 3
    assert "expected a day" in etl("export", "reports", "--since", "gestern").error

"""Keep a copy of all reports and facts in a DuckDB file, from the feed of changes of the JSON API.

    pip install duckdb
    python keep_a_copy.py http://127.0.0.1:8620/api copy.duckdb

Call it as often as the copy should be fresh. It may be killed at any moment: some changes and the token
behind them are one transaction, so the next call goes on from what is whole. Where the room asks for a login,
put ``name:password`` into the environment variable ROOM_LOGIN.
"""

import base64
import json
import os
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import duckdb

TABLES = """
CREATE TABLE IF NOT EXISTS state (token VARCHAR);
CREATE TABLE IF NOT EXISTS reports (
    id VARCHAR, revision INTEGER, title VARCHAR, published_on DATE, source VARCHAR, reprint_of VARCHAR,
    text VARCHAR
);
CREATE TABLE IF NOT EXISTS facts (
    report_id VARCHAR, number INTEGER, type VARCHAR, money DECIMAL(38, 12), currency VARCHAR, fields JSON
);
"""
NOT_FOUND, GONE = 404, 410


def main(api: str, path: str, at_once: str = "100") -> None:
    """Bring the copy up to now, about so many changes at once."""
    with duckdb.connect(path) as copy:
        copy.execute(TABLES)
        more = True
        while more:
            try:
                answer = ask(api, "/changes", since=token_of(copy), limit=at_once)
            except HTTPError as error:
                if error.code != GONE:
                    raise
                begin_anew(copy)  # another database stands there now
                continue
            keep(copy, api, answer)
            more = answer["more"]


def keep(copy: duckdb.DuckDBPyConnection, api: str, answer: dict[str, Any]) -> None:
    """Deal with some changes: all of them and their token, or nothing."""
    copy.begin()
    for one in sorted({change["report_id"] for change in answer["changes"]}):
        put(copy, one, report_of(api, one))
    copy.execute("DELETE FROM state")
    copy.execute("INSERT INTO state VALUES (?)", [answer["next"]])
    copy.commit()


def put(copy: duckdb.DuckDBPyConnection, report_id: str, report: dict[str, Any] | None) -> None:
    """Put a report as it is now in the place of what was kept of it; None where it is gone."""
    copy.execute("DELETE FROM reports WHERE id = ?", [report_id])
    copy.execute("DELETE FROM facts WHERE report_id = ?", [report_id])
    if report is None:
        return
    names = ("id", "revision", "title", "published_on")
    row = [*(report[name] for name in names), report["source"]["uri"], report["reprint_of"], report["text"]]
    copy.execute("INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    for number, fact in enumerate(report["facts"]):
        copy.execute("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", [report_id, number, *fact_row(fact)])


def fact_row(fact: dict[str, Any]) -> Iterator[Any]:
    """Type, sum and currency of a fact, and all of its fields."""
    money = fact.get("money") or {}
    yield from (fact["type"], money.get("value"), money.get("currency"))
    yield json.dumps(fact, ensure_ascii=False, default=str)


def token_of(copy: duckdb.DuckDBPyConnection) -> str:
    """Up to where the copy goes."""
    found = copy.execute("SELECT token FROM state").fetchone()
    return found[0] if found else "0"


def begin_anew(copy: duckdb.DuckDBPyConnection) -> None:
    """Forget everything."""
    copy.begin()
    for table in ("state", "reports", "facts"):
        copy.execute(f"DELETE FROM {table}")
    copy.commit()


def report_of(api: str, report_id: str) -> dict[str, Any] | None:
    """A report as it is now; None where it is gone."""
    try:
        return ask(api, f"/reports/{quote(report_id, safe='')}")
    except HTTPError as error:
        if error.code != NOT_FOUND:
            raise
        return None


def ask(api: str, path: str, **parts: str) -> dict[str, Any]:
    """What an address of the API answers; numbers keep all their digits."""
    request = Request(f"{api}{path}?{urlencode(parts)}")
    if login := os.environ.get("ROOM_LOGIN"):
        request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
    with urlopen(request, timeout=60) as answer:
        found: dict[str, Any] = json.load(answer, parse_float=Decimal)
        return found


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), *sys.argv[2:4])

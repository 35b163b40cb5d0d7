"""Downstream of a database: a consumer that keeps a copy by the feed, and one who reads all the time.

Both run in processes of their own until a file ``end`` appears, and leave with status 1 where a promise
to readers does not hold.
"""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from itertools import groupby
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.reliability.work import STARTER

from etl.model.errors import SetupError
from etl.model.report import Report
from etl.settings import Settings
from etl.store.query.client import Store
from etl.store.query.feed import Change
from etl.store.records.report_codec import from_document
from etl.wiring import open_store

TABLES = """
    CREATE TABLE IF NOT EXISTS copy (id TEXT PRIMARY KEY, revision INTEGER, content TEXT);
    CREATE TABLE IF NOT EXISTS dealt (number INTEGER, id TEXT, revision INTEGER, deleted INTEGER);
    CREATE UNIQUE INDEX IF NOT EXISTS once ON dealt (id, revision, deleted) WHERE revision > 0;
"""
PAUSE_SECONDS = 0.02


def start(body: Any, settings: Settings, folder: Path) -> BaseProcess:  # noqa: ANN401 - `follow` or `watch`
    """One of the two, in a process of its own."""
    child = STARTER.Process(target=body, args=(settings, str(folder)))
    child.start()
    return child


def follow(settings: Settings, folder: str) -> None:
    """Keep a copy: deal with each number of the feed and note it in one transaction; go on after the last."""
    with open_store(settings) as store, closing(sqlite3.connect(Path(folder) / "copy.db")) as copy:
        copy.executescript(TABLES)
        for last_look in looks(Path(folder)):
            (token,) = copy.execute("SELECT coalesce(max(number), 0) FROM dealt").fetchone()
            fresh = False
            for number, changes in groupby(
                store.changes(token, links=True), key=lambda change: change.number
            ):
                assert number > token, f"number {number} after {token}"
                with copy:
                    deal(store, copy, changes)
                fresh = True
            if last_look and not fresh:
                return


def deal(store: Store, copy: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Bring the copy to what one number of the feed says."""
    for change in changes:
        row = (change.number, change.report_id, change.revision, change.deleted)
        copy.execute("INSERT INTO dealt VALUES (?, ?, ?, ?)", row)  # fails where the feed repeats itself
        revision, report = current(store, change.report_id)
        if report is None:
            copy.execute("DELETE FROM copy WHERE id = ?", (change.report_id,))
            continue
        assert change.deleted or revision >= change.revision, f"{change} before its report"
        content = (change.report_id, revision, said(report))
        copy.execute("INSERT OR REPLACE INTO copy VALUES (?, ?, ?)", content)


def watch(settings: Settings, folder: str) -> None:
    """Read all reports again and again: each is whole, and none is older than it was."""
    newest: dict[str, int] = {}
    with open_store(settings) as store:
        for last_look in looks(Path(folder)):
            for seen in store.reports():
                whole(seen)
                revision, report = current(store, seen.id)
                if report:
                    whole(report)
                    assert revision >= newest.get(seen.id, 0), f"{seen.id} went back to {revision}"
                    newest[seen.id] = revision
            if last_look:
                return


def looks(folder: Path) -> Iterator[bool]:
    """Again and again, after short pauses; whether the end had come before the look."""
    while True:
        yield (folder / "end").exists()
        time.sleep(PAUSE_SECONDS)


def current(store: Store, report_id: str) -> tuple[int, Report | None]:
    """A report as it stands now, with its revision; None where it is gone."""
    try:
        found = store.document(report_id)
    except SetupError:
        return 0, None
    return found["revision"], from_document(found)


def said(report: Report) -> str:
    """The content of a report with its link, in an order of its own."""
    entities = [asdict(entity) for entity in report.entities]
    return json.dumps(
        [report.text, report.published_on, report.reprint_of, entities], ensure_ascii=False, sort_keys=True
    )


def whole(report: Report) -> None:
    """Text, paragraphs and names of one version: the names of these reports follow from their text."""
    assert report.text == "".join(paragraph.text for paragraph in report.paragraphs)
    names = "李明" if report.text.startswith("旧") else "王芳"
    assert [entity.text for entity in report.entities] == [names], f"half a report: {report}"

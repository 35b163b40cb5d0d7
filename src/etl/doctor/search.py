"""Check whether the search index holds what the database does, during `BUDGET_SECONDS`.

An index that is only behind is no fault, since the next search updates it. One that differs from the
database where both should agree is.
"""

import sqlite3
import time
from contextlib import ExitStack

from etl.doctor.finding import Finding, ok, problem
from etl.search import sync, tables
from etl.settings import Settings
from etl.store.driver.connection import Connection, Db, with_retry
from etl.store.driver.queries import find_all
from etl.store.query.client import Store
from etl.wiring import text_of

BUDGET_SECONDS = 1.0
PAGE = 500
BUILD = "etl index build"


def check_search_index(connection: Connection, settings: Settings) -> Finding:
    """Compare revisions in the search index with the database, without reports that wait for the index."""
    db = connection.database
    path = tables.file_of(settings.data_dir, db.name)
    if not path.exists():
        return ok("search", "there is no index of search here; the first search makes it")
    store = Store(connection, text_of(settings), ExitStack())
    try:
        with tables.open_read_only(path) as index:
            if tables.form_of(index) != tables.FORM or not sync.is_of(index, store):
                return ok(
                    "search", "the index of search is of another database; the next search makes it anew"
                )
            waiting = _waiting(db, store, tables.state_of(index).number)
            seen, wrong = _compare(db, index, waiting)
    except sqlite3.DatabaseError as error:
        return problem("search", f"the index of search cannot be read: {error}", BUILD)
    if wrong:
        found = f"{len(wrong)} reports of {seen} looked at are not in the index of search as they are stored"
        return problem("search", f"{found}, as of {wrong[0]}", BUILD)
    return ok(
        "search", f"the {seen} reports looked at are in the index of search, {len(waiting)} wait for it"
    )


def _waiting(db: Db, store: Store, number: int) -> set[str]:
    """Return ids of reports that the feed names after the index's number, or that a pending write names."""
    unsettled = find_all(db.pending, {}, {"steps": 1})
    told = {change.report_id for change in store.changes(number)}
    return told | {step["report_id"] for batch in unsettled for step in batch["steps"]}


def _compare(db: Db, index: sqlite3.Connection, waiting: set[str]) -> tuple[int, list[str]]:
    """Return how many reports were compared, and the ids of those whose revision in the index is another."""
    end, seen, last = time.monotonic() + BUDGET_SECONDS, 0, ""
    wrong: list[str] = []
    while time.monotonic() < end:
        page = _page(db, last)
        until = max(page) if len(page) == PAGE else "\U0010ffff"
        query = "SELECT id, revision FROM docs WHERE id > ? AND id <= ?"
        kept = dict(index.execute(query, (last, until)).fetchall())
        wrong += [one for one in sorted({*page, *kept} - waiting) if page.get(one) != kept.get(one)]
        seen, last = seen + len(page), until
        if len(page) < PAGE:
            break
    return seen, wrong


def _page(db: Db, last: str) -> dict[str, int]:
    """Return the revisions by id of the next `PAGE` reports behind the id ``last``."""
    found = db.reports.find({"_id": {"$gt": last}}, {"revision": 1})
    entries = with_retry(lambda: list(found.clone().sort("_id", 1).limit(PAGE)))
    return {entry["_id"]: entry["revision"] for entry in entries}

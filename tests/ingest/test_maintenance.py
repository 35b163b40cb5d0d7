import pytest

from etl.ingest import maintain
from etl.settings import Settings
from etl.store.driver.connection import Db
from etl.wiring import open_store

pytestmark = pytest.mark.mongo


def test_maintenance_is_recorded(db: Db, settings: Settings) -> None:
    """A database in order: nothing is found, and the record of the run says what was removed."""
    found = maintain(settings)

    assert found.findings == ()
    assert found.message is None
    with open_store(settings) as store:
        (run,) = store.runs()
    assert (run.id, run.kind, run.state, run.message) == (found.run_id, "maintain", "done", None)
    assert run.counts == {"runs_removed": 0, "revisions_removed": 0, "remains_removed": 0, "findings": 0}


def test_maintenance_that_only_checks(db: Db, settings: Settings) -> None:
    """Told not to remove, it finds what does not hold, says what to do, and removes nothing."""
    db.reports.create_index("title")
    found = maintain(settings, remove=False)

    assert found.counts == {"findings": 1}
    assert found.message is not None
    assert "1 foreign index (reports.title)" in found.message
    assert "drop it" in found.message

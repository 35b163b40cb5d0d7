"""A job holds one database open, for itself and for its batches."""

import pytest

from etl.ingest.session import open_session
from etl.ingest.worker.context import close_context, worker_context
from etl.settings import Settings

pytestmark = pytest.mark.mongo


def test_batches_use_the_database_of_their_job(settings: Settings) -> None:
    """Batches in the process of a job ask through its connection, until it has ended."""
    with open_session("ingest", settings) as session:
        chosen = session.settings
        assert worker_context(chosen).db is session.db
        assert worker_context(chosen).db is session.db

    own = worker_context(chosen)
    try:
        assert own.db is not session.db
        assert own.db.reports.count_documents({}) == 0
    finally:
        close_context(chosen)


def test_a_database_of_its_own_is_closed_by_its_settings(settings: Settings) -> None:
    """Contexts of two settings do not close each other's database."""
    other = settings.model_copy(update={"data_dir": settings.data_dir / "other"})
    first, second = worker_context(settings), worker_context(other)
    close_context(settings)
    try:
        assert second.db.reports.count_documents({}) == 0
        assert first.db is not second.db
    finally:
        close_context(other)

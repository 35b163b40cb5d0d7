"""One database and one room for all tests of these pages, which are of one xdist group."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient
from tests.repair.decided import COLUMN
from tests.room.made import BROKEN, HOSTILE, client, load

from etl.room import Options
from etl.settings import Settings
from etl.settings import load as load_settings
from etl.store.driver.connection import connect
from etl.store.query.client import Store
from etl.wiring import open_store

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
PDF = "14-two-columns.pdf"
CHOSEN = (
    "02-page-break.txt",
    "03-running-header.txt",
    "04-displaced-column.txt",
    "06-half-width-donations-2021-07-28.txt",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A room, who asks it, and the store behind it."""

    settings: Settings
    store: Store
    client: TestClient

    def id(self, words: str) -> str:
        """The report that holds some words."""
        (hit,) = self.store.search(words)
        return hit.id


@pytest.fixture(scope="session")
def opened(mongo_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A room in which people may decide, over some samples and a hostile report."""
    home = tmp_path_factory.mktemp("room")
    address = SecretStr(mongo_uri.replace("/?", f"/t{uuid4().hex[:12]}?"))
    settings = load_settings(mongo_uri=address, data_dir=home / "data")
    # Reports are made in this process, which costs no other one.
    alone = settings.run.model_copy(update={"runner": "threads", "workers": 1, "report_seconds": 0.0})
    settings = settings.model_copy(update={"run": alone})
    texts = {name: (SAMPLES / name).read_text(encoding="utf-8") for name in CHOSEN} | HOSTILE
    load(
        settings,
        {
            **{name: text.encode() for name, text in texts.items()},
            "坏.txt": BROKEN,
            PDF: (SAMPLES / PDF).read_bytes(),
        },
    )
    unsure = settings.repair.model_copy(update={"threshold": 1.0})
    load(settings.model_copy(update={"repair": unsure}), {"山村.txt": COLUMN.encode()}, "doubtful")
    with open_store(settings) as store:
        yield Opened(settings, store, client(store, settings, Options(read_only=False)))
    with connect(settings) as connection:
        connection.client.drop_database(connection.database.name)


@pytest.fixture(autouse=True)
def stranger(request: pytest.FixtureRequest) -> None:
    """Whoever asks comes for the first time: no test leaves its language or tokens to the next."""
    if "opened" in request.fixturenames:
        request.getfixturevalue("opened").client.cookies.clear()

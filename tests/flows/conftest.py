"""Prefect is imported by these tests: what it keeps of its own must not go to the user's home."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.flows import machine
from tests.flows.story import Story, Teller

from etl.settings import Settings, load
from etl.store.driver.connection import Db, connect

HOME = tempfile.TemporaryDirectory(prefix="etl-prefect-")  # removed when Python ends

os.environ.setdefault("PREFECT_HOME", HOME.name)
os.environ.setdefault("DO_NOT_TRACK", "1")


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[machine.Prefect]:
    """A Prefect server on a free port, started as docker-compose.yml starts it."""
    with machine.server(tmp_path_factory.mktemp("prefect")) as running:
        yield running


@pytest.fixture(scope="session")
def story_settings(mongo_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with the database of the story."""
    address = SecretStr(mongo_uri.replace("/?", "/story?"))
    return load(mongo_uri=address, data_dir=tmp_path_factory.mktemp("story"))


@pytest.fixture(scope="session")
def story(prefect: machine.Prefect, story_settings: Settings) -> Story:
    """What was seen of workers, crashes and `etl serve`; lived through once."""
    folder: Path = story_settings.data_dir / "reports"
    folder.mkdir()
    return Teller(prefect, story_settings, folder).tell()


@pytest.fixture
def told(story: Story, story_settings: Settings) -> Iterator[Db]:
    """The database as the story left it."""
    with connect(story_settings) as connection:
        yield connection.database

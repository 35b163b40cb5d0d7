import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TypeVar

import pytest

from etl import engines
from etl.engines import Engines, shared
from etl.extraction.resources.lexicon import Lexicon
from etl.ingest.worker import context as workers
from etl.settings import Settings, load
from etl.store.driver.connection import Connection, connect
from etl.wiring import open_store

T = TypeVar("T")
THREADS = 8
# Long enough for all threads to come while the first one is still building.
MOMENT = 0.2


def at_once(call: Callable[[], T]) -> list[T]:
    """What many threads get that call at the same moment."""
    start = Barrier(THREADS)

    def wait_and_call(_: int) -> T:
        start.wait()
        return call()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(wait_and_call, range(THREADS)))


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """How often word lists are read, slowly, by engines that nobody has built before."""
    real, loaded = Lexicon.load, list[object]()

    def load_slowly(*folders: object) -> Lexicon:
        loaded.append(folders)
        time.sleep(MOMENT)
        return real(*folders)  # type: ignore[arg-type] # whatever folders it takes

    monkeypatch.setattr(Lexicon, "load", load_slowly)
    engines._built.cache_clear()
    yield loaded
    engines._built.cache_clear()


def test_built_once(loads: list[object]) -> None:
    """Threads that ask for an engine at the same moment get the same one, built once."""
    found = at_once(lambda: shared(load()).lexicon)

    assert (len({id(one) for one in found}), len(loads)) == (1, 1)


def test_other_database_same_engines() -> None:
    """Engines are those of the process, whatever database and data folder a run has."""
    settings = load()
    other = settings.model_copy(update={"data_dir": settings.data_dir / "elsewhere"})

    assert shared(settings) is shared(other)


def test_other_settings_other_engines() -> None:
    """Settings that engines depend on give engines of their own."""
    settings = load()
    script = settings.script.model_copy(update={"traditional": "hk"})

    assert shared(settings) is not shared(settings.model_copy(update={"script": script}))


@pytest.mark.mongo
def test_one_connection(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads of a worker that begin at the same moment open one database."""
    opened = list[Settings]()

    @contextmanager
    def open_slowly(chosen: Settings) -> Iterator[Connection]:
        opened.append(chosen)
        time.sleep(MOMENT)
        with connect(chosen) as connection:
            yield connection

    monkeypatch.setattr(workers, "connect", open_slowly)
    try:
        context = at_once(lambda: workers.worker_context(settings))
    finally:
        workers.close_context(settings)

    assert len(opened) == 1
    assert len({id(one.db.client) for one in context}) == 1


@pytest.mark.mongo
def test_searches_load_no_dictionaries(settings: Settings, loads: list[object]) -> None:
    """A search for any string needs no word lists; the engines stay those that all stores share."""
    for _ in range(2):
        with open_store(settings) as store:
            assert store.search("防疫 捐款") == ()
            assert store.search("绛县") == ()

    assert loads == []
    assert isinstance(shared(settings), Engines)

"""Fixtures that all tests share."""

import atexit
import logging
import os
import random
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from pydantic import SecretStr
from tests import soak

from etl.orchestration.server import server
from etl.settings import Settings, load
from etl.store.driver.connection import Db, connect
from etl.store.embedded import launcher
from etl.store.schema.collections import ensure_schema
from etl.text import expressions

# No example has a time limit: how long one takes says more of the machine than of the code.
PATIENT = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("patient", PATIENT)
hypothesis.settings.register_profile(soak.SOAK, PATIENT, max_examples=soak.EXAMPLES)
hypothesis.settings.load_profile("patient")
# Expressions that tests made up are no part of an installation.
atexit.unregister(expressions.kept().write)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In a long run, note what the table at its end says of this test."""
    report = yield
    if soak.is_long() and call.when == "call":
        report.user_properties += soak.counted(item, passed=report.passed).items()
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The seed of the order where something failed, and the table of a long run."""
    if terminalreporter.getreports("failed") and (
        seed := terminalreporter.config.getoption("randomly_seed", None)
    ):
        terminalreporter.write_line(f"the order was that of --randomly-seed={seed}")
    if soak.is_long():
        reports = [one for kind in ("passed", "failed") for one in terminalreporter.getreports(kind)]
        rows = [dict(one.user_properties) for one in reports if one.when == "call"]
        ledger = soak.ledger(row.get("kinds", {}) for row in rows)
        terminalreporter.write("\n".join(["", *ledger, "", *soak.table(rows), ""]))


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """No test leaves to the next one how loudly our packages log, and where to."""
    ours, root = logging.getLogger("etl"), logging.getLogger()
    level, handlers, propagate, disabled, root_level = (
        ours.level,
        [*ours.handlers],
        ours.propagate,
        ours.disabled,
        root.level,
    )
    yield
    ours.handlers, ours.propagate, ours.disabled = handlers, propagate, disabled
    ours.setLevel(level)
    root.setLevel(root_level)


@pytest.fixture
def trials() -> soak.Trials:
    """Counts what a test tries, for the table of a long run."""
    return soak.Trials()


@pytest.fixture
def seed() -> int:
    """The seed of this test's choices: ETL_SEED, or a new one, which a failure shows."""
    chosen = int(os.environ.get("ETL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"ETL_SEED={chosen}")  # noqa: T201 - shown with a failure
    return chosen


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data beside the project; tests that need it skip where it is missing."""
    path = Path(os.environ.get("ETL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    if not (path / "bench").is_dir():
        pytest.skip(f"the shared data is not at {path}; set ETL_SHARED to its folder")
    return path


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Prefect server on a free port; tests that ask for it are of one xdist group."""
    home = tmp_path_factory.mktemp("prefect")
    with ExitStack() as closing:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("PREFECT_API_URL", raising=False)
            patch.setenv("PREFECT_HOME", str(home))
            patch.setenv("DO_NOT_TRACK", "1")
            patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
            patch.setattr("etl.orchestration.server.START_SECONDS", 900)  # much else may run beside it
            url = closing.enter_context(server(load(data_dir=home)))
        yield url


@pytest.fixture(scope="session")
def mongo_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of one embedded server for all tests, also where several processes share them."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with launcher.serve(folder / "mongo-of-all", "256M") as uri:
        yield uri


@pytest.fixture
def settings(mongo_uri: str, tmp_path: Path) -> Settings:
    """Settings with a database of the test's own, on the session's server."""
    name = f"t{uuid4().hex[:12]}"
    address = SecretStr(mongo_uri.replace("/?", f"/{name}?"))
    return load(mongo_uri=address, data_dir=tmp_path / "data")


@pytest.fixture
def db(settings: Settings) -> Iterator[Db]:
    """The test's own database, in shape and empty; dropped afterwards."""
    with connect(settings) as connection:
        ensure_schema(connection.database)
        yield connection.database
        connection.client.drop_database(connection.database.name)

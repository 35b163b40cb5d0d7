import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.prefect_api import ask
from tests.watch.conftest import Monitor

from etl.settings import Settings
from etl.store.reader import open_store

pytestmark = [
    pytest.mark.server,
    pytest.mark.mongo,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("prefect"),
]

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "02-page-break.txt"
PATIENCE = 400.0


def environment(settings: Settings, url: str) -> dict[str, str]:
    """Variables of `etl serve` with this database and this Prefect server."""
    assert settings.mongo_uri
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ETL_", "PREFECT_"))}
    return own | {
        "ETL_DATA_DIR": str(settings.data_dir),
        "ETL_MONGO_URI": settings.mongo_uri.get_secret_value(),
        "ETL_RUN__SOURCES": json.dumps([str(SAMPLE)]),
        "ETL_LOG__JSON": "true",
        "ETL_LOG__LEVEL": "INFO",
        "OMP_NUM_THREADS": "1",
        "PREFECT_API_URL": url,
    }


def deployment(url: str) -> dict[str, Any]:
    """The scheduled ingest, once it is served."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for entry in ask(url, "deployments/filter", {}):
            if entry["name"] == "every-15-minutes" and entry["schedules"] and not entry["paused"]:
                return dict(entry)
        time.sleep(0.5)
    raise AssertionError("the deployment was not served in time")


def test_serve_is_watched(prefect_api: str, settings: Settings, monitor: Monitor, tmp_path: Path) -> None:
    """What a flow loads in a process of its own shows in the metrics of its `etl serve`, and in its log."""
    command = [sys.executable, "-c", "from etl.cli import main; main()", "serve"]
    command += ["--metrics-port", str(monitor.port)]
    variables = environment(settings, prefect_api)
    log = tmp_path / "log"
    with log.open("wb") as words, subprocess.Popen(command, env=variables, stderr=words) as served:
        try:
            wanted = {"state": {"type": "SCHEDULED"}}
            ask(prefect_api, f"deployments/{deployment(prefect_api)['id']}/create_flow_run", wanted)
            assert monitor.health()[0] == 200
            end = time.monotonic() + PATIENCE
            done = ("etl_runs_total", "ingest", "done")
            while done not in (found := monitor.metrics()) and time.monotonic() < end:
                time.sleep(0.5)
        finally:
            served.send_signal(signal.SIGTERM)
            served.wait(300)

    assert found[done] >= 1
    assert found["etl_reports_total", "inserted"] == found["etl_stored_reports",] == 1
    assert found["etl_stage_seconds_total", "extract"] > 0
    # Warnings of Python itself, which Prefect's start brings about, are no log.
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line[0] == "{"]
    with open_store(settings) as store:
        (run,) = store.runs()
    said = [line["message"].partition(": ")[0] for line in lines if line.get("run") == run.id]
    assert (said[0], said[1], said[-1][:11]) == ("ingest begins", "batch", "done after ")

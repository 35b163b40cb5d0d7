import os
import subprocess
import sys
from pathlib import Path

import pytest

from etl.settings import Settings

pytestmark = pytest.mark.mongo

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "02-page-break.txt"


def test_server_that_is_down_stops_nothing(settings: Settings) -> None:
    """With a Prefect server that does not answer the same job runs without it, and one line says so."""
    assert settings.mongo_uri
    environment = {
        **os.environ,
        "ETL_MONGO_URI": settings.mongo_uri.get_secret_value(),
        "ETL_DATA_DIR": str(settings.data_dir),
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from etl.cli import main; main()", "run", str(SAMPLE)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert dict(row.split() for row in done.stdout.splitlines())["inserted"] == "1"
    (line,) = [line for line in done.stderr.splitlines() if "Prefect" in line]
    assert "no Prefect server answers at http://127.0.0.1:9/api" in line
    assert "going on without Prefect" in line

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.conftest import Etl, address

from etl.settings import Settings
from etl.store.driver.connection import Db

pytestmark = pytest.mark.mongo


def test_asked_to_stop_says_what_is_left(settings: Settings, db: Db, tmp_path: Path, etl: Etl) -> None:
    """SIGTERM: what is under way is stored, what is left is said with exit status 1; the next run does it."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    for number in range(100):
        (inbox / f"{number}.txt").write_text(f"永安公司捐款{number}万元。" * 20, encoding="utf-8")
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ETL_", "PREFECT_"))}
    own |= {"ETL_MONGO_URI": address(settings), "OMP_NUM_THREADS": "1"}
    own |= {"ETL_RUN__WORKERS": "1", "ETL_RUN__BATCH_BYTES": "2000"}
    command = [sys.executable, "-c", "from etl.cli import main; main()", "run", str(inbox)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=own)
    while process.poll() is None and not db.runs.find_one({"counts.inserted": {"$gt": 0}}):
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    said, noted = process.communicate()

    left = 100 - db.reports.count_documents({})
    assert process.returncode == 1
    assert 0 < left < 100
    assert ["left", str(left)] in [line.split() for line in said.splitlines()]
    assert f"ended early, as it was asked to; {left} reports are left; run again to load them" in noted
    assert etl("run", inbox).status == 0
    assert db.reports.count_documents({}) == 100


def test_history_shows_what_changed(etl: Etl, inbox: Path) -> None:
    """`etl show ID --history` prints each version with the lines that went and came."""
    changed = inbox / "2020" / "捐款-2020-02-03.txt"
    etl("run", inbox)
    changed.write_text(changed.read_text(encoding="utf-8").replace("5万元", "6万元"), encoding="utf-8")
    etl("run", inbox)
    identifier = next(hit["id"] for hit in etl("search", "永安公司", "--json").lines)

    shown = etl("show", identifier, "--history").out.splitlines()

    assert [line.split(",")[0] for line in shown if line.startswith("revision")] == [
        "revision 1",
        "revision 2",
    ]
    assert "    -2020年2月3日，永安公司向县医院捐款5万元，支持防疫工作。" in shown
    assert "    +2020年2月3日，永安公司向县医院捐款6万元，支持防疫工作。" in shown
    old, new = etl("show", identifier, "--history", "--json").lines
    assert (old["revision"], old["diff"], new["revision"]) == (1, [], 2)
    assert "+2020年2月3日，永安公司向县医院捐款6万元，支持防疫工作。" in new["diff"]


def test_gone_is_said(etl: Etl, inbox: Path) -> None:
    """A report whose file is gone is counted by status, and show says since when."""
    etl("run", inbox)
    (hit,) = etl("search", "永安公司", "--json").lines
    (inbox / "2020" / "捐款-2020-02-03.txt").unlink()
    etl("run", inbox)

    assert etl("status", "--json").lines[0]["gone"] == 1
    assert any(line.startswith("source gone  since 20") for line in etl("show", hit["id"]).out.splitlines())

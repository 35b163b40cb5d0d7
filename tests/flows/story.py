"""One operator's hour with Prefect, lived through once and told to many tests: workers, crashes, `etl serve`.

Waiting is what costs here, so a killed run is left to be found dead while everything else goes on.
"""

import json
import os
import signal
import subprocess
import threading
import time
import urllib.error
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.flows.machine import (
    COMPOSE,
    LONG,
    ROOT,
    Prefect,
    command,
    environment,
    free_port,
    program,
    service,
    until,
)

from etl.settings import Settings
from etl.store.admin import audit
from etl.store.admin.audit import AuditFinding
from etl.store.driver.connection import Db, connect

SAMPLES = ROOT / "samples"
FILES = 250
SOME = 15
# Shorter than the 90 s of the settings, so that the test need not wait so long; heartbeats come every 30 s,
# and on a busy machine some seconds late.
SILENT_SECONDS = 60
# While `etl serve` runs, no schedule of the story starts anything by itself: each is due in half a year.
SCHEDULED = ("every-15-minutes", "nightly", "weekly")
DEPLOYMENTS = ("ingest/every-15-minutes", "reprocess/nightly", "maintain/weekly", "ingest/on-demand")


def in_half_a_year() -> str:
    """A cron expression that is due on the first day of a month half a year from now."""
    return f"0 0 1 {(datetime.now(UTC).month + 5) % 12 + 1} *"


@dataclass
class Story:
    """What was seen, in the order in which it happened."""

    prefect: Prefect
    notices: list[dict[str, Any]] = field(default_factory=list)
    registered: dict[str, dict[str, Any]] = field(default_factory=dict)
    killed_flow: dict[str, Any] = field(default_factory=dict)
    killed_both: dict[str, Any] = field(default_factory=dict)
    loaded_before: int = 0
    refused: list[int] = field(default_factory=list)
    runs_refused: int = 0
    states: dict[str, str] = field(default_factory=dict)
    failed: dict[str, Any] = field(default_factory=dict)
    failed_run: str = ""
    loaded: str = ""
    finished_run: str = ""
    cancelled: dict[str, Any] = field(default_factory=dict)
    left_by_cancel: int = 0
    after_cancel: tuple[AuditFinding, ...] = ()
    finished: dict[str, Any] = field(default_factory=dict)
    served_again: dict[str, Any] = field(default_factory=dict)
    status: dict[str, Any] = field(default_factory=dict)
    stamps: list[str] = field(default_factory=list)


@contextmanager
def receiver(notices: list[dict[str, Any]]) -> Iterator[str]:
    """The address of a webhook that notes what it gets."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            notices.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/hook"
        listening.shutdown()


def many(folder: Path) -> Path:
    """A folder of reports that takes a while to load; one file in it is none."""
    texts = [path.read_bytes() for path in sorted(SAMPLES.glob("02-*.txt"))]
    for number in range(FILES):
        head = f"第{number}号简报\n\n".encode()
        (folder / f"{number:03}.txt").write_bytes(head + texts[number % len(texts)])
    return folder


def own_schedules(folder: Path, cron: str) -> Path:
    """A configuration of one's own in which every deployment with a schedule has this one."""
    folder.mkdir()
    named = [{"name": name, "schedules": [{"cron": cron, "timezone": "UTC"}]} for name in SCHEDULED]
    (folder / "prefect.yaml").write_text(json.dumps({"deployments": named}), encoding="utf-8")
    return folder


def alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Teller:
    """Lives through the story on one server and one database."""

    def __init__(self, prefect: Prefect, settings: Settings, folder: Path) -> None:
        assert settings.mongo_uri
        self.story = Story(prefect)
        self.prefect = prefect
        self.folder = folder
        self.reports = many(folder)
        self._settings = settings
        self._began = time.monotonic()
        self.variables = {
            "ETL_DATA_DIR": str(settings.data_dir),
            "ETL_CONFIG_DIR": str(own_schedules(folder.parent / "own", in_half_a_year())),
            "ETL_MONGO_URI": settings.mongo_uri.get_secret_value(),
            "ETL_RUN__SOURCES": json.dumps([str(self.reports)]),
            "ETL_REPAIR__THRESHOLD": "0.999",  # so high that something waits for review
            "ETL_RUN__WORKERS": "1",
            "ETL_RUN__BATCH_BYTES": "20000",
            "ETL_RUN__SILENT_SECONDS": str(SILENT_SECONDS),
            "PREFECT_API_URL": prefect.url,
            "PREFECT_HOME": str(folder.parent / "home"),
            "PREFECT_WORKER_WEBSERVER_PORT": str(free_port()),
            # How often `etl serve` and the worker look for runs that are due: 10 s by themselves.
            "PREFECT_RUNNER_POLL_FREQUENCY": "2",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
        }

    def tell(self) -> Story:
        """Everything, once."""
        with receiver(self.story.notices) as address, connect(self._settings) as connection:
            self.variables["ETL_NOTIFY__WEBHOOK"] = address
            with self.serve() as process:
                self.refusals()
                self.crashes(connection.database, process)
            self.init()
            log = self.folder.parent / "worker.log"
            with program(command("worker", {}), service("worker", self.variables), log):
                until(self.worker_is_healthy, LONG, "the worker's health check")
                self.stamp("worker healthy")
                self.jobs()
                self.cancelling(connection.database)
                self.finishing()
            with self.serve():
                run = self.prefect.start("ingest/on-demand", sources=[str(SAMPLES)])
                self.story.served_again = self.prefect.ended(run)
                self.stamp("served again")
        return self.story

    @contextmanager
    def serve(self) -> Iterator["subprocess.Popen[bytes]"]:
        """`etl serve` with its deployments registered."""
        log = self.folder.parent / f"serve-{time.monotonic()}.log"
        with program(["etl", "serve"], environment(self.variables), log) as process:
            until(self.served, LONG, "etl serve")
            self.stamp("serving")
            yield process

    def served(self) -> bool:
        """Whether every deployment is there and in no work pool."""
        found = self.prefect.ask("deployments/filter", {})
        return sorted(one["name"] for one in found if not one["work_pool_name"]) == sorted(
            name.partition("/")[2] for name in DEPLOYMENTS
        )

    def stamp(self, what: str) -> None:
        """Note how long it took to get here."""
        self.story.stamps.append(f"{time.monotonic() - self._began:.0f} s {what}")

    def crashes(self, db: Db, serving: "subprocess.Popen[bytes]") -> None:
        """The process of a flow is killed, then that of another together with `etl serve`."""
        run = self.prefect.start("ingest/every-15-minutes")
        os.kill(self.busy(db), signal.SIGKILL)
        self.story.killed_flow = self.prefect.ended(run)
        self.stamp("flow killed and crashed")
        self.killed = self.prefect.start("ingest/every-15-minutes")
        flow = self.busy(db)
        serving.kill()
        os.kill(flow, signal.SIGKILL)
        self.story.loaded_before = db.reports.count_documents({})
        self.stamp("etl serve and flow killed")

    def init(self) -> None:
        """What the init job of docker-compose.yml runs."""
        variables = service("init", self.variables)
        done = subprocess.run(
            command("init", {}), env=variables, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        self.story.registered = {name: self.prefect.deployment(name) for name in DEPLOYMENTS}
        self.pause()
        self.stamp("set up by the init job")

    def pause(self) -> None:
        """No schedule starts anything by itself; what was planned by now goes before a worker is there."""
        for found in self.story.registered.values():
            self.prefect.ask(f"deployments/{found['id']}", {"paused": True}, "PATCH")
        planned = {"state": {"type": {"any_": ["SCHEDULED"]}}}
        for run in self.prefect.ask("flow_runs/filter", {"flow_runs": planned}):
            self.prefect.ask(f"flow_runs/{run['id']}", {}, "DELETE")

    def worker_is_healthy(self) -> bool:
        """What the health check of docker-compose.yml says, asked where this worker listens."""
        port = self.variables["PREFECT_WORKER_WEBSERVER_PORT"]
        _, *words = [word.replace(":8080/", f":{port}/") for word in COMPOSE["worker"]["healthcheck"]["test"]]
        return subprocess.run(words, env=environment({}), capture_output=True, check=False).returncode == 0

    def busy(self, db: Db) -> int:
        """The process of a run that has just loaded some reports."""
        before = db.reports.count_documents({})
        run = until(lambda: self._newer(db), LONG, "a run to begin")
        until(lambda: db.reports.count_documents({}) >= before + SOME, LONG, "some reports")
        pid: int = run["process"]["pid"]
        return pid

    def _newer(self, db: Db) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = db.runs.find_one({"state": "running"}, sort=[("started_at", -1)])
        seen, known = (found or {}).get("_id"), getattr(self, "_seen", None)
        if found is None or seen == known:
            return None
        self._seen = seen
        return found

    def jobs(self) -> None:
        """Every deployment, a failure and the next success."""
        runs = {name: self.prefect.start(name) for name in ("reprocess/nightly", "maintain/weekly")}
        missing = self.prefect.start("ingest/on-demand", sources=[str(self.folder / "missing")])
        self.story.states = {name: self.prefect.ended(run)["type"] for name, run in runs.items()}
        self.story.failed_run, self.story.failed = missing, self.prefect.ended(missing)
        self.stamp("every deployment ran")
        bad = self.folder.parent / "bad.txt"
        bad.write_bytes(b"")
        named = [str(SAMPLES), str(bad)]
        self.story.loaded = self.prefect.start("ingest/on-demand", sources=named, runner="threads", workers=2)
        self.story.states["ingest/on-demand"] = self.prefect.ended(self.story.loaded)["type"]
        asked = ["etl", "status", "--json"]
        told = subprocess.run(
            asked, env=environment(self.variables), capture_output=True, text=True, check=True
        )
        self.story.status = json.loads(told.stdout)
        self.stamp("loaded on demand")

    def refusals(self) -> None:
        """Runs that must not come to be."""
        before = self.prefect.ask("flow_runs/count", {})
        for job in ({"sources": "samples"}, {"source": ["samples"]}, {"workers": 1000}):
            try:
                self.prefect.start("ingest/on-demand", **job)
            except urllib.error.HTTPError as error:
                self.story.refused.append(error.code)
        self.story.runs_refused = self.prefect.ask("flow_runs/count", {}) - before

    def cancelling(self, db: Db) -> None:
        """A run is cancelled while it loads."""
        run = self.prefect.start("ingest/on-demand", sources=[str(self.reports)])
        flow = self.busy(db)
        self.prefect.ask(f"flow_runs/{run}/set_state", {"state": {"type": "CANCELLING"}})
        until(lambda: not alive(flow), LONG, "the process to end")
        self.story.left_by_cancel = FILES - db.reports.count_documents(
            {"source.uri": {"$regex": "/[0-9]{3}.txt$"}}
        )
        self.story.cancelled = self.prefect.ended(run)
        self.story.after_cancel = audit.check(db)
        self.stamp("cancelled")

    def finishing(self) -> None:
        """The killed run is found dead; the next run of its deployment finishes the work."""
        self.story.killed_both = self.prefect.ended(self.killed)
        self.stamp("found dead, at the latest")
        run = self.prefect.start("ingest/every-15-minutes")
        self.story.finished_run, self.story.finished = run, self.prefect.ended(run)
        until(lambda: [n for n in self.story.notices if n["run_id"] == run], LONG, "the last notice")
        self.stamp("finished")

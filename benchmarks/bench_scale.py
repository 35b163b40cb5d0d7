"""Growing: runners side by side, what Dask gains, a killed worker, Prefect's share, the cost of a report.

usage: python benchmarks/bench_scale.py [--files N] [--only PART ...] [--articles FILE.jsonl.gz]

Parts: runners, killed, prefect, cost. Every load goes into a database of its own on one embedded server; all
of them must come out equal, document for document (times, ids of runs, fences and numbers of changes aside).
Dask's scheduler and workers are processes of their own. Read ratios of one run; the load of the machine
stands in the first line. A part is a function in `PARTS`.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import bson
from bench import SHARED, write_reports
from bench_flat import processor, server_of
from bench_servers import prefect_server
from bson import json_util
from cluster import scheduler, worker
from commands import Commands
from pydantic import SecretStr
from pymongo import monitoring

from etl.ingest import RunStats, Summary, ingest
from etl.orchestration import flow_calls
from etl.orchestration.environment import prepare
from etl.settings import Settings, export, load
from etl.store.driver.connection import Db, connect
from etl.store.embedded import launcher

# What differs between two loads of the same reports.
OWN = {"run_id", "batch", "loaded_at", "first_loaded_at", "fence", "change", "first_seen"}
KEPT = ("sources", "reports", "revisions", "entities", "reprints", "quarantine")
ROUNDS = 3
AFTER_SECONDS = 5
# Small, so that a short measure has some batches for every worker.
BATCH_BYTES = 40_000


@dataclass(frozen=True)
class Bench:
    """What every part works with."""

    scratch: Path
    folder: Path
    settings: Settings

    def into(self, name: str, **run: object) -> Settings:
        """The settings with a database of its own and with how the work is spread."""
        if self.settings.mongo_uri is None:
            raise ValueError("the settings name no database")
        address = SecretStr(self.settings.mongo_uri.get_secret_value().replace("/?", f"/{name}?"))
        spread = self.settings.run.model_copy(update=run)
        return self.settings.model_copy(update={"mongo_uri": address, "run": spread})


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--articles", type=Path, default=SHARED / "bench/repair/articles.jsonl.gz")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        write_reports(args.articles, scratch / "reports", args.files)
        settings = load(data_dir=scratch / "data")
        with launcher.serve(settings.data_dir, settings.store.cache_size) as uri:
            settings = settings.model_copy(update={"mongo_uri": SecretStr(uri)})
            for part in args.only:
                print(f"{part} ({args.files} files, load {os.getloadavg()[0]:.1f}):", flush=True)
                PARTS[part](Bench(scratch, scratch / "reports", settings))


def runners(bench: Bench) -> None:
    """Threads, processes and Dask, and what a second worker gains."""
    walls, first = dict[tuple[str, int], float](), ""
    for runner, workers in (("processes", 1), ("processes", 2), ("dask", 1), ("dask", 2), ("threads", 2)):
        with ExitStack() as closing:
            spread: dict[str, object] = {"runner": runner, "workers": workers, "batch_bytes": BATCH_BYTES}
            if runner == "dask":
                spread["dask_address"] = cluster(closing, bench.scratch / f"dask{workers}", workers)
            settings = bench.into(f"{runner}{workers}", **spread)
            summary = ingest([str(bench.folder)], settings)
        walls[runner, workers] = summary.seconds
        first, same = compared(first, settings)
        print(f"  {runner:9} {workers}: {spent(summary)}; database {same}", flush=True)
    gains = {name: walls[name, 1] / walls[name, 2] for name in ("processes", "dask")}
    ratio = gains["dask"] / gains["processes"]
    print(
        f"  two workers gain: processes {gains['processes']:.2f}, Dask {gains['dask']:.2f}; ratio {ratio:.2f}"
    )


def killed(bench: Bench) -> None:
    """One of two Dask workers dies after the first batch, a third comes."""
    with ExitStack() as closing:
        folder = bench.scratch / "killed"
        folder.mkdir()
        address = closing.enter_context(scheduler(folder))
        poor = closing.enter_context(worker(address, folder, "poor"))
        closing.enter_context(worker(address, folder, "other"))

        def kill(_counts: RunStats) -> None:
            if poor.poll() is None:
                poor.kill()
                poor.wait()
                closing.enter_context(worker(address, folder, "late"))

        spread = {"runner": "dask", "workers": 2, "dask_address": address, "batch_bytes": BATCH_BYTES}
        summary = ingest([str(bench.folder)], bench.into("killed", **spread), kill)
    plain = bench.into("undisturbed", runner="threads", workers=1)
    ingest([str(bench.folder)], plain)
    wanted, _ = compared("", plain)
    _, same = compared(wanted, bench.into("killed"))
    print(
        f"  {summary.counts}; killed: {poor.poll()}; database {same} to that of a run that nobody disturbed"
    )


def prefect(bench: Bench) -> None:
    """What recording costs in processor seconds, the server's too: runs whose batches find nothing new."""
    settings = bench.into("prefect", runner="threads", workers=1, batch_bytes=BATCH_BYTES)
    ingest([str(bench.folder)], bench.into("warm", runner="threads", workers=1, batch_bytes=BATCH_BYTES))
    began = time.process_time()
    size = sum(path.stat().st_size for path in bench.folder.iterdir())
    ingest([str(bench.folder)], settings)
    work = time.process_time() - began
    with prefect_server(bench.scratch / "prefect") as environment:
        prepare(settings, "CRITICAL")
        export({"PREFECT_API_URL": environment["PREFECT_API_URL"]}, over=True)
        export({"ETL_RUN__WORKERS": "1", "ETL_RUN__BATCH_BYTES": str(BATCH_BYTES)}, over=True)
        job = {"sources": [str(bench.folder)]}
        flow_calls.call("ingest", job)
        without = repeated(lambda: ingest([str(bench.folder)], settings))
        with_it = repeated(lambda: flow_calls.call("ingest", job))
    share(size, work, with_it - without)


def share(size: int, work: float, extra: float) -> None:
    """Print what was measured and what it comes to for batches of a megabyte."""
    batches = -(-size // BATCH_BYTES)
    usual = work / size * 1e6
    print(f"  {size} bytes take {work:.1f} s of processor without Prefect, {usual:.1f} s a megabyte")
    print(
        f"  Prefect adds {extra:.2f} s to a run of {batches} batches, {extra / batches:.3f} s a batch, all in"
    )
    print(f"  of a batch of 1 MB: {extra / batches / usual:.2%}")


def repeated(work: Callable[[], Summary]) -> float:
    """Processor seconds of one round, of this process and of the Prefect server that it started."""
    began = processor_seconds()
    for _ in range(ROUNDS):
        work()
    # The server goes on for a while after a run has ended.
    time.sleep(AFTER_SECONDS)
    return (processor_seconds() - began) / ROUNDS


def processor_seconds() -> float:
    """Of this process and of those that it started itself (Linux)."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="utf-8").split()
    return time.process_time() + sum(processor(int(pid)) for pid in children)


def cost(bench: Bench) -> None:
    """What one report costs: processor, commands to the database, bytes stored."""
    commands = Commands()
    monitoring.register(commands)
    ingest([str(bench.folder)], bench.into("first", runner="threads", workers=1))
    commands.clear()
    settings = bench.into("cost", runner="threads", workers=1)
    pid = server_of(bench.settings.data_dir)
    own, server = time.process_time(), processor(pid)
    number = ingest([str(bench.folder)], settings).counts.inserted
    own, server = time.process_time() - own, processor(pid) - server
    print(
        f"  a report: {own / number * 1000:.0f} ms of processor here, {server / number * 1000:.0f} ms in the"
    )
    print(f"  database, {commands.round_trips / number:.1f} commands; {commands.dearest(4)}")
    with connect(settings) as connection:
        sizes = {name: stored(connection.database, name) / number for name in KEPT}
    parts = ", ".join(f"{name} {size:,.0f}" for name, size in sizes.items() if size)
    print(f"  bytes of BSON a report: {sum(sizes.values()):,.0f} ({parts})")


def stored(db: Db, name: str) -> int:
    return sum(len(bson.encode(entry)) for entry in db[name].find())


def spent(summary: Summary) -> str:
    """Seconds by the clock, and of workers in the database and outside."""
    seconds = summary.counts.seconds.as_dict()
    store = seconds.pop("store")
    speed = summary.counts.characters / summary.seconds
    made = sum(seconds.values())
    apart = f"workers: {made:.1f} s texts, {store:.1f} s database"
    return f"{summary.seconds:6.1f} s, {speed:,.0f} characters/s; {apart}"


def cluster(closing: ExitStack, folder: Path, workers: int) -> str:
    """Address of a new scheduler with this many workers."""
    folder.mkdir()
    address = closing.enter_context(scheduler(folder))
    for number in range(workers):
        closing.enter_context(worker(address, folder, f"worker{number}"))
    awaited(address, workers)
    return address


def awaited(address: str, workers: int) -> None:
    distributed: Any = import_module("distributed")
    with distributed.Client(address) as client:
        client.wait_for_workers(workers, timeout=120)


def compared(wanted: str, settings: Settings) -> tuple[str, str]:
    """What a database holds as one string, and whether that is what is wanted (nothing yet: it is)."""
    with connect(settings) as connection:
        lines = [
            json_util.dumps({k: v for k, v in entry.items() if k not in OWN}, sort_keys=True)
            for name in KEPT
            for entry in connection.database[name].find().sort("_id", 1)
        ]
    found = "\n".join(lines)
    return wanted or found, "equal" if found == (wanted or found) else "DIFFERENT"


PARTS: dict[str, Callable[[Bench], None]] = {
    "runners": runners,
    "killed": killed,
    "prefect": prefect,
    "cost": cost,
}

if __name__ == "__main__":
    main()

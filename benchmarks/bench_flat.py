"""Flat cost: loading 100 new reports into ever larger stores, and the memory of runs over ever more files.

usage: python benchmarks/bench_flat.py [--stores N ...] [--files N ...] [--news FILE.jsonl.gz]

The stores are filled with small reports in the product's own shape, signatures included; the 100 are
articles that the whole pipeline loads from a folder of their own, with one thread. Processor seconds of
this process and of the embedded server are what counts: they hold on a busy machine. ``--files`` writes as
many small files instead and loads them with `etl run`; peaks of memory of the run and of its server are
printed. The articles come from the data beside the project (ETL_SHARED).
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench_reprints import SHARED, read
from commands import Commands
from plain_reports import report
from pydantic import SecretStr
from pymongo import monitoring
from pymongo.collection import Collection

from etl.ingest import ingest
from etl.model.report import SCHEMA_VERSION, Report
from etl.reprints import fold_text, signature
from etl.settings import Settings, load
from etl.store.driver.connection import Db, connect
from etl.store.embedded import launcher
from etl.store.embedded.state_dir import StateDir
from etl.store.records.blobs import SourceRecord
from etl.store.records.changelog import ReprintRecord
from etl.store.records.clock import now
from etl.store.records.codec import Doc, to_bson
from etl.store.records.report_codec import to_stored
from etl.store.records.reports import Bookkeeping
from etl.store.schema import collections

NEW = 100
AT_ONCE = 50
SHOWN = 8
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Bench:
    """Where the stores are, what is loaded into them, and what is said to the database meanwhile."""

    scratch: Path
    settings: Settings
    server: int
    texts: list[str]
    commands: Commands


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--stores", type=int, nargs="+", default=[1000, 10_000, 50_000])
    parser.add_argument("--files", type=int, nargs="+", default=[])
    parser.add_argument("--news", type=Path, default=SHARED / "corpus/news_2022_2024.jsonl.gz")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for files in args.files:
            memory(Path(scratch) / str(files), files)
        if not args.files:
            stores(Path(scratch), args.stores, args.news)


def stores(scratch: Path, sizes: list[int], news: Path) -> None:
    """Fill one store step by step and load other hundreds each time; the first one warms up."""
    articles = random.Random(1).sample(read(news), NEW * (len(sizes) + 1))
    settings = load(data_dir=scratch / "data")
    settings = settings.model_copy(update={"run": settings.run.model_copy(update={"workers": 1})})
    commands = Commands()
    monitoring.register(commands)
    with launcher.serve(settings.data_dir, settings.store.cache_size) as uri:
        settings = settings.model_copy(update={"mongo_uri": SecretStr(uri)})
        texts = [f"{article.title}\n\n{article.body}" for article in articles]
        bench = Bench(scratch, settings, server_of(settings.data_dir), texts, commands)
        with connect(settings) as connection:
            collections.ensure_schema(connection.database)
            filled = 0
            for at, size in enumerate([0, *sizes]):
                fill(connection.database, filled, size)
                filled = max(filled, size)
                hundred(bench, at, size)


def hundred(bench: Bench, at: int, size: int) -> None:
    """Load the hundred number ``at`` and print what it cost."""
    folder = bench.scratch / str(at)
    write(folder, bench.texts[at * NEW : (at + 1) * NEW])
    characters = sum(len(text) for text in bench.texts[at * NEW : (at + 1) * NEW])
    bench.commands.clear()
    own, server = time.process_time(), processor(bench.server)
    summary = ingest([str(folder)], bench.settings)
    own, server = time.process_time() - own, processor(bench.server) - server
    print(
        f"store of {size:6}: {summary.counts.inserted} loaded, {characters} characters, {own:.2f} s in this"
    )
    print(
        f"  process, {server:.2f} s in the server; {summary.seconds:.1f} s by the clock; commands: ", end=""
    )
    print(f"{bench.commands.round_trips} in {bench.commands.waited:.1f} s: {bench.commands.dearest(SHOWN)}")
    sys.stdout.flush()


def fill(db: Db, start: int, stop: int) -> None:
    """Put small reports into the store as if they had been loaded and linked."""
    dice = random.Random(start)
    for first in range(start, stop, AT_ONCE):
        made = [small(number, dice) for number in range(first, min(first + AT_ONCE, stop))]
        put(db.sources, [kept(one) for one in made])
        put(db.reports, [stored(one) for one in made])
        put(db.reprints, [signed(one) for one in made])


def put(collection: Collection[Doc], documents: list[Doc]) -> None:
    collection.insert_many(documents, ordered=False)


def small(number: int, dice: random.Random) -> Report:
    """A report of some 70 characters that is like no other."""
    text = "".join(chr(dice.randrange(0x4E00, 0x9F00)) for _ in range(70))
    terms = sorted({text[at : at + 2] for at in range(0, 16, 2)})
    return report(f"file:///filled/{number}.txt", text, f"2020-{1 + number % 12:02}-01", terms)


def stored(one: Report) -> Doc:
    moment = now()
    return {**to_stored(one), **to_bson(Bookkeeping(1, "fill", "fill", moment, moment, None, 0))}


def kept(one: Report) -> Doc:
    payload, source = one.text.encode(), one.source
    record = SourceRecord(
        source.sha256,
        (source.uri,),
        "text/plain",
        len(payload),
        "utf-8",
        payload,
        None,
        now(),
        SCHEMA_VERSION,
    )
    entry: Doc = to_bson(record)
    return entry


def signed(one: Report) -> Doc:
    bands = signature(fold_text(one.text))
    entry: Doc = to_bson(ReprintRecord(one.id, one.published_on, None, bands, (), 0, SCHEMA_VERSION))
    return entry


def write(folder: Path, texts: list[str]) -> None:
    """One file a text, a thousand files a folder."""
    for number, text in enumerate(texts):
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def memory(scratch: Path, files: int) -> None:
    """Load many small files through the command line; peaks of the run's memory and of its server's."""
    dice = random.Random(1)
    write(scratch / "files", [small(number, dice).text for number in range(files)])
    settings = load(data_dir=scratch / "data")
    command = [
        sys.executable,
        "-c",
        "from etl.cli import main; main()",
        "run",
        str(scratch / "files"),
        "--json",
    ]
    with launcher.serve(settings.data_dir, settings.store.cache_size) as uri:
        environment = {**os.environ, "ETL_DATA_DIR": str(settings.data_dir), "ETL_MONGO_URI": uri}
        started = time.perf_counter()
        run = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        said = run.stdout.read().decode() if run.stdout else ""
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        server = peak(server_of(settings.data_dir))
    print(
        f"{files} files: run {used.ru_maxrss / 1024:.0f} MB, server {server:.0f} MB, {seconds:.0f} s: {said}"
    )
    sys.stdout.flush()


def server_of(data_dir: Path) -> int:
    """Number of the embedded server's process."""
    found = StateDir((data_dir / "mongo").resolve()).read()
    if found is None:
        raise RuntimeError(f"no server says that it serves {data_dir}; the folder is damaged")
    return found.server.pid


def processor(pid: int) -> float:
    """Seconds of processor that a process has had so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak(pid: int) -> float:
    """The most memory that a process ever held, in megabytes (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()

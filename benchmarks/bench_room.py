"""How long the reading room takes for pages: of a report, its other side, and a search for words of it.

Each file is loaded the whole way into an embedded server, then its pages are asked for in this process, as a
browser asks for them. The first answer of all is told by itself: it holds what a process does once. Times are
those of the clock and of this process's processor; the database's server has its own.

usage: python benchmarks/bench_room.py [--times N] [FILE …]
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from starlette.testclient import TestClient

from etl import ingest
from etl.room import app
from etl.settings import load
from etl.store.query.client import Store
from etl.wiring import open_store

SEED = Path(os.environ.get("ETL_SHARED", "../shared")) / "bench/seed/report.txt"
BASE = "http://127.0.0.1"
# Characters out of the middle of a text that are searched for.
SEARCHED = 4


def addresses(store: Store) -> Iterator[tuple[str, str]]:
    """The pages of each report, with what they are."""
    for report in store.reports():
        middle = len(report.text) // 2
        words = "".join(report.text[middle : middle + SEARCHED].split())
        told = f"of {len(report.text):,} characters"
        yield f"report {told}", f"/report/{report.id}"
        yield f"raw side {told}", f"/report/{report.id}?side=raw"
        yield "search in it", f"/?q={words}"


def asked(client: TestClient, address: str) -> tuple[float, float, int]:
    """Milliseconds of the clock and of the processor, and the size of the answer."""
    begun, worked = time.perf_counter(), time.process_time()
    answer = client.get(address)
    took = (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000
    answer.raise_for_status()
    return *took, len(answer.content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=[SEED])
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        inbox = Path(name) / "in"
        inbox.mkdir()
        for path in options.files:
            shutil.copy(path, inbox)
        settings = load(data_dir=Path(name) / "data")
        with open_store(settings) as store:
            ingest.ingest([str(inbox)], settings)
            client = TestClient(app(store, settings), base_url=BASE)
            for what, address in addresses(store):
                first, *others = [asked(client, address) for _ in range(options.times)]
                clock, worked, _ = (sorted(one)[len(others) // 2] for one in zip(*others, strict=True))
                print(
                    f"{what}: first {first[0]:.0f} ms (processor {first[1]:.0f} ms), then {clock:.0f} ms "
                    f"({worked:.0f} ms), {first[2] / 1000:.0f} kB"
                )


if __name__ == "__main__":
    main()

"""Growing to tens of thousands of real news: what a thousand more cost, from the first to the last.

usage: python benchmarks/bench_growth.py [--reports N] [--articles N] [--news FILE.jsonl.gz]

Some articles are read once by the whole pipeline. Then they are loaded again and again into an embedded
server, as a worker does it, each time under other days and with other characters: texts, persons and bodies
are new each time, while places, short times, amounts and search terms are those of the articles, so that tens
of thousands of reports share them. Each thousand is reconciled. Printed are processor seconds of this process
and of the server, and the memory that both hold. The news come from the data beside the project (ETL_SHARED).
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path

from bench_flat import processor, server_of
from bench_reprints import SHARED, read
from commands import Commands
from pydantic import SecretStr
from pymongo import monitoring

from etl import pipeline
from etl.engines import shared
from etl.ingest.session import open_session
from etl.ingest.worker.context import worker_context
from etl.ingest.worker.sink import DatabaseSink, Processed
from etl.model.ids import report_id, sha256
from etl.model.mentions import Entity, Organization
from etl.model.report import RawReport, Report
from etl.settings import Settings, load
from etl.store.changelog import reconcile
from etl.store.embedded import launcher

TOLD = 1000
BATCH = 250
SHOWN = 6
FIRST, COUNT = 0x4E00, 20_000
RENAMED = ("person", "organization")
# Characters of a mention that stays; longer ones at the same places would make reports of one article alike.
MOST_KEPT = 5


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--reports", type=int, default=50_000)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--news", type=Path, default=SHARED / "corpus/news_2022_2024.jsonl.gz")
    args = parser.parse_args()
    commands = Commands()
    monitoring.register(commands)
    articles = random.Random(1).sample(read(args.news), args.articles)
    with tempfile.TemporaryDirectory(prefix="bench-growth-") as place:
        settings = load(data_dir=Path(place))
        engines = shared(settings)
        raws = [
            RawReport(f"file:///news/{n}.txt", "text/plain", f"{one.title}\n\n{one.body}".encode())
            for n, one in enumerate(articles)
        ]
        made = (pipeline.process(one, engines, settings) for one in raws)
        reports = [one for one in made if isinstance(one, Report)]
        with launcher.serve(settings.data_dir, settings.store.cache_size) as uri:
            into = settings.model_copy(update={"mongo_uri": SecretStr(uri)})
            grow(variants(reports), into, args.reports, commands)


def grow(reports: Iterator[Report], settings: Settings, wanted: int, commands: Commands) -> None:
    """Load so many reports and print what each thousand costs."""
    server = server_of(settings.data_dir)
    with open_session("ingest", settings) as session:
        sink = DatabaseSink(worker_context(session.settings), session.lease)
        for done in range(TOLD, wanted + 1, TOLD):
            own, its, clock = time.process_time(), processor(server), time.perf_counter()
            commands.clear()
            for _ in range(TOLD // BATCH):
                batch = list(islice(reports, BATCH))
                sink.store([(processed(one), one) for one in batch])
            reconcile.reconcile(session.db, session.lease)
            own, its = time.process_time() - own, processor(server) - its
            clock = time.perf_counter() - clock
            print(
                f"{done:6}: this process {own:.2f} s, server {its:.2f} s, {clock:.1f} s by the clock; ",
                end="",
            )
            print(f"{held(os.getpid()):.0f} MB here, {held(server):.0f} MB there", flush=True)
            print(f"        {commands.round_trips} commands; {commands.dearest(SHOWN)}", flush=True)


def processed(report: Report) -> Processed:
    """A report as a worker hands it on, with its text as bytes."""
    raw = RawReport(report.source.uri, "text/plain", report.text.encode())
    return Processed(raw, report.id, None, report)


def variants(reports: Sequence[Report]) -> Iterator[Report]:
    """All reports again and again, each time under other days and with other characters."""
    for turn in count():
        table = {code: FIRST + (code - FIRST + 31 * turn) % COUNT for code in range(FIRST, FIRST + COUNT)}
        for number, one in enumerate(reports):
            yield variant(one, table, (turn, number))


def variant(report: Report, table: dict[int, int], place: tuple[int, int]) -> Report:
    """The report of one turn: all characters are others but those of places, times and amounts."""
    turn, number = place
    uri, written = f"file:///news/{turn}/{number}.txt", list(report.text.translate(table))
    for one in report.entities:
        if stays(one):
            written[one.start : one.end] = one.text
    text = "".join(written)
    entities = tuple(renamed(one, text, table) for one in report.entities)
    source = replace(report.source, uri=uri, sha256=sha256(text.encode()), size=len(text.encode()))
    return replace(
        report,
        id=report_id(uri),
        title=report.title.translate(table),
        text=text,
        other_text=text,
        published_on=(date(2000, 1, 1) + timedelta(turn * 150 + number % 150)).isoformat(),
        paragraphs=tuple(replace(one, text=text[one.start : one.end]) for one in report.paragraphs),
        entities=entities,
        entity_keys=tuple(sorted({one.key for one in entities})),
        source=source,
    )


def renamed(entity: Entity, text: str, table: dict[int, int]) -> Entity:
    """A mention in the changed text."""
    kind, _, name = entity.key.partition(":")
    key = entity.key if stays(entity) else f"{kind}:{name.translate(table)}"
    if isinstance(entity, Organization):
        entity = replace(entity, name=name.translate(table))
    return replace(entity, text=text[entity.start : entity.end], key=key)


def stays(entity: Entity) -> bool:
    """Whether a mention is of a thing that reports of all turns share."""
    return entity.type not in RENAMED and len(entity.text) <= MOST_KEPT


def held(pid: int) -> float:
    """The memory that a process holds now, in megabytes (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()

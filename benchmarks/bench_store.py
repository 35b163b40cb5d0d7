"""Into the database: commands, bytes and processor time of loading news, beside a bare loop of inserts.

usage: python benchmarks/bench_store.py [--files N] [--rounds N] [--news FILE.jsonl.gz]

News from the development set are loaded with one thread into an embedded server, as `etl run` does. Then the
very documents that this made are inserted by a bare loop into another database of the same server, with the
same indexes and the same promise about the disk: those of ``reports`` alone, and all of them. Processor
seconds count, of this process (texts are processed by another one) and of the server; quote the ratios of
one run. The news come from the data beside the project (ETL_SHARED).
"""

import argparse
import random
import resource
import statistics
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench_flat import processor, server_of, write
from bench_reprints import SHARED, read
from bson.raw_bson import RawBSONDocument
from commands import Commands
from pydantic import SecretStr
from pymongo import MongoClient, WriteConcern, monitoring

from etl.ingest import ingest
from etl.settings import Settings, load
from etl.store.embedded import launcher
from etl.store.schema.collections import COLLECTIONS

AT_ONCE = 100
SHOWN = 40
# Commands that make the collections of an empty database, once.
MAKING = frozenset({"create", "createIndexes", "collMod"})
Raw = RawBSONDocument
Client = MongoClient[Raw]


@dataclass(frozen=True)
class Spent:
    """Processor seconds of this process and of the server."""

    client: float
    server: float


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--news", type=Path, default=SHARED / "corpus/news_2022_2024.jsonl.gz")
    args = parser.parse_args()
    articles = random.Random(1).sample(read(args.news), args.files)
    commands = Commands()
    monitoring.register(commands)
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        write(scratch / "news", [f"{article.title}\n\n{article.body}" for article in articles])
        settings = load(data_dir=scratch / "data")
        settings = settings.model_copy(update={"run": settings.run.model_copy(update={"workers": 1})})
        with launcher.serve(settings.data_dir, settings.store.cache_size) as uri:
            rounds(scratch / "news", settings, uri, args.rounds, commands)


def rounds(folder: Path, settings: Settings, uri: str, count: int, commands: Commands) -> None:
    """Product and bare loops in turn; ratios of each round, and their medians."""
    pid = server_of(settings.data_dir)
    client: Client = MongoClient(uri, document_class=RawBSONDocument)
    ratios = list[tuple[float, float]]()
    for number in range(count):
        name = f"ours{number}"
        into = settings.model_copy(update={"mongo_uri": SecretStr(uri.replace("/?", f"/{name}?"))})
        commands.clear()
        product = spent(pid, lambda: ingest([str(folder)], into))  # noqa: B023 - called at once
        said = f"{told(commands)}; dearest: {commands.dearest(SHOWN)}"
        made = {kind: list(client[name][kind].find()) for kind in COLLECTIONS}
        reports = spent(pid, lambda: bare(client, f"reports{number}", {"reports": made["reports"]}))  # noqa: B023
        all_ = spent(pid, lambda: bare(client, f"all{number}", made))  # noqa: B023
        if not number:
            tell_bytes(made)
            print(said)
        ratios.append((reports.server / product.server, all_.server / product.server))
        tell(number, product, reports, all_)
    for what, found in zip(("reports", "all documents"), zip(*ratios, strict=True), strict=True):
        print(
            f"server, bare loop of {what} / product: "
            f"{statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})"
        )


def told(commands: Commands) -> str:
    """How many commands there were, those that make an empty database's collections apart."""
    making = sum(times for (name, _), times in commands.times.items() if name in MAKING)
    return f"{commands.round_trips - making} commands, and {making} that make an empty database's collections"


def tell_bytes(made: Mapping[str, list[Raw]]) -> None:
    """What was stored, by collection, and bytes a character of the reports."""
    characters = sum(len(one["text"]) for one in made["reports"])
    for kind, documents in made.items():
        if documents:
            size = sum(len(one.raw) for one in documents)
            each = size / characters
            print(f"  {kind:10} {len(documents):5} documents, {size:9,} bytes, {each:5.2f} a character")


def tell(number: int, product: Spent, reports: Spent, all_: Spent) -> None:
    """What each of the three cost in one round."""
    words = (("product", product), ("bare, reports", reports), ("bare, all", all_))
    found = "; ".join(f"{name}: client {one.client:.2f} s, server {one.server:.2f} s" for name, one in words)
    print(f"round {number + 1}: {found}", flush=True)


def spent(pid: int, work: Callable[[], object]) -> Spent:
    """What some work costs; processes that are done with it are no part of this one."""
    client, server = own(), processor(pid)
    work()
    return Spent(own() - client, processor(pid) - server)


def own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def bare(client: Client, name: str, made: Mapping[str, list[Raw]]) -> None:
    """Insert documents as they are, with the indexes of their collections."""
    database = client.get_database(name, write_concern=WriteConcern("majority", j=True))
    for kind, documents in made.items():
        for field in COLLECTIONS[kind].indexes:
            database[kind].create_index(field)
        for first in range(0, len(documents), AT_ONCE):
            database[kind].insert_many(documents[first : first + AT_ONCE], ordered=False)


if __name__ == "__main__":
    main()

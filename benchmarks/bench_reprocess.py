"""What it costs to redo only what changed: facts alone, extraction, and everything, on one thread.

usage: python benchmarks/bench_reprocess.py [--files N] [--articles FILE.jsonl.gz]

Loads the articles into an embedded server, then outdates one stage after the other and redoes what is
stale. Seconds are wall-clock of one whole run; quote the ratios. The articles come from the data
beside the project (ETL_SHARED).
"""

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench import SHARED, write_reports
from pydantic import SecretStr

from etl.fingerprint import INPUTS, fingerprints
from etl.ingest import ingest, reprocess
from etl.settings import Settings, load
from etl.store.driver.connection import connect
from etl.store.embedded import launcher

STAGED = ("read", "read", "extract", "facts")


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--articles", type=Path, default=SHARED / "bench/repair/articles.jsonl.gz")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        write_reports(args.articles, Path(scratch) / "reports", args.files)
        settings = load(data_dir=Path(scratch) / "data")
        settings = settings.model_copy(update={"run": settings.run.model_copy(update={"workers": 1})})
        with launcher.serve(settings.data_dir, settings.store.cache_size) as uri:
            measure(Path(scratch) / "reports", settings.model_copy(update={"mongo_uri": SecretStr(uri)}))


def measure(folder: Path, settings: Settings) -> None:
    """Load, then redo from the first stage (twice, once to warm up), from extraction, and facts alone.

    The last line is what a new kind of fact costs: the facts that were found so far are taken out, so
    that every report which has one is written anew.
    """
    first = ingest([str(folder)], settings)
    print(f"loaded        {first.counts.read:6} reports {first.seconds:8.2f} s")
    whole = 0.0
    none: Mapping[str, object] = {}
    for stage, lost in (*((name, none) for name in STAGED), ("facts", {"facts": []})):
        outdate(settings, stage, lost)
        summary = reprocess("stale", settings)
        whole = summary.seconds if stage == "read" else whole
        share = summary.seconds / whole
        counts = f"{summary.counts.read:6} reports ({summary.counts.updated} written)"
        print(f"from {stage:8} {counts} {summary.seconds:8.2f} s  {share:6.1%}")


def outdate(settings: Settings, stage: str, lost: Mapping[str, object]) -> None:
    """Let all reports look as if a stage, and with it all behind it, had changed; ``lost`` are new values."""
    names = list(INPUTS)
    older = dict.fromkeys(names[names.index(stage) :], "older")
    fields = {"pipeline": {**fingerprints(settings), **older}, **lost}
    with connect(settings) as connection:
        connection.database.checks.delete_many({})
        connection.database.reports.update_many({}, {"$set": fields})


if __name__ == "__main__":
    main()

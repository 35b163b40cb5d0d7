"""Loading: from sources to the database and again from stored bytes, with or without an orchestrator.

`ingest`, `reprocess`, `retry`, `settle`, `take_down` and `drop` are whole jobs; `load_batch` and
`reprocess_batch` are what a worker does; `etl.ingest.plan` foretells. A new job is a function in `jobs`.
"""

from etl.ingest.batches import Batch, batches
from etl.ingest.counts import Counts, Summary
from etl.ingest.jobs import drop, ingest, reprocess, retry, take_down
from etl.ingest.load import load_batch
from etl.ingest.redo import reprocess_batch, retry_batch
from etl.ingest.review import Ruling, Settled, settle

__all__ = [
    "Batch",
    "Counts",
    "Ruling",
    "Settled",
    "Summary",
    "batches",
    "drop",
    "ingest",
    "load_batch",
    "reprocess",
    "reprocess_batch",
    "retry",
    "retry_batch",
    "settle",
    "take_down",
]

"""Run jobs: load reports from sources, and reprocess, retry, correct, delete and maintain stored ones.

`ingest`, `reprocess`, `retry`, `record_decision`, `delete_reports`, `delete_quarantined` and `maintain` are
whole jobs; what people say of a report are `accept`, `reject`, `correct` and `take_back` of `correcting`.
`load_batch` and `reprocess_batch` are what a worker does; `etl.ingest.dry_run` predicts what they would
write. A new job is a function in `jobs`.

`batches` divides the work, `executors` give it to `worker`, `session` holds the lease meanwhile, `stop` ends
it early, `stats` counts; `source_tracking` finds moves and vanished reports, `maintenance` and `review` are
the jobs without a source.

The package imports sources, the pipeline, the isolation of reports, telemetry and the store; it knows no
Prefect and no command line. `etl.orchestration` and the command line may import it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from etl.ingest.batches import Batch, batches

if TYPE_CHECKING:
    from etl.ingest.correcting import Settled, Signature, accept, correct, reject, take_back
    from etl.ingest.jobs import delete_quarantined, delete_reports, ingest, maintain, reprocess, retry
    from etl.ingest.maintenance import MaintenanceResult
    from etl.ingest.review import RecordedDecision, Ruling, record_decision
    from etl.ingest.stats import RunStats, Summary
    from etl.ingest.worker.load import load_batch
    from etl.ingest.worker.reprocess import reprocess_batch, retry_batch

# The module of each other name, imported on first use: a run corrects nothing.
HOMES = {
    "Settled": "etl.ingest.correcting",
    "Signature": "etl.ingest.correcting",
    "accept": "etl.ingest.correcting",
    "correct": "etl.ingest.correcting",
    "reject": "etl.ingest.correcting",
    "take_back": "etl.ingest.correcting",
    "delete_quarantined": "etl.ingest.jobs",
    "delete_reports": "etl.ingest.jobs",
    "ingest": "etl.ingest.jobs",
    "maintain": "etl.ingest.jobs",
    "reprocess": "etl.ingest.jobs",
    "retry": "etl.ingest.jobs",
    "MaintenanceResult": "etl.ingest.maintenance",
    "RecordedDecision": "etl.ingest.review",
    "Ruling": "etl.ingest.review",
    "record_decision": "etl.ingest.review",
    "RunStats": "etl.ingest.stats",
    "Summary": "etl.ingest.stats",
    "load_batch": "etl.ingest.worker.load",
    "reprocess_batch": "etl.ingest.worker.reprocess",
    "retry_batch": "etl.ingest.worker.reprocess",
}

__all__ = [
    "Batch",
    "MaintenanceResult",
    "RecordedDecision",
    "Ruling",
    "RunStats",
    "Settled",
    "Signature",
    "Summary",
    "accept",
    "batches",
    "correct",
    "delete_quarantined",
    "delete_reports",
    "ingest",
    "load_batch",
    "maintain",
    "record_decision",
    "reject",
    "reprocess",
    "reprocess_batch",
    "retry",
    "retry_batch",
    "take_back",
]


def __getattr__(name: str) -> object:
    """Import a name from its module on first use."""
    if name not in HOMES:
        raise AttributeError(f"module 'etl.ingest' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)

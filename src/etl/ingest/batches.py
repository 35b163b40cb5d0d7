"""Cut what sources offer into batches: enough work to be worth a task, small enough to share out.

A batch is about ``run.batch_bytes`` of input, or less when there is little: then each of several workers gets
two, but no worker is started for a handful of reports.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from etl.model.report import Candidate, Rejected
from etl.settings import RunSettings
from etl.sources import Offer, Skipped

# Taken for a source that does not say how large a report is.
USUAL_BYTES = 4_000
# A report costs something however small it is.
LEAST_BYTES = 500
MOST_REPORTS = 500
# To start a worker with its models takes as long as reading some 300 kB.
LEAST_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Batch:
    """The work of one task: names of reports, never their bytes, so that it is cheap to send to a process."""

    candidates: tuple[Candidate, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def split(self) -> "list[Batch]":
        """Split the batch into one for each candidate and one for the rest, to find a report that crashes."""
        ones = [Batch(candidates=(candidate,)) for candidate in self.candidates]
        return [*ones, Batch(rejected=self.rejected, skipped=self.skipped)]


def batches(items: Iterable[Offer], settings: RunSettings) -> Iterator[Batch]:
    """Yield batches in the order of the items; read ahead at most the items of two batches a worker."""
    shares = 2 * settings.worker_count if settings.worker_count > 1 else 1
    ahead: list[Offer] = []
    total, full = 0, settings.batch_bytes * shares
    stream = iter(items)
    for item in stream:
        ahead.append(item)
        total += weight(item)
        if total >= full or len(ahead) >= MOST_REPORTS * shares:
            yield from _cut(ahead, settings.batch_bytes)
            ahead, total = [], 0
    if ahead:
        yield from _cut(ahead, min(settings.batch_bytes, max(LEAST_BATCH, -(-total // shares))))


def weight(item: Offer) -> int:
    """Return the bytes that an item counts for; 0 for one that is no candidate."""
    if not isinstance(item, Candidate):
        return 0
    return max(LEAST_BYTES, USUAL_BYTES if item.size is None else item.size)


def _cut(items: Sequence[Offer], size: int) -> Iterator[Batch]:
    chosen: list[Offer] = []
    total = 0
    for item in items:
        if chosen and (total + weight(item) > size or len(chosen) >= MOST_REPORTS):
            yield _batch(chosen)
            chosen, total = [], 0
        chosen.append(item)
        total += weight(item)
    if chosen:
        yield _batch(chosen)


def _batch(items: Sequence[Offer]) -> Batch:
    candidates = tuple(item for item in items if isinstance(item, Candidate))
    rejected = tuple(item for item in items if isinstance(item, Rejected))
    return Batch(candidates, rejected, tuple(item for item in items if isinstance(item, Skipped)))

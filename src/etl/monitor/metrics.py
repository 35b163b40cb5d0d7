"""Make Prometheus metrics from what the database holds at the moment of the scrape.

Runs work in processes of their own and on other machines; their records are the one place where all numbers
come together. A new metric is a line in `_gauges` or `_counters`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from threading import Lock

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from etl.model.errors import UnavailableError
from etl.monitor.probe import Probe
from etl.store.query.status import MetricsSnapshot
from etl.store.records.coordination import RunRecord

OUTCOMES = ("inserted", "updated", "unchanged", "quarantined", "skipped", "left")


class RunCounters:
    """Sums over runs that never fall, counted from ``since`` on: what a run had done before is left out.

    Sums over all records would fall when old ones are removed, and a counter must not.
    """

    def __init__(self, since: datetime) -> None:
        self._since = since
        self._seen: dict[str, dict[tuple[str, str], float]] = {}
        self.sums: defaultdict[tuple[str, str], float] = defaultdict(float)

    def take(self, runs: Iterable[RunRecord]) -> None:
        """Add what runs have done since the last call; forget the runs that are not given."""
        seen = {}
        for run in runs:
            figures = _figures(run)
            old = figures if run.started_at < self._since else {}
            before = self._seen.get(run.id, old)
            for name, value in figures.items():
                self.sums[name] += max(0.0, value - before.get(name, 0.0))
            seen[run.id] = figures
        self._seen = seen


class MetricsCollector(Collector):
    """A collector that reads the database at every scrape."""

    def __init__(self, probe: Probe, since: datetime) -> None:
        self._probe = probe
        self._tally = RunCounters(since)
        self._one_at_a_time = Lock()

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics; ``etl_up`` of value 0 alone where the database does not answer."""
        with self._one_at_a_time:
            try:
                found, stale = self._probe.snapshot()
            except UnavailableError:
                yield GaugeMetricFamily("etl_up", UP, value=0)
                return
            self._tally.take(found.runs)
            yield from _gauges(found, stale, datetime.now(UTC))
            yield from _counters(self._tally)


UP = "Whether the database answers."


def _gauges(found: MetricsSnapshot, stale: int, moment: datetime) -> Iterator[Metric]:
    yield GaugeMetricFamily("etl_up", UP, value=1)
    yield GaugeMetricFamily("etl_stored_reports", "Reports in the database.", value=found.reports)
    yield GaugeMetricFamily("etl_stale_reports", "Reports made by other rules than the present.", value=stale)
    review = "Reports with a repair that waits for a person."
    yield GaugeMetricFamily("etl_needs_review_reports", review, value=found.needs_review)
    yield GaugeMetricFamily("etl_quarantined_reports", "Reports in quarantine.", value=found.quarantined)
    if found.newest_at:
        age = (moment - found.newest_at).total_seconds()
        words = "Seconds since the newest report, or version of one, was there for readers."
        yield GaugeMetricFamily("etl_newest_report_age_seconds", words, value=age)
    if found.runs:
        last = (moment - found.runs[0].beat_at).total_seconds()
        words = "Seconds since the newest run ended, or showed life."
        yield GaugeMetricFamily("etl_last_run_age_seconds", words, value=last)


def _counters(tally: RunCounters) -> Iterator[Metric]:
    reports = CounterMetricFamily("etl_reports", "Reports that runs have dealt with.", labels=["outcome"])
    seconds = CounterMetricFamily("etl_stage_seconds", "Seconds that workers spent.", labels=["stage"])
    runs = CounterMetricFamily("etl_runs", "Runs that have ended.", labels=["kind", "state"])
    characters = CounterMetricFamily("etl_characters", "Characters of texts made and stored.")
    families = {"outcome": reports, "stage": seconds}
    for outcome in OUTCOMES:
        tally.sums["outcome", outcome] += 0.0
    for (family, name), value in sorted(tally.sums.items()):
        if family in families:
            families[family].add_metric([name], value)
        elif family == "characters":
            characters.add_metric([], value)
        else:
            runs.add_metric([family, name], value)
    yield from (reports, seconds, runs, characters)


def _figures(run: RunRecord) -> dict[tuple[str, str], float]:
    """Return what a run has done, by metric and label."""
    out = {("outcome", name): float(run.counts.get(name, 0)) for name in OUTCOMES}
    out |= {("stage", name): value for name, value in run.stages.items()}
    out["characters", ""] = float(run.counts.get("characters", 0))
    return out | ({(run.kind, run.state): 1.0} if run.ended_at else {})

"""Print one report before and after its repair, at the end of `etl run --example`.

To print more of it, add a line to `show_one`.
"""

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from etl.cli.output import terminal

if TYPE_CHECKING:
    from etl.model.report import Report
    from etl.settings import Settings
    from etl.store.query.client import Store

# Reports among which the most repaired one is chosen, and the lines that are printed of it.
LOOK_AT = 20
LINES = 16


def show_one(sources: Sequence[str], settings: "Settings") -> None:
    """Print, of the first `LOOK_AT` reports of the sources, the most repaired one: raw, then restored."""
    from etl import read
    from etl.model.ids import report_id
    from etl.model.report import Candidate, RawReport
    from etl.sources import list_candidates
    from etl.wiring import open_store

    offers = (item for item in list_candidates(sources, settings.source) if isinstance(item, Candidate))
    ids = [report_id(candidate.uri) for candidate in islice(offers, LOOK_AT)]
    with open_store(settings) as store:
        best = _most_repaired(store, ids)
        if best is None:
            return
        raw = RawReport(best.source.uri, best.source.media_type, store.raw(best.id))
    _print(f"before: {best.source.uri}", read.read(raw).text)
    _print(f"after: {best.id}, {len(best.edits)} changes", best.text)


def _most_repaired(store: "Store", ids: Sequence[str]) -> "Report | None":
    reports = list(store.reports(ids=ids))
    return max(reports, key=lambda report: (report.quality.repairs, report.id), default=None)


def _print(heading: str, text: str) -> None:
    lines = text.strip("\n").split("\n")
    terminal.print_result(f"\n--- {heading}")
    for line in lines[:LINES]:
        terminal.print_result(line)
    if len(lines) > LINES:
        terminal.print_result(f"... and {len(lines) - LINES} more lines")

"""Draw the bar of a long job on a terminal: how much is done, how long the rest may take, what is slow.

Imported only where there is a terminal. Anything else beside the bar is a column in `bar`.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

from etl.isolation.pool import ReportInWork

# A report is named from here on, and at most so many of them.
SLOW_SECONDS = 3.0
MOST_NAMED = 4
# So that all stands on a line of 80 characters.
BAR_WIDTH = 14
# Before, one report that took long or short would be taken for all.
ESTIMATE_SECONDS = 3.0


class Left(ProgressColumn):
    """The column with the time left, estimated at the pace of the whole job so far, which is steady."""

    def render(self, task: Task) -> Text:
        """Return the time left as words; "" while it cannot be estimated."""
        seconds = remaining(task.completed, task.total, task.elapsed or 0.0)
        return Text("" if seconds is None else f"{timedelta(seconds=round(seconds))} left", "cyan")


class ProgressBar(Progress):
    """The bar of a job, with the reports that take long below it, each with its stage."""

    def __init__(
        self, *columns: ProgressColumn, under_way: Callable[[], Sequence[ReportInWork]], console: Console
    ) -> None:
        self._under_way = under_way  # the parent's constructor draws already
        super().__init__(*columns, console=console, transient=True)

    def get_renderables(self) -> Iterable[RenderableType]:
        """Yield what is drawn, from the top line down."""
        yield from super().get_renderables()
        for line in slow(self._under_way(), time.monotonic()):
            yield Text(line, "dim", no_wrap=True, overflow="ellipsis")


def bar(
    doing: str, total: int | None, console: Console, under_way: Callable[[], Sequence[ReportInWork]]
) -> ProgressBar:
    """Make the bar of a job over ``total`` reports (None if not known), with its name ``doing`` before it."""
    words, counts = TextColumn("{task.description}"), TextColumn("{task.fields[words]}")
    columns = (words, BarColumn(BAR_WIDTH), counts, TimeElapsedColumn(), Left(Column(no_wrap=True)))
    made = ProgressBar(*columns, under_way=under_way, console=console)
    made.add_task(doing, total=total, words="")
    return made


def remaining(done: float, total: float | None, elapsed: float) -> float | None:
    """Estimate the seconds until a job is done; None while nothing or not enough of it is done.

    >>> remaining(25, 100, 10.0)
    30.0
    """
    if not total or not done or done > total or elapsed < ESTIMATE_SECONDS:
        return None
    return elapsed * (total - done) / done


def slow(subjects: Iterable[ReportInWork], moment: float) -> list[str]:
    """Return lines for up to `MOST_NAMED` reports that take over `SLOW_SECONDS`: stage, time, size."""
    late = [one for one in subjects if moment - one.since >= SLOW_SECONDS][:MOST_NAMED]
    return [
        f"  {one.stage or 'starting'}, {timedelta(seconds=int(moment - one.since))}, "
        f"{one.size / 1e6:.1f} MB: {one.uri}"
        for one in late
    ]

"""The bar of a long job on a terminal: how much is done, how long the rest may take, what takes long now.

Loaded where there is a terminal only. What else stands beside the bar is a column in `bar`.
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
    """How long the rest takes at the pace of the whole job so far; steadier than that of the last seconds."""

    def render(self, task: Task) -> Text:
        """Return the words beside the bar; none before there is a pace."""
        seconds = remaining(task.completed, task.total, task.elapsed or 0.0)
        return Text("" if seconds is None else f"{timedelta(seconds=round(seconds))} left", "cyan")


class ProgressBar(Progress):
    """The bar, and below it the reports that take long, each with its stage."""

    def __init__(
        self, *columns: ProgressColumn, under_way: Callable[[], Sequence[ReportInWork]], console: Console
    ) -> None:
        self._under_way = under_way  # the parent's constructor draws already
        super().__init__(*columns, console=console, transient=True)

    def get_renderables(self) -> Iterable[RenderableType]:
        """Yield what is drawn, from above."""
        yield from super().get_renderables()
        for line in slow(self._under_way(), time.monotonic()):
            yield Text(line, "dim", no_wrap=True, overflow="ellipsis")


def bar(
    doing: str, total: int | None, console: Console, under_way: Callable[[], Sequence[ReportInWork]]
) -> ProgressBar:
    """Make the bar of one job, over reports, on a terminal."""
    words, counts = TextColumn("{task.description}"), TextColumn("{task.fields[words]}")
    columns = (words, BarColumn(BAR_WIDTH), counts, TimeElapsedColumn(), Left(Column(no_wrap=True)))
    made = ProgressBar(*columns, under_way=under_way, console=console)
    made.add_task(doing, total=total, words="")
    return made


def remaining(done: float, total: float | None, elapsed: float) -> float | None:
    """Estimate the seconds until all is done; None where nothing tells.

    >>> remaining(25, 100, 10.0)
    30.0
    """
    if not total or not done or done > total or elapsed < ESTIMATE_SECONDS:
        return None
    return elapsed * (total - done) / done


def slow(subjects: Iterable[ReportInWork], moment: float) -> list[str]:
    """Yield a line for each report that takes more than some seconds: its stage, its time and its size."""
    late = [one for one in subjects if moment - one.since >= SLOW_SECONDS][:MOST_NAMED]
    return [
        f"  {one.stage or 'starting'}, {timedelta(seconds=int(moment - one.since))}, "
        f"{one.size / 1e6:.1f} MB: {one.uri}"
        for one in late
    ]

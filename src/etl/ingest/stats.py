"""Count what became of the reports of a batch or a run, in numbers that add up.

A new number is a field here; it then shows in summaries, in ``runs`` and in ``etl run --json``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Literal

from etl.figures import report_figures
from etl.model.stages import StageTimings
from etl.sources import Skipped


@dataclass(frozen=True, slots=True)
class RunStats:
    """Numbers of reports, but for ``characters``; ``read`` is unchanged + inserted + updated + quarantined.

    Attributes:
        skipped: files that are no reports, vanished, or are still being written.
        left: reports that were not tried, or whose source failed; the next run does them.
        characters: of the texts made and stored by this run.
        repaired: reports with at least one repair; ``needs_review``: with a doubtful one.
        seconds: that workers spent by stage; not compared, so that equal counts are equal stats.
        why_skipped: each file of ``skipped`` with its reason.
    """

    read: int = 0
    unchanged: int = 0
    inserted: int = 0
    updated: int = 0
    quarantined: int = 0
    skipped: int = 0
    left: int = 0
    characters: int = 0
    repaired: int = 0
    needs_review: int = 0
    seconds: StageTimings = field(default=StageTimings(), compare=False)
    why_skipped: tuple[Skipped, ...] = field(default=(), compare=False)

    def __add__(self, other: "RunStats") -> "RunStats":
        """Return the sum of both, field by field.

        >>> (RunStats(read=1, inserted=1) + RunStats(read=1, unchanged=1)).read
        2
        """
        return RunStats(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})

    def __str__(self) -> str:
        return ", ".join(f"{number} {name}" for name, number in self.as_dict().items() if number) or "nothing"

    def as_dict(self) -> dict[str, int]:
        """Return the counts by name, in the order of the fields, without ``seconds`` and ``why_skipped``."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.compare}


UNCHANGED = RunStats(read=1, unchanged=1)


def count_skipped(files: Sequence[Skipped]) -> RunStats:
    """Return the counts of files that are no reports, or that vanished or are being written."""
    return RunStats(skipped=len(files), why_skipped=tuple(files))


def count_written(figures: tuple[int, int, bool], *, new: bool) -> RunStats:
    """Count one stored report; ``figures`` are its characters, its repairs, and whether it needs review.

    >>> str(count_written((900, 2, False), new=True))
    '1 read, 1 inserted, 900 characters, 1 repaired'
    """
    characters, repairs, needs_review = figures
    return RunStats(
        read=1,
        inserted=int(new),
        updated=int(not new),
        characters=characters,
        repaired=int(repairs > 0),
        needs_review=int(needs_review),
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended.

    Attributes:
        run_id: id of its record in ``runs``.
        counts: what became of its reports; ``left`` says how many were not tried.
        seconds: duration of the run.
        state: ``stopped`` means asked to end early.
    """

    run_id: str
    counts: RunStats
    seconds: float
    state: Literal["done", "stopped", "failed"]

    def figures(self) -> dict[str, float]:
        """Return the counts and the speed as an operator reads them, see `report_figures`."""
        return report_figures(self.counts.as_dict(), self.seconds)

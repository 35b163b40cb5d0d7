"""List the stages of a report's way, in their order; the one list of them.

What may fail (`Stage`), what writes into the ledger (`EditStage`), how seconds are counted (`StageTimings`)
and what the validators of the database allow follow from here. A new stage is one more word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

# Stages that change the text; each change of the ledger names its own.
EditStage = Literal["read", "repair", "normalize", "structure", "convert", "correct"]
Stage = Literal["source", EditStage, "extract", "store"]
STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(frozen=True, slots=True)
class StageTimings:
    """Seconds that workers spent in each stage; two workers side by side spend two a second."""

    by_stage: Mapping[Stage, float] = field(default_factory=dict)

    def __add__(self, other: "StageTimings") -> "StageTimings":
        """Return the sum of both, stage by stage.

        >>> (StageTimings({"read": 1.0}) + StageTimings({"read": 0.5, "store": 2.0})).by_stage["read"]
        1.5
        """
        mine, theirs = self.as_dict(), other.as_dict()
        return StageTimings({stage: mine[stage] + theirs[stage] for stage in STAGES})

    def as_dict(self) -> dict[str, float]:
        """Return the seconds of every stage, 0 for those not timed, in the order of the stages.

        >>> tuple(StageTimings({"read": 1.0}).as_dict()) == STAGES
        True
        """
        return {stage: self.by_stage.get(stage, 0.0) for stage in STAGES}

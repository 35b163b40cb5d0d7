"""Read all that people said about reports at once: what a worker needs to make them again."""

from collections.abc import Iterable
from dataclasses import dataclass

from etl.corrections.values import Annotations
from etl.store.annotations import corrections, decisions
from etl.store.driver.connection import Db
from etl.store.records.annotations import CorrectionRecord, DecisionRecord


@dataclass(frozen=True, slots=True)
class Notes:
    """People's decisions about one report and their corrections of it, as they are stored."""

    decisions: tuple[DecisionRecord, ...] = ()
    corrections: tuple[CorrectionRecord, ...] = ()

    @property
    def held(self) -> tuple[DecisionRecord | CorrectionRecord, ...]:
        """Decisions and corrections that were not taken back."""
        decided = [one for one in self.decisions if one.taken_back_at is None]
        return (*decided, *(one for one in self.corrections if one.taken_back_at is None))

    @property
    def said(self) -> Annotations:
        """Decisions and corrections that were not taken back, as the pipeline takes them."""
        decided = tuple(record.decision for record in self.decisions if record.taken_back_at is None)
        return Annotations(decided, corrections.in_force(self.corrections))


NONE = Notes()


def notes_of(db: Db, reports: Iterable[str]) -> dict[str, Notes]:
    """Return the notes on these reports by report id, without reports that have none."""
    ids = tuple(reports)
    decided, corrected = decisions.decisions_of(db, ids), corrections.corrections_of(db, ids)
    known = dict.fromkeys((*decided, *corrected))
    return {one: Notes(decided.get(one, ()), corrected.get(one, ())) for one in known}

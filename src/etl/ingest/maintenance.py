"""The weekly job: delete old runs and versions, mend leftovers, check that the database agrees with itself.

What is deleted stands in `etl.store.admin.retention`, what is checked in `etl.store.admin.audit`.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from etl.settings import UpkeepSettings
from etl.store.admin import audit, leftovers, retention
from etl.store.admin.audit import AuditFinding
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.records.clock import now

# Findings that a record of a run and a message name one by one.
NAMED = 5
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MaintenanceResult:
    """What the maintenance removed and found.

    Attributes:
        run_id: its record in ``runs``.
        removed: how many records of runs, and how many old versions.
        findings: what does not hold; empty in a database that is as it should be.
        seconds: how long it took.
    """

    run_id: str
    removed: Mapping[str, int]
    findings: tuple[AuditFinding, ...]
    seconds: float = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """What the record of the run says in numbers."""
        return {**self.removed, "findings": len(self.findings)}

    @property
    def message(self) -> str | None:
        """The findings by kind, some of them named, and what to do; None where there are none."""
        if not self.findings:
            return None
        kinds = Counter(finding.kind for finding in self.findings)
        said = [f"{number} {kind} ({_named(self.findings, kind)})" for kind, number in kinds.items()]
        return "; ".join([*said, *(audit.mended_by(kind) for kind in kinds)])


def run_maintenance(db: Db, limits: UpkeepSettings | None, lease: Lease) -> MaintenanceResult:
    """Remove what is beyond the limits (None: nothing), then check; what is found is also logged."""
    removed = _remove(db, limits, lease) if limits else {}
    found = MaintenanceResult(lease.run_id, removed, audit.check(db))
    if found.message:
        log.warning("%s", found.message)
    return found


def _remove(db: Db, limits: UpkeepSettings, lease: Lease) -> dict[str, int]:
    return {
        "runs_removed": retention.delete_old_runs(db, now() - timedelta(days=limits.run_days)),
        "revisions_removed": retention.delete_old_revisions(db, limits.revisions, lease),
        "remains_removed": leftovers.remove_leftovers(db, lease),
    }


def _named(findings: tuple[AuditFinding, ...], kind: str) -> str:
    places = [finding.where for finding in findings if finding.kind == kind]
    more = len(places) - NAMED
    return ", ".join([*places[:NAMED], *([f"and {more} more"] if more > 0 else [])])

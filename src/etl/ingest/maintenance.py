"""Maintain the database weekly: delete old runs and revisions, mend leftovers, check its consistency.

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
    """What a maintenance run removed and found.

    Attributes:
        run_id: id of its record in ``runs``.
        removed: number of removed runs, revisions and leftovers, by name.
        findings: inconsistencies that were found; empty in a consistent database.
        seconds: duration of the run.
    """

    run_id: str
    removed: Mapping[str, int]
    findings: tuple[AuditFinding, ...]
    seconds: float = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """Numbers for the record of the run: what was removed, and how many findings there are."""
        return {**self.removed, "findings": len(self.findings)}

    @property
    def message(self) -> str | None:
        """Findings by kind, some of them named, and what mends each kind; None without findings."""
        if not self.findings:
            return None
        kinds = Counter(finding.kind for finding in self.findings)
        said = [f"{number} {kind} ({_named(self.findings, kind)})" for kind, number in kinds.items()]
        return "; ".join([*said, *(audit.mended_by(kind) for kind in kinds)])


def run_maintenance(db: Db, limits: UpkeepSettings | None, lease: Lease) -> MaintenanceResult:
    """Remove what exceeds the limits (None: nothing), then check the database and log what that finds."""
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

"""Check whether the database answers, keeps what is written, and holds nothing that a crashed run left.

A new check of an open database is a function in `CHECKS`.
"""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from pymongo.errors import OperationFailure, PyMongoError

from etl.doctor import contents, reaching, remedies, search
from etl.doctor.finding import Finding, ok, problem, unknown
from etl.model.errors import EtlError, SetupError, TransientError, UnavailableError
from etl.model.report import SCHEMA_VERSION
from etl.settings import Settings
from etl.store.coordination import lease as leases
from etl.store.coordination import runs
from etl.store.driver.connection import UNAUTHORIZED, Connection, connect
from etl.store.embedded import launcher
from etl.store.embedded.state_dir import StateDir
from etl.store.schema import collections, migrations

TIMEOUT_SECONDS = 1.5
# Clocks that differ by less do no harm: times in the database order runs, not writes.
CLOCK_SECONDS = 5.0
BAD_VALUE = 2
# Checks whose name is not that of their function, without check_.
NAMES = {"crashed_runs": "runs", "disk_space": "space", "search_index": "search"}


def examine(settings: Settings) -> list[Finding]:
    """Return the findings of all checks; a single finding where the database cannot be opened."""
    if settings.mongo_uri is None and not StateDir(settings.data_dir / "mongo").files.exists():
        return [_unused()]
    seconds = min(TIMEOUT_SECONDS, settings.store.timeout_seconds)
    store = settings.store.model_copy(update={"timeout_seconds": seconds})
    with ExitStack() as closing:
        try:
            connection = closing.enter_context(connect(settings.model_copy(update={"store": store})))
        except (UnavailableError, SetupError) as error:
            return [
                _embedded(error) if settings.mongo_uri is None else reaching.explain_failure(error, settings)
            ]
        except OSError as error:  # such as a full disk
            found = f"the embedded server cannot be started: {error.strerror or error}"
            return [problem("server", found, f"df -h {settings.data_dir}")]
        findings = [_checked(check, connection, settings) for check in CHECKS]
        # An embedded server takes seconds to end, for which nobody needs to wait.
        threading.Thread(target=closing.pop_all().close, daemon=True).start()
    return findings


def explain_silence(settings: Settings) -> Finding:
    """Return the finding for a database that has not let `examine` end in time."""
    if settings.mongo_uri is None:
        return Finding("server", "unknown", "the embedded server has not started in time", "etl db start")
    place = reaching.endpoint_of(settings)
    mend = remedies.start_mongo(*place) if place else "etl status"
    return problem("server", "the database did not answer in time", mend)


def check_server(connection: Connection, settings: Settings) -> Finding:
    """Check whether the server answers, and keeps its data on disk."""
    status = connection.client.admin.command("serverStatus")
    where = "the embedded server" if settings.mongo_uri is None else "the server"
    if status.get("storageEngine", {}).get("persistent") is False:
        return problem("server", f"{where} keeps its data in memory only", _proper())
    return ok("server", f"{where} answers, version {status['version']}")


def check_journal(connection: Connection, settings: Settings) -> Finding:
    """Check whether the server journals writes, by a deletion that matches no document."""
    del settings
    try:
        connection.database.runs.delete_many({"_id": {"$exists": False}})
    except OperationFailure as error:
        if error.code == UNAUTHORIZED:
            login = "export ETL_STORE__USER=etl_writer ETL_STORE__PASSWORD_FILE=/a/file/with/the/password"
            return problem("journal", "this login may only read: runs need that of the writer", login)
        if error.code != BAD_VALUE:
            raise
        return problem("journal", "the server keeps no journal: what it acknowledges may be lost", _proper())
    return ok("journal", "writes are journaled before they are acknowledged")


def check_disk_space(connection: Connection, settings: Settings) -> Finding:
    """Check whether the disk of the server has space, where the server tells."""
    if connection.client.admin.command("serverStatus").get("process") == launcher.PROCESS:
        # It would count every byte that it holds, and knows nothing of its disk.
        return ok("space", "the embedded server has the disk of its data folder")
    told = connection.database.command("dbStats")
    if "fsTotalSize" not in told:
        return unknown("space", "the server tells nothing of its disk")
    free, wanted = told["fsTotalSize"] - told["fsUsedSize"], settings.watch.free_bytes
    said = f"{free / 1e9:.1f} GB are free on the database's disk"
    if free < wanted:
        mend = "docker compose exec mongo df -h /data/db" if remedies.runs_in_compose() else "df -h"
        return problem("space", f"{said}, less than {wanted / 1e9:.1f} GB (watch.free_bytes)", mend)
    return ok("space", said)


def check_clock(connection: Connection, settings: Settings) -> Finding:
    """Check whether the clocks of the server and of this machine agree to `CLOCK_SECONDS`."""
    del settings
    before = time.time()
    there = connection.client.admin.command("hello")["localTime"].replace(tzinfo=UTC).timestamp()
    after = time.time()
    off = there - (before + after) / 2
    if abs(off) > CLOCK_SECONDS + (after - before) / 2:
        ahead = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} this machine's"
        return problem("clock", f"the database's clock is {ahead}", "timedatectl set-ntp true")
    newest = connection.database.runs.find_one({}, {"started_at": 1}, sort=[("started_at", -1)])
    if newest and (newest["started_at"] - datetime.now(UTC)).total_seconds() > CLOCK_SECONDS:
        found = f"run {newest['_id']} began in the future: this clock is behind, or that machine's was ahead"
        return problem("clock", found, "timedatectl set-ntp true")
    return ok("clock", f"this machine and the database differ by {abs(off):.1f} s")


def check_shape(connection: Connection, settings: Settings) -> Finding:
    """Check whether the documents have the schema version that this release writes."""
    del settings
    try:
        collections.check_schema(connection.database)
    except SetupError as error:
        older = migrations.version(connection.database) < SCHEMA_VERSION
        return problem("shape", str(error), "etl db migrate" if older else "pip install --upgrade report-etl")
    return ok("shape", f"its documents have shape {SCHEMA_VERSION}")


def check_crashed_runs(connection: Connection, settings: Settings) -> Finding:
    """Check whether a run crashed; the next run finishes its work."""
    dead = runs.crashed_runs(connection.database)
    if dead:
        mend = remedies.start_run(settings.run.sources)
        return problem("runs", f"run {dead[0].id} on {dead[0].process.host} ended without finishing", mend)
    return ok("runs", "no run ended without finishing")


def check_lease(connection: Connection, settings: Settings) -> Finding:
    """Check whether a crashed run holds the lease; the next run takes it over."""
    holder = leases.expired_holder(connection.database)
    if holder:
        mend = remedies.start_run(settings.run.sources)
        return problem("lease", f"{holder.words()} has the lease and shows no life", mend)
    return ok("lease", "no crashed run has the lease")


Check = Callable[[Connection, Settings], Finding]
CHECKS: tuple[Check, ...] = (
    check_server,
    check_journal,
    check_disk_space,
    check_clock,
    check_shape,
    check_crashed_runs,
    check_lease,
    contents.check_indexes,
    contents.check_bytes,
    search.check_search_index,
)


def _checked(check: Check, connection: Connection, settings: Settings) -> Finding:
    """Return the finding of a check, also where the database fails or holds what nobody here wrote."""
    function = check.__name__.removeprefix("check_")
    name = NAMES.get(function, function)
    try:
        return check(connection, settings)
    except (PyMongoError, TransientError) as error:
        return unknown(name, f"the database did not say: {type(error).__name__}: {str(error)[:200]}")
    except (LookupError, TypeError, ValueError) as error:
        found = f"a document is not as this release writes it: {type(error).__name__}: {str(error)[:200]}"
        return problem(name, found, contents.RESTORE)


def _unused() -> Finding:
    try:
        launcher.require()
    except UnavailableError as error:
        return problem("server", str(error), "pip install 'report-etl[embedded]'")
    return ok("server", "nothing was loaded yet; the embedded server starts with the first command")


def _embedded(error: EtlError) -> Finding:
    """Return the finding for an embedded server that cannot be used, with the command that helps."""
    said = str(error)
    if "not installed" in said:
        return problem("server", said, "pip install 'report-etl[embedded]'")
    if isinstance(error, SetupError):
        mend = remedies.change_setting("data_dir", str(Path.home() / "report-etl"))
        return problem("server", said, mend if "data_dir" in said else reaching.remedy_for_settings(said))
    return problem("server", said, "etl db start")


def _proper() -> str:
    """Return the command that starts a server that keeps data: in a container, else on this machine."""
    return "docker compose up --detach mongo" if remedies.runs_in_compose() else remedies.DATABASE

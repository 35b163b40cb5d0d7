"""Faults that keep the product from working, seeded one by one; the doctor finds each and says what fits."""

import json
import os
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from tests.doctor.seeds import Bench

from etl import ingest
from etl.doctor import GROUPS, Finding, installation, remedies
from etl.model.errors import SetupError
from etl.model.report import SCHEMA_VERSION
from etl.search import tables
from etl.settings import Settings
from etl.store.blobs import overflow
from etl.store.coordination import lease, runs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.schema import migrations
from etl.wiring import open_store

pytestmark = pytest.mark.mongo

# What takes away or writes over what stands there.
TAKES_AWAY = re.compile(
    r"\b(?:mv|rm|rmdir|unlink|shred|truncate|dd|prune|drop\w*|clean|reset|stash|down)\b|[^2]>"
)
EXPORT_ADDRESS = "export ETL_MONGO_URI=mongodb://"


@dataclass(frozen=True)
class Fault:
    """One fault: what breaks, which check must tell, a part of what it says, how its command begins."""

    seed: Callable[[Bench], object]
    check: str
    said: str
    mend: str


@pytest.fixture
def bench(settings: Settings, db: Db, tmp_path: Path) -> Iterator[Bench]:
    """A healthy machine without containers; what was broken is whole again afterwards."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as closing:
        for name in [name for name in os.environ if name.startswith(("ETL_", "PREFECT_"))]:
            patch.delenv(name)
        patch.setattr(remedies, "runs_in_compose", lambda: False)
        patch.setattr("etl.doctor.schedule.USUAL_PORT", 9)
        patch.setenv("ETL_WATCH__PORT", "0")
        yield Bench(settings, db, tmp_path, patch, closing)


# Settings


def unknown_setting(bench: Bench) -> None:
    """A name that no setting has."""
    bench.set(RUN__TYPO="1")


def value_out_of_bounds(bench: Bench) -> None:
    """A value that the setting does not allow."""
    bench.set(WATCH__PORT="70000")


def list_that_is_none(bench: Bench) -> None:
    """A path where a list in JSON belongs."""
    bench.set(RUN__SOURCES="/srv/reports")


def own_settings_are_no_toml(bench: Bench) -> None:
    """A quote is missing in one's own settings."""
    bench.own("etl.toml", '[run]\nsources = ["/srv]\n')


def own_folder_is_away(bench: Bench) -> None:
    """The folder of one's own configuration is not there."""
    bench.set(CONFIG_DIR="/nowhere/at/all")


# Configuration


def lexicon_is_missing(bench: Bench) -> None:
    """A lexicon of the release is gone."""
    bench.release_without("lexicon/places.toml")


def pattern_is_missing(bench: Bench) -> None:
    """A pattern of facts of the release is gone, which nothing else notices."""
    bench.release_without("facts/donation.toml")


VISIT = """type = "visit"
verbs = ["访问"]
forms = ["{who}{verb}"]
[slots.who]
[fields.who]
slot = "who"
kind = "text"
"""


def pattern_without_slots(bench: Bench) -> None:
    """A pattern of facts lacks its slots."""
    bench.own("facts/visit.toml", VISIT.replace("[slots.who]", ""))


def pattern_of_unknown_kind(bench: Bench) -> None:
    """A field of a pattern has a kind that there is not."""
    bench.own("facts/visit.toml", VISIT.replace('"text"', '"texts"'))


def lexicon_is_no_toml(bench: Bench) -> None:
    """A lexicon of one's own lacks a bracket."""
    bench.own("lexicon/people.toml", 'titles = [\n  "主任",\n')


def word_list_leads_nowhere(bench: Bench) -> None:
    """A word list of one's own is a link to a file that was taken away."""
    path = bench.own("lexicon/places.toml", "")
    path.unlink()
    path.symlink_to(bench.folder / "gone.toml")


def word_list_is_a_folder(bench: Bench) -> None:
    """A folder has the name of a word list."""
    path = bench.own("lexicon/user_words.txt", "")
    path.unlink()
    path.mkdir()


def pattern_leads_nowhere(bench: Bench) -> None:
    """A pattern of one's own is a link to a file that was taken away."""
    path = bench.own("facts/visit.toml", "")
    path.unlink()
    path.symlink_to(bench.folder / "gone.toml")


def slot_of_another_kind(bench: Bench) -> None:
    """The length of a slot is written as a text."""
    bench.own("facts/visit.toml", VISIT.replace("[slots.who]", '[slots.who]\nlongest = "20"'))


def words_in_a_folder_of_another_name(bench: Bench) -> None:
    """Words of one's own lie where nothing looks for them."""
    bench.own("lexicons/places.toml", "")


MINE = """deployments:
  - name: mine
    entrypoint: flows/ingest.py:ingest
    schedules:
      - cron: "{cron}"
        timezone: {timezone}
"""


def schedule(bench: Bench, cron: str = "0 2 * * *", timezone: str = "Asia/Shanghai") -> None:
    """A deployment of one's own with this schedule."""
    bench.own("prefect.yaml", MINE.format(cron=cron, timezone=timezone))


def impossible_date(bench: Bench) -> None:
    """A schedule for 31 February."""
    schedule(bench, cron="0 2 31 2 *")


def impossible_hour(bench: Bench) -> None:
    """A schedule for 25 o'clock."""
    schedule(bench, cron="0 25 * * *")


def unknown_zone(bench: Bench) -> None:
    """A time zone that there is not."""
    schedule(bench, timezone="Asia/Peking")


def deployment_without_flow(bench: Bench) -> None:
    """A deployment of a flow that does not exist."""
    bench.own("prefect.yaml", "deployments:\n  - name: mine\n    entrypoint: flows/nothing.py:nothing\n")


def schedules_are_no_yaml(bench: Bench) -> None:
    """A bracket is missing in one's own schedules."""
    bench.own("prefect.yaml", "deployments: [\n  - name: mine\n")


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


REINSTALL = f"{sys.executable} -m pip install --no-deps"
LOGIN_COMMAND = "export ETL_STORE__USER=etl_writer ETL_STORE__PASSWORD_FILE="
FAULTS: dict[str, tuple[Fault, ...]] = {
    "settings": (
        Fault(unknown_setting, "settings", "ETL_RUN__TYPO", "unset ETL_RUN__TYPO"),
        Fault(value_out_of_bounds, "settings", "less than or equal to 65535", "unset ETL_WATCH__PORT"),
        Fault(list_that_is_none, "settings", "ETL_RUN__SOURCES is no list", "unset ETL_RUN__SOURCES"),
        Fault(own_settings_are_no_toml, "settings", "own/etl.toml cannot be read", "${EDITOR:-vi} +2 "),
        Fault(own_folder_is_away, "settings", "no folder", "unset ETL_CONFIG_DIR"),
    ),
    "config": (
        Fault(
            lexicon_is_missing,
            "config",
            "lexicon/places.toml is missing",
            f"{sys.executable} -m pip install --no-deps",
        ),
        Fault(
            pattern_is_missing,
            "config",
            "facts/donation.toml is missing",
            f"{sys.executable} -m pip install --no-deps",
        ),
        Fault(pattern_without_slots, "words", "facts/visit.toml: entry slots is missing", "${EDITOR:-vi} "),
        Fault(pattern_of_unknown_kind, "words", "facts/visit.toml line 5: field who", "${EDITOR:-vi} +5 "),
        Fault(lexicon_is_no_toml, "words", "lexicon/people.toml", "${EDITOR:-vi} "),
        Fault(word_list_leads_nowhere, "words", "own/lexicon/places.toml is no file", "${EDITOR:-vi} "),
        Fault(word_list_is_a_folder, "words", "own/lexicon/user_words.txt is no file", "${EDITOR:-vi} "),
        Fault(pattern_leads_nowhere, "words", "own/facts/visit.toml", "${EDITOR:-vi} "),
        Fault(
            slot_of_another_kind,
            "words",
            "facts/visit.toml line 4: [slots.who] has longest",
            "${EDITOR:-vi} +4 ",
        ),
        Fault(words_in_a_folder_of_another_name, "own", "nothing reads ", "etl config"),
        Fault(impossible_date, "schedules", "mine of prefect.yaml: cron '0 2 31 2 *'", "${EDITOR:-vi} +5 "),
        Fault(
            impossible_hour, "schedules", "cron '0 25 * * *' never comes due: bad hour", "${EDITOR:-vi} +5 "
        ),
        Fault(unknown_zone, "schedules", "'Asia/Peking' is no time zone", "${EDITOR:-vi} +6 "),
        Fault(deployment_without_flow, "schedules", "there is no flow", "${EDITOR:-vi} +3 "),
        Fault(schedules_are_no_yaml, "schedules", "own/prefect.yaml cannot be used", "${EDITOR:-vi} "),
    ),
    "machine": (
        Fault(data_folder_is_a_file, "folder", "passwd is a file", "export ETL_DATA_DIR="),
        Fault(data_folder_is_closed, "folder", "cannot be written", "export ETL_DATA_DIR="),
        Fault(no_space, "disk", "less than", "du -xhd1 "),
        Fault(source_is_missing, "sources", "does not exist", "export ETL_RUN__SOURCES="),
        Fault(folder_is_closed, "sources", "in/closed", 'sudo setfacl -m "u:$(id -un):rx" '),
        Fault(file_is_closed, "sources", "in/a.txt", 'sudo setfacl -m "u:$(id -un):r" '),
        Fault(file_of_the_future, "sources", "in/a.txt by 7", "touch -- "),
    ),
    "network": (
        Fault(port_is_taken, "port", "(watch.host, watch.port) cannot be used", "export ETL_WATCH__PORT="),
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
        Fault(run_of_the_future, "clock", "began in the future", "timedatectl set-ntp true"),
        Fault(dead_run, "runs", "ended without finishing", "etl reprocess --stale"),
        Fault(stale_lease, "lease", "shows no life", "etl reprocess --stale"),
        Fault(older_shape, "shape", "has shape 1", "etl db migrate"),
        Fault(newer_shape, "shape", "install the newer release", "pip install --upgrade report-etl"),
        Fault(index_is_dropped, "indexes", "reports.terms", "etl db migrate"),
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
TABLE = [
    pytest.param(group, fault, id=fault.seed.__name__) for group, faults in FAULTS.items() for fault in faults
]


def findings(group: str, bench: Bench) -> dict[str, Finding]:
    """What a group of checks says, by the names of the checks."""
    if group == "settings":
        with pytest.raises(SetupError) as caught:
            bench.reload()
        return {"settings": installation.check_settings(caught.value)}
    return {one.check: one for one in GROUPS[group](bench.reload())}


def test_healthy(bench: Bench) -> None:
    """On the machine that the faults are seeded on nothing is wrong before."""
    loaded(bench)
    said = [one for group in GROUPS for one in findings(group, bench).values()]

    assert [one for one in said if one.state == "problem"] == []


@pytest.mark.parametrize(("group", "fault"), TABLE)
def test_fault_is_found(bench: Bench, group: str, fault: Fault) -> None:
    """The check says what is wrong; the command fits, and takes away nothing."""
    fault.seed(bench)
    one = findings(group, bench)[fault.check]

    assert (one.state, fault.said in one.found) == ("problem", True), one
    assert one.mend.startswith(fault.mend), one
    assert not TAKES_AWAY.search(one.mend), one
    assert "docker" not in one.mend
    assert "secret" not in one.found + one.mend


def test_faults_of_one_kind_are_all_told(bench: Bench) -> None:
    """Several files, deployments and sources that are wrong are several findings, each with its command."""
    lexicon_is_no_toml(bench)
    pattern_without_slots(bench)
    bench.own("facts/talk.toml", VISIT.replace('"text"', '"texts"'))
    bench.own("prefect.yaml", MINE.format(cron="0 25 * * *", timezone="Asia/Peking"))
    bench.set(RUN__SOURCES='["/nowhere/one", "/nowhere/two"]')
    settings = bench.reload()
    said = [one for group in ("config", "machine") for one in GROUPS[group](settings)]
    wrong = [(one.check, one.mend) for one in said if one.state == "problem"]

    assert [check for check, _ in wrong] == ["words"] * 3 + ["schedules"] * 2 + ["sources"] * 2
    files = ("lexicon/people.toml", "facts/talk.toml", "facts/visit.toml", "+5 ", "+6 ")
    assert all(name in mend for name, (_, mend) in zip(files, wrong, strict=False)), wrong


def test_settings_that_are_wrong_are_all_told(bench: Bench) -> None:
    """Each of them is named, and the command takes back all."""
    bench.set(RUN__TYPO="1", WATCH__PORT="70000")
    one = findings("settings", bench)["settings"]

    command, *variables = one.mend.split()
    assert (command, set(variables)) == ("unset", {"ETL_RUN__TYPO", "ETL_WATCH__PORT"})

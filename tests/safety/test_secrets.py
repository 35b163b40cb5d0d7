"""A password is planted, and looked for wherever it must not be."""

import logging
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pymongo import MongoClient
from tests.store.guarded import Guarded, guarded

from etl.cli.app import status_of
from etl.doctor import installation
from etl.ingest import ingest
from etl.logins import PASSWORD
from etl.model.errors import SetupError
from etl.settings import Settings, load
from etl.sources.names import refuse_passwords
from etl.store.admin.users import Login, prepare
from etl.store.coordination import runs
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db, connect
from etl.store.embedded import launcher
from etl.telemetry import logs

PLANTED = "Geheim-8520"
OTHER = "127.0.0.2"  # another address of this machine: who listens everywhere answers there, too
LOGINS = [
    f"https://user:{PLANTED}@example.com/reports/",
    f"https://:{PLANTED}@example.com/a.txt",
    f"zip://a.txt::https://user:{PLANTED}@example.com/a.zip",
    f"simplecache::sftp://user:{PLANTED}@example.com/a.txt",
    f"https://user:a/{PLANTED}@example.com/a.txt",
    f"sftp://user:{PLANTED}/b@example.com/a.txt",
    f"ftp://user:a b {PLANTED}@example.com/a.txt",
    f"https://user:a@{PLANTED}/@example.com/a.txt",
    f"https://{PLANTED}@example.com/a.txt",
    f"zip://a.txt::https://{PLANTED}@example.com/a.zip",
    f"https://example.com/a.txt?id=1&token={PLANTED}",
    f"https://user:{PLANTED}@example.com/a.txt?access_token={PLANTED}&id=1",
    f"zip://a.txt::https://example.com/a.zip?X-Amz-Signature={PLANTED}",
]
# What somebody may write by mistake, each a variable and what it holds.
MISTAKES = {
    "ETL_MONGO_URI": (
        f"mongodb://user:12/{PLANTED}@127.0.0.1:1/etl",
        f"mongodb://user:{PLANTED}/b@127.0.0.1:1/etl",
        f"mongodb://user:a b{PLANTED}@127.0.0.1:1/etl",
        f"mongodb://user:a@{PLANTED}@127.0.0.1:1/etl",
        f"mongodb://{PLANTED}@127.0.0.1:1/etl",
        f"mongodb+srv://user:{PLANTED}/b@127.0.0.1/etl",
        f"user:{PLANTED}@127.0.0.1:1",
    ),
    "ETL_RUN__SOURCES": tuple(f'["{login}"]' for login in LOGINS),
    "ETL_STORE__PASSWORD": (f'["{PLANTED}"]', PLANTED),
    "ETL_STORE__PASSWORD_FILE": (PLANTED,),
    "ETL_STORE": (f'"{PLANTED}"', f'{{"password": ["{PLANTED}"]}}', f'{{"pasword": "{PLANTED}"}}', PLANTED),
    "ETL_NOTIFY": (f'"https://example.com/{PLANTED}"', f"https://example.com/{PLANTED}"),
    "ETL_NOTIFY__WEBHOOK": (f"example.com/{PLANTED}", f"https://{PLANTED}"),
    "ETL_WATCH__PORT": (f"mongodb://user:{PLANTED}@127.0.0.1",),
    "PREFECT_API_URL": (
        f"http://user:{PLANTED}@127.0.0.1:1/api",
        f"http://{PLANTED}@127.0.0.1:1/api",
        f"http://user:{PLANTED}@127.0.0.1:1",
        f"user:{PLANTED}@127.0.0.1:1/api",
    ),
}
COMMANDS = (["run"], ["plan"], ["status"], ["doctor"], ["config", "--json"])
# In a file of one's own, where values have types.
WRONG_TYPES = (
    f'mongo_uri = ["{PLANTED}"]',
    f'webhook = "https://example.com/{PLANTED}"',
    f'store = "{PLANTED}"',
    f'[notify]\nwebhook = ["https://example.com/{PLANTED}"]',
    f'[store]\npassword = {{ value = "{PLANTED}" }}',
    f'[store]\npassword_file = ["{PLANTED}"]',
    f'[run]\nsources = "https://user:{PLANTED}@example.com/"',
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A server with logins and encryption, and a writer with the planted password."""
    with guarded(tmp_path_factory.mktemp("guarded")) as found:
        own = load(mongo_uri=SecretStr(found.admin))
        store = own.store.model_copy(update={"tls_ca_file": str(found.authority)})
        with connect(own.model_copy(update={"store": store})) as connection:
            prepare(connection.database, (Login("writer", "etl_writer", SecretStr(PLANTED)),))
        yield found


def start(server: Guarded, folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """`etl` in a process of its own that says all it can."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ETL_", "PREFECT_"))}
    own |= {"ETL_STORE__TLS_CA_FILE": str(server.authority), "ETL_DATA_DIR": str(folder / "data")}
    own |= {"ETL_LOG__LEVEL": "DEBUG", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", "from etl.cli import main; main()", *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=own, cwd=folder
    )


def ps() -> str:
    """The arguments of all processes, as everybody may see them."""
    out = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            out.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(out)


@pytest.mark.mongo
@pytest.mark.xdist_group("guarded")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_a_planted_password_is_nowhere(server: Guarded, tmp_path: Path) -> None:
    """A password in the address is in no output, log, document, file or list of processes."""
    (tmp_path / "in").mkdir()
    for number in range(30):
        (tmp_path / "in" / f"{number}.txt").write_text(f"永安公司捐款{number}万元。" * 20, encoding="utf-8")
    (tmp_path / "in" / "bad.txt").write_bytes(b"")
    process = start(
        server,
        tmp_path,
        "run",
        "in",
        "--mongo",
        server.uri(f"etl_writer:{PLANTED}@"),
        "--runner",
        "processes",
    )
    client: MongoClient[Any] = MongoClient(server.admin, tlsCAFile=str(server.authority))
    while process.poll() is None and not client.etl.runs.find_one({}):
        time.sleep(0.02)
    shown = ps()
    out = "".join(process.communicate())
    documents = [one for name in client.etl.list_collection_names() for one in client.etl[name].find()]
    client.close()
    wrong = start(server, tmp_path, "status", "--mongo", server.uri(f"etl_writer:no{PLANTED}@"))
    out += "".join(wrong.communicate())
    files = [path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()]

    assert (process.returncode, wrong.returncode) == (1, 3), out
    assert "from etl.cli import main" in shown
    assert len(documents) > 60
    assert [place for place in (out, shown, repr(documents)) if PLANTED in place] == []
    assert not any(PLANTED.encode() in file for file in files)


@pytest.mark.mongo
@pytest.mark.parametrize("source", LOGINS)
def test_sources_hold_no_password(source: str, settings: Settings, db: Db) -> None:
    """A password in the address of a source is refused before anything is noted, and never repeated."""
    with pytest.raises(SetupError, match="holds a password") as caught:
        ingest([source], settings)

    assert PLANTED not in str(caught.value)
    assert db.runs.count_documents({}) == 0
    form = import_module("flows.ingest").IngestJob.model_json_schema()["properties"]["sources"]["items"][
        "pattern"
    ]
    assert not re.search(form, source)
    assert re.search(form, "https://example.com:8080/a@b.txt")


@pytest.mark.parametrize(("variable", "value"), [(name, v) for name, vs in MISTAKES.items() for v in vs])
def test_mistakes_show_no_secret(
    variable: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A secret in a wrong form or place is in no output, log or file of any command."""
    for name in [one for one in os.environ if one.startswith(("ETL_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ETL_DATA_DIR", str(tmp_path / "data"))
    # A database that nobody starts: what is looked for is said before or when it does not answer.
    monkeypatch.setenv("ETL_MONGO_URI", "mongodb://127.0.0.1:1/etl")
    monkeypatch.setenv("ETL_STORE__TIMEOUT_SECONDS", "0.2")
    monkeypatch.setenv("ETL_LOG__LEVEL", "DEBUG")
    monkeypatch.setenv(variable, value)
    # What doctor asks of packages and models depends on no setting, and takes longer than all else here.
    monkeypatch.setattr(installation, "CHECKS", ())
    for arguments in COMMANDS:
        status_of(arguments)
    said = "".join(capfd.readouterr())

    assert said
    assert PLANTED not in said
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(PLANTED.encode() in content for content in files)


def test_what_a_password_may_hold_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address that is none is answered with the right forms in full; our own words are not masked."""
    monkeypatch.setenv("ETL_MONGO_URI", f"mongodb://user:12/{PLANTED}@127.0.0.1:1/etl")

    assert status_of(["status"]) == 2
    said = capsys.readouterr().err
    for words in ("mongodb://host:port/database", "mongodb+srv://host/database", "%2F", "%40"):
        assert words in said


@pytest.mark.parametrize("line", WRONG_TYPES)
def test_wrong_types_show_no_secret(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting of the wrong type that may hold a secret is named, and its value is not."""
    (tmp_path / "etl.toml").write_text(line, encoding="utf-8")
    monkeypatch.setenv("ETL_CONFIG_DIR", str(tmp_path))

    with pytest.raises(SetupError, match="setting") as caught:
        load()
    assert PLANTED not in str(caught.value)


@pytest.mark.mongo
def test_logs_and_records_show_no_login(db: Db, settings: Settings) -> None:
    """A login within words of others is in no line of the log and in no record of a run."""
    words = f"cannot reach https://user:{PLANTED}/x@example.com/a or sftp://{PLANTED}@example.com"
    for json_lines in (False, True):
        log = settings.log.model_copy(update={"json_lines": json_lines})
        line = logs.StderrHandler(log).format(
            logging.LogRecord("etl", logging.ERROR, "", 0, words, None, None)
        )
        assert PLANTED not in line
        assert "example.com" in line
    run = runs.begin(db, "ingest", {}, {}, Lease(runs.new_id()))
    runs.fail(db, run, {}, SetupError(words))
    (record,) = db.runs.find()

    assert "example.com" in record["message"]
    assert PLANTED not in str(record)


@pytest.mark.parametrize(
    "source",
    [
        "memory://a:b/@c.txt",
        "memory://user@host/a.txt",
        "sftp://user@host/a.txt",
        "https://example.com:8080/a@b.txt",
        "https://example.com/a.txt?id=token&page=2&design=a",
        "zip://报告:一/a@b.txt::file:///nowhere/a.zip",
    ],
)
def test_other_signs_are_no_password(source: str) -> None:
    """An at sign in a path, or a name without a password, is taken as it is."""
    refuse_passwords([source])

    assert PASSWORD.search(source) is None


@pytest.mark.mongo
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have one local address")
def test_embedded_server_is_for_this_machine(tmp_path: Path) -> None:
    """The embedded server answers at 127.0.0.1 and at no other address."""
    with launcher.serve(tmp_path, "64M") as uri:
        port = int(uri.removeprefix("mongodb://127.0.0.1:").partition("/")[0])
        socket.create_connection(("127.0.0.1", port), 5).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((OTHER, port), 5)

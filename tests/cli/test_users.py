"""Who may do what, tried with a server that asks for logins and encrypts."""

import os
import pty
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pymongo.errors import OperationFailure
from tests.cli.conftest import Etl, Result
from tests.store.guarded import Guarded, guarded, running

from etl.model.errors import SetupError, UnavailableError
from etl.settings import Settings, load
from etl.store.admin.users import Login, prepare
from etl.store.driver.connection import Db, connect
from etl.store.schema.collections import apply_schema

pytestmark = [pytest.mark.mongo, pytest.mark.xdist_group("guarded")]
WRITER, READER = "Schreiber-4711", "Leser-1174"  # the passwords of these tests
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "02-page-break.txt"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A server with logins and encryption, and only its administrator in it."""
    with guarded(tmp_path_factory.mktemp("guarded")) as found:
        yield found


@pytest.fixture
def init(bare: Etl, server: Guarded) -> Etl:
    """`etl db init-users` as the administrator calls it."""

    def call(*arguments: str | Path, **variables: str) -> Result:
        own = {"ETL_MONGO_URI": server.admin, "ETL_STORE__TLS_CA_FILE": str(server.authority)}
        return bare("db", "init-users", *arguments, **own | variables)

    return call


@pytest.fixture(scope="module")
def users(server: Guarded) -> Guarded:
    """The server with both users in it."""
    with connect(administrator(server)) as connection:
        prepare(
            connection.database,
            (
                Login("writer", "etl_writer", SecretStr(WRITER)),
                Login("reader", "etl_reader", SecretStr(READER)),
            ),
        )
    return server


def administrator(server: Guarded) -> Settings:
    """Settings that log in as the administrator, by the address."""
    own = load(mongo_uri=SecretStr(server.admin))
    return own.model_copy(
        update={"store": own.store.model_copy(update={"tls_ca_file": str(server.authority)})}
    )


def as_user(server: Guarded, name: str, word: str, **store: object) -> Settings:
    """Settings that log in by the settings, not by the address."""
    login = {"user": name, "password": SecretStr(word), "tls": True, "tls_ca_file": str(server.authority)}
    own = load(mongo_uri=SecretStr(server.uri(rest="")))
    values = login | {"timeout_seconds": 1.5} | store
    return own.model_copy(update={"store": own.store.model_copy(update=values)})


def tried(action: Callable[[], object]) -> bool:
    """Whether the server allows it."""
    try:
        action()
    except OperationFailure as error:
        assert error.code == 13, error  # noqa: PT017 - the server's word for not allowed
        return False
    return True


def powers(db: Db) -> dict[str, bool]:
    """What the login of a connection may do."""
    other = db.client["elsewhere"]
    evil: dict[str, Any] = {"pwd": "x", "roles": [{"role": "readWrite", "db": db.name}]}
    return {
        "read": tried(db.things.find_one),
        "write": tried(lambda: db.things.insert_one({"x": 1})),
        "prepare": tried(lambda: apply_schema(db, {}, anew=True)),
        "read elsewhere": tried(other.things.find_one),
        "write elsewhere": tried(lambda: other.things.insert_one({"x": 1})),
        "make users": tried(lambda: db.command("createUser", "evil", **evil)),
        "drop elsewhere": tried(lambda: db.client.drop_database("elsewhere")),
    }


@pytest.mark.parametrize(
    ("name", "password", "may"),
    [("etl_writer", WRITER, {"read", "write", "prepare"}), ("etl_reader", READER, {"read"})],
)
def test_each_user_may_do_its_work_and_no_more(
    users: Guarded, name: str, password: str, may: set[str]
) -> None:
    """The writer loads, the reader reads, and neither may do anything else."""
    with connect(as_user(users, name, password)) as connection:
        found = powers(connection.database)

    assert {power for power, allowed in found.items() if allowed} == may


def test_writer_loads_and_reader_reads(users: Guarded, bare: Etl) -> None:
    """A whole run works with the writer's rights; with the reader's looking does, and loading does not."""
    own = {"ETL_MONGO_URI": users.uri(), "ETL_STORE__TLS_CA_FILE": str(users.authority)}
    writer = own | {"ETL_STORE__USER": "etl_writer", "ETL_STORE__PASSWORD": WRITER}
    reader = own | {"ETL_STORE__USER": "etl_reader", "ETL_STORE__PASSWORD": READER}
    loaded = bare("run", SAMPLE, "--json", **writer)
    by_processes = bare("run", SAMPLE, "--json", "--runner", "processes", **writer)
    looked = bare("status", "--json", **reader)
    refused = bare("run", SAMPLE, **reader)

    assert (loaded.status, loaded.lines[0]["inserted"]) == (0, 1), loaded.err
    assert by_processes.lines[0]["unchanged"] == 1
    assert (looked.status, looked.lines[0]["reports"]) == (0, 1), looked.err
    assert (refused.status, "etl:" in refused.error) == (3, True)


def test_second_call_changes_the_password(server: Guarded, init: Etl) -> None:
    """The same command gives a user that exists its new password; the old one is refused."""
    own = ("--writer", "w1", "--reader", "r1")
    first = init(*own, ETL_WRITER_PASSWORD=WRITER, ETL_READER_PASSWORD=READER)
    second = init(*own, ETL_WRITER_PASSWORD=WRITER, ETL_READER_PASSWORD=WRITER)

    assert first.out.splitlines() == ["w1: made, role loader", "r1: made, role read"]
    assert second.out.splitlines() == ["w1: updated, role loader", "r1: updated, role read"]
    with pytest.raises(UnavailableError, match="refuses the login"), connect(as_user(server, "r1", READER)):
        pass
    with connect(as_user(server, "r1", WRITER)):
        pass


def test_passwords_from_a_file(users: Guarded, init: Etl, tmp_path: Path) -> None:
    """The file of docker-compose will do for the passwords; that of a connection stands alone in its file."""
    file, alone = tmp_path / ".env", tmp_path / "password"
    file.write_text(f"# two\nETL_WRITER_PASSWORD={WRITER}\nETL_READER_PASSWORD=von=Datei\n", encoding="utf-8")
    alone.write_text("von=Datei\n", encoding="utf-8")

    assert init("--passwords", file, "--reader", "leser").status == 0
    settings = as_user(users, "leser", "", password_file=str(alone))
    with connect(settings) as connection:
        assert powers(connection.database)["read"]


def test_passwords_from_the_keyboard(server: Guarded) -> None:
    """At a terminal each password is asked for twice and not shown."""
    child, terminal = pty.fork()
    if child == 0:
        own = {"ETL_MONGO_URI": server.admin, "ETL_STORE__TLS_CA_FILE": str(server.authority)}
        own |= {name: value for name, value in os.environ.items() if not name.startswith("ETL_")}
        command = [sys.executable, "-c", "from etl.cli import main; main()", "db", "init-users"]
        os.execve(sys.executable, [*command, "--writer", "w2", "--reader", "r2"], own)  # noqa: S606 - pty needs it
    shown = b""
    for asked in range(1, 5):
        while shown.count(b": ") < asked:
            shown += os.read(terminal, 1024)
        os.write(terminal, b"getippt-99\n")
    with suppress(OSError):
        while part := os.read(terminal, 1024):
            shown += part
    _, status = os.waitpid(child, 0)

    assert status == 0, shown
    assert b"getippt" not in shown
    with connect(as_user(server, "r2", "getippt-99")):
        pass


@pytest.mark.parametrize(
    ("variables", "status", "said"),
    [
        ({"ETL_MONGO_URI": ""}, 2, "has no users"),
        ({"ETL_WRITER_PASSWORD": ""}, 2, "set ETL_WRITER_PASSWORD"),
        ({"ETL_STORE__TLS_CA_FILE": ""}, 3, "cannot be encrypted safely"),
        ({"ETL_STORE__TLS_CA_FILE": "nosuch.pem"}, 2, "nosuch.pem"),
    ],
    ids=["embedded", "no password", "unknown authority", "missing file"],
)
def test_wrong_use(init: Etl, variables: dict[str, str], status: int, said: str) -> None:
    """What is missing is one line with what to do."""
    own = {"ETL_WRITER_PASSWORD": WRITER, "ETL_READER_PASSWORD": READER, "ETL_STORE__TIMEOUT_SECONDS": "1"}
    done = init(**own | variables)

    assert (done.status, done.out) == (status, "")
    assert said in done.error


def test_who_may_not_make_users(users: Guarded, init: Etl) -> None:
    """A login without that right is told which one is needed; so is who names a database of the server."""
    own = {"ETL_WRITER_PASSWORD": WRITER, "ETL_READER_PASSWORD": READER}
    weak = init(ETL_MONGO_URI=users.uri(f"etl_writer:{WRITER}@"), **own)
    system = init(ETL_MONGO_URI=users.admin.replace("/etl?", "/admin?"), **own)

    assert (weak.status, "userAdmin" in weak.error) == (3, True)
    assert (system.status, "server's own" in system.error) == (2, True)


def test_without_logins_users_protect_nothing(bare: Etl, tmp_path: Path) -> None:
    """A server that lets everybody in gets its users, and the operator a warning."""
    with running(tmp_path, []) as (port, _):
        done = bare(
            "db",
            "init-users",
            ETL_MONGO_URI=f"mongodb://127.0.0.1:{port}/?directConnection=true",
            ETL_WRITER_PASSWORD=WRITER,
            ETL_READER_PASSWORD=READER,
        )

    assert (done.status, "asks nobody for a login" in done.error) == (0, True)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"tls": False, "tls_ca_file": ""}, UnavailableError, "needs tls=true"),
        ({"password": SecretStr("falsch")}, UnavailableError, "refuses the login"),
        ({"password": SecretStr("")}, SetupError, "half given"),
        ({"user": ""}, SetupError, "half given"),
        ({"password_file": "nosuch"}, SetupError, "both set"),
        ({"password": SecretStr(""), "password_file": "nosuch"}, SetupError, "cannot be read"),
        ({"auth_source": "admin"}, UnavailableError, "refuses the login"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_entry_is_refused(
    users: Guarded, change: dict[str, object], error: type[Exception], said: str
) -> None:
    """Each way to be refused is told apart, and no password is in the words."""
    settings = as_user(users, "etl_writer", WRITER, **change)

    with pytest.raises(error, match=said) as caught, connect(settings):
        pass
    assert not [word for word in (WRITER, "falsch") if word in str(caught.value)]


def test_login_without_a_server_is_wrong(tmp_path: Path) -> None:
    """A login in the settings is not ignored where the embedded server would be used."""
    own = load(data_dir=tmp_path)
    store = own.store.model_copy(update={"user": "x", "password": SecretStr("y")})

    with pytest.raises(SetupError, match="embedded"), connect(own.model_copy(update={"store": store})):
        pass

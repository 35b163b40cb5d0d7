"""Create the logins of a database, one that loads and one that only reads, with the fewest rights needed.

`prepare` creates or updates them; it needs a login that may manage users. A new login is one entry in
`ROLES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import SecretStr
from pymongo.errors import OperationFailure

from etl.model.errors import SetupError, UnavailableError
from etl.store.driver.connection import REFUSED_CODES, Db

Kind = Literal["writer", "reader"]
# Validators are kept up to date with collMod, which readWrite does not hold, and guard against others.
LOADER = "loader"
ROLES: Mapping[Kind, str] = {"writer": LOADER, "reader": "read"}
SYSTEM_DATABASES = frozenset({"admin", "config", "local"})


@dataclass(frozen=True, slots=True)
class Login:
    """A login to create or update, with its kind, name and password."""

    kind: Kind
    name: str
    password: SecretStr


@dataclass(frozen=True, slots=True)
class PreparedUser:
    """A login that was created, or updated in password and role."""

    user: str
    role: str
    made: bool


def prepare(db: Db, logins: tuple[Login, ...]) -> tuple[PreparedUser, ...]:
    """Create the logins in this very database, or update password and role of those that exist.

    Raises:
        SetupError: the database is one of the server's own.
        UnavailableError: the login of the connection may not manage users, or the server has none.
    """
    if db.name in SYSTEM_DATABASES:
        raise SetupError(
            f"the users would be made in database {db.name}, which is the server's own; name yours in the "
            "address and where the administrator is, as in mongodb://host/etl?authSource=admin"
        )
    try:
        _put_loader(db)
        return tuple(_put(db, login) for login in logins)
    except OperationFailure as error:
        # Nothing of the server's words: they may repeat the command.
        raise UnavailableError(_refusal(db, error.code)) from None


def is_open(db: Db) -> bool:
    """Check whether the server asks for no login, so that users protect nothing."""
    status = db.command("connectionStatus")
    return not status["authInfo"]["authenticatedUsers"]


def _put_loader(db: Db) -> None:
    known = db.command("rolesInfo", LOADER)["roles"]
    db.command(
        "updateRole" if known else "createRole",
        LOADER,
        privileges=[
            {
                "resource": {"db": db.name, "collection": ""},
                "actions": ["collMod", "bypassDocumentValidation"],
            }
        ],
        roles=[{"role": "readWrite", "db": db.name}],
    )


def _put(db: Db, login: Login) -> PreparedUser:
    known = bool(db.command("usersInfo", login.name)["users"])
    values: dict[str, Any] = {
        "pwd": login.password.get_secret_value(),
        "roles": [{"role": ROLES[login.kind], "db": db.name}],
    }
    db.command("updateUser" if known else "createUser", login.name, **values)
    return PreparedUser(login.name, ROLES[login.kind], made=not known)


def _refusal(db: Db, code: int | None) -> str:
    if code in REFUSED_CODES:
        return (
            f"the login of ETL_MONGO_URI may not manage the users of database {db.name} (code {code}); "
            f"it needs the role userAdmin there, or userAdminAnyDatabase or root"
        )
    return (
        f"the server does not make users in database {db.name} (code {code}); expected MongoDB 6 or later "
        "with the commands createRole and createUser: check that ETL_MONGO_URI names such a server"
    )

"""Why a database cannot be reached, told apart by what answers at its address: nobody, a stranger, a MongoDB.

A new way to fail is a branch in `why`.
"""

import re
import socket
import struct
from typing import NamedTuple

from bson import encode
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from etl.doctor import remedies
from etl.doctor.finding import Finding, problem
from etl.errors import EtlError, SetupError
from etl.settings import Settings, exported

TIMEOUT_SECONDS = 1.0
# The frame of a message and the two kinds of answer, as MongoDB's wire protocol has them.
HEADER = struct.Struct("<iiii")
MESSAGE, REPLY = 2013, 1
VARIABLE = re.compile(r"ETL_[A-Z0-9_]*[A-Z0-9]")
LOGIN = ("user", "password", "password_file", "auth_source", "tls", "tls_ca_file", "tls_key_file")


class Place(NamedTuple):
    """Where a database should be."""

    host: str
    port: int


def why(error: EtlError, settings: Settings) -> Finding:
    """What is wrong, and the command that fits it."""
    place = place_of(settings)
    if place is None or isinstance(error, SetupError):
        return problem("server", str(error), setup(str(error)))
    if "refuses the login" in str(error) or "encrypted safely" in str(error):
        return problem("server", str(error), setup(str(error)))
    try:
        name = f"{place.host}:{place.port}"
        stranger = not speaks(place)
    except socket.gaierror:
        found = f"no machine is called {place.host}, which the address of the database names"
        return problem("server", found, remedies.ADDRESS.format("A-HOST-THAT-EXISTS:27017"))
    except OSError:
        return problem("server", str(error), remedies.start_mongo(*place))
    if stranger:
        found = f"what answers at {name} is no MongoDB, or wants encryption (store.tls)"
        return problem("server", found, remedies.ADDRESS.format(f"{place.host}:27017"))
    return problem("server", str(error), remedies.start_mongo(*place))


def setup(said: str) -> str:
    """The command for settings that cannot be used: unset what is wrong, or give what is missing."""
    given = [f"ETL_STORE__{name.upper()}" for name in LOGIN if exported(f"ETL_STORE__{name.upper()}")]
    if "half given" in said or "refuses the login" in said:
        return "export ETL_STORE__USER=etl_writer ETL_STORE__PASSWORD_FILE=/a/file/with/the/password"
    if "encrypted safely" in said:
        return "export ETL_STORE__TLS_CA_FILE=/a/file/with/the/certificate/of/the/authority"
    named = [name for name in VARIABLE.findall(said) if exported(name)]
    if (given and not named) or "which a setting of [store] names" in said or "no database is named" in said:
        return f"unset {' '.join(given)}" if given else remedies.setting("store.user", "")
    return f"unset {named[0]}" if named else remedies.ADDRESS.format("HOST:27017")


def place_of(settings: Settings) -> Place | None:
    """The first server of the address; None where the address is none, or finds its servers by DNS."""
    uri = settings.mongo_uri.get_secret_value() if settings.mongo_uri else ""
    if not uri.startswith("mongodb://"):
        return None
    try:
        host, port = parse_uri(uri)["nodelist"][0]
    except (PyMongoError, ValueError, TypeError):
        return None
    return Place(str(host), int(port or 0))


def speaks(place: Place) -> bool:
    """Whether what answers there speaks MongoDB's protocol; silence is none.

    Raises:
        OSError: nobody takes the call, or the name of the host is not known.
    """
    body = struct.pack("<iB", 0, 0) + encode({"hello": 1, "$db": "admin"})
    asked = HEADER.pack(HEADER.size + len(body), 1, 0, MESSAGE) + body
    with socket.create_connection(place, TIMEOUT_SECONDS) as call:
        call.settimeout(TIMEOUT_SECONDS)
        try:
            call.sendall(asked)
            answer = call.recv(HEADER.size, socket.MSG_WAITALL)
        except OSError:
            return False
    return len(answer) == HEADER.size and HEADER.unpack(answer)[2:] in ((1, MESSAGE), (1, REPLY))

"""Explain why a database cannot be reached, by what answers at its address: nothing, a stranger, a MongoDB.

A new way to fail is a branch in `explain_failure`.
"""

import re
import socket
import ssl
import struct
from typing import Literal, NamedTuple

from bson import encode
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from etl.doctor import remedies
from etl.doctor.finding import Finding, problem
from etl.model.errors import EtlError, SetupError
from etl.settings import Settings, exported

TIMEOUT_SECONDS = 1.0
# The frame of a message and the two kinds of answer, as MongoDB's wire protocol has them.
HEADER = struct.Struct("<iiii")
MESSAGE, REPLY = 2013, 1
# What makes a server of lines, as one of the web, answer; a MongoDB waits for more of it.
LINES = b"\r\n\r\n"
LOGIN = ("user", "password", "password_file", "auth_source", "tls", "tls_ca_file", "tls_key_file")
TLS_FILES = ("ETL_STORE__TLS_CA_FILE", "ETL_STORE__TLS_KEY_FILE")
FILE_OF_STORE = "which a setting of [store] names"
ENCRYPTED = re.compile(r"[?&](?:tls|ssl)=true\b", re.IGNORECASE)
Who = Literal["mongodb", "stranger", "encrypted", "nobody"]


class Endpoint(NamedTuple):
    """The address of a database server."""

    host: str
    port: int


def explain_failure(error: EtlError, settings: Settings) -> Finding:
    """Return the finding for a failed connection, with the command that fits its cause."""
    place = endpoint_of(settings)
    if place is None or isinstance(error, SetupError):
        return problem("server", str(error), remedy_for_settings(str(error)))
    if "refuses the login" in str(error) or "encrypted safely" in str(error):
        return problem("server", str(error), remedy_for_settings(str(error)))
    name = f"{place.host}:{place.port}"
    try:
        who = identify_server(place)
    except socket.gaierror:
        found = f"no machine is called {place.host}, which the address of the database names"
        return problem("server", found, remedies.ADDRESS.format("A-HOST-THAT-EXISTS:27017"))
    except OSError:
        who = "nobody"
    if who == "stranger":
        found = f"what answers at {name} is no MongoDB"
        return problem("server", found, remedies.ADDRESS.format(f"{place.host}:27017"))
    if who == "encrypted" and not _encrypting(settings):
        found = f"what answers at {name} requires TLS"
        return problem("server", found, remedies.change_setting("store.tls", "true"))
    return problem("server", str(error), remedies.start_mongo(*place))


def remedy_for_settings(said: str) -> str:
    """Return the command for settings that cannot be used: unset what is wrong, or set what is missing."""
    given = [f"ETL_STORE__{name.upper()}" for name in LOGIN if exported(f"ETL_STORE__{name.upper()}")]
    if "half given" in said or "refuses the login" in said:
        return "export ETL_STORE__USER=etl_writer ETL_STORE__PASSWORD_FILE=/a/file/with/the/password"
    if "encrypted safely" in said:
        return "export ETL_STORE__TLS_CA_FILE=/a/file/with/the/certificate/of/the/authority"
    named = remedies.exported_in(said)
    files = [name for name in given if name in TLS_FILES]
    if files and FILE_OF_STORE in said and "ETL_STORE__PASSWORD_FILE" not in given:
        return f"export {files[0]}=/a/file/that/can/be/read"  # never without encryption
    if (given and not named) or FILE_OF_STORE in said or "no database is named" in said:
        return f"unset {' '.join(given)}" if given else remedies.change_setting("store.user", "")
    return f"unset {named[0]}" if named else remedies.ADDRESS.format("HOST:27017")


def endpoint_of(settings: Settings) -> Endpoint | None:
    """Return the first server of the database's address; None for a wrong address or one found by DNS."""
    uri = settings.mongo_uri.get_secret_value() if settings.mongo_uri else ""
    if not uri.startswith("mongodb://"):
        return None
    try:
        host, port = parse_uri(uri)["nodelist"][0]
    except (PyMongoError, ValueError, TypeError):
        return None
    return Endpoint(str(host), int(port or 0))


def _encrypting(settings: Settings) -> bool:
    uri = settings.mongo_uri.get_secret_value() if settings.mongo_uri else ""
    return settings.store.tls or bool(ENCRYPTED.search(uri))


def identify_server(place: Endpoint) -> Who:
    """Return what answers at an address; "nobody" also for a server that hangs up, as a proxy may.

    Raises:
        OSError: no connection can be made, no answer comes in time, or the host's name is not known.
    """
    body = struct.pack("<iB", 0, 0) + encode({"hello": 1, "$db": "admin"})
    asked = HEADER.pack(HEADER.size + len(body), 1, 0, MESSAGE) + body
    with socket.create_connection(place, TIMEOUT_SECONDS) as call:
        call.settimeout(TIMEOUT_SECONDS)
        try:
            call.sendall(asked + LINES)
            answer = call.recv(HEADER.size, socket.MSG_WAITALL)
        except ConnectionError:
            answer = b""
    if not answer:
        return "encrypted" if _encrypts(place) else "nobody"
    kinds = ((1, MESSAGE), (1, REPLY))
    spoken = len(answer) == HEADER.size and HEADER.unpack(answer)[2:] in kinds
    return "mongodb" if spoken else "stranger"


def _encrypts(place: Endpoint) -> bool:
    """Check whether a server accepts TLS, whatever its certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection(place, TIMEOUT_SECONDS) as call:
            context.wrap_socket(call, server_hostname=place.host).close()
    except ssl.SSLError as error:
        # It asked for a certificate of ours, or for another version: it speaks the language.
        return "ALERT" in str(error.reason)
    except OSError:
        return False
    return True

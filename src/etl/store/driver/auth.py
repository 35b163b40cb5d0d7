"""Turn the login and the encryption of the settings into options of the driver.

A new way to log in means a setting and a line in `options`.
"""

import re
from pathlib import Path
from typing import Any

from pymongo.errors import ConnectionFailure

from etl.model.errors import SetupError
from etl.settings import StoreSettings

SSL_WORDS = re.compile(r"\[SSL: \w{1,60}\] ([^()\n]{1,200})")


def options(store: StoreSettings) -> dict[str, Any]:
    """Return the driver's options for the settings of login and TLS; an empty setting leaves it to the URI.

    Raises:
        SetupError: a password without a user, or a file that cannot be read.
    """
    found: dict[str, Any] = {}
    word = password(store)
    if bool(store.user) != bool(word):
        lacking = "password (ETL_STORE__PASSWORD) or store.password_file" if store.user else "user"
        raise SetupError(
            f"the login of the settings is half given: store.{lacking} is empty; set both or none"
        )
    if store.user:
        found |= {"username": store.user, "password": word}
    if store.auth_source:
        found["authSource"] = store.auth_source
    for name, path in (("tlsCAFile", store.tls_ca_file), ("tlsCertificateKeyFile", store.tls_key_file)):
        if path:
            _readable(path, path)
            found[name] = path
    if store.tls or store.tls_ca_file or store.tls_key_file:
        found["tls"] = True
    return found


def password(store: StoreSettings) -> str:
    """Return the password of the settings, read from its file where one is named; empty where there is none.

    Raises:
        SetupError: the file cannot be read, or both a password and a file are given.
    """
    given = store.password.get_secret_value()
    if not store.password_file:
        return given
    if given:
        raise SetupError("store.password and store.password_file are both set; unset one of them")
    # What names no folder may be the password itself, put into the wrong setting.
    shown = store.password_file if "/" in store.password_file else "a file (not shown: it may be a password)"
    return _readable(store.password_file, shown).strip()


def tls_failure(error: ConnectionFailure) -> str:
    """Return OpenSSL's words about a failed encryption; empty where the connection failed otherwise.

    The driver hands down no more than its text.
    """
    found = SSL_WORDS.search(str(error))
    return found[1].strip() if found else ""


def _readable(path: str, shown: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no text"
        raise SetupError(f"{shown}, which a setting of [store] names, cannot be read: {why}") from error

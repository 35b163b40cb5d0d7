"""Find passwords and tokens in addresses before they are stored, and mask them in every message.

A further form of address that holds a secret is an alternative in `_IN_LOGIN`, and in `LOGIN` where it may
stand within a sentence; a further name of one in a query is an alternative in `_IN_QUERY`.
"""

import re

# What stands before the at sign on GitHub and in Git names a repository; these others have no logins.
_NO_LOGIN = "".join(f"(?<!{scheme})" for scheme in ("github", "git", "memory", "file", "local", "zip", "tar"))
# A user and a password without a slash; a password with one, which then is no port; a user alone where
# nobody but a token has no password.
_IN_LOGIN = (
    r"(?<!github)(?<!git)://[^/@\s:]*:[^/@\s]*@"
    rf"|{_NO_LOGIN}://[^/@:]*:(?!:)(?!\d*(?:/|$))[^@]*@"
    r"|(?:https?|webdavs?|davs?)://[^/@]+@"
)
# A token or signature in a query: whoever reads the address may fetch what it names.
_IN_QUERY = (
    r"[?&;](?:(?:[Aa]ccess_?|[Aa]uth_?)?[Tt]oken|[Aa]pi_?[Kk]ey|[Pp]assw(?:or)?d|[Pp]wd|[Ss]ecret|[Ss]ig"
    r"|[Ss]ignature|[Xx]-(?:[Aa]mz|[Gg]oog)-(?:[Ss]ignature|[Ss]ecurity-[Tt]oken))="
)
# Prefect's forms hold addresses against this, too; so it names no flags.
PASSWORD = re.compile(rf"{_IN_LOGIN}|://(?:(?!://)\S)*{_IN_QUERY}[^\s&;#]")
# The same within a sentence, with any login; as much as may belong to it.
LOGIN = re.compile(r"://(?:[^/@\s]+@|[^/@:\s]*:(?!\d+(?:[/,\s]|$))[^@\n]{0,200}@)")
HELD_LOGIN = re.compile(_IN_LOGIN)
QUERY = re.compile(rf"({_IN_QUERY})[^\s&;#]+")


def masked(words: str) -> str:
    """Return words with ``***`` in the place of each login and each token in an address.

    >>> masked("no answer at https://user:pa/ss@example.com/a")
    'no answer at https://***@example.com/a'
    >>> masked("no answer at https://example.com/a?id=1&token=1f2e")
    'no answer at https://example.com/a?id=1&token=***'
    """
    return QUERY.sub(r"\1***", LOGIN.sub("://***@", words)) if "://" in words else words


def without_login(address: str) -> str:
    """Return an address with ``***`` for its login; if it holds a secret, for all before its last at sign.

    >>> without_login("sftp://user:p@s/s w@host/a")
    'sftp://***@host/a'
    """
    if not HELD_LOGIN.search(address):
        return masked(address)
    scheme, sign, rest = QUERY.sub(r"\1***", address).partition("://")
    return f"{scheme}{sign}***@{rest.rpartition('@')[2]}"

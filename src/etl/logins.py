"""Find passwords and tokens in addresses before they are stored, and mask them in every message.

A further form of address that holds a secret is an alternative in `PASSWORD`, and in `LOGIN` where it may
stand within a sentence.
"""

import re

# What stands before the at sign on GitHub and in Git names a repository; these others have no logins.
_NO_LOGIN = "".join(f"(?<!{scheme})" for scheme in ("github", "git", "memory", "file", "local", "zip", "tar"))
# A user and a password without a slash; a password with one, which then is no port; a user alone where
# nobody but a token has no password. Prefect's forms hold addresses against this, too.
PASSWORD = re.compile(
    r"(?<!github)(?<!git)://[^/@\s:]*:[^/@\s]*@"
    rf"|{_NO_LOGIN}://[^/@:]*:(?!:)(?!\d*(?:/|$))[^@]*@"
    r"|(?:https?|webdavs?|davs?)://[^/@]+@"
)
# The same within a sentence, with any login; as much as may belong to it.
LOGIN = re.compile(r"://(?:[^/@\s]+@|[^/@:\s]*:(?!\d+(?:[/,\s]|$))[^@\n]{0,200}@)")


def masked(words: str) -> str:
    """Return words with ``***`` in the place of each login in an address.

    >>> masked("no answer at https://user:pa/ss@example.com/a")
    'no answer at https://***@example.com/a'
    """
    return LOGIN.sub("://***@", words) if "://" in words else words


def without_login(address: str) -> str:
    """Return an address with ``***`` for its login; if it holds a secret, for all before its last at sign.

    >>> without_login("sftp://user:p@s/s w@host/a")
    'sftp://***@host/a'
    """
    scheme, sign, rest = address.partition("://")
    if not PASSWORD.search(address):
        return masked(address)
    return f"{scheme}{sign}***@{rest.rpartition('@')[2]}"

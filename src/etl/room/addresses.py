"""The permanent addresses of the reading room, and the names under which sources are shown.

Pages ask here for every link; an address that was given once stays what it was.
"""

import hashlib
import re
from urllib.parse import quote, urlencode, urlsplit

# A path of this machine in a message, and what of an address may not be shown: its login.
PATHS = re.compile(r"(?:file|local)://\S+|(?<![\w:/.])/(?:[^\s/'\"，。；:]+/)+[^\s/'\"，。；:)]*")
TOKEN = 12


def report_url(report_id: str, page: int = 1) -> str:
    """A report, or one of its pages."""
    return f"/report/{quote(report_id)}" + (f"?page={page}" if page > 1 else "")


def paragraph_url(report_id: str, number: int, raw: tuple[int, int] | None = None) -> str:
    """A paragraph, from 1; with its raw place it is found again wherever it moves."""
    place = f"?raw={raw[0]}-{raw[1]}" if raw else ""
    return f"/report/{quote(report_id)}/p/{number}{place}"


def raw_url(report_id: str, start: int, end: int) -> str:
    """A stretch of the raw text of a report."""
    return f"/report/{quote(report_id)}/raw/{start}-{end}"


def entity_url(key: str) -> str:
    """What is known of a person, a place, an organization."""
    return f"/entity/{quote(key, safe=':')}"


def rule_url(name: str) -> str:
    """The card of a rule."""
    return f"/rule/{quote(name)}"


def search_url(**parts: str | int | None) -> str:
    """A search; parts that are empty are left out."""
    return "/?" + urlencode({name: value for name, value in parts.items() if value not in (None, "")})


def table_url(name: str, form: str, **parts: str | None) -> str:
    """A table of the reports that a search finds, as a file."""
    given = {key: value for key, value in parts.items() if value}
    return f"/api/tables/{name}?" + urlencode({**given, "format": form})


def document_url(report_id: str, form: str) -> str:
    """A report as a file."""
    return f"/api/reports/{quote(report_id)}?format={form}"


def source_name(uri: str) -> str:
    """A source without the path of the machine that it lies on, and without logins.

    >>> source_name("file:///srv/secret/county/a.txt"), source_name("https://u:p@host/a/b.html")
    ('county/a.txt', 'https://host/a/b.html')
    >>> source_name("zip://in/a.txt::file:///srv/batch.zip")
    'in/a.txt ‹ batch.zip'
    """
    inner, _, outer = uri.partition("::")
    if outer:
        return f"{strip_scheme(inner)} ‹ {source_name(outer).rpartition('/')[2]}"
    parts = urlsplit(uri) if "://" in uri else None
    if parts is None or parts.scheme in ("file", "local", ""):
        return "/".join(strip_scheme(uri).strip("/").split("/")[-2:])
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def strip_scheme(uri: str) -> str:
    """An address without its scheme."""
    return uri.partition("://")[2] or uri


def folder_name(folder: str) -> str:
    """The folder of a source as it is shown."""
    if folder.startswith(("file:", "/")):
        return folder.rstrip("/").rpartition("/")[2] or "/"
    return source_name(folder)


def folder_token(folder: str) -> str:
    """What stands for a folder in an address, so that no path is told."""
    return hashlib.sha256(folder.encode()).hexdigest()[:TOKEN]


def without_paths(message: str) -> str:
    """A message without paths of the machine: only the last part of each is left.

    >>> without_paths("file:///srv/secret/a.txt cannot be read; see /var/log/x.log")
    'a.txt cannot be read; see x.log'
    """
    return PATHS.sub(lambda found: found[0].rpartition("/")[2], message)

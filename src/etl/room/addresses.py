"""Make the permanent addresses of the reading room, and the names under which sources are shown.

Every link of a page is made here; an address that was given once never changes.
"""

import hashlib
import re
from urllib.parse import quote, urlencode, urlsplit

# A path of this machine in a message, and what of an address may not be shown: its login.
PATHS = re.compile(r"(?:file|local)://\S+|(?<![\w:/.])/(?:[^\s/'\"，。；:]+/)+[^\s/'\"，。；:)]*")
TOKEN_LENGTH = 12
# Kinds of entities that have a page of their own.
ENTITY_PAGES = ("person", "organization", "place")


def report_url(report_id: str, page: int = 1) -> str:
    """Return the address of a report, or of one of its pages."""
    return f"/report/{quote(report_id)}" + (f"?page={page}" if page > 1 else "")


def paragraph_url(report_id: str, number: int, raw: tuple[int, int] | None = None) -> str:
    """Return the address of a paragraph, counted from 1; its raw offsets find it again wherever it moves."""
    place = f"?raw={raw[0]}-{raw[1]}" if raw else ""
    return f"/report/{quote(report_id)}/p/{number}{place}"


def raw_url(report_id: str, start: int, end: int) -> str:
    """Return the address of a stretch of the raw text of a report."""
    return f"/report/{quote(report_id)}/raw/{start}-{end}"


def entity_url(key: str) -> str:
    """Return the address of the page of a person, a place or an organization."""
    return f"/entity/{quote(key, safe=':')}"


def rule_url(name: str) -> str:
    """Return the address of the card of a rule."""
    return f"/rule/{quote(name)}"


def search_url(**parts: str | int | None) -> str:
    """Return the address of a search; empty parts are left out."""
    return "/?" + urlencode({name: value for name, value in parts.items() if value not in (None, "")})


def table_url(name: str, form: str, **parts: str | None) -> str:
    """Return the address of a table, as a file, of the reports that a search finds."""
    given = {key: value for key, value in parts.items() if value}
    return f"/api/tables/{name}?" + urlencode({**given, "format": form})


def document_url(report_id: str, form: str) -> str:
    """Return the address of a report as a file."""
    return f"/api/reports/{quote(report_id)}?format={form}"


def source_name(uri: str) -> str:
    """Return the name of a source without the machine's path and without logins.

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
    """Return an address without its scheme."""
    return uri.partition("://")[2] or uri


def folder_name(folder: str) -> str:
    """Return the name by which the folder of a source is shown."""
    if folder.startswith(("file:", "/")):
        return folder.rstrip("/").rpartition("/")[2] or "/"
    return source_name(folder)


def folder_token(folder: str) -> str:
    """Return the token of a folder in an address, which does not reveal the path."""
    return hashlib.sha256(folder.encode()).hexdigest()[:TOKEN_LENGTH]


def without_paths(message: str) -> str:
    """Cut each path of this machine in a message down to its last part.

    >>> without_paths("file:///srv/secret/a.txt cannot be read; see /var/log/x.log")
    'a.txt cannot be read; see x.log'
    """
    return PATHS.sub(lambda found: found[0].rpartition("/")[2], message)

"""Name reports: URIs of files and members, media types, suffixes, and which files are never reports.

A new suffix is one entry in `MEDIA_TYPES` and in setting ``source.suffixes``.
"""

import os
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from etl.logins import PASSWORD, without_login
from etl.model.errors import RejectError, SetupError
from etl.model.report import Candidate, Rejected

MEDIA_TYPES: dict[str, str] = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".mht": "multipart/related",
    ".mhtml": "multipart/related",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".wps": "application/vnd.ms-works",
    ".rtf": "application/rtf",
    ".odt": "application/vnd.oasis.opendocument.text",
}
UNKNOWN = "application/octet-stream"
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
# What other programs call an archive, and nobody here opens.
PACKED = (".gz", ".bz2", ".xz", ".7z", ".rar", ".jar")
SIDECAR = ".meta.json"
# Left beside files by macOS and Office: they carry the suffix of a report and are none.
LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\._|~\$)")
MAGIC = re.compile(r"[*?\[]")

# What a URI cannot say: bytes that are not UTF-8, control characters, our own marks.
_UNSAYABLE = re.compile("[%\x00-\x1f\x7f\udc80-\udcff]|::|:\\Z")
_CHAINED = "::"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a source that is no report, with one sentence that says why."""

    uri: str
    why: str


Offer = Candidate | Skipped | Rejected


def escape(path: str) -> str:
    r"""Write a path as it stands in a URI; percent-encode only what a URI cannot hold.

    >>> escape("通报 100%.txt"), escape("\udcff.txt")
    ('通报 100%25.txt', '%FF.txt')
    """
    return _UNSAYABLE.sub(_percent, path)


def unescape(path: str) -> str:
    """Return the path that `escape` was given; a byte that is not UTF-8 becomes a surrogate."""
    if "%" not in path:
        return path
    return unquote_to_bytes(path.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape"))


def refuse_passwords(sources: Sequence[str]) -> None:
    """Refuse sources whose address holds a password, which each report and run would store in the open.

    Raises:
        SetupError: one does.
    """
    for source in sources:
        if PASSWORD.search(source):
            raise SetupError(
                f"source {without_login(source)} holds a password or token, which every report would keep; "
                "name the address alone, and give its login to fsspec, as in a file of ~/.config/fsspec"
            )


def local_uri(path: str) -> str:
    """Return the absolute ``file://`` URI of a local path, links unresolved: people know files by name."""
    return "file://" + escape(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps ".."


def local_path(uri: str) -> str:
    """Return the local path of a ``file://`` URI."""
    return unescape(uri.removeprefix("file://"))


def member_uri(protocol: str, name: str, container: str) -> str:
    """Return the URI of an archive's member, such as ``zip://inner/name.txt::file:///abs/a.zip``."""
    return f"{protocol}://{escape(name)}{_CHAINED}{container}"


def split_member(uri: str) -> tuple[str, str]:
    """Split the URI of an archive's member into the member's name and the URI of its container."""
    head, container = uri.split(_CHAINED, 1)
    return unescape(head.split("://", 1)[1]), container


def sort_key(uri: str) -> tuple[str, str]:
    """Return the key by which offers are sorted: the container's URI or the place, then the member's name.

    >>> sorted(["file:///b.txt", "zip://c.txt::file:///a.zip", "zip://d.txt::file:///a.zip"], key=sort_key)
    ['zip://c.txt::file:///a.zip', 'zip://d.txt::file:///a.zip', 'file:///b.txt']
    """
    member, _, container = uri.rpartition(_CHAINED)
    return container, member


def protocol(uri: str) -> str:
    """Return the first protocol of a URI; empty for a local path."""
    head = uri.split(_CHAINED, 1)[0]
    if "://" in head:
        return head.split("://", 1)[0]
    return head if _CHAINED in uri else ""


def suffix(path: str) -> str:
    """Return the last suffix of a path, in lower case.

    >>> suffix("a/通报.TXT")
    '.txt'
    """
    return posixpath.splitext(path)[1].lower()  # pathlib would intern every name it sees


def media_type(uri: str) -> str:
    """Return the media type that a name's suffix says; ``application/octet-stream`` for any other suffix.

    >>> media_type("zip://a/通报.md::file:///x.zip")
    'text/markdown'
    """
    name = uri.split(_CHAINED, 1)[0] if "://" in uri else uri
    return MEDIA_TYPES.get(suffix(name), UNKNOWN)


def is_archive(name: str) -> bool:
    """Check whether a name ends like an archive of a kind that is read (`ARCHIVES`)."""
    return name.lower().endswith(ARCHIVES)


def is_sidecar(name: str) -> bool:
    """Check whether a name is that of a sidecar, which is never a report."""
    return name.lower().endswith(SIDECAR)


def why_skip(name: str, suffixes: Sequence[str], *, opens: bool = True) -> str:
    """Say why a file found in a folder or archive is no report; empty for a report or an archive to open.

    ``opens`` says whether an archive found there is opened: one in a folder is, one within an archive is not.
    """
    if is_sidecar(name):
        return "a sidecar, read with its report"
    if LITTER.search(name):
        return "left by an operating system or an office program"
    if suffix(name) in suffixes:
        return ""
    if is_archive(name):
        return "" if opens else "an archive within an archive, which is not opened; unpack it"
    if name.lower().endswith(PACKED):
        return "an archive of a kind that is not read; unpack it, or pack it as zip or tar"
    return f"suffix {suffix(name) or '(none)'} is not in setting source.suffixes"


def sidecar_names(name: str) -> tuple[str, ...]:
    """Return the names that the sidecar of a report may have, the more exact one first.

    >>> sidecar_names("a/通报.txt")
    ('a/通报.txt.meta.json', 'a/通报.meta.json')
    """
    stem, ending = posixpath.splitext(name)
    return (name + SIDECAR, stem + SIDECAR) if ending else (name + SIDECAR,)


def join_stamps(own: object, sidecar: object = None) -> str | None:
    """Join the version mark of a report and, after a plus sign, its sidecar's; None without a report's."""
    if own is None:
        return None
    return f"{own}" if sidecar is None else f"{own}+{sidecar}"


def may_have_sidecar(candidate: Candidate) -> bool:
    """Check whether to look for a sidecar: the listing found one (a plus sign) or knew no version."""
    return candidate.modified is None or "+" in candidate.modified


def reject(uri: str, reason: str, message: str) -> Rejected:
    """Return the Rejected record of something that a source holds but cannot give."""
    return Rejected(uri, media_type(uri), None, "source", reason, message, RejectError.__name__)

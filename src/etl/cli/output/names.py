"""Choose the file that a restored report is written to, from its URI; pure functions.

A new kind of URI is one more case in `relative`.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from etl.sources.names import unescape

SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}")
ARCHIVE = re.compile(r"\.(?:zip|tgz|tar(?:\.[a-z0-9]+)?)$", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
SCHEME = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://")


def relative(uri: str, root: str) -> PurePosixPath:
    """Return the path of a report below the folder or archive ``root``; its own name where it is ``root``.

    >>> relative("file:///in/2020/a.txt", "file:///in").as_posix()
    '2020/a.txt'
    >>> relative("zip://b/c.txt::file:///in/old.zip", "file:///in").as_posix()
    'old/b/c.txt'
    """
    inner, _, outer = uri.partition("::")
    path, base = _path(inner), _path(root)
    if outer:
        archive = relative(outer, root)
        below = archive.with_name(ARCHIVE.sub("", archive.name)) if _path(outer) != base else PurePosixPath()
        return _safe(below / path.lstrip("/"))
    if path.startswith(base.rstrip("/") + "/"):
        return _safe(PurePosixPath(path[len(base.rstrip("/")) + 1 :]))
    return _safe(PurePosixPath(PurePosixPath(path).name))


def targets(found: Sequence[tuple[str, PurePosixPath]]) -> Mapping[str, PurePosixPath]:
    """Return the ``.txt`` path to write for each URI, given with its relative path; no two are the same.

    Where two would be, a report that has the name already keeps it, and the others keep their
    suffix before the new one; letter case makes no difference, as on many disks.

    >>> targets([("u1", PurePosixPath("a.md")), ("u2", PurePosixPath("a.txt"))])["u1"].as_posix()
    'a.md.txt'
    """
    wanted: dict[str, list[tuple[str, PurePosixPath]]] = defaultdict(list)
    for uri, path in found:
        wanted[_key(_text(path))].append((uri, path))
    out: dict[str, PurePosixPath] = {}
    taken = set(wanted)
    for rivals in wanted.values():
        first, *others = sorted(rivals, key=lambda rival: _text(rival[1]) != rival[1])
        out[first[0]] = _text(first[1])
        for uri, path in others:
            out[uri] = _free(path, taken)
            taken.add(_key(out[uri]))
    return out


def _path(uri: str) -> str:
    return unescape(SCHEME.sub("", uri, count=1))


def _safe(path: PurePosixPath) -> PurePosixPath:
    """Return a path without parts that leave its folder, and with _ for control characters."""
    return PurePosixPath(*(CONTROL.sub("_", part) for part in path.parts if part not in ("/", "..", ".")))


def _text(path: PurePosixPath) -> PurePosixPath:
    return path.with_suffix(".txt") if SUFFIX.fullmatch(path.suffix) else path.with_name(path.name + ".txt")


def _key(path: PurePosixPath) -> str:
    return path.as_posix().casefold()


def _free(path: PurePosixPath, taken: set[str]) -> PurePosixPath:
    target, number = path.with_name(path.name + ".txt"), 2
    while _key(target) in taken:
        target, number = path.with_name(f"{path.name}-{number}.txt"), number + 1
    return target

"""Archives of each kind for the tests of sources."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from etl.settings import SourceSettings
from etl.sources import Offer, list_candidates

Members = dict[str, bytes]
GOOD: Members = {
    "b/报告.txt": "中文".encode(),
    "b/报告.txt.meta.json": b'{"published_on": "2021-01-02"}',
    "a.md": b"# a",
    "c.bin": b"c",
    "inner.zip": b"PK",
}


def offers(limits: SourceSettings, *sources: Path | str) -> list[Offer]:
    """Everything the sources offer."""
    return list(list_candidates([str(source) for source in sources], limits))


def make_zip(path: Path, members: Members) -> Path:
    """A zip archive of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, payload in members.items():
            archive.writestr(name, payload)
    return path


def make_tar(path: Path, members: Members) -> Path:
    """A tar archive of these members, packed as its name says."""
    packing = {".gz": "gz", ".tgz": "gz", ".bz2": "bz2", ".xz": "xz"}.get(path.suffix, "")
    with tarfile.open(path, f"w:{packing}") as archive:  # type: ignore[call-overload] # the mode is put together
        for name, payload in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(payload)
            archive.addfile(info, io.BytesIO(payload))
    return path


MAKERS: dict[str, Callable[[Path, Members], Path]] = {
    "a.zip": make_zip,
    "a.tar": make_tar,
    "a.tar.gz": make_tar,
    "a.tgz": make_tar,
    "a.tar.bz2": make_tar,
    "a.tar.xz": make_tar,
}

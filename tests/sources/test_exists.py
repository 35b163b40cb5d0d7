import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest

from etl.model.errors import TransientError
from etl.settings import SourceSettings
from etl.sources import exists, local_uri
from etl.sources import local as local_files
from etl.sources.names import member_uri


def uri(path: Path) -> str:
    """Where a file is, as sources say it."""
    return local_uri(str(path))


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A folder with a file, a folder, a pipe, a broken link, an archive and a broken archive."""
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b/c.txt", "丙")
    (tmp_path / "broken.zip").write_bytes(b"PK cut short")
    return tmp_path


PLACES: dict[str, tuple[Callable[[Path], str], bool]] = {
    "file": (lambda root: uri(root / "a.txt"), True),
    "nothing": (lambda root: uri(root / "b.txt"), False),
    "below a file": (lambda root: uri(root / "a.txt" / "b.txt"), False),
    "folder": (lambda root: uri(root / "folder"), True),
    "pipe": (lambda root: uri(root / "pipe"), True),
    "link to nothing": (lambda root: uri(root / "link"), False),
    "link to itself": (lambda root: uri(root / "loop"), True),
    "member": (lambda root: member_uri("zip", "b/c.txt", uri(root / "a.zip")), True),
    "no member": (lambda root: member_uri("zip", "b/d.txt", uri(root / "a.zip")), False),
    "no archive": (lambda root: member_uri("zip", "b/c.txt", uri(root / "b.zip")), False),
    "broken archive": (lambda root: member_uri("zip", "b/c.txt", uri(root / "broken.zip")), True),
}


@pytest.mark.parametrize("name", PLACES)
def test_places(name: str, there: Path, limits: SourceSettings) -> None:
    """What is at a place is there, be it a report or not; only where nothing is, nothing is."""
    place, found = PLACES[name]

    assert exists(place(there), limits) is found


def test_in_a_store(limits: SourceSettings) -> None:
    """A store is asked for the name."""
    files = fsspec.filesystem("memory")
    files.pipe_file("/exists/a.txt", b"a")

    assert exists("memory:///exists/a.txt", limits)
    assert not exists("memory:///exists/b.txt", limits)


def test_nothing_is_read(there: Path, limits: SourceSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a byte of a report is read to see whether it is there."""
    monkeypatch.setattr(local_files, "open_regular", None)

    assert exists(uri(there / "a.txt"), limits)


@pytest.mark.parametrize("place", ["file:///x.txt", "nosuch://bucket/x.txt", "zip://x.txt::nosuch://b/a.zip"])
def test_who_does_not_answer(place: str, limits: SourceSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk or store that fails says nothing about what it holds."""

    def fail(path: str) -> None:
        raise OSError(5, "Input/output error", path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", fail)
        with pytest.raises(TransientError):
            exists(place, limits)

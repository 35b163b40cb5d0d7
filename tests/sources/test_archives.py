import tarfile
import threading
import zipfile
from datetime import date
from pathlib import Path

import fsspec
import pytest
from tests.sources.packed import GOOD, MAKERS, make_zip, offers

from etl.model.errors import RejectError, UnavailableError
from etl.model.report import Candidate, Rejected
from etl.settings import SourceSettings
from etl.sources import Skipped, fetch
from etl.sources.names import sort_key


def test_members_are_reports(packed: Path, limits: SourceSettings) -> None:
    """Known suffixes are candidates with their bytes and sidecars; the rest is skipped with a reason."""
    found = offers(limits, packed)
    kind = "zip" if packed.suffix == ".zip" else "tar"
    names = {offer.uri: type(offer) for offer in found}

    assert names == {
        f"{kind}://a.md::file://{packed}": Candidate,
        f"{kind}://b/报告.txt::file://{packed}": Candidate,
        f"{kind}://b/报告.txt.meta.json::file://{packed}": Skipped,
        f"{kind}://c.bin::file://{packed}": Skipped,
        f"{kind}://inner.zip::file://{packed}": Skipped,
    }
    raws = [fetch(offer, limits) for offer in found if isinstance(offer, Candidate)]
    assert [raw.payload for raw in raws] == [GOOD["a.md"], GOOD["b/报告.txt"]]
    assert [raw.published_on for raw in raws] == [None, date(2021, 1, 2)]
    assert [raw.media_type for raw in raws] == ["text/markdown", "text/plain"]


def test_one_member_by_its_uri(packed: Path, limits: SourceSettings) -> None:
    """A member's URI is a source of its own, tried whatever its suffix; a missing one is no source."""
    kind = "zip" if packed.suffix == ".zip" else "tar"

    (found,) = offers(limits, f"{kind}://c.bin::file://{packed}")
    assert isinstance(found, Candidate)
    assert fetch(found, limits).payload == b"c"
    assert len(offers(limits, f"{kind}://b::file://{packed}")) == 2
    assert len(offers(limits, f"{kind}://*.md::file://{packed}")) == 1
    with pytest.raises(UnavailableError):
        offers(limits, f"{kind}://none.txt::file://{packed}")


def test_an_archive_that_changes(packed: Path, limits: SourceSettings) -> None:
    """Versions follow the bytes of a member; a member that is gone has vanished."""
    before = [offer for offer in offers(limits, packed) if isinstance(offer, Candidate)]
    MAKERS[packed.name](packed, {"a.md": b"# b", "new.txt": b"n"})
    after = [offer for offer in offers(limits, packed) if isinstance(offer, Candidate)]

    assert before[0].uri == after[0].uri
    assert before[0].modified != after[0].modified
    assert fetch(before[0], limits).payload == b"# b"
    with pytest.raises(RejectError) as caught:
        fetch(before[1], limits)
    assert caught.value.reason == "vanished"


@pytest.mark.parametrize("name", ["../up.txt", "a/../../up.txt", "/abs.txt", "C:/disk.txt"])
def test_names_that_lead_out(packed: Path, name: str, limits: SourceSettings) -> None:
    """A member whose name leads out of the archive is refused; the others are read."""
    MAKERS[packed.name](packed, {name: b"x", "good.txt": b"g"})

    found = offers(limits, packed)

    assert {offer.reason for offer in found if isinstance(offer, Rejected)} == {"unsafe name"}
    assert [offer.uri.split("::")[0][6:] for offer in found if isinstance(offer, Candidate)] == ["good.txt"]


def test_backslashes_in_names(tmp_path: Path, limits: SourceSettings) -> None:
    """Names as Windows writes them are folders and files; they lead out no more than others."""
    path = make_zip(tmp_path / "a.zip", {"dir\\a.txt": b"a", "..\\b.txt": b"b"})

    found = offers(limits, path)

    assert [type(offer) for offer in found] == [Rejected, Candidate]
    assert found[1].uri.startswith("zip://dir/a.txt::")


def test_links_in_archives(tmp_path: Path, limits: SourceSettings) -> None:
    """Links, devices and pipes in archives are skipped and never followed."""
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name, kind in (
            ("s", tarfile.SYMTYPE),
            ("h", tarfile.LNKTYPE),
            ("c", tarfile.CHRTYPE),
            ("f", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(f"{name}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        link = zipfile.ZipInfo("s.txt")
        link.external_attr = 0o120777 << 16
        zipped.writestr(link, "/etc/passwd")

    assert {type(offer) for offer in offers(limits, tmp_path / "a.tar", tmp_path / "a.zip")} == {Skipped}


def test_names_in_gbk(tmp_path: Path, limits: SourceSettings) -> None:
    """Names that Chinese Windows writes are readable, and names in no encoding can still be fetched."""
    path = make_zip(tmp_path / "a.zip", {"AAAA.txt": b"x"})
    path.write_bytes(path.read_bytes().replace(b"AAAA", "通报".encode("gb18030")))
    with tarfile.open(tmp_path / "b.tar", "w", format=tarfile.GNU_FORMAT, encoding="gb18030") as archive:
        archive.addfile(tarfile.TarInfo("通报.txt"))
    with tarfile.open(tmp_path / "c.tar", "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        archive.addfile(tarfile.TarInfo("\xff\xff.txt"))

    found = offers(limits, path, tmp_path / "b.tar", tmp_path / "c.tar")

    assert [o.uri.split("::")[0] for o in found] == ["zip://通报.txt", "tar://通报.txt", "tar://%FF%FF.txt"]
    assert [fetch(o, limits).size for o in found if isinstance(o, Candidate)] == [1, 0, 0]


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_in_a_folder(name: str, tmp_path: Path, limits: SourceSettings) -> None:
    """An archive in a folder is read as one that is named; one in an archive is skipped, with what to do."""
    folder = tmp_path / "in"
    folder.mkdir()
    MAKERS[name](folder / name, GOOD)
    for beside in ("a", "z"):
        (folder / f"{beside}.txt").write_text(beside, encoding="utf-8")
    (folder / "._a.zip").write_bytes(b"left by a system")
    found = offers(limits, folder, folder / name)
    members = offers(limits, folder / name)

    assert [offer for offer in found if "::" in offer.uri] == members
    assert [Path(offer.uri).name for offer in found if "::" not in offer.uri] == ["._a.zip", "a.txt", "z.txt"]
    assert found[1:-1] == sorted(found[1:-1], key=lambda offer: sort_key(offer.uri))
    inner = next(offer for offer in members if "inner.zip" in offer.uri)
    assert isinstance(inner, Skipped)
    assert "unpack it" in inner.why
    assert offers(limits, f"{tmp_path}/**/{name}") == members


def test_broken_in_a_folder(tmp_path: Path, limits: SourceSettings) -> None:
    """An archive in a folder that cannot be opened is refused; what lies beside it is read."""
    (tmp_path / "a.zip").write_bytes(b"PK cut short")
    (tmp_path / "b.rar").write_bytes(b"Rar!")
    (tmp_path / "c.txt").write_text("c", encoding="utf-8")
    broken, unknown, good = offers(limits, tmp_path)

    assert isinstance(broken, Rejected)
    assert broken.reason == "archive"
    assert isinstance(unknown, Skipped)
    assert "of a kind that is not read" in unknown.why
    assert isinstance(good, Candidate)


def test_in_a_remote_folder(limits: SourceSettings, tmp_path: Path) -> None:
    """So it is in a store."""
    files = fsspec.filesystem("memory")
    files.pipe_file("/packed/a.zip", make_zip(tmp_path / "a.zip", GOOD).read_bytes())
    found = offers(limits, "memory://packed")
    files.rm("/packed", recursive=True)

    assert [offer.uri.split("::")[0] for offer in found if isinstance(offer, Candidate)] == [
        "zip://a.md",
        "zip://b/报告.txt",
    ]


def test_many_threads_read_one_archive(packed: Path, limits: SourceSettings) -> None:
    """Threads that fetch from one archive do not disturb each other."""
    members = {f"{number:03}.txt": bytes([number]) * 3000 for number in range(60)}
    MAKERS[packed.name](packed, members)
    listed = [offer for offer in offers(limits, packed) if isinstance(offer, Candidate)]
    wrong: list[str] = []

    def read(part: int) -> None:
        for candidate in listed[part::4] + listed:
            name = candidate.uri.split("://")[1].split("::")[0]
            if fetch(candidate, limits).payload != members[name]:
                wrong.append(name)

    threads = [threading.Thread(target=read, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(listed) == 60
    assert wrong == []


def test_an_archive_in_a_store(tmp_path: Path, limits: SourceSettings) -> None:
    """An archive in a remote store is read like a local one, under one URI however it is named."""
    store = fsspec.filesystem("memory")
    store.pipe_file("/archives/a.zip", make_zip(tmp_path / "a.zip", GOOD).read_bytes())
    try:
        found = offers(limits, "memory://archives/a.zip")

        assert found == offers(limits, "zip://::memory:///archives/a.zip")
        assert found[0].uri == "zip://a.md::memory:///archives/a.zip"
        assert [fetch(o, limits).payload for o in found if isinstance(o, Candidate)] == [
            b"# a",
            GOOD["b/报告.txt"],
        ]
    finally:
        store.rm("/archives", recursive=True)

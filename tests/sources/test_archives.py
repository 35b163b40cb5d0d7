import gzip
import io
import random
import struct
import tarfile
import threading
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import fsspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from etl.model.errors import EtlError, RejectError, UnavailableError
from etl.model.report import Candidate, Rejected
from etl.settings import SourceSettings
from etl.sources import Offer, Skipped, fetch, list_candidates
from etl.sources.names import order

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


@pytest.fixture(params=MAKERS)
def packed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An archive of each kind with the same members."""
    return MAKERS[request.param](tmp_path / request.param, GOOD)


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
    assert found[1:-1] == sorted(found[1:-1], key=lambda offer: order(offer.uri))
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


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("cut.zip", "zip"),
        ("cut.tar.gz", "tar"),
        ("cut.tar", "tar"),
        ("cut.tar.bz2", "tar"),
        ("cut.tar.xz", "tar"),
        ("damaged.tar.bz2", b"BZh91AY&SY" + b"no archive at all" * 50),
        ("damaged.tar.xz", b"\xfd7zXZ\x00" + b"no archive at all" * 50),
        ("damaged.tgz", b"\x1f\x8b\x08" + b"no archive at all" * 50),
        ("text.zip", b"no archive at all" * 50),
        ("text.tar", b"no archive at all" * 50),
        ("text.tgz", b"no archive at all" * 50),
        ("empty.zip", b""),
        ("empty.tar", b""),
        ("empty.tar.gz", b""),
    ],
)
def test_a_broken_archive_is_one_reject(
    name: str, payload: bytes | str, tmp_path: Path, limits: SourceSettings
) -> None:
    """A broken archive is one Rejected with the reason archive, and the other sources are read."""
    path, other = tmp_path / name, tmp_path / "z.txt"
    other.write_bytes(b"o")
    if isinstance(payload, str):
        (make_zip if payload == "zip" else make_tar)(path, {"x.txt": random.Random(1).randbytes(9000)})
        payload = path.read_bytes()[:700]
    path.write_bytes(payload)

    found = offers(limits, path, other)

    assert [(type(o), getattr(o, "reason", "")) for o in found] == [(Rejected, "archive"), (Candidate, "")]
    assert found[0].uri == f"file://{path}"


def test_a_damaged_member(tmp_path: Path, limits: SourceSettings) -> None:
    """A member whose bytes are damaged is refused when it is fetched, the others are read."""
    path = make_zip(tmp_path / "a.zip", {"bad.txt": bytes(range(256)) * 20, "good.txt": b"g"})
    payload = bytearray(path.read_bytes())
    payload[37:47] = b"\xff" * 10  # the first of its packed bytes, behind 30 of the header and 7 of the name
    path.write_bytes(payload)

    bad, good = (offer for offer in offers(limits, path) if isinstance(offer, Candidate))

    with pytest.raises(RejectError) as caught:
        fetch(bad, limits)
    assert caught.value.reason == "archive"
    assert fetch(good, limits).payload == b"g"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_of_any_packing(method: int, tmp_path: Path, limits: SourceSettings) -> None:
    """Whatever a member is packed by, damage to it is a refusal of this member, and the others are read."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("bad.txt", random.Random(1).randbytes(900))
        archive.writestr("good.txt", b"g")
    payload = bytearray(path.read_bytes())
    payload[47:300] = b"\xff" * 253
    path.write_bytes(payload)

    bad, good = (offer for offer in offers(limits, path) if isinstance(offer, Candidate))

    with pytest.raises(RejectError, match=r"bad\.txt") as caught:
        fetch(bad, limits)
    assert caught.value.reason == "archive"
    assert fetch(good, limits).payload == b"g"


@pytest.mark.parametrize("offset", [-1000, 1 << 31])
def test_members_at_a_place_that_is_none(offset: int, tmp_path: Path, limits: SourceSettings) -> None:
    """Members whose place lies before or behind the archive are refused."""
    path = make_zip(tmp_path / "a.zip", {"x.txt": b"x" * 90})
    payload = bytearray(path.read_bytes())
    end = payload.index(b"PK\x05\x06")
    (begin,) = struct.unpack_from("<L", payload, end + 16)
    struct.pack_into(
        "<L", payload, end + 16, begin + max(0, -offset)
    )  # all places are reckoned from this one
    struct.pack_into("<L", payload, begin + 42, max(0, offset))
    path.write_bytes(payload)

    (offer,) = offers(limits, path)

    assert isinstance(offer, Candidate)
    with pytest.raises(RejectError) as caught:
        fetch(offer, limits)
    assert caught.value.reason == "archive"


def test_a_directory_that_forgets_members(tmp_path: Path, limits: SourceSettings) -> None:
    """A zip archive that counts more members than its directory names is refused, not read in part."""
    path = make_zip(tmp_path / "a.zip", {"x.txt": b"x", "y.txt": b"y"})
    payload = bytearray(path.read_bytes())
    payload[payload.index(b"PK\x05\x06") + 10] = 3
    path.write_bytes(payload)

    assert [getattr(offer, "reason", "") for offer in offers(limits, path)] == ["archive"]


@pytest.mark.parametrize("name", ["a.tar", "a.tgz"])
@pytest.mark.parametrize("harm", ["damaged", "cut"])
def test_a_tar_that_is_cut_or_damaged_between_members(
    name: str, harm: str, tmp_path: Path, limits: SourceSettings
) -> None:
    """Members behind a damaged header, or behind the end of a cut archive, are not left out in silence."""
    whole = make_tar(tmp_path / "whole.tar", {"x.txt": b"x", "y.txt": b"y", "z.txt": b"z"}).read_bytes()
    harmed = whole[:1024] if harm == "cut" else whole[:1024] + b"?" + whole[1025:]
    (tmp_path / name).write_bytes(gzip.compress(harmed) if name.endswith("gz") else harmed)

    assert [getattr(offer, "reason", "") for offer in offers(limits, tmp_path / name)] == ["archive"]


def test_a_member_under_a_password(tmp_path: Path, limits: SourceSettings) -> None:
    """A member that needs a password is refused with the reason archive."""
    path = make_zip(tmp_path / "a.zip", {"secret.txt": b"x"})
    payload = bytearray(path.read_bytes())
    payload[6] |= 1
    payload[payload.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(payload)

    (found,) = offers(limits, path)

    assert isinstance(found, Rejected)
    assert "password" in found.message


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar.xz"])
def test_bombs(name: str, tmp_path: Path, limits: SourceSettings) -> None:
    """What unpacks to hundreds of times its size is refused as a whole; a short report never is."""
    bomb = MAKERS[name](tmp_path / name, {"x.txt": b"\0" * 20_000_000})

    (found,) = offers(limits, bomb)
    assert isinstance(found, Rejected)
    assert found.reason == "archive limit"

    fine = MAKERS[name](tmp_path / name, {"x.txt": b"x" * 500_000})
    assert [type(offer) for offer in offers(limits, fine)] == [Candidate]


@pytest.mark.parametrize(
    "change", [{"max_members": 2}, {"max_unpacked_bytes": 12}], ids=lambda change: next(iter(change))
)
def test_limits(packed: Path, change: dict[str, int], limits: SourceSettings) -> None:
    """More members or bytes than the settings allow refuse the archive as a whole."""
    (found,) = offers(limits.model_copy(update=change), packed)

    assert isinstance(found, Rejected)
    assert found.reason == "archive limit"


def test_a_member_that_is_too_large(packed: Path, limits: SourceSettings) -> None:
    """A member above the size of a report is refused when it is fetched."""
    tight = limits.model_copy(update={"max_bytes": 5})
    small, large = (offer for offer in offers(tight, packed) if isinstance(offer, Candidate))

    assert fetch(small, tight).size == 3
    with pytest.raises(RejectError) as caught:
        fetch(large, tight)
    assert caught.value.reason == "too large"


def test_a_directory_that_lies(tmp_path: Path, limits: SourceSettings) -> None:
    """A zip that declares less than it holds gives no more than declared; a huge directory is not read."""
    path = make_zip(tmp_path / "a.zip", {"x.txt": b"\0" * 900_000})
    payload = bytearray(path.read_bytes())
    struct.pack_into("<L", payload, payload.index(b"PK\x01\x02") + 24, 10)
    path.write_bytes(payload)

    (found,) = offers(limits, path)
    assert isinstance(found, Candidate)
    try:
        assert len(fetch(found, limits).payload) <= 10
    except RejectError as error:
        assert error.reason == "archive"  # noqa: PT017 - the checksum may be asked first

    struct.pack_into("<L", payload, payload.rindex(b"PK\x05\x06") + 12, 0xFFFF_FFF0)
    path.write_bytes(payload)
    assert [getattr(offer, "reason", "") for offer in offers(limits, path)] == ["archive limit"]


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


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(data=st.data(), name=st.sampled_from(("a.zip", "a.tar", "a.tgz")))
def test_damage_anywhere(data: st.DataObject, name: str, tmp_path: Path, limits: SourceSettings) -> None:
    """An archive with bytes changed, cut or added anywhere gives offers and refusals, never another error."""
    payload = bytearray(MAKERS[name](tmp_path / name, GOOD).read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(payload) - 1), max_size=5)):
        payload[at] = data.draw(st.integers(0, 255))
    (tmp_path / name).write_bytes(payload[: data.draw(st.integers(0, len(payload)))])

    for offer in offers(limits, tmp_path / name):
        if isinstance(offer, Candidate):
            try:
                fetch(offer, limits)
            except EtlError:
                continue


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

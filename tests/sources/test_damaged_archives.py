import gzip
import random
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.sources.packed import GOOD, MAKERS, make_tar, make_zip, offers

from etl.model.errors import RejectError
from etl.model.report import Candidate, Rejected
from etl.settings import SourceSettings
from etl.sources import Skipped, fetch


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
        assert isinstance(offer, Candidate | Rejected | Skipped)
        assert offer.uri.endswith(f"{tmp_path}/{name}")
        if isinstance(offer, Candidate):
            try:
                assert fetch(offer, limits).uri == offer.uri
            except RejectError as error:
                assert (error.stage, bool(error.reason)) == ("source", True)  # noqa: PT017 - either is right

from collections.abc import Iterator
from datetime import date

import fsspec
import pytest

from etl.model.errors import RejectError, UnavailableError
from etl.model.report import Candidate, Rejected
from etl.settings import SourceSettings
from etl.sources import Offer, Skipped, fetch, list_candidates

FILES = {
    "a.txt": "甲".encode(),
    "a.txt.meta.json": b'{"published_on": "2022-02-02"}',
    "a-b.md": b"b",
    "a/通报.txt": "子".encode(),
    "q.bin": b"q",
    "in.zip": b"PK",
}


@pytest.fixture
def store() -> Iterator[fsspec.AbstractFileSystem]:
    """A store in memory with a folder of reports."""
    files = fsspec.filesystem("memory")
    for name, payload in FILES.items():
        files.pipe_file(f"/in/{name}", payload)
    yield files
    files.rm("/in", recursive=True)


def offers(limits: SourceSettings, *sources: str) -> list[Offer]:
    """Everything the sources offer."""
    return list(list_candidates(sources, limits))


def test_a_remote_folder(store: fsspec.AbstractFileSystem, limits: SourceSettings) -> None:
    """A folder in a store is listed like a local one, in order, and its candidates can be fetched."""
    found = offers(limits, "memory://in")

    assert [(type(offer), offer.uri.removeprefix("memory:///in/")) for offer in found] == [
        (Candidate, "a-b.md"),
        (Candidate, "a.txt"),
        (Skipped, "a.txt.meta.json"),
        (Candidate, "a/通报.txt"),
        (Rejected, "in.zip"),
        (Skipped, "q.bin"),
    ]
    for offer in found:
        if isinstance(offer, Candidate):
            assert fetch(offer, limits).payload == FILES[offer.uri.removeprefix("memory:///in/")]
            assert offer.size == len(FILES[offer.uri.removeprefix("memory:///in/")])


def test_a_remote_file_and_pattern(store: fsspec.AbstractFileSystem, limits: SourceSettings) -> None:
    """A file named by URL is always tried and the same as in its folder; a pattern names files."""
    listed = {offer.uri: offer for offer in offers(limits, "memory://in")}

    for name in ("a.txt", "a-b.md"):
        assert offers(limits, f"memory://in/{name}") == [listed[f"memory:///in/{name}"]]
    assert [type(offer) for offer in offers(limits, "memory:///in/q.bin")] == [Candidate]
    assert [offer.uri for offer in offers(limits, "memory://in/*.txt")] == ["memory:///in/a.txt"]


def test_a_remote_sidecar(store: fsspec.AbstractFileSystem, limits: SourceSettings) -> None:
    """The sidecar of a report in a store gives its day, and a changed one another stamp."""
    (before,) = offers(limits, "memory://in/a.txt")
    assert isinstance(before, Candidate)
    assert fetch(before, limits).published_on == date(2022, 2, 2)

    store.pipe_file("/in/a.txt.meta.json", b"{}")
    (after,) = offers(limits, "memory://in/a.txt")
    assert isinstance(after, Candidate)
    assert after.modified != before.modified


def test_a_remote_file_that_vanishes_or_is_too_large(
    store: fsspec.AbstractFileSystem, limits: SourceSettings
) -> None:
    """A report in a store meets the same limits and reasons as a local one."""
    (large,) = offers(limits, "memory://in/a.txt")
    (gone,) = offers(limits, "memory://in/a-b.md")
    store.rm("/in/a-b.md")

    for offer, reason in ((large, "too large"), (gone, "vanished")):
        assert isinstance(offer, Candidate)
        with pytest.raises(RejectError) as caught:
            fetch(offer, limits.model_copy(update={"max_bytes": 2}))
        assert (caught.value.stage, caught.value.reason) == ("source", reason)


def test_chains_keep_their_protocols(store: fsspec.AbstractFileSystem, limits: SourceSettings) -> None:
    """A wrapped store gives URIs that go through the same wrapper."""
    (found,) = offers(limits, "simplecache::memory://in/a")

    assert found.uri == "simplecache::memory:///in/a/通报.txt"
    assert isinstance(found, Candidate)
    assert fetch(found, limits).payload == "子".encode()


@pytest.mark.parametrize("url", ["memory://nothing-here", "memory://nothing/*.txt", "no-such-protocol://a"])
def test_a_remote_source_that_is_not_there(url: str, limits: SourceSettings) -> None:
    """A URL of nothing, or of an unknown protocol, ends the run with what to check."""
    with pytest.raises(UnavailableError, match="check"):
        offers(limits, url)

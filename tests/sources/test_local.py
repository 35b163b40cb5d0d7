import os
import threading
import tomllib
import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.waiting import until

from etl.model.errors import RejectError, TransientError, UnavailableError
from etl.model.report import Candidate, Rejected
from etl.settings import SourceSettings
from etl.sources import PASSING, Offer, Skipped, fetch, list_candidates, local_uri, media_type
from etl.sources.local import translate_error
from etl.sources.names import (
    MEDIA_TYPES,
    escape,
    local_path,
    member_uri,
    sidecar_names,
    split_member,
    unescape,
)

SIDECARS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).resolve().parents[1] / "cases" / "sources" / "sidecars.toml").read_text(encoding="utf-8")
)["case"]


def offers(limits: SourceSettings, *sources: Path | str) -> list[Offer]:
    """Everything the sources offer."""
    return list(list_candidates([str(source) for source in sources], limits))


def one(limits: SourceSettings, source: Path | str) -> Candidate:
    """The only candidate of a source."""
    (found,) = offers(limits, source)
    assert isinstance(found, Candidate), found
    return found


def reason(limits: SourceSettings, candidate: Candidate) -> str:
    """Why a candidate is refused when it is fetched."""
    with pytest.raises(RejectError) as caught:
        fetch(candidate, limits)
    assert caught.value.stage == "source"
    return caught.value.reason


def test_a_folder_gives_its_known_suffixes(folder: Path, limits: SourceSettings) -> None:
    """Known suffixes at any depth are candidates, all other files skipped with a reason, in order of URIs."""
    found = offers(limits, folder)
    names = {offer.uri.removeprefix(f"file://{folder}/"): type(offer) for offer in found}

    assert names == {
        "%B1%A8.txt": Candidate,
        "._a.txt": Skipped,
        "a-b.md": Candidate,
        "a.txt": Candidate,
        "a.txt.meta.json": Skipped,
        "a/x.txt": Candidate,
        "in.7z": Skipped,
        "in.zip": Rejected,
        "z.bin": Skipped,
        "通报 100%25 %3A%3A一.TXT": Candidate,
    }
    assert [offer.uri for offer in found] == sorted(offer.uri for offer in found)
    assert all(offer.why for offer in found if isinstance(offer, Skipped))


def test_candidates_know_size_time_and_type(folder: Path, limits: SourceSettings) -> None:
    """A candidate has the size, a stamp of the time and of its sidecar, and the type its name says."""
    plain = one(limits, folder / "a-b.md")
    dated = one(limits, folder / "a.txt")
    status = (folder / "a-b.md").stat()

    assert (plain.size, plain.modified) == (status.st_size, str(status.st_mtime_ns))
    assert plain.media_type == "text/markdown"
    assert dated.modified is not None
    assert dated.modified.count("+") == 1


def test_every_candidate_can_be_fetched(folder: Path, limits: SourceSettings) -> None:
    """What is listed can be read by its URI, whatever its name; the stamp stays what it was."""
    for offer in offers(limits, folder):
        if isinstance(offer, Candidate):
            raw = fetch(offer, limits)

            assert raw.payload
            assert (raw.uri, raw.size, raw.modified) == (offer.uri, len(raw.payload), offer.modified)
            assert raw.payload == Path(local_path(offer.uri)).read_bytes()
            offer.uri.encode("utf-8")


def test_a_sidecar_gives_the_day(folder: Path, limits: SourceSettings) -> None:
    """The day of the sidecar comes with the report; without one it is unknown."""
    assert fetch(one(limits, folder / "a.txt"), limits).published_on == date(2020, 2, 3)
    assert fetch(one(limits, folder / "a-b.md"), limits).published_on is None
    assert fetch(Candidate(local_uri(str(folder / "a.txt")), "text/plain"), limits).published_on == date(
        2020, 2, 3
    )


@pytest.mark.parametrize("row", SIDECARS, ids=lambda row: row["content"])
def test_sidecars(row: dict[str, Any], tmp_path: Path, limits: SourceSettings) -> None:
    """A sidecar gives a day or none; a broken one refuses its report with the reason sidecar."""
    (tmp_path / "r.txt").write_text("文", encoding="utf-8")
    (tmp_path / "r.meta.json").write_text(row["content"], encoding="utf-8")
    candidate = next(offer for offer in offers(limits, tmp_path) if isinstance(offer, Candidate))

    if "day" in row:
        day = fetch(candidate, limits).published_on
        assert (day.isoformat() if day else "") == row["day"]
    else:
        assert reason(limits, candidate) == "sidecar"


def test_a_sidecar_is_never_a_report(folder: Path, limits: SourceSettings) -> None:
    """Named directly, or with .json among the suffixes, a sidecar is skipped."""
    greedy = limits.model_copy(update={"suffixes": (*limits.suffixes, ".json")})

    assert [type(offer) for offer in offers(limits, folder / "a.txt.meta.json")] == [Skipped]
    assert all(".json" not in o.uri for o in offers(greedy, folder) if isinstance(o, Candidate))


def test_a_named_file_is_always_tried(folder: Path, limits: SourceSettings) -> None:
    """A file that is named directly is a candidate whatever its suffix."""
    assert one(limits, folder / "z.bin").media_type == "application/octet-stream"


def test_sources_overlap(folder: Path, limits: SourceSettings) -> None:
    """A report that two sources name comes once, and all come in the order of their URIs."""
    found = [
        o.uri for o in offers(limits, folder / "a.txt", folder, folder / "*.txt") if isinstance(o, Candidate)
    ]

    assert len(found) == len(set(found)) == 5
    assert found == sorted(found)


def test_patterns(folder: Path, limits: SourceSettings) -> None:
    """A pattern names files; with two stars at any depth."""
    assert {o.uri.rpartition("/")[2] for o in offers(limits, folder / "*.txt")} == {"a.txt", "%B1%A8.txt"}
    assert [o.uri.rpartition("/")[2] for o in offers(limits, folder / "**" / "x.txt")] == ["x.txt"]


def test_a_uri_is_a_source(folder: Path, limits: SourceSettings) -> None:
    """A file URI names its file, as it was typed and as it was written by us."""
    for offer in offers(limits, folder):
        if isinstance(offer, Candidate):
            assert one(limits, offer.uri) == offer
    assert one(limits, f"file://{folder}/通报 100% ::一.TXT").size == 3


@pytest.mark.parametrize("name", ["none", "none*.txt", "none/**/x.txt"])
def test_a_source_that_does_not_exist(name: str, folder: Path, limits: SourceSettings) -> None:
    """A missing file or a pattern without a match ends the run before anything is listed."""
    with pytest.raises(UnavailableError, match="does not exist"):
        list_candidates([str(folder / "a.txt"), str(folder / name)], limits)


def test_broken_links_are_refused(tmp_path: Path, limits: SourceSettings) -> None:
    """A link to nothing and a link to itself are refused, the rest goes on."""
    (tmp_path / "dangling.txt").symlink_to("nowhere")
    (tmp_path / "self.txt").symlink_to("self.txt")
    (tmp_path / "good.txt").write_text("文", encoding="utf-8")

    found = offers(limits, tmp_path)

    assert [type(offer) for offer in found] == [Rejected, Candidate, Rejected]
    assert {offer.reason for offer in found if isinstance(offer, Rejected)} == {"unreadable"}
    assert [type(offer) for offer in offers(limits, tmp_path / "dangling.txt")] == [Rejected]


def test_link_loops_end(folder: Path, limits: SourceSettings) -> None:
    """Links that lead back into the tree are skipped; what is inside is read once."""
    before = [o.uri for o in offers(limits, folder) if isinstance(o, Candidate)]
    (folder / "loop").symlink_to(folder)
    (folder / "a" / "up").symlink_to("..")
    (folder / "again").symlink_to("a")

    assert [o.uri for o in offers(limits, folder) if isinstance(o, Candidate)] == before
    assert len([o.uri for o in offers(limits, folder / "**" / "*.txt")]) == 3


def test_links_out_of_the_tree_are_followed_once(
    folder: Path, tmp_path: Path, limits: SourceSettings
) -> None:
    """Where the settings say so, a folder elsewhere is read through the first link that leads to it."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "o.txt").write_text("外", encoding="utf-8")
    (other / "back").symlink_to(other)
    (folder / "one").symlink_to(other)
    (folder / "two").symlink_to(other)
    following = limits.model_copy(update={"follow_links": True})

    assert [o.uri for o in offers(following, folder) if o.uri.endswith("o.txt")] == [
        local_uri(str(folder / "one/o.txt"))
    ]


def test_links_out_of_a_source_are_not_followed(folder: Path, tmp_path: Path, limits: SourceSettings) -> None:
    """A link to a file or folder elsewhere is skipped, however the source is named; one within is read."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "secret.txt").write_text("密", encoding="utf-8")
    (folder / "deep").symlink_to(other)
    (folder / "file.txt").symlink_to(other / "secret.txt")
    (folder / "within.txt").symlink_to(folder / "a.txt")
    (tmp_path / "door").symlink_to(folder)

    for source in (folder, folder / "*", folder / "**" / "*.txt", tmp_path / "door", f"file://{folder}/*"):
        found = offers(limits, source)
        out = [o.uri.rpartition("/")[2] for o in found if isinstance(o, Skipped) and "leads out" in o.why]
        texts = [fetch(o, limits).payload.decode(errors="replace") for o in found if isinstance(o, Candidate)]

        assert out == ["deep", "file.txt"], source
        assert "甲" in texts, source
        assert "密" not in texts, source
    assert len(offers(limits, folder / "deep" / "*.txt")) == 1


def test_a_sidecar_that_is_a_link_elsewhere(tmp_path: Path, limits: SourceSettings) -> None:
    """A sidecar that leads out of its folder is not read; the other one of the report is."""
    (tmp_path / "in").mkdir()
    (tmp_path / "elsewhere.json").write_text('{"published_on": "2001-01-01"}', encoding="utf-8")
    (tmp_path / "in" / "a.txt").write_text("文", encoding="utf-8")
    (tmp_path / "in" / "a.txt.meta.json").symlink_to(tmp_path / "elsewhere.json")

    def days(source: Path) -> list[date | None]:
        return [fetch(o, limits).published_on for o in offers(limits, source) if isinstance(o, Candidate)]

    assert (days(tmp_path / "in"), days(tmp_path / "in" / "a.txt")) == ([None], [None])
    (tmp_path / "in" / "a.meta.json").write_text('{"published_on": "2020-02-03"}', encoding="utf-8")
    assert days(tmp_path / "in") == [date(2020, 2, 3)]


@pytest.mark.parametrize(
    "value", ['"' + "x" * 500_000 + '"', '{"$gt": ' + "[" * 900 + "]" * 900 + "}", r'"\u001b[2J\n\n"']
)
def test_a_hostile_sidecar_is_quoted_in_short(value: str, tmp_path: Path, limits: SourceSettings) -> None:
    """What a sidecar says in the place of a day stands in the refusal cut, and without control characters."""
    path = tmp_path / "\x1b[31m.txt"
    path.write_text("文", encoding="utf-8")
    path.with_name(path.name + ".meta.json").write_text(f'{{"published_on": {value}}}', encoding="utf-8")
    (offer,) = (o for o in offers(limits, tmp_path) if isinstance(o, Candidate))

    with pytest.raises(RejectError, match="published_on") as caught:
        fetch(offer, limits)
    assert len(str(caught.value)) < 250
    assert str(caught.value).isprintable()


def test_only_files_are_opened(tmp_path: Path, limits: SourceSettings) -> None:
    """A pipe is skipped, and one that takes the place of a file does not block."""
    os.mkfifo(tmp_path / "p.txt")

    assert [type(offer) for offer in offers(limits, tmp_path)] == [Skipped]
    assert reason(limits, Candidate(local_uri(str(tmp_path / "p.txt")), "text/plain")) == "unreadable"


def test_a_folder_in_the_place_of_a_file(tmp_path: Path, limits: SourceSettings) -> None:
    """What cannot be opened as a file is refused as unreadable."""
    (tmp_path / "d.txt").mkdir()

    assert reason(limits, Candidate(local_uri(str(tmp_path / "d.txt")), "text/plain")) == "unreadable"


def test_a_file_that_vanishes(folder: Path, limits: SourceSettings) -> None:
    """A file that is gone when it is fetched is refused with a reason that passes."""
    candidate = one(limits, folder / "a-b.md")
    (folder / "a-b.md").unlink()

    assert reason(limits, candidate) == "vanished"
    assert "vanished" in PASSING


@pytest.mark.parametrize(("more", "moment"), [("y", None), ("", (5, 5))], ids=["size", "mtime"])
def test_a_file_that_moved_since_it_was_listed(
    tmp_path: Path, limits: SourceSettings, more: str, moment: tuple[int, int] | None
) -> None:
    """A file whose size or time is another one than a moment ago is being written: left for the next run."""
    path = tmp_path / "a.txt"
    path.write_text("x", encoding="utf-8")
    candidate = one(limits, path)
    path.write_text("x" + more, encoding="utf-8")
    os.utime(path, moment or (1, 1))

    assert reason(limits, candidate) == "changing"
    assert fetch(one(limits, path), limits).payload == f"x{more}".encode()


def test_a_file_that_grows_while_it_is_read(tmp_path: Path, limits: SourceSettings) -> None:
    """A file that is being written is refused with a reason that passes, or read as it stands; never torn."""
    path = tmp_path / "log.txt"
    path.write_bytes(b"x" * 8_000_000)
    candidate = one(limits, path)
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab") as file:
            while not stop.is_set():
                file.write(b"x")
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        assert until(lambda: path.stat().st_size > (candidate.size or 0))
        found = {_outcome(candidate, limits) for _ in range(20)}
    finally:
        stop.set()
        writer.join()

    assert "changing" in found
    assert found <= {"changing", "whole"}


def _outcome(candidate: Candidate, limits: SourceSettings) -> str:
    try:
        raw = fetch(candidate, limits)
    except RejectError as error:
        return error.reason
    return "whole" if raw.size == len(raw.payload) else "torn"


def test_files_that_are_not_settled(folder: Path, limits: SourceSettings) -> None:
    """With a time to settle, a fresh file is left for the next run and an old one is taken."""
    patient = limits.model_copy(update={"settle_seconds": 60.0})
    os.utime(folder / "a-b.md", (1, 1))

    assert [o.uri.rpartition("/")[2] for o in offers(patient, folder) if isinstance(o, Candidate)] == [
        "a-b.md"
    ]


def test_too_large(tmp_path: Path, limits: SourceSettings) -> None:
    """A huge file is refused before it is read; the largest allowed is taken."""
    tight = limits.model_copy(update={"max_bytes": 10})
    (tmp_path / "fits.txt").write_bytes(b"x" * 10)
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(3_000_000_000)

    assert fetch(one(tight, tmp_path / "fits.txt"), tight).size == 10
    assert reason(limits, one(limits, tmp_path / "huge.txt")) == "too large"


def test_what_a_failing_disk_means() -> None:
    """An error that may pass is transient; one of the path is not."""
    assert isinstance(translate_error("file:///a", OSError(5, "Input/output error")), TransientError)
    assert isinstance(translate_error("file:///a", PermissionError(13, "Permission denied")), RejectError)


def test_listing_is_lazy_and_flat(tmp_path: Path, limits: SourceSettings) -> None:
    """Five thousand files are listed in order, in the memory that one folder of them takes."""
    for part in range(20):
        (tmp_path / f"{part:02}").mkdir()
        for number in range(250):
            (tmp_path / f"{part:02}" / f"{number:04}.txt").touch()

    tracemalloc.start()
    stream = list_candidates([str(tmp_path)], limits)
    first = next(stream)
    early = tracemalloc.get_traced_memory()[1]
    last, count = first, 1
    for offer in stream:
        assert offer.uri > last.uri
        last, count = offer, count + 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 5000
    assert early < 2_000_000
    assert peak < early + 1_000_000


@given(st.text("ab中/%:. \udcff\n", max_size=12))
def test_escaping_loses_nothing(path: str) -> None:
    """Any name becomes a URI that UTF-8 can write and comes back as it was."""
    uri = escape(path)

    uri.encode("utf-8")
    assert unescape(uri) == path
    assert "::" not in uri
    assert split_member(member_uri("zip", path, "file:///a.zip")) == (path, "file:///a.zip")


def test_media_types_and_sidecars_by_name(limits: SourceSettings) -> None:
    """The name alone gives media type and the sidecars to look for; every default suffix has a type."""
    assert media_type("file:///a.b/通报.HTML") == "text/html"
    assert media_type("zip://通报.docx::file:///x.zip") == MEDIA_TYPES[".docx"]
    assert media_type("file:///通报") == "application/octet-stream"
    assert sidecar_names("d.e/通报") == ("d.e/通报.meta.json",)
    assert sidecar_names("d/通报.txt") == ("d/通报.txt.meta.json", "d/通报.meta.json")
    assert set(limits.suffixes) <= set(MEDIA_TYPES)

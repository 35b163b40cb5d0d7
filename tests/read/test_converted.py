"""Documents that LibreOffice converts: what of them is text, and that nothing beside them is asked for.

The conversions are real; they are skipped where no LibreOffice is installed.
"""

import socketserver
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest
from office_lines import lines_of, saved_as
from tests.read.hostile_document import hostile_document
from tests.read.test_office import RTF, reading
from write_odt import FULL, WANTED

from etl.read.converter import find_converter

pytestmark = [
    pytest.mark.skipif(find_converter() is None, reason="LibreOffice is not installed"),
    pytest.mark.xdist_group("office"),  # conversions take a core each
]


@pytest.fixture(scope="module")
def doc() -> bytes:
    """The document as Word 97-2003 has it."""
    program = find_converter()
    assert program
    return saved_as(program, "doc")


def test_everything_in_it() -> None:
    """Title, headings, items with their numbers, notes, rows and text boxes keep their kind and order.

    What a revision struck, heads and feet of pages and their numbers are no text.
    """
    assert lines_of(reading("a.odt", FULL)) == WANTED


def test_two_at_once(doc: bytes) -> None:
    """Documents of Word are read under either name, two at a time, and as an OpenDocument is."""
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(reading, ("a.doc", "a.wps"), (doc, doc)))

    assert [lines_of(one) for one in found] == [WANTED, WANTED]


def test_rtf() -> None:
    """The paragraphs of a document come out as they were written."""
    assert reading("a.rtf", RTF).text.split("\n\n") == ["县水利局通报。", "全县众家。"]


class Asked(socketserver.BaseRequestHandler):
    """Notes that something was asked for."""

    times = 0

    def handle(self) -> None:
        """Count, and answer nothing."""
        Asked.times += 1


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a server that counts who asks it."""
    with socketserver.TCPServer(("127.0.0.1", 0), Asked) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_nothing_beside_it(address: str, tmp_path: Path) -> None:
    """A document runs no macro, asks no server and reads no other file."""
    (tmp_path / "other.txt").write_text("秘密", encoding="utf-8")
    links = (tmp_path / "other.txt").as_uri(), f"{address}/other.txt"

    found = reading("a.odt", hostile_document(f"{address}/a.png", links, tmp_path / "evil"))

    assert [line for _, line in lines_of(found)] == ["通报。", "旧", "旧"]
    assert (Asked.times, (tmp_path / "evil").exists()) == (0, False)

"""PDFs whose pages only stand for something else: refused with what they are and what to do."""

import zlib
from collections.abc import Sequence

import pytest
from tests.read.locked_pdf import locked
from tests.read.test_pdf_forms import LABELS, NAME_BOX, widget
from write_pdf import Page, pdf

from etl.model.errors import RejectError
from etl.model.report import RawReport
from etl.read import read

COVER = [(40, 80, 10, "For the best experience, open this PDF portfolio in Acrobat.")]
WAIT = [(40, 80, 10, "Please wait... Your viewer may not show this document.")]
NAMES = "/Names<</EmbeddedFiles<</Names[(a.pdf)6 0 R]>>>>"
COLLECTION = "/Collection<</Type/Collection/View/T>>"


def attached(content: bytes) -> list[bytes]:
    """The objects of an attached file, numbered from 6."""
    packed = zlib.compress(content)
    head = f"<</Type/EmbeddedFile/Filter/FlateDecode/Length {len(packed)}>>\nstream\n".encode()
    return [b"<</Type/Filespec/F(a.pdf)/EF<</F 7 0 R>>>>", head + packed + b"\nendstream"]


def text(payload: bytes) -> str:
    """What a PDF says."""
    return read(RawReport("file:///a.pdf", "application/pdf", payload)).text


PORTFOLIO = pdf([Page(lines=COVER)], catalog=COLLECTION + NAMES, more=attached(b"a" * 99))


@pytest.mark.parametrize("payload", [PORTFOLIO, locked(PORTFOLIO)], ids=["open", "locked"])
def test_portfolio(payload: bytes) -> None:
    """A cover of attached files is no report; its operator learns that none of them was read."""
    with pytest.raises(
        RejectError, match=r"attached files: 1.*nothing in it was read; save the files"
    ) as caught:
        text(payload)

    assert caught.value.reason == "portfolio"


def test_attached_portfolio() -> None:
    """A report to which a portfolio is attached is read."""
    payload = pdf([Page(lines=LABELS)], catalog=NAMES, more=attached(PORTFOLIO))

    assert text(payload).startswith("请假申请表")


def test_collection_of_nothing() -> None:
    """A portfolio without files is what its page says."""
    assert text(pdf([Page(lines=LABELS)], catalog=COLLECTION)).startswith("请假申请表")


def xfa(
    config: bytes = b"", more: str = "", lines: Sequence[tuple[float, float, float, str]] = WAIT
) -> bytes:
    """A form of the kind XFA with this configuration."""
    parts = [
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(config), config),
        widget(NAME_BOX, "Tx", "王建国"),
    ]
    page = Page(lines=lines, extra="/Annots[7 0 R]")
    return pdf([page], catalog=f"/AcroForm<</Fields[7 0 R]/XFA[(config)6 0 R]>>{more}", more=parts)


@pytest.mark.parametrize(
    "payload",
    [xfa(more="/NeedsRendering true"), xfa(b"<acrobat7><dynamicRender>required</dynamicRender></acrobat7>")],
    ids=["PDF 1.7", "PDF 1.6"],
)
def test_form_that_its_viewer_builds(payload: bytes) -> None:
    """A form whose page only says "Please wait" is no report."""
    with pytest.raises(RejectError, match=r"XFA.*nothing in it was read; open it in") as caught:
        text(payload)

    assert caught.value.reason == "xfa form"


def test_form_with_pages() -> None:
    """A form of the kind XFA that has pages is read with what was filled in."""
    found = text(xfa(b"<dynamicRender>forbidden</dynamicRender>", lines=LABELS))

    assert "姓名：王建国" in found.replace(" ", "")

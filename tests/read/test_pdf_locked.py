"""PDFs that are locked: those that open with an empty password are read, all others have a reason."""

import pytest
from tests.read.locked_pdf import locked
from write_pdf import Page, pdf

from etl.model.errors import RejectError
from etl.model.report import RawReport
from etl.read import read

TEXT = "县水利局组织四个工作组，分赴各乡镇。"
OPEN = pdf([Page(lines=[(40, 80, 10, TEXT)])])


def text(payload: bytes) -> str:
    """What a PDF says."""
    return read(RawReport("file:///a.pdf", "application/pdf", payload)).text


@pytest.mark.parametrize("kind", ["rc4", "aes"])
def test_without_a_password(kind: str) -> None:
    """A file that only forbids copying and printing is read, as any viewer shows it."""
    assert text(locked(OPEN, kind=kind)) == TEXT


@pytest.mark.parametrize("kind", ["rc4", "aes"])
def test_with_a_password(kind: str) -> None:
    """A file that asks for a password is refused with what to do."""
    with pytest.raises(RejectError, match="save it without password") as caught:
        text(locked(OPEN, b"secret", kind))

    assert caught.value.reason == "encrypted"


def test_locked_for_certain_readers() -> None:
    """A file that a certificate or a rights service locks is no broken one, and printing it again no help."""
    with pytest.raises(RejectError, match="certificate or rights service") as caught:
        text(locked(OPEN, handler="Adobe.PubSec"))

    assert caught.value.reason == "encrypted"

"""PDFs that mean harm give a report or a reason in bounded time and memory, and the next one is read."""

import random
import zlib
from collections.abc import Sequence

import pytest
import sample_pdf
import sample_scan
from tests.read.broken_maps import mapped, over_blocks
from tests.read.damaged_pdf import KINDS, damaged
from tests.read.locked_pdf import locked
from tests.soak import Trials, is_long
from write_pdf import Page, file_of, pdf

from etl.model.errors import RejectError
from etl.model.report import RawReport, Reading
from etl.read import Limits, read
from etl.read.pdf.process import PROCESSES
from etl.read.pdf.reader import Recognize

TEXT = "县水利局组织四个工作组，分赴各乡镇。"
SOUND = pdf([Page(lines=[(40, 80, 10, TEXT)])])
REASONS = {
    *("pdf", "scan", "encrypted", "portfolio", "xfa form", "pdf limit"),
    *("blank", "binary", "encoding", "format", "empty"),
}


def reading(payload: bytes, limits: Limits = Limits()) -> Reading:  # noqa: B008 - frozen
    """What a PDF says."""
    return read(RawReport("file:///a.pdf", "application/pdf", payload), limits)


def document(content: bytes, more: Sequence[bytes] = (), root: bytes = b"") -> bytes:
    """A page with a packed stream of content, further objects from number 6 on, more words in the catalog."""
    packed = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + root + b">>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        PAGE,
        b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    return file_of([*objects, *more])


SHOWN = b"BT/F 12 Tf 40 400 Td(Water levels are stable.)Tj ET "
DRAWS = b"/Resources<</Font<</F 3 0 R>>/XObject<</X 6 0 R>>>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 560]/Contents 5 0 R" + DRAWS + b">>"
FORM = b"<</Type/XObject/Subtype/Form/BBox[0 0 400 560]" + DRAWS + b"/Length 6>>\nstream\n/X Do \nendstream"
UNTOLD = mapped([TEXT], over_blocks(TEXT))
HARMLESS = {
    "script": document(
        SHOWN,
        root=b"/OpenAction<</S/JavaScript/JS(while \\(true\\) app.launchURL\\('http://127.0.0.1/'\\))>>",
    ),
    "attachment": document(
        SHOWN,
        [b"<</Type/EmbeddedFile/Length 4>>\nstream\nevil\nendstream"],
        b"/Names<</EmbeddedFiles<</Names[(a.exe)<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>]>>>>",
    ),
    "fields with scripts": document(
        SHOWN,
        [
            b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(12)/Rect[40 300 200 320]/AA<</F 7 0 R/K 7 0 R>>>>",
            b"<</S/JavaScript/JS(while \\(true\\) event.value = 'evil')>>",
        ],
        b"/AcroForm<</Fields[6 0 R]/CO[6 0 R]/NeedAppearances true>>",
    ).replace(PAGE, PAGE.replace(b"/Resources", b"/Annots[6 0 R]/Resources")),
    "form that draws itself": document(SHOWN + b"/X Do ", [FORM]),
    "deep states": document(SHOWN + b"q " * 200_000),
}
PRINTED = pdf(
    [
        Page(lines=[(40, 80 + 20 * k, 10, "12 34 56") for k in range(4)], rules=[(40, 66, 90, 66)] * 3),
        Page(down=[(360 - 16 * k, 60, 10, TEXT) for k in range(9)]),
        Page(turned=[(100, 500, 10, TEXT)], sideways=[(200, 60, 10, "Water levels")], extra="/Rotate 90"),
    ]
)
FIELD = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(12)/Rect[40 300 200 320]/F 4>>"
FORM_FILLED = pdf(
    [Page(lines=[(40, 80, 10, TEXT)], extra="/Annots[6 0 R]")],
    catalog="/AcroForm<</Fields[6 0 R]>>",
    more=[FIELD],
)
DAMAGED = (
    *(sample_pdf.TARGET.read_bytes(), sample_scan.TARGET.read_bytes(), locked(SOUND)),
    *(SOUND, UNTOLD, PRINTED, FORM_FILLED, *HARMLESS.values()),
)


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless(name: str) -> None:
    """Scripts and attachments do nothing, what turns in a circle ends; the text beside them is read."""
    assert "Water levels" in reading(HARMLESS[name]).text


def test_memory_is_bounded() -> None:
    """A few kilobytes that unpack to more than the memory allowed are refused; the next file is read."""
    bomb = document(b"BT/F 1 Tf" + b"(a)Tj " * 20_000_000)

    with pytest.raises(RejectError) as caught:
        reading(bomb, Limits(memory=100_000_000))
    assert caught.value.reason == "pdf limit"
    assert reading(SOUND).text == TEXT


def test_time_is_bounded() -> None:
    """What would be read for long is given up after its seconds; the next file is read."""
    slow = document(b"BT/F 1 Tf" + b"(a)Tj 1 0 Td " * 40_000)

    with pytest.raises(RejectError, match="max_seconds") as caught:
        reading(slow, Limits(signs=10**9, seconds=0.05))
    assert caught.value.reason == "pdf limit"
    assert reading(SOUND).text == TEXT


def test_ten_thousand_pages() -> None:
    """A file of ten thousand pages is refused before one is read."""
    with pytest.raises(RejectError, match="10000 pages"):
        reading(pdf([Page()] * 10_000))


def test_reader_that_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file on which the process dies each time is refused; one death is forgiven."""
    deaths = [1, 2]
    real = PROCESSES.read

    def dying(raw: RawReport, limits: Limits, recognize: Recognize | None) -> Reading:
        if deaths:
            deaths.pop()
            raise EOFError("status -11")
        return real(raw, limits, recognize)

    monkeypatch.setattr(PROCESSES, "read", dying)
    with pytest.raises(RejectError, match="died 2 times") as caught:
        reading(SOUND)
    assert caught.value.reason == "pdf limit"
    deaths[:] = [1]
    assert reading(SOUND).text == TEXT


@pytest.mark.fuzz
def test_any_bytes(trials: Trials) -> None:
    """PDFs that are damaged, cut or spliced, or wrong in their structure, give a text or a known reason."""
    rng = random.Random(11)
    for number in range(40_000 if is_long() else 60):
        kind = rng.choice(("spliced", *KINDS))
        with trials.one(f"file {number}", kind):
            assert _reason(damaged(rng, DAMAGED, kind)) in REASONS | {""}
    trials.all_held()


def _reason(payload: bytes) -> str:
    """Why a PDF is refused, or the name of an error that is none of ours; "" where it is read."""
    try:
        reading(payload, Limits(seconds=60, ocr=False))
    except RejectError as error:
        return error.reason
    except Exception as error:  # noqa: BLE001 - told as a violation
        return repr(error)
    return ""

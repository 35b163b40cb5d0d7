"""Characters that the map of a font does not tell pdfium are read by a second engine at the same places."""

from collections.abc import Iterator

import pytest
from tests.read.broken_maps import SHIFT, mapped, over_blocks, told
from write_pdf import Page, pdf

import etl
from etl.model.report import RawReport, Reading
from etl.read import Limits, read
from etl.read.pdf import process
from etl.read.pdf.engine import open_document, read_drawing
from etl.read.pdf.witness import CERTAINTY, Sign, Signs, Witness, is_plausible

LINES = (
    "各地方政府要认真组织实施方案，切实加强对工作的领导。",
    "比上年增长8.5%，其中工资性收入增长7.3%，下降。",
)
WHOLE = "".join(LINES)


def reading(payload: bytes, *, witness: bool = True) -> Reading:
    """Read a file in this process."""
    return read(RawReport("a", "application/pdf", payload), Limits(seconds=0, witness=witness, ocr=False))


def test_ranges_over_many_codes() -> None:
    """Ranges that cross a multiple of 256 are not read by pdfium, but by the witness."""
    found = reading(mapped(LINES, over_blocks(WHOLE)))

    assert found.text.split() == list(LINES)
    assert found.pages is not None
    assert (found.pages.broken_fonts, found.pages.unmended_fonts) == (1, 0)


def test_what_a_witness_read_has_its_certainty() -> None:
    """The report says that a font was broken, and is less sure of its lines, but nobody has to look."""
    report = etl.process(mapped(LINES, over_blocks(WHOLE)), uri="memory:a.pdf")

    assert report.quality.broken_fonts == 1
    assert "broken fonts" not in report.review_reasons
    assert CERTAINTY <= report.layout.sure(0, len(LINES[0])) < 1


@pytest.mark.parametrize("entries", [told(WHOLE[::2]), ""])
def test_what_nobody_can_tell(entries: str) -> None:
    """Characters that no map has stay codes of the font; the report waits for review."""
    payload = mapped(LINES, entries)
    found = reading(payload)

    assert found.pages is not None
    assert (found.pages.broken_fonts, found.pages.unmended_fonts) == (1, 1)
    assert found.pages.doubtful_lines == 2
    assert chr(ord("地") - SHIFT) in found.text
    assert found.text == reading(payload, witness=False).text
    assert "broken fonts" in etl.process(payload, uri="memory:a.pdf").review_reasons


def test_nothing_is_replaced_in_sound_fonts() -> None:
    """A page whose fonts tell all characters never opens the second engine."""
    payload = mapped(LINES, told(WHOLE))
    witness, document = Witness(payload), open_document(payload)
    shown = read_drawing(document, 0, Limits(), witness)
    document.close()

    assert shown is not None
    assert "".join(glyph.text for glyph in shown.glyphs) == WHOLE
    assert {glyph.confidence for glyph in shown.glyphs} == {1.0}
    assert witness._document is None


def test_blanks_that_a_font_does_not_tell() -> None:
    """A blank that only the second engine sees parts words, and is no character."""
    line = "方案Open Data三"
    array = " ".join(["<0021>"] * 0x21 + ["<0020>"])
    blank = f"1 beginbfrange\n<EFFF> <F020> [{array}]\nendbfrange\n"

    assert reading(mapped([line], told(line.replace(" ", "")) + blank)).text == line


def test_characters_of_two_codes() -> None:
    """A rare ideograph, two codes of UTF-16, is one character."""
    line = "渔民𠮷田𩸽家村"

    assert reading(mapped([line], told(line))).text == line


def test_damaged_files_are_nothing() -> None:
    """Where the second engine cannot read a file it tells nothing."""
    assert Witness(b"%PDF-1.4 nonsense").signs(0).at(0, 0, 10) is None
    assert Witness(pdf([Page(lines=[(40, 80, 10, "方")])])).signs(7).at(40, 480, 10) is None


@pytest.mark.parametrize(
    ("x", "y", "found"),
    [(100.9, 200, "方"), (101.1, 200, None), (100, 199.1, "方"), (100, 198.9, None), (50, 50, None)],
)
def test_places(x: float, y: float, found: str | None) -> None:
    """A character is that of a glyph which stands where it does, up to a tenth of its size."""
    assert Signs([Sign("方", 100, 200)]).at(x, y, 10) == found


def test_two_at_one_place() -> None:
    """Where two characters stand at one place none is taken."""
    assert Signs([Sign("方", 100, 200), Sign("木", 100, 200)]).at(100, 200, 10) is None


@pytest.mark.parametrize(
    ("text", "code", "width"),
    [("方", "ᯩ", 1.0), ("a", "ᯩ", 0.89), ("W", "ᯩ", 1.0), (" ", "\x03", 0.5), ("。", "Ҳ", 1.0)],
)
def test_plausible(text: str, code: str, width: float) -> None:
    """A character is an answer, also one that is no ideograph, and a blank."""
    assert is_plausible(text, code, width)


@pytest.mark.parametrize(
    ("text", "code", "width"),
    [("身", "⾝", 1.0), ("᭄", "ᯩ", 1.0), ("\uf0b7", "ᯩ", 1.0), ("\x05", "ᯩ", 1.0), ("a", "ᯩ", 0.91)],
)
def test_implausible(text: str, code: str, width: float) -> None:
    """What is the code once more, of a broken map, unprinted or too narrow is no answer."""
    assert not is_plausible(text, code, width)


def test_a_death_is_not_the_witness_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file on which the process of the reader died is read again without the second engine."""
    asked: list[bool] = []
    answers: Iterator[Reading] = iter([reading(mapped(LINES, told(WHOLE)))])

    def died_first(_raw: RawReport, limits: Limits, _recognize: object) -> Reading:
        asked.append(limits.witness)
        if limits.witness:
            raise EOFError("status -6")
        return next(answers)

    monkeypatch.setattr(process.PROCESSES, "read", died_first)
    found = process.read_pdf(RawReport("a", "application/pdf", b"%PDF-1.4"), Limits())

    assert asked == [True, False]
    assert found.text.split() == list(LINES)


def test_an_engine_that_broke_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the second engine has panicked in a process it is asked nothing more there."""
    monkeypatch.setattr(Witness, "spoiled", False)
    monkeypatch.setattr(Witness, "_read", panicking)
    payload = mapped(LINES, over_blocks(WHOLE))

    assert reading(payload).text == reading(payload, witness=False).text
    assert Witness.spoiled
    monkeypatch.undo()
    assert reading(payload).text.split() == list(LINES)


def panicking(*_: object) -> list[object]:
    """Fail as code in Rust does."""
    raise type("PanicException", (BaseException,), {})("start byte index 3 is not a char boundary")

"""Offer the public functions of `import etl`, for one text at a time.

A new one is a function here and a name in `etl.__all__`.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from etl import engines, pipeline, read
from etl.model.errors import RejectError
from etl.model.layout import PageBox
from etl.model.mentions import Entity
from etl.model.report import Encoding, Paragraph, ParagraphKind, RawReport, Reading, Rejected, Report
from etl.model.traced import Change
from etl.read.formats import PDF
from etl.read.marked import line_ends_by_marks
from etl.read.mojibake import undo
from etl.read.plain import form_feeds, unify_lines
from etl.settings import load
from etl.text.folding import whole_characters

if TYPE_CHECKING:
    from etl.store.query.client import Store


@dataclass(frozen=True, slots=True)
class CleanText:
    """A restored text, with the ledger of its changes.

    Attributes:
        paragraphs: with their kinds and their places in the text given, title first.
        edits: the ledger of every change.
    """

    paragraphs: tuple[Paragraph, ...]
    edits: tuple[Change, ...]

    @property
    def text(self) -> str:
        """The whole text, one paragraph a line."""
        return "\n".join(paragraph.body.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class PlacedParagraph:
    """A paragraph of a PDF, with its page and boxes.

    Attributes:
        kind: what it is.
        text: as it is restored.
        page: on which it begins, from 1; None where the file has no pages.
        boxes: a box for each line of print, in reading order.
    """

    kind: ParagraphKind
    text: str
    page: int | None
    boxes: tuple[PageBox, ...]


def clean(text: str) -> CleanText:
    """Restore a broken text: order, sentences, punctuation; the script is kept.

    Lone surrogates become U+FFFD, here and in the functions below.

    >>> clean("他说,今天很好。").text
    '他说，今天很好。'
    """
    whole, undone = undo(unify_lines(whole_characters(text)))
    reading = Reading(whole, form_feeds(whole), Encoding("str", 1.0, undone), line_ends_by_marks(whole))
    cleaned = pipeline.clean(reading, engines.default(), load())
    return CleanText(cleaned.structure.paragraphs, cleaned.changes)


def extract(text: str) -> tuple[Entity, ...]:
    """Find the entities of a text as it stands; offsets and words are in the script given."""
    from etl.extraction.extractor import extract as find  # noqa: PLC0415 - only this needs names and rules

    return find(whole_characters(text), None, None, engines.default()).entities


def convert(text: str, to: Literal["hans", "hant", "tw", "hk"]) -> str:
    """Convert a text to another script.

    >>> convert("汉字", to="hant")
    '漢字'
    """
    return engines.default().converters.text(whole_characters(text), to)


def process(payload: bytes, uri: str = "memory:report.txt", published_on: date | str | None = None) -> Report:
    """Process one report's bytes, all stages, without a database.

    Raises:
        RejectError: the bytes cannot become a report; ``stage`` and ``reason`` say why.
    """
    from etl.sources import media_type  # noqa: PLC0415 - keeps `import etl` free of file systems

    day = date.fromisoformat(published_on) if isinstance(published_on, str) else published_on
    raw = RawReport(uri, media_type(uri), payload, day)
    result = pipeline.process(raw, engines.default(), load())
    if isinstance(result, Rejected):
        raise RejectError(result.stage, result.reason, result.message)
    return result


def read_pdf(path: str | Path) -> tuple[PlacedParagraph, ...]:
    """Restore the paragraphs of a PDF, each with its page and boxes; the script is kept.

    Raises:
        RejectError: it cannot be read; ``stage`` and ``reason`` say why.
        OSError: there is no such file.
    """
    settings, file = load(), Path(path)
    raw = RawReport(file.absolute().as_uri(), PDF, file.read_bytes())
    reading = read.read(raw, engines.read_limits(settings))
    cleaned = pipeline.clean(reading, engines.default(), settings)
    return tuple(_placed(one, reading) for one in cleaned.structure.paragraphs)


def _placed(paragraph: Paragraph, reading: Reading) -> PlacedParagraph:
    body = paragraph.body
    spans = body.raw_spans(0, len(body))
    boxes = tuple(box for span in spans for box in reading.layout.boxes(*span))
    return PlacedParagraph(paragraph.kind, body.text, boxes[0].page if boxes else None, boxes)


def connect(uri: str | None = None) -> "Store":
    """Open a loaded database for typed reads: the one at ``uri``, or without it the one of the settings.

    Raises:
        UnavailableError: no server answers within the time-out of the settings.
        SetupError: the URI is not one.
    """
    from pydantic import SecretStr  # noqa: PLC0415 - texts need no database

    from etl.wiring import open_store  # noqa: PLC0415 - as above

    settings = load(mongo_uri=SecretStr(uri)) if uri else load()
    return open_store(settings)

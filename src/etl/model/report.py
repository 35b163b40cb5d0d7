"""Declare the values that flow through the pipeline, frozen, in the order in which they are made.

A new field of a report is added here and nowhere else: the validators of the database and
docs/schema.md are generated from these classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from etl.model.layout import Layout, PageBox
from etl.model.mentions import Entity, Fact
from etl.model.stages import Stage
from etl.model.traced import Change, TextRun, Traced

SCHEMA_VERSION = 9
# A field of a stored value that is kept elsewhere.
APART = {"apart": True}

Script = Literal["hans", "hant", "mixed", "none"]
ParagraphKind = Literal[
    "title",
    "byline",
    "dateline",
    "salutation",
    "heading",
    "body",
    "caption",
    "footnote",
    "note",
    "table",
]

LineEnd = Literal["open", "end", "join"]
"""What a format knows of a line end: nothing, that a paragraph ends there, or that one goes on."""

Mark = Literal["title", "heading", "item", "row", "quote", "code", "furniture", "note", "caption", "label"]
"""What a format says that a line is."""


# ---------------------------------------------------------------------------- sources


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report that a source offers, before anything of it is read.

    Attributes:
        uri: where it is, as an absolute fsspec URI; the report's id is made from it.
        media_type: guessed from the name, such as ``text/plain``.
        size: bytes, or None where the source does not say.
        modified: an opaque stamp (mtime or ETag) that changes when the bytes may have changed.
    """

    uri: str
    media_type: str
    size: int | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class RawReport:
    """One report as it was found: bytes and where they came from.

    Attributes:
        published_on: from a sidecar ``<name>.meta.json`` or an option; None when unknown.
    """

    uri: str
    media_type: str
    payload: bytes
    published_on: date | None = None
    size: int | None = None
    modified: str | None = None


# ------------------------------------------------------------------------------- read


@dataclass(frozen=True, slots=True)
class Encoding:
    """How bytes became text.

    Attributes:
        name: Python's codec name.
        confidence: how sure the detection was, 0 to 1.
        undone: stretches that an earlier program had read in a wrong encoding, in order: as they were found,
            and as they stand in the text now.
    """

    name: str
    confidence: float
    undone: tuple[tuple[str, str], ...] = ()


class Marked(NamedTuple):
    """A line of the raw text, ``text[start:end]``, that its format marks."""

    start: int
    end: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Pages:
    """What reading found out about the pages of a document.

    Attributes:
        count: pages that were read.
        columns: of text side by side, on the page that has most.
        broken_fonts: fonts whose encoded characters are not the printed ones.
        unmended_fonts: those of them of which no witness read enough characters.
        doubtful: numbers, from 1, of the pages whose lines may be in the wrong order.
        ocr: share of the characters that were read by character recognition, 0 to 1.
        unread: numbers of the pages that are pictures and were not recognized.
        doubtful_lines: lines of whose characters the recognition was not sure.
    """

    count: int
    columns: int
    broken_fonts: int = 0
    unmended_fonts: int = 0
    doubtful: tuple[int, ...] = ()
    ocr: float = 0.0
    unread: tuple[int, ...] = ()
    doubtful_lines: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    r"""The raw text, to which all provenance points, with what its format says about it.

    Attributes:
        text: the decoded text; line ends are ``\n``.
        breaks: offsets in ``text`` at which the format itself says that a page ends.
        encoding: how the bytes were read.
        line_ends: what the format knows of each line end of ``text``, in order; empty where it knows nothing.
        marks: the lines that the format says something of, in order.
        published_on: the day that the format itself gives, as pages and front matter do.
        ordered: the lines stand in reading order and furniture is marked, so that only open line ends ask.
        layout: where its lines stand on pages.
        pages: what is to be said of these; None where the format has none.
    """

    text: str
    breaks: tuple[int, ...]
    encoding: Encoding
    line_ends: tuple[LineEnd, ...] = ()
    marks: tuple[Marked, ...] = ()
    published_on: date | None = None
    ordered: bool = False
    layout: Layout = Layout()  # noqa: RUF009 - frozen
    pages: Pages | None = None


# ----------------------------------------------------------------- repair and structure


@dataclass(frozen=True, slots=True)
class Repaired:
    """The paragraphs that repair made of a reading, and the changes.

    Attributes:
        paragraphs: in reading order.
        changes: every one with its reason.
        tangled: too many sentences break off to be sure of the order of the pieces; only the lines of columns
            that were written in turns are moved then.
    """

    paragraphs: tuple[Traced, ...]
    changes: tuple[Change, ...]
    tangled: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its kind."""

    kind: ParagraphKind
    body: Traced


@dataclass(frozen=True, slots=True)
class ReportParagraph:
    """A stored paragraph.

    Attributes:
        kind: what it is.
        text: ``text[start:end]`` of the report.
        start: where it begins, in code points.
        end: where it ends.
        page: on which it begins, from 1; null where the format has no pages.
    """

    kind: ParagraphKind
    text: str
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report came from and how it was read.

    Attributes:
        uri: where it is now; a moved report keeps its id.
        sha256: of the bytes, the ``_id`` in ``sources``.
        media_type: guessed from the name.
        size: bytes.
        encoding: as Python calls it.
        encoding_confidence: 0 to 1.
        modified: the stamp that the source gave, see `Candidate`.
        published_on: the day that was given beside the bytes, as an option or in a sidecar.
        gone_at: when its place was first found empty by a whole listing; null while it is there.
    """

    uri: str
    sha256: str
    media_type: str
    size: int
    encoding: str
    encoding_confidence: float
    modified: str | None = None
    published_on: str | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures for an operator.

    Attributes:
        characters: of ``text``.
        repairs: joins, moves and removals that were applied.
        suggestions: changes that were not sure enough to be applied.
        lowest_confidence: of the applied changes; 1 where there were none.
        unreadable: share of the characters of ``text`` that nobody can read, 0 to 1.
        pages: that were read; 0 where the format has none.
        columns: of text side by side, on the page that has most.
        broken_fonts: fonts whose encoded characters are not the printed ones.
        ocr: share of the raw text that was read by character recognition, 0 to 1.
        doubtful_pages: numbers, from 1, of the pages whose lines may be in the wrong order, or that are
            pictures and were not recognized.
    """

    characters: int
    repairs: int
    suggestions: int
    lowest_confidence: float
    unreadable: float = 0.0
    pages: int = 0
    columns: int = 0
    broken_fonts: int = 0
    ocr: float = 0.0
    doubtful_pages: tuple[int, ...] = ()


CorrectionState = Literal["made", "needless", "no longer fits"]


@dataclass(frozen=True, slots=True)
class Corrected:
    """The state of a person's correction in this revision; its content stands in `corrections`.

    Attributes:
        id: the correction, `_id` in `corrections`.
        type: what is corrected.
        state: made; needless, where the text reads so by itself; no longer fits, and then nothing was done.
        reason: why it no longer fits; null where it does.
        start: where the corrected stretch begins in ``text``; null where it has no place.
        end: where it ends.
        by: who corrected, as they called themselves.
        at: when.
        note: why, in their words; null where they gave none.
    """

    id: str
    type: Literal["text", "split", "join", "kind", "entity"]
    state: CorrectionState
    reason: str | None
    start: int | None
    end: int | None
    by: str
    at: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class Report:
    r"""A clean document, as it is stored and printed.

    Attributes:
        id: stable id of the report, made from its URI.
        title: empty where the report has none.
        authors: names from the byline.
        published_on: from the option or sidecar, a date line, or the file name; null where none says.
        text: all paragraphs joined with ``\n``, in the canonical script.
        other_text: the same in the other script.
        script: the script that the raw text was found in.
        region: tw or hk where it shows, else null.
        canonical_script: the script of ``text`` and of all that is found in it.
        paragraphs: with their kinds and places in ``text``.
        entities: who, where, when, how much; with places in ``text``.
        entity_keys: keys of all entities, each once; filter by these.
        facts: what the declared patterns found.
        terms: words that a search may ask for, each once.
        keywords: words that say what it is about, the weightiest first.
        runs: which stretch of ``text`` is which stretch of the raw text, see `raw_span`.
        edits: the ledger, in the order of the stages.
        needs_review: a person should look at it, for the reasons in ``review_reasons``.
        quality: figures for an operator.
        source: where it came from and how it was read.
        pipeline: fingerprint of version, data, libraries and settings that made this revision, by stage.
        reprint_of: id of the earliest stored report with the same text, whatever its header, script or
            cut; null for an original, and until the run that loads it has ended.
        schema_version: of the shape of this document.
        review_reasons: doubtful repairs (they are only suggested), misread encoding (an earlier program had
            read bytes in a wrong one; that is undone), unreadable characters, too tangled (sentences break
            off at so many places that nobody can say what belongs where), lost corrections (a person's word
            no longer fits the text), doubtful order (of the lines of the pages that ``quality`` names),
            broken fonts, unread pages (pictures; ``quality`` names them, too), doubtful characters (that were
            recognized); empty where nothing asks.
        corrections: what became of people's corrections, in the order in which they were made.
        layout: where the raw text stands on its pages; kept in ``layouts`` beside the bytes, not in here.
    """

    id: str
    title: str
    authors: tuple[str, ...]
    published_on: str | None
    script: Script
    region: str | None
    canonical_script: str
    text: str
    other_text: str
    paragraphs: tuple[ReportParagraph, ...]
    entities: tuple[Entity, ...]
    entity_keys: tuple[str, ...]
    facts: tuple[Fact, ...]
    terms: tuple[str, ...]
    keywords: tuple[str, ...]
    edits: tuple[Change, ...]
    needs_review: bool
    quality: Quality
    source: Source
    pipeline: Mapping[str, str]
    runs: tuple[TextRun, ...] = field(repr=False)
    reprint_of: str | None = None
    schema_version: int = SCHEMA_VERSION
    review_reasons: tuple[str, ...] = ()
    corrections: tuple[Corrected, ...] = ()
    layout: Layout = field(default_factory=Layout, repr=False, compare=False, metadata=APART)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest raw stretch with all of ``text[start:end]``, as (start, end) code points."""
        return Traced(self.text, self.runs).raw_span(start, end)

    def page_boxes(self, start: int, end: int) -> tuple[PageBox, ...]:
        """Return the boxes of ``text[start:end]`` on its pages, one for each line, in reading order.

        Empty where the format has no pages.
        """
        spans = Traced(self.text, self.runs).raw_spans(start, end)
        return tuple(box for span in spans for box in self.layout.boxes(*span))

    def page_of(self, start: int) -> int | None:
        """Return the page, from 1, on which the paragraph with ``text[start]`` begins; None without pages."""
        return next((one.page for one in self.paragraphs if start <= one.end), None)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A report that could not be made, with the stage and reason that an operator filters by."""

    uri: str
    media_type: str
    sha256: str | None
    stage: Stage
    reason: str
    message: str
    error: str
    payload: bytes | None = field(default=None, repr=False)

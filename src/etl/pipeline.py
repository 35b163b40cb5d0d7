"""Run the stages one after the other: from bytes to a Report, or to a Rejected that says why not.

A new stage is one more line in `process` and one more name in `fingerprint.INPUTS`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from etl import normalize, quality, read, repair, script, structure
from etl.corrections.amending import Amended, apply_corrections, placed_entities
from etl.corrections.values import NO_ANNOTATIONS, Annotations
from etl.engines import Engines, read_limits
from etl.fingerprint import fingerprints
from etl.model.decisions import Decision
from etl.model.errors import RejectError
from etl.model.ids import report_id, sha256
from etl.model.layout import Layout
from etl.model.mentions import Extraction
from etl.model.rejects import rejected
from etl.model.report import (
    Paragraph,
    RawReport,
    Reading,
    Rejected,
    Repaired,
    Report,
    ReportParagraph,
    Source,
)
from etl.model.traced import Change, Traced, concat
from etl.settings import Settings
from etl.telemetry.timings import stage

if TYPE_CHECKING:
    from etl.extraction.resources.tagger import Tagged


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A report restored, normalized and labelled, still in the script it was found in."""

    structure: structure.Structure
    changes: tuple[Change, ...]
    tangled: bool


@dataclass(frozen=True, slots=True)
class Canonical:
    """The whole text in the canonical script, and the script in which it was found."""

    kinds: tuple[Paragraph, ...]
    whole: Traced
    detected: script.Detected
    authors: tuple[str, ...]
    date: date | None
    tangled: bool
    amended: Amended


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report as far as its canonical text, in which names are looked for next."""

    raw: RawReport
    reading: Reading
    canonical: Canonical
    changes: tuple[Change, ...]
    published_on: date | None


def process(
    raw: RawReport,
    engines: Engines,
    settings: Settings,
    report: str | None = None,
    annotations: Annotations = NO_ANNOTATIONS,
) -> Report | Rejected:
    """Make a Report from raw bytes; bad input becomes a Rejected, programming errors stay errors.

    ``report`` is the id to give it where the URI is not where it was first seen; ``annotations`` are what
    people decided about its repairs, and what they corrected.
    """
    made = process_to_store(raw, engines, settings, report, annotations)
    return made if isinstance(made, Rejected) or made.other_text else _in_both_scripts(made, engines)


def process_to_store(
    raw: RawReport,
    engines: Engines,
    settings: Settings,
    report: str | None = None,
    annotations: Annotations = NO_ANNOTATIONS,
) -> Report | Rejected:
    """Make a Report as `process` does, with the text in the other script only if the settings store it."""
    prepared = prepare(raw, engines, settings, annotations)
    made = prepared if isinstance(prepared, Rejected) else complete(prepared, engines, settings, report)
    return made if isinstance(made, Rejected) else to_store(made, engines, settings)


def prepare(
    raw: RawReport, engines: Engines, settings: Settings, annotations: Annotations = NO_ANNOTATIONS
) -> Prepared | Rejected:
    """Process raw bytes up to the canonical text, before the tagger, which reads many texts at once."""
    try:
        with stage("read"):
            reading = read.read(raw, read_limits(settings))
        cleaned = clean(reading, engines, settings, annotations.decisions)
        canonical, changes = _canonical(reading.text, cleaned, annotations, engines, settings)
        published_on = _published_on(raw, reading, canonical)
    except RejectError as error:
        return rejected(raw, error)
    return Prepared(raw, reading, canonical, changes, published_on)


def tag(prepared: Sequence[Prepared], engines: Engines) -> "tuple[Tagged, ...]":
    """Tag many texts together, which takes less time than one after the other."""
    with stage("extract"):
        return engines.tagger.read_all([one.canonical.whole.text for one in prepared])


def complete(
    prepared: Prepared,
    engines: Engines,
    settings: Settings,
    report: str | None = None,
    tagged: "Tagged | None" = None,
) -> Report | Rejected:
    """Make the Report, its text in one script; ``tagged`` is the tagger's result, None to ask it now."""
    from etl.extraction.extractor import KnownEntities, extract  # noqa: PLC0415 - who only cleans needs no names

    canonical, published_on = prepared.canonical, prepared.published_on
    try:
        with stage("extract"):
            known = KnownEntities(canonical.amended.entities, tagged)
            found = extract(canonical.whole.text, canonical.kinds, published_on, engines, known)
    except RejectError as error:
        return rejected(prepared.raw, error)
    return _assemble(prepared, found, settings, report)


def to_store(report: Report, engines: Engines, settings: Settings) -> Report:
    """Return a report with the text in the other script if the settings store it.

    Of many reports it is made of one right after the other: large dictionaries then stay at hand.
    """
    return _in_both_scripts(report, engines) if settings.store.other_text else report


def rerun_from_stage(
    report: Report,
    since: str,
    engines: Engines,
    settings: Settings,
    annotations: Annotations = NO_ANNOTATIONS,
) -> Report | None:
    """Make a stored report again from stage ``since`` on; None where only its bytes can tell.

    What stands before ``since`` is taken as stored: the text and its paragraphs for ``extract``, the entities
    too for ``facts``. A report whose corrections are not the ones given must be made from its bytes.
    """
    from etl.extraction.extractor import KnownEntities, extract, extract_facts  # noqa: PLC0415 - as above

    if {one.id for one in report.corrections} != {one.id for one in annotations.corrections}:
        return None
    if since == "facts":
        with stage("extract"):
            found = extract_facts(report.text, report.entities, engines)
        return replace(report, facts=found, pipeline=fingerprints(settings))
    if since != "extract":
        return None
    kinds = tuple(Paragraph(p.kind, Traced(p.text, ())) for p in report.paragraphs)
    day = date.fromisoformat(report.published_on) if report.published_on else None
    with stage("extract"):
        asked = placed_entities(annotations.corrections, report.corrections)
        again = extract(report.text, kinds, day, engines, KnownEntities(asked))
    return replace(
        report,
        entities=again.entities,
        entity_keys=_keys(again),
        facts=again.facts,
        terms=again.terms,
        keywords=again.keywords,
        pipeline=fingerprints(settings),
    )


def clean(
    reading: Reading, engines: Engines, settings: Settings, decisions: Sequence[Decision] = ()
) -> Cleaned:
    """Repair, normalize and label one reading; the script is kept."""
    with stage("repair"):
        repaired = repair.repair(
            reading, engines.restorer, settings.repair.threshold, decisions, _in_its_stage(_writer(reading))
        )
    changes = tuple(_as_sure((*read.record_undone(reading), *repaired.changes), reading))
    with stage("structure"):
        return Cleaned(structure.label(repaired.paragraphs, reading.marks), changes, repaired.tangled)


def _as_sure(changes: Iterable[Change], reading: Reading) -> Iterator[Change]:
    """Yield changes, their confidence times the certainty of the characters at their place."""
    pages = reading.pages
    recognized = pages is not None and (pages.ocr > 0 or pages.broken_fonts > 0)
    for change in changes:
        sure = reading.layout.sure(max(0, change.start - 1), change.end + 1) if recognized else 1.0
        yield change if sure == 1 else replace(change, confidence=round(change.confidence * sure, 4))


def _writer(reading: Reading) -> normalize.Writer:
    """Return the writer that normalizes a reading's paragraphs, told where its tables' rows begin."""
    return normalize.Writer(mark.start for mark in reading.marks if mark.mark == "row")


def _in_its_stage(write: repair.Writer) -> repair.Writer:
    """Wrap ``write`` so that its time is counted for the stage ``normalize``."""

    def measured(paragraphs: Sequence[Traced]) -> Repaired:
        with stage("normalize"):
            return write(paragraphs)

    return measured


def in_script(cleaned: Cleaned, engines: Engines, target: Literal["hans", "hant"]) -> Cleaned:
    """Convert a cleaned report to script ``target``, and add the conversions to its ledger."""
    changes = list(cleaned.changes)
    paragraphs = []
    for paragraph in cleaned.structure.paragraphs:
        body, edits = script.convert(
            paragraph.body, engines.converters, target, keep=cleaned.structure.authors
        )
        paragraphs.append(replace(paragraph, body=body) if edits else paragraph)
        changes += edits
    return replace(
        cleaned,
        structure=replace(cleaned.structure, paragraphs=tuple(paragraphs)),
        changes=tuple(changes),
    )


def _published_on(raw: RawReport, reading: Reading, canonical: Canonical) -> date | None:
    """Return the day of the option or sidecar, else of the format, a line or the file name; else None."""
    return raw.published_on or reading.published_on or canonical.date or structure.date_in_name(raw.uri)


def _canonical(
    raw: str, cleaned: Cleaned, annotations: Annotations, engines: Engines, settings: Settings
) -> tuple[Canonical, tuple[Change, ...]]:
    """Convert all paragraphs to the canonical script, apply corrections; return them and the ledger."""
    with stage("convert"):
        detected = script.detect("\n".join(p.body.text for p in cleaned.structure.paragraphs))
        target = settings.script.canonical
        converted = in_script(cleaned, engines, target)
        authors = tuple(engines.converters.name(author, target) for author in cleaned.structure.authors)
    with stage("correct"):
        amended = apply_corrections(converted.structure.paragraphs, raw, annotations.corrections)
        head = _head(converted.structure.paragraphs, amended, (authors, cleaned.structure.date))
    whole = concat(_joined(amended.paragraphs))
    canonical = Canonical(amended.paragraphs, whole, detected, *head, cleaned.tangled, amended)
    return canonical, (*converted.changes, *amended.changes)


Head = tuple[tuple[str, ...], date | None]


def _head(before: Sequence[Paragraph], amended: Amended, found: Head) -> Head:
    """Return authors and day, read again if corrections changed the lines that say them."""
    if amended.paragraphs == tuple(before):
        return found
    was, now = structure.read_head(before), structure.read_head(amended.paragraphs)
    authors = found[0] if was.authors == now.authors else now.authors
    return authors, found[1] if was.date == now.date else now.date


def _in_both_scripts(report: Report, engines: Engines) -> Report:
    """Add the whole text in the other script to a report."""
    people = {entity.text for entity in report.entities if entity.type == "person"}
    with stage("convert"):
        return replace(report, other_text=engines.other_text(report.text, people))


def _joined(paragraphs: Sequence[Paragraph]) -> list[Traced]:
    """Return the paragraphs' bodies with a line break between each two, placed at the end of the former."""
    pieces: list[Traced] = []
    for paragraph in paragraphs:
        if pieces:
            runs = pieces[-1].runs
            pieces.append(Traced.inserted("\n", runs[-1].raw_end if runs else 0))
        pieces.append(paragraph.body)
    return pieces


@lru_cache(maxsize=1)
def _made_with(settings: Settings) -> Mapping[str, str]:
    return fingerprints(settings)


def _assemble(prepared: Prepared, found: Extraction, settings: Settings, report: str | None) -> Report:
    raw, canonical, changes = prepared.raw, prepared.canonical, prepared.changes
    stored = list(_placed(canonical.kinds, prepared.reading.layout))
    title = structure.title_of([p.text for p in stored], [p.kind for p in stored])
    figures = quality.quality(canonical.whole.text, changes, prepared.reading.pages)
    corrected = canonical.amended.corrected
    why = quality.reasons(figures, changes, corrected, prepared.reading.pages, tangled=canonical.tangled)
    return Report(
        id=report or report_id(raw.uri),
        title=title,
        authors=canonical.authors,
        published_on=prepared.published_on.isoformat() if prepared.published_on else None,
        script=canonical.detected.script,
        region=canonical.detected.region,
        canonical_script=settings.script.canonical,
        text=canonical.whole.text,
        other_text="",
        paragraphs=tuple(stored),
        entities=found.entities,
        entity_keys=_keys(found),
        facts=found.facts,
        terms=found.terms,
        keywords=found.keywords,
        edits=changes,
        needs_review=bool(why),
        review_reasons=why,
        quality=figures,
        source=_source(raw, prepared.reading),
        pipeline=dict(_made_with(settings)),
        runs=canonical.whole.runs,
        corrections=corrected,
        layout=prepared.reading.layout,
    )


def _placed(paragraphs: Sequence[Paragraph], layout: Layout | None) -> Iterator[ReportParagraph]:
    """Yield paragraphs with their offsets in the joined text, and the page on which each begins."""
    position = 0
    for paragraph in paragraphs:
        end = position + len(paragraph.body)
        page = layout.page_at(paragraph.body.raw_span(0, 1)[0]) if layout else None
        yield ReportParagraph(paragraph.kind, paragraph.body.text, position, end, page)
        position = end + 1


def _keys(found: Extraction) -> tuple[str, ...]:
    return tuple(sorted({entity.key for entity in found.entities}))


def _source(raw: RawReport, reading: Reading) -> Source:
    return Source(
        uri=raw.uri,
        sha256=sha256(raw.payload),
        media_type=raw.media_type,
        size=len(raw.payload),
        encoding=reading.encoding.name,
        encoding_confidence=reading.encoding.confidence,
        modified=raw.modified,
        published_on=raw.published_on.isoformat() if raw.published_on else None,
    )

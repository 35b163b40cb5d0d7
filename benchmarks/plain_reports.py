"""Reports made of texts alone, for measures of the store: no entities, no facts, words on demand.

`report` makes one, `load` stores many as a worker does. A field that a measure needs is a parameter of
`report`.
"""

from collections.abc import Sequence

from etl.model.ids import report_id, sha256
from etl.model.report import Quality, Report, ReportParagraph, Source
from etl.model.traced import TextRun
from etl.store.blobs import source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.reports import report_writes
from etl.store.reports.report_writes import ReportWrite


def report(uri: str, text: str, published_on: str | None = None, terms: Sequence[str] = ()) -> Report:
    """A report of one paragraph, its raw bytes its text."""
    sha, size = sha256(text.encode()), len(text)
    return Report(
        id=report_id(uri),
        title="",
        authors=(),
        published_on=published_on,
        script="hans",
        region=None,
        canonical_script="hans",
        text=text,
        other_text=text,
        paragraphs=(ReportParagraph("body", text, 0, size),),
        entities=(),
        entity_keys=(),
        facts=(),
        terms=tuple(terms),
        keywords=(),
        edits=(),
        needs_review=False,
        quality=Quality(size, 0, 0, 1.0),
        source=Source(uri, sha, "text/plain", size, "utf-8", 1.0),
        pipeline={"facts": "0"},
        runs=(TextRun(0, size, 0, size),),
    )


def load(db: Db, made: Sequence[Report], at_once: int = 100) -> None:
    """Store new reports with their bytes, batch by batch; settling is left to the caller."""
    for first in range(0, len(made), at_once):
        batch = made[first : first + at_once]
        kept = [
            SourceBlob(r.source.sha256, r.source.uri, "text/plain", "utf-8", r.text.encode()) for r in batch
        ]
        source_blobs.put_blobs(db, kept, 8_000_000)
        report_writes.write_reports(db, [ReportWrite(one, None) for one in batch], Lease("bench"))

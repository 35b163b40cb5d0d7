"""Make the four tables: the columns of each, and the rows that one stored report adds to it.

A new column is a `Column` and its value beside it; `python -m etl.export.reference` writes them into
docs/exports.md. Cells of lists hold their values with `; ` between them.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from etl.export.columns import Cell, Column, Row, join_values, to_date, to_decimal
from etl.model.mentions import Entity
from etl.model.traced import TextRun, Traced
from etl.store.records.changelog import EntityRecord
from etl.store.records.codec import Doc, from_bson

REPORTS = (
    Column("report_id", "text", "id of the report"),
    Column("title", "text", "empty where it has none"),
    Column("authors", "text", "names from the byline"),
    Column("published_on", "date", "empty where nothing says"),
    Column("script", "text", "hans, hant, mixed or none: that of the raw text"),
    Column("region", "text", "tw or hk where it shows"),
    Column("characters", "integer", "of the text"),
    Column("paragraphs", "integer", "how many it has"),
    Column("mentions", "integer", "how many it has"),
    Column("facts", "integer", "how many it states"),
    Column("keywords", "text", "what it is about, the weightiest first"),
    Column("needs_review", "boolean", "a person should look at it"),
    Column("review_reasons", "text", "why"),
    Column("repairs", "integer", "joins, moves and removals that were made"),
    Column("suggestions", "integer", "changes that were not sure enough"),
    Column("lowest_confidence", "number", "of the repairs, 0 to 1"),
    Column("uri", "text", "where it came from"),
    Column("sha256", "text", "of its bytes"),
    Column("media_type", "text", "of its bytes"),
    Column("encoding", "text", "by which they were read"),
    Column("reprint_of", "text", "id of the earliest report with the same text"),
    Column("revision", "integer", "1 for the first version"),
    Column("loaded_at", "time", "when this version was stored, UTC"),
    Column("text", "text", "all paragraphs, one a line"),
)
ENTITIES = (
    Column("key", "text", "`type:canonical name`"),
    Column("type", "text", "person, organization, place, time, money, quantity or document"),
    Column("name", "text", "the canonical name"),
    Column("names", "text", "words by which reports call it, most frequent first"),
    Column("roles", "text", "given beside it, most frequent first"),
    Column("code", "text", "of the administrative division that a place is"),
    Column("chain", "text", "its names from the province down"),
    Column("reports", "integer", "how many reports name it"),
    Column("matching", "integer", "how many of those that were asked for do"),
    Column("first_seen", "date", "day of the earliest report that names it"),
    Column("last_seen", "date", "day of the latest"),
)
# What tells where a row of mentions or facts stands.
PLACE_COLUMNS = (
    Column("report_id", "text", "id of the report"),
    Column("published_on", "date", "its day"),
    Column("title", "text", "its title"),
    Column("number", "integer", "which of its mentions or facts this is, from 0 on"),
    Column("type", "text", "its kind"),
    Column("text", "text", "the words of the report"),
    Column("paragraph", "integer", "that they begin in, counted from 0"),
    Column("start", "integer", "where they begin in the text, in code points"),
    Column("end", "integer", "where they end"),
    Column("raw_start", "integer", "where they begin in the raw text"),
    Column("raw_end", "integer", "where they end there"),
)
MENTIONS = (
    *PLACE_COLUMNS,
    Column("key", "text", "of the entity, as in the table of entities"),
    Column("name", "text", "its canonical name"),
    Column("roles", "text", "of a person, as given beside the name"),
    Column("of", "text", "the organization or village a person belongs to"),
    Column("code", "text", "of the administrative division, as on the report's day"),
    Column("chain", "text", "its names from the province down"),
    Column("start_date", "date", "first day of a time"),
    Column("end_date", "date", "last day of a time"),
    Column("value", "decimal", "of a sum or quantity; the lower end of a range"),
    Column("max", "decimal", "upper end of a range"),
    Column("currency", "text", "of a sum, ISO 4217"),
    Column("at_least", "boolean", "the sum is said to be more"),
    Column("approximate", "boolean", "the sum is said to be about that"),
    Column("unit", "text", "of a quantity"),
    Column("thing", "text", "what is counted"),
)
# What each table needs of a stored report.
BASIC = ("title", "published_on", "text", "parts")
NEEDED_FIELDS: Mapping[str, tuple[str, ...]] = {
    "reports": (
        *(*BASIC, "authors", "script", "region", "keywords", "needs_review", "review_reasons", "quality"),
        *("source", "reprint_of", "revision", "loaded_at", "paragraphs", "entities", "facts"),
    ),
    "facts": (*BASIC, "paragraphs", "runs", "facts"),
    "mentions": (*BASIC, "paragraphs", "runs", "entities"),
}


def report_row(entry: Doc) -> Row:
    """Return the row of a stored report in the table of reports."""
    quality, source = entry["quality"], entry["source"]
    counts = [len(entry[name]) for name in ("text", "paragraphs", "entities", "facts")]
    return (
        entry["_id"],
        entry["title"] or None,
        join_values(entry["authors"]),
        to_date(entry["published_on"]),
        entry["script"],
        entry["region"],
        *counts,
        join_values(entry["keywords"]),
        entry["needs_review"],
        join_values(entry["review_reasons"]),
        *(quality[name] for name in ("repairs", "suggestions", "lowest_confidence")),
        *(source[name] for name in ("uri", "sha256", "media_type", "encoding")),
        *(entry[name] for name in ("reprint_of", "revision", "loaded_at", "text")),
    )


def entity_row(entity: EntityRecord, matching: int) -> Row:
    """Return the row of an entity in the table of entities."""
    return (
        entity.id,
        entity.type,
        entity.name,
        join_values(entity.names),
        join_values(entity.roles),
        entity.code,
        entity.chain,
        entity.reports,
        matching,
        to_date(entity.first_seen),
        to_date(entity.last_seen),
    )


@dataclass(frozen=True, slots=True)
class PlacedReport:
    """A stored report, in which the places of rows are looked up."""

    entry: Doc
    traced: Traced
    starts: tuple[int, ...]

    @classmethod
    def of(cls, entry: Doc) -> "PlacedReport":
        """Make it of a stored document that has text, runs and paragraphs."""
        traced = Traced(entry["text"], from_bson(tuple[TextRun, ...], entry["runs"]))
        return cls(entry, traced, tuple(paragraph["start"] for paragraph in entry["paragraphs"]))

    def row(self, number: int, kind: str, start: int, end: int) -> Row:
        """Return the cells of `PLACE_COLUMNS`."""
        entry = self.entry
        where = (entry["_id"], to_date(entry["published_on"]), entry["title"] or None, number, kind)
        paragraph = max(0, bisect_right(self.starts, start) - 1)
        return (*where, entry["text"][start:end], paragraph, start, end, *self.traced.raw_span(start, end))


def mention_rows(entry: Doc, mentions: Iterable[tuple[int, Entity]]) -> Iterator[Row]:
    """Yield a row for each of some mentions of a stored report, which come with their numbers."""
    placing = PlacedReport.of(entry)
    for number, one in mentions:
        yield (*placing.row(number, one.type, one.start, one.end), *_values(one))


def _values(one: Entity) -> Iterator[Cell]:
    value: Any
    yield one.key
    yield one.key.partition(":")[2]
    for column in MENTIONS[len(PLACE_COLUMNS) + 2 :]:
        value = getattr(one, column.name, None)
        if column.type == "decimal":
            yield None if value is None else to_decimal(value.exact)
        elif column.type == "date":
            yield to_date(value)
        else:
            yield join_values(value) if isinstance(value, tuple) else value

"""Declare the record of the shapes that the database has had."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MigrationRecord:
    """A shape that the database has had; the highest number is the present one.

    Attributes:
        id: version of the shape.
        done_at: when every document had it.
        schema_version: of the shape of this document.
    """

    id: int
    done_at: datetime
    schema_version: int

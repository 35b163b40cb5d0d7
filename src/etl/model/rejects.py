"""Record a report that is quarantined, without loading what processes texts."""

from etl.model.errors import RejectError
from etl.model.ids import sha256
from etl.model.report import RawReport, Rejected


def rejected(raw: RawReport, error: RejectError) -> Rejected:
    """Return the record of a report that is quarantined, with its bytes for a later try."""
    return Rejected(
        uri=raw.uri,
        media_type=raw.media_type,
        sha256=sha256(raw.payload),
        stage=error.stage,
        reason=error.reason,
        message=str(error),
        error=type(error).__name__,
        payload=raw.payload,
    )

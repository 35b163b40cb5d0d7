"""Read pages saved as one file (MHTML), which Word and browsers also write under the names of documents."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

from etl.damage import FAULTS
from etl.model.errors import RejectError, brief
from etl.model.report import RawReport, Reading


def read_mhtml(raw: RawReport) -> Reading:
    """Read the page of an archive, its first part in HTML; pictures and frames are left out.

    Raises:
        RejectError: ``html`` where no page is in it, else as `read_html`.
    """
    from etl.read.html import read_html  # noqa: PLC0415 - loaded with the first page

    try:
        parts = message_from_bytes(raw.payload, policy=default).walk()
        page = next(
            (part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/html"), None
        )
    except FAULTS as error:
        raise _refused(f"a fault ({brief(error)})") from error
    if not isinstance(page, bytes) or not page:
        raise _refused("no page")
    return read_html(replace(raw, payload=page))


def _refused(found: str) -> RejectError:
    message = f"found an archive of a page with {found}, expected one with HTML; save the page as HTML"
    return RejectError("read", "html", message)

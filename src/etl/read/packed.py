"""Judge archives in which documents are packed by the sizes that their directory declares."""

import zipfile
from io import BytesIO

from etl.damage import FAULTS
from etl.model.errors import brief

# A real report of 300 pages unpacks to 20 MB; images do not count, they hardly pack.
MAX_UNPACKED = 300_000_000
MAX_MEMBERS = 10_000
MAX_RATIO = 200
# Below this a high ratio is harmless: styles and empty tables pack well.
RATIO_FROM = 5_000_000


def archive_fault(payload: bytes) -> str:
    """Return what is wrong with an archive, as it is damaged or a bomb; "" for nothing.

    zipfile unpacks no more than the directory declares.
    """
    try:
        with zipfile.ZipFile(BytesIO(payload)) as archive:
            members = archive.infolist()
    except FAULTS as error:
        return f"damaged archive: {brief(error)}"
    unpacked = sum(member.file_size for member in members)
    worst = max((_ratio(member) for member in members), default=0)
    if len(members) <= MAX_MEMBERS and unpacked <= MAX_UNPACKED and worst <= MAX_RATIO:
        return ""
    return (
        f"it holds {len(members)} members, {unpacked} bytes unpacked, packed up to {worst} times; "
        f"allowed are {MAX_MEMBERS}, {MAX_UNPACKED} and {MAX_RATIO}"
    )


def _ratio(member: zipfile.ZipInfo) -> int:
    return member.file_size // max(1, member.compress_size) if member.file_size > RATIO_FROM else 0

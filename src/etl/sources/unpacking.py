"""Offer the members of archives that lie among other files, each archive in its place."""

from collections.abc import Iterator

from etl.errors import UnavailableError
from etl.model import Candidate
from etl.settings import SourceSettings
from etl.sources.archive import archive_protocol, list_archive
from etl.sources.names import Offer, is_archive, reject


def unpacked(offers: Iterator[Offer], limits: SourceSettings) -> Iterator[Offer]:
    """What was found in a folder, with the members of each archive in its place."""
    for offer in offers:
        if not (isinstance(offer, Candidate) and is_archive(offer.uri)):
            yield offer
            continue
        try:
            yield from list_archive(offer.uri, "", archive_protocol(offer.uri), limits)
        except UnavailableError as error:
            yield reject(offer.uri, "unreadable", str(error))

"""Members of archives as a kind of source: named ``zip://member::container`` or ``tar://member::container``."""

from collections.abc import Iterator

from etl.model import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.archive import fetch_member, has_member, list_archive
from etl.sources.local import literal_path
from etl.sources.names import Offer, local_uri, protocol, split_member
from etl.sources.remote import remote_uri
from etl.sources.remote_source import RemoteSource


class ArchiveSource(RemoteSource):
    """Members of one archive, wherever it lies; without a container the URL is one that fsspec may know."""

    def list(self, source: str, limits: SourceSettings) -> Iterator[Offer]:
        """A member, or those that a pattern names."""
        if "::" not in source:
            return super().list(source, limits)
        wanted, container = split_member(source)
        return list_archive(_container(container), wanted, protocol(source), limits)

    def fetch(self, candidate: Candidate, limits: SourceSettings) -> RawReport:
        """Read the member."""
        return fetch_member(candidate, limits)

    def exists(self, uri: str, limits: SourceSettings) -> bool:
        """Whether the archive has the member."""
        return has_member(uri, limits)


def _container(source: str) -> str:
    """The one URI of an archive, however it was named."""
    return local_uri(literal_path(source)) if protocol(source) in ("", "file") else remote_uri(source)

"""Serve the members of archives, named ``zip://member::container`` or ``tar://member::container``."""

from collections.abc import Iterator

from etl.model.report import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.archive import fetch_member, has_member, list_archive
from etl.sources.local import literal_path
from etl.sources.names import Offer, local_uri, protocol, split_member
from etl.sources.remote import remote_uri
from etl.sources.remote_source import RemoteSource


class ArchiveSource(RemoteSource):
    """Members of one archive, local or remote; a URL without ``::`` is left to fsspec (`RemoteSource`)."""

    def list(self, source: str, limits: SourceSettings) -> Iterator[Offer]:
        """Yield the offer of one member, or of those in a folder or pattern within the archive."""
        if "::" not in source:
            return super().list(source, limits)
        wanted, container = split_member(source)
        return list_archive(_container(container), wanted, protocol(source), limits)

    def fetch(self, candidate: Candidate, limits: SourceSettings) -> RawReport:
        """Read the bytes of the member, and the day that its sidecar gives."""
        return fetch_member(candidate, limits)

    def exists(self, uri: str, limits: SourceSettings) -> bool:
        """Check whether the archive has the member; True too for an archive that cannot be opened."""
        return has_member(uri, limits)


def _container(source: str) -> str:
    """Return the one URI of an archive, whether it was named by a path, a ``file://`` URI or another URL."""
    return local_uri(literal_path(source)) if protocol(source) in ("", "file") else remote_uri(source)

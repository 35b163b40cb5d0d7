"""Stores that fsspec opens as a kind of source: named by a URL."""

from collections.abc import Iterator

from etl.model import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.archive import archive_protocol, list_archive, unpacked
from etl.sources.names import MAGIC, Offer, is_archive
from etl.sources.remote import fetch_remote, has_remote, is_file, list_remote, remote_uri
from etl.sources.source import Scope, below, matching


class RemoteSource:
    """Objects and folders of a store."""

    def list(self, source: str, limits: SourceSettings) -> Iterator[Offer]:
        """An object, what lies in a folder, or what a pattern names; archives give their members."""
        if is_archive(source) and not MAGIC.search(source) and is_file(source):
            return list_archive(remote_uri(source), "", archive_protocol(source), limits)
        return unpacked(list_remote(source, limits), limits)

    def fetch(self, candidate: Candidate, limits: SourceSettings) -> RawReport:
        """Read the object."""
        return fetch_remote(candidate, limits)

    def exists(self, uri: str, limits: SourceSettings) -> bool:
        """Whether the store has an object there."""
        del limits
        return has_remote(uri)

    def scope(self, source: str) -> Scope:
        """What lies under a folder, or what a pattern may name."""
        if "::" in source:
            return ()
        magic = MAGIC.search(source)
        if magic:
            return matching(source[: magic.start()].rpartition("/")[0] + "/", source)
        return below(source.rstrip("/") + "/")

"""Serve stores that fsspec opens, named by a URL."""

from collections.abc import Iterator

from etl.model.report import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.archive import archive_protocol, expand_archives, list_archive
from etl.sources.names import MAGIC, Offer, is_archive
from etl.sources.remote import fetch_remote, has_remote, is_file, list_remote, remote_uri
from etl.sources.source import Scope, folder_scope, pattern_scope


class RemoteSource:
    """Objects and folders of a store that fsspec opens."""

    def list(self, source: str, limits: SourceSettings) -> Iterator[Offer]:
        """Yield offers for an object, folder or pattern; an archive gives its members instead."""
        if is_archive(source) and not MAGIC.search(source) and is_file(source):
            return list_archive(remote_uri(source), "", archive_protocol(source), limits)
        return expand_archives(list_remote(source, limits), limits)

    def fetch(self, candidate: Candidate, limits: SourceSettings) -> RawReport:
        """Read the bytes of an object, and the day that its sidecar gives."""
        return fetch_remote(candidate, limits)

    def exists(self, uri: str, limits: SourceSettings) -> bool:
        """Check whether the store has anything at the URL; what access rights hide counts as there."""
        del limits
        return has_remote(uri)

    def scope(self, source: str) -> Scope:
        """Return the URIs that may lie in a folder or match a pattern; none for a chained URL (``::``)."""
        if "::" in source:
            return ()
        magic = MAGIC.search(source)
        if magic:
            return pattern_scope(source[: magic.start()].rpartition("/")[0] + "/", source)
        return folder_scope(source.rstrip("/") + "/")

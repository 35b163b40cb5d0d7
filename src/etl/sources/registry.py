"""Choose the kind of source by the protocol of a URI.

A new kind is a module with a `Source` and a line in `KINDS`.
"""

from collections.abc import Mapping

from etl.sources.archive import OPENERS
from etl.sources.archive_source import ArchiveSource
from etl.sources.local_source import LocalSource
from etl.sources.names import protocol
from etl.sources.remote_source import RemoteSource
from etl.sources.source import Source

KINDS: Mapping[str, Source] = {
    **dict.fromkeys(("", "file"), LocalSource()),
    **dict.fromkeys(OPENERS, ArchiveSource()),
}
# Whatever else fsspec knows.
OTHER: Source = RemoteSource()


def source_of(uri: str) -> Source:
    """Return the kind of source that serves a path or URI; fsspec serves every protocol not in `KINDS`."""
    return KINDS.get(protocol(uri), OTHER)

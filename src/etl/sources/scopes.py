"""Scopes of folders and patterns, for every kind of source that has some."""

from etl.sources.archive import OPENERS
from etl.sources.names import is_archive
from etl.sources.source import Scope, UriRange


def below(prefix: str) -> Scope:
    """What lies under a folder, also in archives there."""
    return (UriRange(prefix), *(UriRange(f"{kind}://", prefix) for kind in OPENERS))


def matching(prefix: str, pattern: str) -> Scope:
    """What a pattern may name; members of archives only where it may name archives."""
    return below(prefix) if is_archive(pattern) or pattern.endswith("*") else (UriRange(prefix),)

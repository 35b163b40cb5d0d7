"""Make ids of things in the database from their content; never random, so every write can be repeated."""

import hashlib


def sha256(payload: bytes) -> str:
    """Return the SHA-256 of bytes as hex digits: the ``_id`` of a source."""
    return hashlib.sha256(payload).hexdigest()


def report_id(uri: str) -> str:
    """Return the id of the report that first appeared at ``uri``: 24 hex digits."""
    return sha256(uri.encode("utf-8", "surrogateescape"))[:24]

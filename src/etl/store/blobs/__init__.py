"""Bytes: raw sources by their hash, and the parts of documents that are too large for one.

Imports `records` and `driver`. Every sub-package above may import it.
"""

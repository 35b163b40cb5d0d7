"""Keep bytes: raw sources by their hash, and the parts of documents that are too large for one.

`source_blobs` keeps raw bytes, `layouts` where their text stands on its pages, `overflow` large parts of
documents.

Imports `records` and `driver`. Every sub-package above may import it.
"""

"""The way to a database: connecting, logging in, trying again while faults pass, and reads in small pieces.

Imports `records` and `embedded`. Every sub-package above may import it.
"""

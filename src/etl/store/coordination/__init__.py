"""Who writes, and what is under way: the lease with its fence, write-ahead intents, the records of runs.

Imports `records` and `driver`. Every sub-package above may import it.
"""

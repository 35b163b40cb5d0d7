"""Coordinate writers: the lease with its fence, write intents, and the records of runs.

`lease` lets one job write, `fence_floor` refuses those that lost it, `write_intents` are the intents, `runs`
the records.

Imports `records` and `driver`. Every sub-package above may import it.
"""

"""Processes that can be ended one by one, whatever they do.

`handle` is the parent's side of Python processes of our own that do one task after the other: it starts one,
talks to it and ends it. `own_limits` is the child's: it ends with its parent and bounds its own memory and
time. `program` runs a program of others within limits.

The package imports nothing of `etl`; the pool of workers, readers and executors import it.
"""

"""Python processes of our own that do one task after the other and can be ended one by one.

`handle` is the parent's side: it starts such a process, talks to it and ends it. `own_limits` is the child's:
it ends with its parent and bounds its own memory and time.

The package imports nothing of `etl`; the pool of workers, the reader of PDFs and executors import it.
"""

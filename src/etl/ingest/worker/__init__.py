"""Run one batch of work in any process: load or reprocess it, then write its results or predict them.

`load` and `reprocess` are the two kinds of batch. Both get their tools from `context`, match candidates with
stored reports by `identity`, process each report through `isolation`, and pass it to a `sink`, for the
database through a `batch_writer`.

Imports the values of `etl.ingest` (`batches`, `stats`), the sources, the isolation of reports and the store.
Jobs, dry runs and tests may import it; it imports none of them.
"""

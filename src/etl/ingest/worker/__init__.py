"""What runs on workers, in any process: load or reprocess one batch, and write or foretell its results.

Imports the values of `etl.ingest` (`batches`, `stats`), the sources, the isolation of reports and the store.
Jobs, dry runs and tests may import it; it imports none of them.
"""

"""Write, move and delete reports one by one, keep their revisions and quarantine, and predict writes.

`report_writes` writes with `revision_diff` and `revisions`, `dry_run` predicts it; `source_location` records
moves, `deletion` deletes, `quarantine` keeps what failed, `short_ids` resolves ids.

Imports every sub-package below it. `query` and `admin` may import it, and whoever writes reports.
"""

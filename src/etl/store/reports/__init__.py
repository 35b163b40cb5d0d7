"""Reports one by one: conditional writes, revisions, moves, deletion, quarantine, and what a write would do.

`report_writes` writes with `revision_diff` and `revisions`, `dry_run` predicts it; `source_location` records
moves, `deletion` deletes, `quarantine` keeps what failed, `short_ids` resolves ids.

Imports every sub-package below it. `query` and `admin` may import it, and whoever writes reports.
"""

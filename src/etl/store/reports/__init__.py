"""Reports one by one: conditional writes, revisions, moves, deletion, quarantine, and what a write would do.

Imports every sub-package below it. `query` and `admin` may import it, and whoever writes reports.
"""

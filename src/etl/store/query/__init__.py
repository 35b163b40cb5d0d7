"""Typed reads for services, monitors and the command line; nothing here writes.

`client` is the way in; `finding` is what a search asks and answers and `search` the plain one, `review`,
`history`, `cases`, `staleness` and `status` read one thing each.

Imports what it reads through: every sub-package below but `schema`. Nothing else of the store imports it.
"""

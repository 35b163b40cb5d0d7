"""Read the database for services, monitors and the command line, as typed values; nothing here writes.

`client` is the way in; `finding` declares searches and their answers and `search` does the plain one; `feed`
declares what the feed of changes yields; `review`, `history`, `cases`, `staleness` and `status` read one
thing each.

Imports what it reads through: every sub-package below but `schema`. Nothing else of the store imports it.
"""

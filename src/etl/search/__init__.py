"""The engine of search: an index of every character in SQLite below the data folder, derived from the feed.

`index.SqliteIndex` is the way in. `folding` says which strings are the same, `tables` and `entries`
what is kept, `sync` updates it from the feed, `lookup` answers, `excerpts` shows where.

It imports the store's reads and nothing of the stages: what it needs of them is passed in by `etl.wiring`.
"""

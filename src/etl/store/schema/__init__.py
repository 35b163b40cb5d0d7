"""The shape of the database: collections with validators and indexes, migrations, and docs/schema.md.

Imports `records`, `driver` and `coordination`. `admin` may import it, and whoever opens a database.
"""

"""Shape the database: collections with validators and indexes, migrations, and docs/schema.md.

`collections` creates and checks them, `migrations` brings old ones up, `docs` writes the page.

Imports `records`, `driver` and `coordination`. `admin` may import it, and whoever opens a database.
"""

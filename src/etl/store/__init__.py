"""The database: typed reads for services in `reader`, repeatable writes for the pipeline in the rest.

A new collection is one entry in `schema.COLLECTIONS`; a new operation is a module beside `reports`.
"""

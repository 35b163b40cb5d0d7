"""Typed reads for services, monitors and the command line; nothing here writes.

Imports what it reads through: every sub-package below but `schema`. Nothing else of the store imports it.
"""

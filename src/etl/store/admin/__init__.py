"""What an operator does to a whole database: dump, users, audit, retention, leftovers of crashes.

Imports every sub-package below it. Nothing else of the store imports it.
"""

"""Operate on a whole database: dump, users, audit, retention, leftovers of crashes.

`dump` exports and imports, `users` creates logins, `audit` checks, `leftovers` mends, `retention` deletes
what is old.

Imports every sub-package below it. Nothing else of the store imports it.
"""

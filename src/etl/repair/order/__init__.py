"""What follows what: constraints, shortcuts, features, the path through the open pieces and how sure it is.

Imports `layout`, `scorer`, `furniture` and ``overrides``; only the package itself and its ledger import it.
"""

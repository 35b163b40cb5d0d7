"""What follows what: constraints, shortcuts, features, the path through the open pieces and how sure it is.

`restorer` is the entry: it describes `content`, applies `shortcuts`, `constraints` and `confident_seams`,
asks the tree classifiers with `features` for `seam_odds`, asks `movability` whether anything moves, follows
the best path of `path_solver`, and keeps a `solution` with its `moves` and `confidence`.

Imports `layout`, `scorer`, `furniture` and ``overrides``; only the package itself and ``apply`` import it.
"""

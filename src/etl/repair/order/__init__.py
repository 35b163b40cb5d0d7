"""Decide which line follows which: constraints, shortcuts, features, the best path through the open pieces.

`restorer` is the entry: it describes `content`, applies `shortcuts` and `constraints`, has tree classifiers
turn `features` into `seam_odds`, asks `movability` whether anything may move, takes apart `columns` that take
turns, or takes the best path of `path_solver`, and returns a `solution`, from which `moves` and `confidence`
follow. Of a result that differs in line breaks alone it is told by `respaced` what another pass would find.

Imports `layout`, `scorer`, `furniture` and ``overrides``; only the package itself and ``apply`` import it.
"""

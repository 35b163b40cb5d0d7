"""Reach the database: connect, log in, try again while faults pass, and read in small pieces.

`connection` connects with `auth`, `availability` watches whether the server answers, `queries` reads,
`bypass` writes without validators, `error_codes` names what the server says.

Imports `records` and `embedded`. Every sub-package above may import it.
"""

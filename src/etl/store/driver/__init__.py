"""The way to a database: connecting, logging in, trying again while faults pass, and reads in small pieces.

`connection` connects with `auth`, `availability` watches whether the server answers, `queries` reads,
`bypass` writes without validators, `error_codes` names what the server says.

Imports `records` and `embedded`. Every sub-package above may import it.
"""

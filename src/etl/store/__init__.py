"""Keep the database: what is stored and in which shape, who may write, and how it is read.

Sub-packages from the ground up, each of which imports only those before it: `records`, `embedded`, `driver`,
`coordination`, `blobs`, `annotations`, `changelog`, `reports`, `schema`, `query`, `admin`. The store knows no
sources, readers, engines or stages: what a search or a review needs of them is passed in, see `etl.wiring`. A
new collection is a record in the module of `records` that is named after the sub-package that writes it, and
one entry in `schema.collections.COLLECTIONS`.
"""

import sys
from importlib.util import find_spec

# Without PyOpenSSL, which pymongo looks for last, it would load all of cryptography and use nothing of it.
if find_spec("OpenSSL") is None:
    sys.modules.setdefault("pymongo.pyopenssl_context", None)  # type: ignore[arg-type]

"""Keep the numbered log of changes, and what follows from it: entities and links between reprints.

`reconcile` numbers changes, `apply_change` carries each out on `entities` and `reprints`.

Imports `records`, `driver`, `coordination`, `blobs` and `annotations`. `reports` and `admin` may import
it, and the jobs that end with `reconcile`.
"""

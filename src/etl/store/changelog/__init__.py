"""The numbered log of changes, and what follows from it: entities and links between reprints.

Imports `records`, `driver`, `coordination`, `blobs` and `annotations`. `reports` and `admin` may import
it, and the jobs that end with `reconcile`.
"""

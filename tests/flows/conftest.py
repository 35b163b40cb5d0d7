"""Prefect is imported by these tests: what it keeps of its own must not go to the user's home."""

import os
import tempfile

HOME = tempfile.TemporaryDirectory(prefix="etl-prefect-")  # removed when Python ends

os.environ.setdefault("PREFECT_HOME", HOME.name)
os.environ.setdefault("DO_NOT_TRACK", "1")

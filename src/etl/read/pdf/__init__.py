"""Read PDFs in the order in which a page is read, each line end settled or left open by geometry.

From the ground up: ``page`` holds the values, ``engine`` and ``drawings`` take from a page what is drawn,
``lines`` puts glyphs together, ``furniture`` and ``floats`` say what is no body text, ``columns`` in which
order the rest is read, ``tables`` which cells make a row, ``seams`` where paragraphs end, ``writing`` what
the lines of the raw text are, ``quality`` how well that went, and ``reader`` makes a Reading of it.
``process`` has ``child`` do all that in a process of its own; ``render`` makes a picture of a page in
another, and ``recognition`` reads the pictures of scans.

Places and lengths are points from the upper left corner of a page; a `size` is that of the type, in points.
Constants that decide were set by hand with the nine documents of `make bench-pdf` in sight, which judges them
together (docs/benchmarks.md); none was measured alone. Their comments say what they measure and between what
they stand; `tests/read/test_pdf_*_thresholds.py` ask both sides.

The package imports values, limits and errors; the readers of `etl.read` may import it.
"""

from etl.read.pdf.process import read_pdf

__all__ = ["read_pdf"]

"""Read PDFs into lines in reading order, each line end settled or left open by the geometry of the page.

From the ground up: ``page`` holds the values, ``engine`` and ``drawings`` take from a page what is drawn,
``witness`` reads what its fonts do not tell, ``forms`` takes what is filled in, ``wrappers`` refuses
files whose content stands on no page, ``lines`` puts glyphs together, ``directions`` turns lines that run
from top to bottom, ``furniture`` and ``floats`` mark what is no body text, ``frames`` tells rules around
text from tables, ``groups`` joins what touches, ``columns`` puts the rest in reading order, a newspaper
by its ``articles`` or ``stories``, ``tables`` makes rows of cells, ``margins`` measures blocks, ``seams``
finds where paragraphs end, ``insets`` finds what is set into them, ``writing`` writes the lines of the
raw text, ``quality`` assesses the result, and ``reader`` makes a Reading of it. ``process`` has ``child``
do all that in a process of its own; ``render`` draws a page in another process, and ``recognizer``
recognizes the words in pictures of scans, cut where they span ``gutters``, ``recognition`` makes lines of
them, ``scanned_rules`` finds the rules, ``scanned_page`` makes a page of both, and where no font tells
the characters of a page, ``picture_witness`` lays them over its glyphs.

Places and lengths are points from the upper left corner of a page; a `size` is that of the type, in points.
Constants that decide were set by hand with the nine documents of `make bench-pdf` in sight, which judges them
together (docs/benchmarks.md); none was measured alone. Their comments say what they measure and between what
they stand; `tests/read/test_pdf_*_thresholds.py` ask both sides.

The package imports values, limits and errors; the readers of `etl.read` may import it.
"""

from etl.read.pdf.process import read_pdf

__all__ = ["read_pdf"]

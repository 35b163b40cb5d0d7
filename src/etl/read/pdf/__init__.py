"""PDF: the text layer in the order in which a page is read, each line end settled or left open by geometry.

From the ground up: ``sheet`` holds the values, ``engine`` and ``drawings`` take from a page what is drawn,
``lines`` puts glyphs together, ``furniture`` and ``floats`` say what is no body text, ``columns`` in which
order the rest is read, ``seams`` where paragraphs end, ``writing`` what the lines of the raw text are, and
``reader`` makes a Reading of it.

The package imports values, limits and errors; the room of readers may import it.
"""

from etl.read.pdf.reader import read_pdf

__all__ = ["read_pdf"]

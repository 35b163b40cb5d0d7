"""Tag words and names with the project's own network, on one thread.

The network reads a text in stretches that share their edges, and its sums are whole numbers: it answers as if
it had read the text at once, and gives the same tags on any machine.
"""

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.answers import Answer, decode, nothing_said
from etl.extraction.network.features import Features, Rows
from etl.extraction.resources.tagger import Tagged, Word
from etl.model.errors import SetupError
from etl.onnx_session import open_session

Floats = NDArray[np.float32]

# Characters of a stretch, and how far the network looks to each side.
STRETCH, SIGHT = 1024, 20
OWN_MODEL, MEMBER = "models/tagger.zip", "tagger.onnx"
SHIPPED = Path(__file__).resolve().parents[2] / OWN_MODEL


class NetworkTagger:
    """The network of one model file.

    Raises:
        SetupError: the file is no model of this tagger.
    """

    def __init__(self, model: Path) -> None:
        self._features = Features()
        try:
            with ZipFile(model) as archive:
                self._session = open_session(archive.read(MEMBER))
        except Exception as error:
            raise SetupError(
                f"the tagger's model {model} cannot be read: {error}; expected a file that "
                "benchmarks/export_tagger.py wrote. Install the package anew, or take one's own file away."
            ) from error

    def tag(self, text: str) -> tuple[Word, ...]:
        """Return every word of ``text`` in order; blanks and emoji are in no word."""
        return self.read(text).words

    def read(self, text: str) -> Tagged:
        """Return the words of ``text``, the names in it, and the probabilities of each character."""
        return decode(text, self.answer(text))

    def read_all(self, texts: Sequence[str]) -> tuple[Tagged, ...]:
        """Return what `read` returns of each text."""
        return tuple(map(self.read, texts))

    def answer(self, text: str) -> Answer:
        """Return what the network says of each character of ``text``."""
        return self._answer(self._features.read(text)) if text else nothing_said(0)

    def _answer(self, rows: Rows) -> Answer:
        size = rows.shape[1]
        if size <= STRETCH + 2 * SIGHT:
            return Answer(*self._session.run(None, {"rows": rows}))
        parts = [self._stretch(rows, start, min(start + STRETCH, size)) for start in range(0, size, STRETCH)]
        return Answer(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def _stretch(self, rows: Rows, start: int, end: int) -> list[Floats]:
        first = max(start - SIGHT, 0)
        seen = np.ascontiguousarray(rows[:, first : end + SIGHT])
        return [column[start - first : end - first] for column in self._session.run(None, {"rows": seen})]


def model_file(own: Path | None) -> Path:
    """Return the model: ``models/tagger.zip`` in the folder of one's own configuration, or the package's."""
    path = own / OWN_MODEL if own else SHIPPED
    return path if path.is_file() else SHIPPED

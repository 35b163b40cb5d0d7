"""Tag words and names with the project's own network, on one thread.

The network reads a text in stretches that share their edges, and its sums are whole numbers: it answers as if
it had read the text at once, and gives the same tags on any machine.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from etl.extraction.network.features import Features, Rows
from etl.extraction.network.names import BREAK, apart_of, find_names
from etl.extraction.network.outputs import OUTSIDE, WORD_TAGS
from etl.extraction.resources.batches import Piece
from etl.extraction.resources.tagger import (
    NAMES,
    Tagged,
    Word,
    split_pieces,
    words_of,
)
from etl.model.errors import SetupError
from etl.onnx_session import open_session

Floats = NDArray[np.float32]

# Characters of a stretch, and how far the network looks to each side.
STRETCH, SIGHT = 1024, 20
TAGS = np.array(WORD_TAGS, dtype=object)
OWN_MODEL, MEMBER = "models/tagger.zip", "tagger.onnx"
SHIPPED = Path(__file__).resolve().parents[2] / OWN_MODEL


class Answer(NamedTuple):
    """What the network says of each character: does a word begin, which tag, which name."""

    starts: Floats
    words: Floats
    names: Floats
    entities: Floats


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
        if not text:
            return Tagged((), {name: np.zeros(0, dtype=np.float32) for name in NAMES})
        answer = self._answer(self._features.read(text))
        apart = apart_of(text)
        shares = np.where((apart == BREAK)[:, None], np.float32(0), answer.names)
        entities = _without_breaks(answer.entities, apart == BREAK)
        return Tagged(
            _words(answer, apart > 0, split_pieces(text)),
            {name: shares[:, k] for k, name in enumerate(NAMES)},
            tuple(find_names(entities, apart == BREAK)),
            entities,
        )

    def read_all(self, texts: Sequence[str]) -> tuple[Tagged, ...]:
        """Return what `read` returns of each text."""
        return tuple(map(self.read, texts))

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


def _words(answer: Answer, apart: NDArray[np.bool_], pieces: Iterable[Piece]) -> tuple[Word, ...]:
    """Cut where a word or a sentence begins and around blanks; a word's tag is what its characters favor."""
    begins = answer.starts > 0
    begins |= apart
    begins[1:] |= apart[:-1]
    begins[[start for start, _ in pieces]] = True
    begins[0] = True
    starts = np.flatnonzero(begins)
    tags = TAGS[np.add.reduceat(answer.words, starts, axis=0).argmax(axis=1)]
    ends = np.append(starts[1:], len(apart))
    kept = ~apart[starts]
    return words_of(starts[kept].tolist(), ends[kept].tolist(), tags[kept].tolist())


def _without_breaks(probabilities: Floats, breaks: NDArray[np.bool_]) -> Floats:
    """Let no name reach over what none may hold, so that the one before it surely ends there."""
    return np.where(
        breaks[:, None], np.eye(1, probabilities.shape[1], OUTSIDE, dtype=np.float32), probabilities
    )

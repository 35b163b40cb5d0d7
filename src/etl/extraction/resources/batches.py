"""Put sentences side by side, those of like length together, for models that read many at once."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Characters and padding that one call of a model may hold: keeps a batch below 100 MB.
MAX_BATCH_AREA = 6400

# Start and end of a stretch that a model reads by itself.
Piece = tuple[int, int]
Whole = NDArray[np.int64]


class SentenceBatch(NamedTuple):
    """Some sentences.

    Attributes:
        codes: code points, a sentence a column, padded with zeros.
        lengths: of the sentences.
        real: which places of (sentences, time) hold a character.
        places: where each of these stands in the text.
    """

    codes: NDArray[np.uint32]
    lengths: Whole
    real: NDArray[np.bool_]
    places: Whole

    def firsts(self) -> NDArray[np.bool_]:
        """Return for each character whether it begins a sentence."""
        return np.broadcast_to(np.arange(self.real.shape[1]) == 0, self.real.shape)[self.real]

    def turned(self) -> Whole:
        """Return for each place of (time, sentences), flat, of which the turned sentence has it."""
        rows, count = np.arange(len(self.codes))[:, None], len(self.lengths)
        other = np.where(self.real.T, self.lengths - 1 - rows, rows)
        turned: Whole = (other * count + np.arange(count)).ravel()
        return turned


def batches(codes: NDArray[np.uint32], pieces: Sequence[Piece], size: int) -> Iterator[SentenceBatch]:
    """Yield pieces of similar length together, shortest first, at most ``size`` of them."""
    chosen: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: (p[1] - p[0], p[0])):
        full = len(chosen) == size or (len(chosen) + 1) * (piece[1] - piece[0]) > MAX_BATCH_AREA
        if chosen and full:
            yield _batch(codes, chosen)
            chosen = []
        chosen.append(piece)
    if chosen:
        yield _batch(codes, chosen)


def _batch(codes: NDArray[np.uint32], pieces: Sequence[Piece]) -> SentenceBatch:
    starts, ends = (np.array(side, dtype=np.int64) for side in zip(*pieces, strict=True))
    lengths = ends - starts
    rows = np.arange(int(lengths.max()))[:, None]
    real = (rows < lengths).T
    places = (starts + rows).T[real]
    padded = np.zeros(real.shape, dtype=np.uint32)
    padded[real] = codes[places]
    return SentenceBatch(padded.T, lengths, real, places)

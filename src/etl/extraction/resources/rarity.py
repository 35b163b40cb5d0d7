"""Tell how rare words are: their IDF in jieba's table, of which a report asks for a thousandth.

The file is read without importing jieba, which would build its dictionary, and a line is parsed when its word
is first asked for: parsing all 270,000 took as long as a page takes to be read.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

# The upper median of the table's numbers: how rare a word is that is not in it.
USUAL = 11.9547675029
# Bytes by which lines are found, as one number.
HEAD = np.dtype(">u8")
LINE_END = 10
# Words that the table does not have and that are remembered.
MOST_UNKNOWN = 10_000


class Rarities(dict[str, float]):
    """How rare each word is; 0 for one that the table does not have.

    Args:
        table: lines of a word, a blank and a number, in UTF-8; each word once.
    """

    def __init__(self, table: bytes) -> None:
        super().__init__()
        self._table = table.removesuffix(b"\n") + b"\n" + bytes(HEAD.itemsize)
        codes = np.frombuffer(self._table, dtype=np.uint8)
        starts = np.concatenate([[0], np.flatnonzero(codes == LINE_END)[:-1] + 1])
        heads = np.ndarray((len(table),), HEAD, self._table, strides=(1,))[starts].astype(np.uint64)
        order = heads.argsort()
        self._heads, self._starts = heads[order], starts[order]
        self._unknown = set[str]()

    def __missing__(self, word: str) -> float:
        """Look up a word that was not asked for before, among the lines that begin as it does."""
        if word in self._unknown:
            return 0.0
        line = f"{word} ".encode("utf-8", "replace")
        for start in self._lines(line):
            if self._table.startswith(line, start):
                self[word] = float(self._table[start + len(line) : self._table.index(b"\n", start)])
                return self[word]
        if len(self._unknown) >= MOST_UNKNOWN:
            self._unknown.clear()
        self._unknown.add(word)
        return 0.0

    def _lines(self, line: bytes) -> list[int]:
        """Return where the lines start whose first bytes are those of ``line``."""
        head = line[: HEAD.itemsize]
        edges = [int.from_bytes(head.ljust(HEAD.itemsize, filler), "big") for filler in (b"\0", b"\xff")]
        # Of the table's own type: of another one, the whole of it would be copied for each word.
        first, last = np.array(edges, dtype=np.uint64)
        begin, end = self._heads.searchsorted(first), self._heads.searchsorted(last, side="right")
        starts: list[int] = self._starts[begin:end].tolist()
        return starts


@cache
def rarities() -> Rarities:
    """Return how rare words are by the table of the installed jieba."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba is not installed; its table of word weights is needed for keywords")
    return Rarities((Path(spec.origin).parent / "analyse" / "idf.txt").read_bytes())

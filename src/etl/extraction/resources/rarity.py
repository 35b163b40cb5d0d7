"""Tell how rare words are: their IDF in jieba's table, of which a report asks for a thousandth.

The file is read without importing jieba, which would build its dictionary, and a line is parsed when a word
that begins as it does is first asked for: parsing all 270,000 took as long as a page takes to be read.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# The upper median of the table's numbers: how rare a word is that is not in it.
USUAL = 11.9547675029
# Bytes by which lines are found: one Chinese character.
HEAD = 3
LINE_END = 10


class Rarities(dict[str, float]):
    """How rare each word is; 0 for one that the table does not have.

    Args:
        table: lines of a word, of two bytes or more, a blank and a number, in UTF-8.
    """

    def __init__(self, table: bytes) -> None:
        super().__init__()
        self._table = table if table.endswith(b"\n") else table + b"\n"
        codes = np.frombuffer(self._table, dtype=np.uint8)
        ends = np.flatnonzero(codes == LINE_END)
        starts = np.concatenate([[0], ends[:-1] + 1])
        heads = _numbers(codes, starts)
        order = heads.argsort(kind="stable")
        self._heads, self._starts, self._ends = heads[order], starts[order], ends[order]
        self._parsed = set[bytes]()

    def __missing__(self, word: str) -> float:
        """Parse the lines that begin as a word does, once."""
        head = f"{word} ".encode("utf-8", "replace")[:HEAD]
        if head in self._parsed:
            return 0.0
        self._parsed.add(head)
        for first, last in self._lines(int.from_bytes(head, "big")):
            name, _, number = self._table[first:last].decode("utf-8").partition(" ")
            self[name] = float(number)
        return self.get(word, 0.0)

    def _lines(self, head: int) -> "zip[tuple[int, int]]":
        first, last = np.searchsorted(self._heads, [head, head + 1])
        return zip(self._starts[first:last].tolist(), self._ends[first:last].tolist(), strict=True)


def _numbers(codes: NDArray[np.uint8], starts: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return the first bytes of each line as one number."""
    parts = [
        codes[starts + offset].astype(np.uint32) << shift
        for offset, shift in enumerate(np.arange(8 * (HEAD - 1), -1, -8, dtype=np.uint32))
    ]
    return sum(parts, start=np.zeros(len(starts), dtype=np.uint32))


@cache
def rarities() -> Rarities:
    """Return how rare words are by the table of the installed jieba."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba is not installed; its table of word weights is needed for keywords")
    return Rarities((Path(spec.origin).parent / "analyse" / "idf.txt").read_bytes())

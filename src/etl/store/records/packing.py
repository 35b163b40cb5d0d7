"""Pack rows of neighbouring whole numbers, such as the runs of a text, into bytes.

Each number is written as its difference from one that is near, seven bits a byte, the lowest first; negative
ones take the odd places. Another kind of rows is a pair of functions here.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator

from etl.model.traced import TextRun

MORE, LOW = 0x80, 0x7F
# Numbers of one run.
OF_RUN = 4


def pack(numbers: Iterable[int]) -> bytes:
    """Return bytes that hold these numbers.

    >>> pack([1, -1, 300]).hex()
    '0201d804'
    """
    out = bytearray()
    for number in numbers:
        left = number << 1 if number >= 0 else ~(number << 1)
        while left > LOW:
            out.append(left & LOW | MORE)
            left >>= 7
        out.append(left)
    return bytes(out)


def unpack(packed: bytes | str) -> Iterator[int]:
    """Yield the numbers that `pack` was given; a string is their bytes as base64, as in a part file.

    >>> list(unpack(bytes.fromhex("0201d804")))
    [1, -1, 300]
    """
    number = shift = 0
    for byte in b64decode(packed) if isinstance(packed, str) else packed:
        number |= (byte & LOW) << shift
        shift += 7
        if byte < MORE:
            yield ~(number >> 1) if number & 1 else number >> 1
            number = shift = 0


def pack_runs(runs: Iterable[TextRun]) -> bytes:
    """Pack runs, each as its distance from the one before, its length, and both for the raw text."""
    return pack(_told(runs))


def unpack_runs(packed: bytes | str) -> Iterator[TextRun]:
    """Yield the runs that `pack_runs` was given."""
    numbers, end, raw_end = unpack(packed), 0, 0
    for gap, size, raw_gap, more in zip(*[numbers] * OF_RUN, strict=True):
        run = TextRun(end + gap, end + gap + size, raw_end + raw_gap, raw_end + raw_gap + size + more)
        end, raw_end = run.end, run.raw_end
        yield run


def _told(runs: Iterable[TextRun]) -> Iterator[int]:
    end = raw_end = 0
    for run in runs:
        size = run.end - run.start
        yield from (run.start - end, size, run.raw_start - raw_end, run.raw_end - run.raw_start - size)
        end, raw_end = run.end, run.raw_end

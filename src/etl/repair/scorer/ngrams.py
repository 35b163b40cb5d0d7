"""Hash n-grams of character ids along a text, at its edges and across seams, and look them up in tables.

The model's table is made by ``benchmarks/seam_table.py``; what a slot holds is said at `look_up`. To add a
crossing n-gram, put its split in ``SPLITS`` and train again.
"""

import numpy as np
import numpy.typing as npt

SPLITS = (
    *((1, 1), (1, 2), (2, 1), (1, 3), (2, 2), (3, 1), (1, 4), (2, 3), (3, 2), (4, 1)),
    *((2, 4), (3, 3), (4, 2)),
)
"""The n-grams that cross a seam, as characters taken from its left and from its right, short ones first."""

MOST_OF_SIDE = 4  # characters that a split takes from one side
MEMORY_ORDERS = (2, 3, 4, 5)
"""Lengths of the n-grams that are remembered of the report itself."""

OWN_ORDERS = (2, 3, 4)
"""Lengths of the n-grams at an edge that are looked up for the edge itself."""

LEVELS = 7
"""The highest level of an n-gram: very common."""

SEEN = 3 * len(SPLITS) + 1
"""What is told of the n-grams across one seam, see `crossing`."""

PRIME = np.uint64(0x9E3779B97F4A7C15)
SALT = np.uint64(0xD6E8FEB86659FD93)

Ids = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

REMEMBERED = sum(a + b in MEMORY_ORDERS for a, b in SPLITS)
TAKEN = {"left": np.array([a for a, _ in SPLITS]), "right": np.array([b for _, b in SPLITS])}
SHIFTS = np.array([pow(int(PRIME), b, 1 << 64) for _, b in SPLITS], np.uint64)
SALTS = np.array([int(SALT) * (a + b) % 2**64 for a, b in SPLITS], np.uint64)
OWN_SALTS = np.array([int(SALT) * n % 2**64 for n in OWN_ORDERS], np.uint64)

# What each letter adds to the hashes of 0 to `MOST_OF_SIDE` letters; [letters, hashes] each.
_POWERS = np.array([pow(int(PRIME), k, 1 << 64) for k in range(MOST_OF_SIDE)], np.uint64)
_BEHIND = np.arange(MOST_OF_SIDE + 1) - np.arange(1, MOST_OF_SIDE + 1)[:, None]
LEFTWARD = np.where(_BEHIND < 0, np.uint64(0), _POWERS[:, None])
RIGHTWARD = np.where(_BEHIND < 0, np.uint64(0), _POWERS[_BEHIND])


def spread(keys: Keys) -> Keys:
    """Spread salted polynomial hashes over all 64 bits, in place."""
    keys ^= keys >> np.uint64(32)
    keys *= SALT
    keys ^= keys >> np.uint64(29)
    keys *= PRIME
    return keys


def edge_hashes(near: Ids, *, leftward: bool) -> Keys:
    """Return hashes [n, MOST_OF_SIDE + 1] of the 0 to `MOST_OF_SIDE` characters nearest the seam.

    ``near`` [n, characters] are character ids; ``near[:, 0]`` is next to the seam.
    """
    hashes: Keys = near[:, :MOST_OF_SIDE].astype(np.uint64) @ (LEFTWARD if leftward else RIGHTWARD)
    return hashes


def side_keys(hashes: Keys, side: str) -> Keys:
    """Return the part of one side in the keys of the n-grams across a seam; [n, SPLITS]."""
    taken = hashes[:, TAKEN[side]]
    return taken * SHIFTS + SALTS if side == "left" else taken


def own_levels(hashes: Keys, table: Bytes) -> Floats:
    """Return the levels (0 to 1) of the n-grams at the edge itself; [n, OWN_ORDERS]."""
    levels = look_up(table, spread(hashes[:, list(OWN_ORDERS)] + OWN_SALTS))
    return levels.astype(np.float32) / np.float32(LEVELS)


def look_up(table: Bytes, keys: Keys) -> Bytes:
    """Return the levels (0 unknown to 7 very common) of n-grams by their keys; shape of ``keys``.

    A slot of the table is 5 bits of fingerprint and 3 bits of level.
    """
    bits = len(table).bit_length() - 1
    slots = table[(keys >> np.uint64(64 - bits)).view(np.int64)]
    found = (slots >> 3) == (keys & np.uint64(31)).astype(np.uint8)
    levels: Bytes = (slots & 7) * found
    return levels


def remember(ids: Ids) -> Bytes:
    """Return a table [a power of 2] with byte 1 at the hash of each n-gram of a text of character ids."""
    size = 1 << min(24, max(18, (len(ids) * 64).bit_length()))
    memory, last = np.zeros(size, np.uint8), np.uint64(size - 1)
    letters = hashes = ids.astype(np.uint64)
    for length in range(2, max(MEMORY_ORDERS) + 1):
        hashes = hashes[:-1] * PRIME + letters[length - 1 :]
        keys = spread(hashes + np.uint64(int(SALT) * length % 2**64))
        memory[(keys & last).view(np.int64)] = 1
    return memory


def crossing(left: Keys, right: Keys, tables: tuple[Bytes, Bytes]) -> Floats:
    """Return the features [seams, SEEN] of the n-grams that cross each seam.

    For each of `SPLITS` its level (0 to 1), whether it is known at all, whether the report has it; and a last
    column that says whether the report's n-grams were given.

    Args:
        left: `side_keys` of the text before each seam; [seams, SPLITS].
        right: `side_keys` of the text behind it; [seams, SPLITS].
        tables: levels of the n-grams of the corpus, and the n-grams of the report.
    """
    table, memory = tables
    found = np.zeros((len(left), SEEN), np.float32)
    keys = spread(left + right)
    level = look_up(table, keys)
    np.divide(level, np.float32(LEVELS), out=found[:, 0:-1:3])
    found[:, 1:-1:3] = level > 0
    if len(memory) > 1:
        last = np.uint64(len(memory) - 1)
        found[:, 2 : 3 * REMEMBERED : 3] = memory[(keys[:, :REMEMBERED] & last).view(np.int64)]
        found[:, -1] = 1
    return found

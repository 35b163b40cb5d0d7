"""N-grams of character ids as hashes: along a text, at its edges, and looked up in the model's table.

The table is made by ``benchmarks/seam_table.py``; what a slot holds is said at `look_up`.
"""

import numpy as np
import numpy.typing as npt

PRIME = np.uint64(0x9E3779B97F4A7C15)
SALT = np.uint64(0xD6E8FEB86659FD93)

Ids = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]


def mix(hashes: Keys, length: int) -> Keys:
    """Spread polynomial hashes of n-grams of one length over all 64 bits."""
    keys = hashes + np.uint64(int(SALT) * length % 2**64)
    keys ^= keys >> np.uint64(32)
    keys *= SALT
    keys ^= keys >> np.uint64(29)
    keys *= PRIME
    return keys


def edge_hashes(near: Ids, size: int, *, leftward: bool) -> list[Keys]:
    """Polynomial hashes of the 0 to `size` characters nearest the seam; `near[:, 0]` touches it."""
    letters = near[:, :size].astype(np.uint64)
    hashes, weight = [np.zeros(len(near), np.uint64)], np.uint64(1)
    with np.errstate(over="ignore"):
        for k in range(size):
            hashes.append(
                hashes[-1] + letters[:, k] * weight if leftward else hashes[-1] * PRIME + letters[:, k]
            )
            weight = weight * PRIME
    return hashes


def running_keys(ids: Ids, length: int) -> Keys:
    """Keys of all n-grams of `length` along a text of character ids."""
    letters = ids.astype(np.uint64)
    count = max(len(ids) - length + 1, 0)
    hashes = np.zeros(count, np.uint64)
    for k in range(length):
        hashes = hashes * PRIME + letters[k : k + count]
    return mix(hashes, length)


def look_up(table: Bytes, keys: Keys) -> Bytes:
    """Levels (0 unknown, to 7 very common) of n-grams; a slot is 5 bits of fingerprint and 3 of level."""
    bits = len(table).bit_length() - 1
    slots = table[(keys >> np.uint64(64 - bits)).astype(np.int64)]
    found = (slots >> 3) == (keys & np.uint64(31)).astype(np.uint8)
    levels: Bytes = (slots & 7) * found
    return levels


def power(times: int) -> np.uint64:
    """The polynomial's base raised, modulo 2**64."""
    return np.uint64(pow(int(PRIME), times, 1 << 64))

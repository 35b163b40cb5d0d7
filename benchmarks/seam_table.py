"""Counts of character n-grams in a corpus, packed into the byte table of the continuation model.

The table for a training article is built without that article's fold, so that the network learns how
far counts can be trusted. To keep other counts, change `BOUNDS` (levels) or `SIZE_BITS` (bytes).
"""

from collections.abc import Sequence

import numpy as np

from etl.repair.scorer.ngrams import PRIME, SALT, Ids, Keys, spread

BOUNDS = np.array([2, 3, 5, 9, 20, 60, 300])  # the count at which each level begins
SIZE_BITS = 23
ORDERS = (2, 3, 4, 5, 6)


def running_keys(ids: Ids, length: int) -> Keys:
    """Return the keys of all n-grams of ``length`` along a text of character ids; [n-grams]."""
    letters = ids.astype(np.uint64)
    count = max(len(ids) - length + 1, 0)
    hashes = np.zeros(count, np.uint64)
    for k in range(length):
        hashes = hashes * PRIME + letters[k : k + count]
    return spread(hashes + np.uint64(int(SALT) * length % 2**64))


def counted(ids: np.ndarray, fold_of: np.ndarray, folds: int, order: int) -> tuple[np.ndarray, np.ndarray]:
    """Keys of the n-grams of one order that occur twice or more, and their counts [n, folds]."""
    keys = running_keys(ids, order)
    inside = np.ones(len(keys), bool)
    for k in range(order):
        inside &= ids[k : k + len(keys)] > 1  # nothing across a paragraph's end, nothing with unknown letters
    keys, fold = keys[inside], fold_of[: len(inside)][inside]
    order_of = np.argsort(keys)
    keys, fold = keys[order_of], fold[order_of]
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    group = np.repeat(np.arange(len(first)), np.diff(np.r_[first, len(keys)]))
    counts = np.bincount(group * folds + fold, minlength=len(first) * folds).reshape(-1, folds)
    often = counts.sum(1) > 1
    return keys[first][often], counts[often].astype(np.int32)


def packed(keys: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The table of 2**SIZE_BITS bytes; where two n-grams want one slot, the more frequent gets it."""
    table = np.zeros(1 << SIZE_BITS, np.uint8)
    rank = np.argsort(counts, kind="stable")
    keys, levels = keys[rank], np.searchsorted(BOUNDS, counts[rank], side="right")
    slots = (keys >> np.uint64(64 - SIZE_BITS)).astype(np.int64)
    table[slots] = ((keys & np.uint64(31)).astype(np.uint8) << 3) | levels.astype(np.uint8)
    return table


def tables(articles: Sequence[Sequence[np.ndarray]], folds: int) -> tuple[list[np.ndarray], np.ndarray]:
    """One table for each fold (article number modulo `folds`) that leaves it out, and one of everything."""
    gap = np.zeros(1, np.int64)
    pieces = [piece for article in articles for paragraph in article for piece in (paragraph, gap)]
    sizes = [sum(len(p) + 1 for p in article) for article in articles]
    ids, fold_of = np.concatenate(pieces), np.repeat(np.arange(len(articles)) % folds, sizes)
    found = [counted(ids, fold_of, folds, order) for order in ORDERS]
    keys, counts = np.concatenate([k for k, _ in found]), np.concatenate([c for _, c in found])
    total = counts.sum(1)
    print("n-grams", [len(k) for k, _ in found])
    parts = []
    for fold in range(folds):
        rest = total - counts[:, fold]
        parts.append(packed(keys[rest > 1], rest[rest > 1]))
    return parts, packed(keys, total)

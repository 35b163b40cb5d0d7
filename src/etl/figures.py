"""Compute the numbers of a run as an operator reads them, without loading a stage or model."""

from collections.abc import Mapping


def report_figures(counts: Mapping[str, int], seconds: float | None) -> dict[str, float]:
    """Return the counts of a run, with its seconds and its speed once it has ended.

    >>> report_figures({"inserted": 2, "characters": 900}, 3.0)
    {'inserted': 2, 'characters': 900, 'seconds': 3.0, 'characters a second': 300}
    """
    if seconds is None:
        return dict(counts)
    speed = {"characters a second": round(counts["characters"] / seconds)} if "characters" in counts else {}
    return {**counts, "seconds": round(seconds, 3), **speed}

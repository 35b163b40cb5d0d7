"""Numbers of a run as an operator reads them; apart, so that a look at them loads no stage or model."""

from collections.abc import Mapping


def report_figures(counts: Mapping[str, int], seconds: float | None) -> dict[str, float]:
    """Counts as a run says them, with its seconds once it has ended, and its speed.

    >>> report_figures({"inserted": 2, "characters": 900}, 3.0)
    {'inserted': 2, 'characters': 900, 'seconds': 3.0, 'characters a second': 300}
    """
    if seconds is None:
        return dict(counts)
    speed = {"characters a second": round(counts["characters"] / seconds)} if "characters" in counts else {}
    return {**counts, "seconds": round(seconds, 3), **speed}

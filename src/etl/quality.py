"""Judge how well a report came out: figures for an operator, and why a person should look at it.

A new reason is one more word in `Reason` and a line in `reasons`.
"""

from collections.abc import Sequence
from typing import Literal

from etl.model.report import Corrected, Pages, Quality
from etl.model.traced import Change
from etl.normalize import unreadable

Reason = Literal[
    "doubtful repairs",
    "misread encoding",
    "unreadable characters",
    "too tangled",
    "doubtful order",
    "broken fonts",
    "unread pages",
    "doubtful characters",
    "lost corrections",
]
NO_PAGES = Pages(0, 0)

# Digits of a share.
_DIGITS = 4


def quality(text: str, changes: Sequence[Change], pages: Pages | None = None) -> Quality:
    """Compute the figures of a report from its text, the ledger and what is known of its pages."""
    seen = pages or NO_PAGES
    applied = [change for change in changes if change.applied]
    lost = unreadable(text)
    return Quality(
        characters=len(text),
        repairs=sum(change.stage == "repair" for change in applied),
        suggestions=sum(change.open for change in changes),
        lowest_confidence=min((change.confidence for change in applied), default=1.0),
        unreadable=max(round(lost / len(text), _DIGITS), 10**-_DIGITS) if lost else 0.0,
        pages=seen.count,
        columns=seen.columns,
        broken_fonts=seen.broken_fonts,
        ocr=round(seen.ocr, _DIGITS),
        doubtful_pages=tuple(sorted({*seen.doubtful, *seen.unread})),
    )


def reasons(
    found: Quality,
    changes: Sequence[Change],
    corrected: Sequence[Corrected] = (),
    pages: Pages | None = None,
    *,
    tangled: bool = False,
) -> tuple[Reason, ...]:
    """Return why a person should look at a report; empty where there is no reason."""
    seen = pages or NO_PAGES
    asked: dict[Reason, bool] = {
        "doubtful repairs": found.suggestions > 0,
        "misread encoding": any(change.stage == "read" for change in changes),
        "unreadable characters": found.unreadable > 0,
        "too tangled": tangled,
        "lost corrections": any(one.state == "no longer fits" for one in corrected),
        "doubtful order": bool(seen.doubtful),
        "broken fonts": seen.unmended_fonts > 0,
        "unread pages": bool(seen.unread),
        "doubtful characters": seen.doubtful_lines > 0,
    }
    return tuple(reason for reason, holds in asked.items() if holds)

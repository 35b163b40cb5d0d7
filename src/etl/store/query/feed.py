"""Declare what the feed of changes yields, and where a reader of it stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the feed: a new revision of a report, or its deletion.

    Revision 0 says that only the link ``reprint_of`` of a report has changed.
    """

    number: int
    report_id: str
    revision: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class FeedAt:
    """The state of the feed at a number.

    Attributes:
        stamp: tells the entry of this number from that of another database; empty where there is none.
        more: whether entries follow it.
    """

    stamp: str
    more: bool

"""Limit what reading one file may take; the settings of section ``pdf`` become one of these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is looked at.

    Attributes:
        pages: a document with more is refused.
        signs: characters of one page; a page with more is refused.
        drawings: rules and pictures of one page that are looked at; what comes behind them is not.
        seconds: that the process may take which reads a PDF; 0 reads it in this one, without a limit.
        memory: bytes that it may take; 0 is no limit.
        ocr: whether pages without a text layer are read by character recognition, where that is installed.
        kept: folder in which recognized pages are kept; None keeps nothing.
    """

    pages: int = 5_000
    signs: int = 50_000
    drawings: int = 20_000
    seconds: float = 300.0
    memory: int = 1_000_000_000
    ocr: bool = True
    kept: str | None = None

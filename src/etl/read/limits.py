"""Define the limits of reading one file; the settings of section ``pdf`` become these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read, and at what cost.

    Attributes:
        pages: a document with more is refused.
        signs: characters of one page; a document with more on a page is refused.
        drawings: rules and pictures of one page that are looked at; further ones are ignored.
        seconds: after which the process that reads a PDF or converts a document is ended; 0 reads a PDF in
            this one, without a limit.
        memory: bytes that such a process may take; 0 for no limit.
        ocr: whether pages without a text layer are read by character recognition, where that is installed.
        witness: whether a second engine is asked for characters that their fonts do not tell.
        kept: folder in which the characters of recognized pages are kept; None keeps nothing.
    """

    pages: int = 5_000
    signs: int = 50_000
    drawings: int = 20_000
    seconds: float = 300.0
    memory: int = 1_000_000_000
    ocr: bool = True
    witness: bool = True
    kept: str | None = None

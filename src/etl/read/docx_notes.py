"""Read the footnotes and endnotes of a Word document behind the paragraphs that refer to them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from etl.read.docx_numbers import OFF, W, write_number

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# References by their element, with the kind of their notes and how those are numbered where nothing is said.
REFERENCES: Mapping[str, tuple[str, str]] = {
    W + "footnoteReference": ("footnote", "decimal"),
    W + "endnoteReference": ("endnote", "lowerRoman"),
}


class DocumentNotes:
    """The notes of a document, numbered in the order in which it refers to them.

    ``parts`` hold the notes, ``settings`` tell how they are numbered; lxml elements, which have no types.
    """

    def __init__(self, parts: Iterable[Any], settings: Iterable[Any]) -> None:
        self._notes = {
            (kind, note.get(W + "id", "")): note
            for part in parts
            for kind in ("footnote", "endnote")
            for note in part.iter(W + kind)
        }
        self._forms = dict(_forms(settings))
        self._counts = Counter[str]()
        self._referred: list[tuple[str, Any]] = []

    def refer(self, reference: Any) -> str:  # noqa: ANN401 - as above
        """Return the sign of a reference to a note, and keep the note for `waiting`; "" for its own sign."""
        kind, form = REFERENCES[reference.tag]
        note = self._notes.get((kind, reference.get(W + "id", "")))
        if note is None:
            return ""
        sign = ""
        if reference.get(W + "customMarkFollows", "0") in OFF:
            self._counts[kind] += 1
            sign = _raised(write_number(self._counts[kind], self._forms.get(kind, form)))
        self._referred.append((sign, note))
        return sign

    def waiting(self) -> Iterator[tuple[str, Any]]:
        """Yield sign and element of the notes that were referred to since the last call."""
        found, self._referred = self._referred, []
        yield from found


def _raised(number: str) -> str:
    """Return a number as the sign of a note: ¹, ①, [i]."""
    if number.isascii() and number.isdecimal():
        return number.translate(RAISED)
    return f"[{number}]" if number.isascii() and number else number


def _forms(settings: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield how the notes of each kind are numbered, as the settings of a document or section say."""
    for setting in settings:
        for kind in ("footnote", "endnote"):
            for one in setting.iter(W + f"{kind}Pr"):
                form = one.find(W + "numFmt")
                if form is not None:
                    yield kind, form.get(W + "val", "decimal")

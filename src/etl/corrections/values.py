"""Define the values of corrections, frozen, as they are stored.

Each kind names the passage that it is about and what shall stand there. A new kind is a class with a ``type``
of its own, and its name in `Amendment`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from etl.model.decisions import Anchor, Decision
from etl.model.mentions import EntityType
from etl.model.report import ParagraphKind

__all__ = [
    "NO_ANNOTATIONS",
    "Amendment",
    "Annotations",
    "Correction",
    "EntityEdit",
    "EntityType",
    "KindEdit",
    "ParagraphJoin",
    "ParagraphSplit",
    "Passage",
    "TextEdit",
    "correction_id",
]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the restored text, anchored in the raw text.

    The corrected words lie in a window whose ends can be found again; they may be empty (a place between two
    characters), or a part of the window.

    Attributes:
        start: the anchor of the window's beginning in the raw text.
        end: the anchor of the window's end in the raw text.
        text: the window's text in the restored text, as it was seen.
        from_start: characters from the beginning of the window to that of the corrected words.
        from_end: characters from the end of the window to that of the corrected words; 0 or less.
    """

    start: Anchor
    end: Anchor
    text: str
    from_start: int = 0
    from_end: int = 0

    @property
    def meant(self) -> str:
        """The words that the passage is about, without those around them."""
        return self.text[self.from_start : len(self.text) + self.from_end]

    def with_words(self, words: str) -> str:
        """Return the window's text with other words in the place of those that the passage is about."""
        return self.text[: self.from_start] + words + self.text[len(self.text) + self.from_end :]


@dataclass(frozen=True, slots=True)
class TextEdit:
    """The correction that puts other characters in the place of a passage, or takes it out, or inserts.

    Attributes:
        passage: the words that are replaced.
        after: the new words; empty to take the passage out.
        type: the kind of correction.
    """

    passage: Passage
    after: str
    type: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ParagraphSplit:
    """The correction that begins a new paragraph at a place.

    Attributes:
        passage: the place, between two characters.
        kind: the kind of the paragraph that begins there.
        type: the kind of correction.
    """

    passage: Passage
    kind: ParagraphKind
    type: Literal["split"] = "split"


@dataclass(frozen=True, slots=True)
class ParagraphJoin:
    """The correction that makes one paragraph of two, of the kind of the first.

    Attributes:
        passage: the line end between them.
        between: what stands in its place: nothing, or a blank.
        type: the kind of correction.
    """

    passage: Passage
    between: str = ""
    type: Literal["join"] = "join"


@dataclass(frozen=True, slots=True)
class KindEdit:
    """The correction that gives a paragraph another kind.

    Attributes:
        passage: the beginning of the paragraph.
        kind: its kind.
        type: the kind of correction.
    """

    passage: Passage
    kind: ParagraphKind
    type: Literal["kind"] = "kind"


@dataclass(frozen=True, slots=True)
class EntityEdit:
    """The correction of a mention: it is another entity, is none, or was overlooked.

    Attributes:
        passage: the words of the mention as they shall be.
        kind: the kind of entity; null where the words name nothing.
        replaces: the kind of the mention that is replaced; null for one that was overlooked.
        shift: characters from the beginning and the end of the passage to those of the replaced mention.
        values: fields of the entity, such as ``name``, ``value`` or ``code``, that a person gave; the others
                are found as for every mention.
        type: the kind of correction.
    """

    passage: Passage
    kind: EntityType | None
    replaces: EntityType | None
    shift: tuple[int, int] = (0, 0)
    values: Mapping[str, Any] = field(default_factory=dict)
    type: Literal["entity"] = "entity"


Amendment = TextEdit | ParagraphSplit | ParagraphJoin | KindEdit | EntityEdit


@dataclass(frozen=True, slots=True)
class Correction:
    """An amendment, with who made it, when and why."""

    id: str
    amendment: Amendment
    by: str
    at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Annotations:
    """All that people said about one report: decisions about repairs, and corrections."""

    decisions: tuple[Decision, ...] = ()
    corrections: tuple[Correction, ...] = ()


NO_ANNOTATIONS = Annotations()


def correction_id(amendment: Amendment) -> str:
    """Return sixteen hex digits that identify an amendment by its content."""
    return hashlib.sha256(repr(amendment).encode("utf-8", "replace")).hexdigest()[:16]

"""The values of corrections, frozen, as they are stored.

Each kind names the passage that it is about and what shall stand there. A new kind is a class with a ``type``
of its own, and its name in `Amendment`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from etl.decisions import Anchor, Decision
from etl.mentions import EntityType
from etl.model import ParagraphKind

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
    """A stretch of the restored text, and where it is at home in the raw text.

    What is meant lies in a window whose ends can be found again; it may be empty (a place between two
    characters), or a part of the window.

    Attributes:
        start: where the raw text of the window begins.
        end: where that of the window ends.
        text: the window's words in the restored text, as they were seen.
        from_start: characters from the beginning of the window to what is meant.
        from_end: characters from the end of the window to the end of what is meant; 0 or less.
    """

    start: Anchor
    end: Anchor
    text: str
    from_start: int = 0
    from_end: int = 0

    @property
    def meant(self) -> str:
        """The words that are meant, without those around them."""
        return self.text[self.from_start : len(self.text) + self.from_end]

    def with_words(self, words: str) -> str:
        """Return the window's text with other words in the place of those that are meant."""
        return self.text[: self.from_start] + words + self.text[len(self.text) + self.from_end :]


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Other characters in the place of a passage: a word, a mark, something left out or put in.

    Attributes:
        passage: what is replaced.
        after: what shall stand there; empty where nothing shall.
        type: the kind of correction.
    """

    passage: Passage
    after: str
    type: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ParagraphSplit:
    """A new paragraph begins at a place.

    Attributes:
        passage: the place, between two characters.
        kind: of the paragraph that begins there.
        type: the kind of correction.
    """

    passage: Passage
    kind: ParagraphKind
    type: Literal["split"] = "split"


@dataclass(frozen=True, slots=True)
class ParagraphJoin:
    """Two paragraphs are one, of the kind of the first.

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
    """A paragraph is of another kind.

    Attributes:
        passage: how the paragraph begins.
        kind: what it is.
        type: the kind of correction.
    """

    passage: Passage
    kind: ParagraphKind
    type: Literal["kind"] = "kind"


@dataclass(frozen=True, slots=True)
class EntityEdit:
    """A mention is another one, is none, or was overlooked.

    Attributes:
        passage: the words of the mention as they shall be.
        kind: what it is; null where the words name nothing.
        replaces: the kind of the mention that it takes the place of; null for one that was overlooked.
        shift: from the beginning and the end of the passage to those of the mention that it replaces.
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
    """An amendment, and who made it when and why."""

    id: str
    amendment: Amendment
    by: str
    at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Annotations:
    """All that people said about one report: what they decided of repairs, what they corrected."""

    decisions: tuple[Decision, ...] = ()
    corrections: tuple[Correction, ...] = ()


NO_ANNOTATIONS = Annotations()


def correction_id(amendment: Amendment) -> str:
    """Return sixteen hex digits that stand for an amendment."""
    return hashlib.sha256(repr(amendment).encode("utf-8", "replace")).hexdigest()[:16]

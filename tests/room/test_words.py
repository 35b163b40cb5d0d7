"""The words of the interface: all that pages say is there, in both languages."""

import re
import string
from pathlib import Path
from typing import get_args

import pytest

import etl.room
from etl.corrections.entities import value_names
from etl.corrections.values import EntityType
from etl.model import CorrectionState, ParagraphKind
from etl.room.marks import MarkClass
from etl.room.words import LANGUAGES, wordings
from etl.stages import STAGES
from etl.store.query.review import State
from etl.store.records.coordination import RunKind

HOME = Path(etl.room.__file__).parent
SOURCES = [*HOME.glob("*.py"), *HOME.glob("templates/*.j2")]
ASKED = sorted(
    {
        name
        for path in SOURCES
        for name in re.findall(r'\b(?:t|words)\("([a-z_]+\.[a-z-]+(?:_[a-z-]+)*)"', path.read_text())
    }
)
MADE = (
    *(f"paragraph.{one}" for one in get_args(ParagraphKind)),
    *(f"kind.{one}" for one in get_args(EntityType)),
    *(f"value.{name}" for one in get_args(EntityType) for name in value_names(one)),
    *(f"state.{one}" for one in get_args(State)),
    *(f"said.{one.replace(' ', '_')}" for one in get_args(CorrectionState)),
    *(f"look.{one}" for one in get_args(MarkClass)),
    *(f"run.{one}" for one in get_args(RunKind)),
    *(f"stage.{one}" for one in STAGES),
    *(f"language.{one}" for one in LANGUAGES),
)

pytestmark = pytest.mark.complete


@pytest.mark.parametrize("name", [*ASKED, *MADE])
def test_there_are_words(name: str) -> None:
    """A name that a page asks for, and each value that it may show, has words."""
    assert wordings()[name]


@pytest.mark.parametrize("kind", get_args(EntityType))
def test_entities_are_told_apart(kind: str) -> None:
    """Each kind of entity has a look of its own."""
    assert re.search(rf"^(?:.* )?\.{kind} {{", (HOME / "static/room.css").read_text(), re.MULTILINE)


def test_both_languages_say_the_same() -> None:
    """Each name has words in every language, with the same places to fill in."""
    for name, wording in wordings().items():
        assert len(wording) == len(LANGUAGES), name
        fields = [{field for _, field, _, _ in string.Formatter().parse(one) if field} for one in wording]
        assert all(one == fields[0] for one in fields), name

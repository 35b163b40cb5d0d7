"""A text of which repair took line breaks alone is not repaired again; any other is."""

from collections.abc import Sequence
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.repair.edges import model

from etl import repair
from etl.model.report import Encoding, LineEnd, Reading, Repaired
from etl.repair.layout.lines import read_lines
from etl.repair.order.respaced import with_single_breaks
from etl.repair.order.restorer import Restorer

TITLE = "水渠修到了田头"
FIRST = "村里今年新修了水渠，浇地不再靠天。"
SECOND = "到了秋天，家家户户的院子里都堆满了刚刚收回来的玉米。"
THIRD = "屋檐下挂着一串一串的辣椒，远远看去一片红。"
PLAIN = (TITLE, FIRST, SECOND, THIRD)

sentences = st.sampled_from((*PLAIN, FIRST[:9], FIRST[9:], SECOND[:9], SECOND[9:], "他说：“好。", "三、收成"))
figures = st.from_regex(r"\A(?:— ?[0-9]{1,2} ?—|第[0-9]页|[0-9]{1,2}|某某村报告 [0-9])\Z")


def restored(text: str, line_ends: Sequence[LineEnd] = ()) -> tuple[Repaired, int]:
    """The result of repair, and how many passes it took."""
    passes: list[str] = []

    def counted(raw: str, *more: object) -> object:
        passes.append(raw)
        return read_lines(raw, *more)  # type: ignore[arg-type]

    with patch.object(repair, "read_lines", counted):
        reading = Reading(text, (), Encoding("utf-8", 1.0), tuple(line_ends))
        return repair.repair(reading, model(), 0.5), len(passes)


@pytest.mark.parametrize("breaks", [2, 3])
def test_paragraphs_with_blank_lines_between_are_read_once(breaks: int) -> None:
    """Where as many blank lines stand between all paragraphs, one pass is enough."""
    done, passes = restored(("\n" * breaks).join(PLAIN))

    assert ([one.text for one in done.paragraphs], passes) == ([*PLAIN], 1)


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}",
        f"{TITLE}\n\n　　{FIRST}\n\n　　{SECOND}\n\n　　{THIRD}",
        f"{TITLE}\n\n{FIRST}\n\f\n{SECOND}\n\n{THIRD}",
        f"{TITLE}\n\n{FIRST[:9]}\n\n{FIRST[9:]}\n\n{SECOND}",
        f"{TITLE}\n\n{FIRST}\n\n收成3\n\n{SECOND}\n\n收成4\n\n{THIRD}",
    ],
    ids=["uneven", "indented", "page end", "joined", "numbers in series"],
)
def test_what_could_look_otherwise_is_read_again(text: str) -> None:
    """Blank lines of unlike number, indents, page ends, joins and series of numbers ask for another pass."""
    assert restored(text)[1] > 1


def test_a_text_whose_line_ends_the_format_knows_is_read_again() -> None:
    """What the format says of line ends is said anew of the result."""
    known: list[LineEnd] = ["end", "open", "open", "open", "open", "open"]

    assert restored("\n\n".join(PLAIN), known)[1] > 1


def test_the_places_of_lines_are_those_of_the_result() -> None:
    """What is described again stands where the result of the pass has it."""
    lines = read_lines("\n\n\n".join(PLAIN), ())
    content, _ = model().select_lines(lines, 0.5)
    text = "\n".join(PLAIN)
    again = with_single_breaks(content, text)

    assert again is not None
    assert [text[start:end] for start, end in again.spans] == [*PLAIN]
    assert again.gap.tolist() == [0, 1, 1, 1]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.one_of(sentences, sentences, figures), min_size=2, max_size=10),
    st.sampled_from(["\n\n", "\n\n", "\n\n\n", "\n"]),
)
def test_the_pass_that_is_spared_would_change_nothing(lines: list[str], between: str) -> None:
    """Whatever lines a text is made of, it comes out as with all passes."""
    found, _ = restored(between.join(lines))
    with patch.object(Restorer, "stays", lambda *_: False):
        assert restored(between.join(lines))[0] == found


def test_a_text_of_page_numbers_alone_stays_as_it_is() -> None:
    """Where every line seems furniture none is taken out, for nothing would be left."""
    found, _ = restored("\n\n".join(["第0页"] * 4))

    assert [paragraph.text for paragraph in found.paragraphs] == ["第0页"] * 4

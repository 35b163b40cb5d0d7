"""Whatever is corrected in whatever order: offsets stay right, and nothing else changes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.corrections.made import DAY
from tests.store.made import make_report

from etl.corrections import Correction, EntityEdit, Passage, TextEdit
from etl.corrections.amending import Amended, apply_corrections
from etl.corrections.anchoring import Ground
from etl.corrections.entities import PlacedEntity, with_spans, with_values
from etl.corrections.requests import (
    ChangeText,
    CorrectionRequest,
    JoinParagraphs,
    SetKind,
    SplitParagraph,
    amendment_of,
)
from etl.corrections.values import correction_id
from etl.model.decisions import Anchor
from etl.model.errors import SetupError
from etl.model.mentions import Document, Entity, Money, Person, Place
from etl.model.report import Paragraph, Report, ReportParagraph
from etl.model.traced import Edit, Traced, apply, concat

WORDS = st.text("甲乙丙丁，。", min_size=1, max_size=12)
RAWS = st.lists(WORDS, min_size=1, max_size=5)
AMOUNTS = st.floats(0, 1, exclude_max=True)
KINDS = st.sampled_from(["text", "split", "join", "kind"])
WISHES = st.lists(st.tuples(KINDS, AMOUNTS, AMOUNTS, st.text("甲戊己", max_size=3)), max_size=6)


Wish = tuple[str, float, float, str]


def restored(raws: Sequence[str]) -> tuple[str, tuple[Paragraph, ...]]:
    """A raw text of lines, and its paragraphs: commas became two characters that stand for one."""
    raw, paragraphs, at = "\n".join(raws), [], 0
    for line in raws:
        body = Traced.raw(line, at)
        edits = [Edit(k, k + 1, "——", "test") for k, char in enumerate(line) if char == "，"]
        paragraphs.append(Paragraph("body", apply(body, edits, "normalize")[0]))
        at += len(line) + 1
    return raw, tuple(paragraphs)


def report_of(paragraphs: Sequence[Paragraph]) -> Report:
    """A stored report of these paragraphs."""
    pieces: list[Traced] = []
    for paragraph in paragraphs:
        pieces += [Traced.inserted("\n", 0), paragraph.body] if pieces else [paragraph.body]
    whole = concat(pieces)
    ends = accumulate(len(paragraph.body) + 1 for paragraph in paragraphs)
    stored = tuple(
        ReportParagraph(p.kind, p.body.text, end - 1 - len(p.body), end - 1)
        for p, end in zip(paragraphs, ends, strict=True)
    )
    return replace(make_report(), text=whole.text, runs=whole.runs, paragraphs=stored, entities=())


def wish(kind: str, where: tuple[float, float], words: str, text: str) -> CorrectionRequest:
    """A wish about some place of a text."""
    start, end = sorted(int(share * (len(text) + 1)) for share in where)
    if kind == "text":
        return ChangeText(start, min(end, start + 4), words)
    if kind == "split":
        return SplitParagraph(start)
    return JoinParagraphs(start) if kind == "join" else SetKind(start, "note")


def reads(text: str, asked: CorrectionRequest) -> str:
    """A text with a wish carried out, as strings go."""
    if isinstance(asked, ChangeText):
        whole = text[: asked.start] + asked.text + text[asked.end :]
        return "\n".join(line for line in whole.split("\n") if line)
    if isinstance(asked, SplitParagraph):
        return text[: asked.at] + "\n" + text[asked.at :]
    if isinstance(asked, JoinParagraphs):
        end = text.index("\n", asked.at)
        return text[:end] + text[end + 1 :]
    return text


def said(raws: Sequence[str], wishes: Sequence[Wish]) -> tuple[list[Correction], str]:
    """Corrections made one after the other, each of what the others left, and the text that strings make."""
    raw, paragraphs = restored(raws)
    made: list[Correction] = []
    text = report_of(paragraphs).text
    for number, (kind, first, last, words) in enumerate(wishes):
        report = report_of(apply_corrections(paragraphs, raw, made).paragraphs)
        asked = wish(kind, (first, last), words, report.text)
        try:
            ground = Ground(raw, Traced(report.text, report.runs))
            amendment = amendment_of(asked, report, ground)
        except SetupError:
            continue
        text = reads(text, asked)
        made.append(
            Correction(f"{number}{correction_id(amendment)}", amendment, "", DAY + timedelta(seconds=number))
        )
    return made, text


def faithful(found: Amended, raw: str) -> None:
    """Runs cover every paragraph and lie within the raw text."""
    for paragraph in found.paragraphs:
        body = paragraph.body
        assert sum(run.end - run.start for run in body.runs) == len(body)
        assert all(0 <= run.raw_start <= run.raw_end <= len(raw) for run in body.runs)


@given(RAWS, WISHES)
def test_each_is_made(raws: list[str], wishes: list[Wish]) -> None:
    """Over the same bytes every correction is made, and the text reads as if strings had been edited."""
    corrections, text = said(raws, wishes)
    raw, paragraphs = restored(raws)
    found = apply_corrections(paragraphs, raw, corrections)

    faithful(found, raw)
    assert [one.state for one in found.corrected] == ["made"] * len(corrections)
    assert "\n".join(paragraph.body.text for paragraph in found.paragraphs) == text


@given(RAWS, WISHES, WORDS, AMOUNTS)
def test_other_bytes(raws: list[str], wishes: list[Wish], new: str, place: float) -> None:
    """Over other bytes nothing is done where the words are not those that were seen; all else stays."""
    corrections, _ = said(raws, wishes)
    at = int(place * (len(raws) + 1))
    raw, paragraphs = restored([*raws[:at], new, *raws[at:]])
    found = apply_corrections(paragraphs, raw, corrections)
    held = [one for one in corrections if states(found)[one.id] == "made"]

    faithful(found, raw)
    assert found.paragraphs == apply_corrections(paragraphs, raw, held).paragraphs
    text = "\n".join(paragraph.body.text for paragraph in found.paragraphs)
    last = corrections[-1] if corrections else None
    if last in held and isinstance(last.amendment, TextEdit) and last.amendment.after:
        assert last.amendment.passage.with_words(last.amendment.after).strip("\n") in text


def states(found: Amended) -> dict[str, str]:
    """What became of each correction."""
    return {one.id: one.state for one in found.corrected}


SPANS = st.tuples(st.integers(0, 18), st.integers(1, 6)).map(lambda one: (one[0], min(20, sum(one))))
NAMES = st.sampled_from(["person", "place", "money", "document", None])
EDITS = st.lists(
    st.tuples(SPANS, NAMES, NAMES, st.tuples(st.integers(-2, 2), st.integers(-2, 2))), max_size=5
)
CLASSES: dict[str, Callable[..., Entity]] = {
    "person": Person,
    "place": Place,
    "money": Money,
    "document": Document,
}


@given(st.lists(st.tuples(SPANS, st.sampled_from([*CLASSES])), max_size=5), EDITS)
def test_entities_keep_their_words(found: list[tuple[tuple[int, int], str]], edits: list[Any]) -> None:
    """Whatever is put in, moved or taken out, each entity has the words of its span, in order of place."""
    text = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    before = [
        CLASSES[kind](text=text[slice(*span)], start=span[0], end=span[1], key="") for span, kind in found
    ]
    anchor = Anchor(0, "", "")
    placed = [
        PlacedEntity(
            span[0], span[1], EntityEdit(Passage(anchor, anchor, text[slice(*span)]), kind, was, shift)
        )
        for span, kind, was, shift in edits
    ]
    after = with_values(with_spans(before, placed, text, str.lower), placed, str.lower)

    assert all(text[one.start : one.end] == one.text for one in after)
    assert list(after) == sorted(after, key=lambda one: (one.start, one.end, one.type))
    if placed and placed[-1].edit.kind:
        last = placed[-1]
        assert [e.text for e in after if (e.type, e.start, e.end) == (last.edit.kind, last.start, last.end)]

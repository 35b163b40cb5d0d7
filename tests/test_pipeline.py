from pathlib import Path

import pytest

import etl
from etl.model.errors import RejectError
from etl.model.report import Report
from etl.model.traced import Traced
from etl.normalize import normalize
from etl.script import Converters

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "samples").iterdir())


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda path: path.name)
def report(request: pytest.FixtureRequest) -> Report:
    """Each sample, processed."""
    path: Path = request.param
    return etl.process(path.read_bytes(), uri=path.as_uri())


def test_offsets_are_exact(report: Report) -> None:
    """Every entity and paragraph is the stretch of the text that its offsets name."""
    assert report.entities
    assert all(report.text[e.start : e.end] == e.text for e in report.entities)
    assert all(report.text[p.start : p.end] == p.text for p in report.paragraphs)
    assert "\n".join(p.text for p in report.paragraphs) == report.text


def test_spans_of_facts_lie_in_the_text(report: Report) -> None:
    """The spans of a fact are stretches of the text."""
    assert all(0 <= a < b <= len(report.text) for fact in report.facts for a, b in fact.spans)


def test_every_character_knows_its_place(report: Report) -> None:
    """The runs cover the text without gaps, so that raw_span answers for any character."""
    ends = [0, *(run.end for run in report.runs)]

    assert [run.start for run in report.runs] == ends[:-1]
    assert ends[-1] == len(report.text)
    assert all(a <= b for a, b in (report.raw_span(i, i + 1) for i in range(len(report.text))))


def test_keys_are_those_of_the_entities(report: Report) -> None:
    """entity_keys holds the key of every entity once, sorted."""
    assert list(report.entity_keys) == sorted({e.key for e in report.entities})


def test_cleaning_twice_is_cleaning_once() -> None:
    """A clean text stays as it is, whichever sample it came from."""
    for path in SAMPLES:
        text = etl.process(path.read_bytes(), uri=path.as_uri()).text
        for line in text.splitlines():
            assert normalize(Traced.raw(line))[0].text == line


def test_names_escape_phrase_tables() -> None:
    """A person's name goes to the other script character by character, though a phrase would change it."""
    report = etl.process("会议消息\n\n县委书记范余庆出席会议并讲话。".encode(), uri="memory:a.txt")
    names = [e.text for e in report.entities if e.type == "person"]
    by_character = Converters("hant").name("范余庆", "hant")

    assert names == ["范余庆"]
    assert by_character in report.other_text


@pytest.mark.parametrize(
    ("payload", "name", "reason"),
    [
        (b"", "a.txt", "empty"),
        (" \n\t　".encode(), "a.txt", "blank"),
        (b"\x00\x01\x02\x00\xff\xfe\x00", "a.txt", "binary"),
        (b"%PDF-1.7\n", "a.pdf", "pdf"),
        (b"PK\x03\x04broken", "a.docx", "docx"),
    ],
)
def test_bad_input_says_why(payload: bytes, name: str, reason: str) -> None:
    """What cannot be a report is refused in the stage read, with its reason."""
    with pytest.raises(RejectError) as caught:
        etl.process(payload, uri=f"memory:{name}")

    assert (caught.value.stage, caught.value.reason) == ("read", reason)

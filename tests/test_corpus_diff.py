import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import corpus_diff
import pytest
from corpus_compare import Difference, differences, strangest, unversioned
from corpus_sample import Text, cut
from corpus_tell import tell

Told = dict[str, Any]

# A product of another time: another module holds the report, and it has no fields but these.
PRODUCT = """
from dataclasses import dataclass

@dataclass(frozen=True)
class Paper:
    text: str
    paragraphs: tuple
    title: str

def process(payload, uri="", published_on=None):
    text = payload.decode().replace("旧", "{word}")
    return Paper(text, tuple({{"text": line, "kind": "body"}} for line in text.split("\\n")), text[:2])
"""


def told(*lines: str, **fields: object) -> Told:
    """What a revision tells of a text of these lines."""
    paragraphs = [{"kind": "body", "text": line} for line in lines]
    return {"report": {"text": "\n".join(lines), "paragraphs": paragraphs, **fields}}


def person(at: int, **fields: object) -> Told:
    """A person found at a place of a text that is its own raw text."""
    return {"type": "person", "text": "王明", "start": at, "end": at + 2, "raw": [[at, at + 2]], **fields}


def kinds(base: Told, now: Told) -> list[tuple[str, str, str]]:
    """The differences by name."""
    return [(one.stage, one.what, one.change) for one in differences(base, now)]


@pytest.mark.parametrize(
    ("base", "now", "found"),
    [
        (told("甲乙"), told("甲乙"), []),
        (told("甲乙", "丙"), told("甲乙丙"), [("text", "joined", "changed")]),
        (told("甲乙丙"), told("甲乙", "丙"), [("text", "split", "changed")]),
        (told("甲乙", "丙"), told("甲乙"), [("text", "lines gone", "lost")]),
        (
            told("甲", "乙丙丁"),
            told("乙丙丁", "甲"),
            [("text", "moved", "gained"), ("text", "moved", "lost")],
        ),
        (told("甲,乙"), told("甲，乙"), [("text", "marks", "changed")]),
        (told("甲", title="甲"), told("甲", title=""), [("report", "title", "changed")]),
        ({"refused": "refused: read empty"}, told("甲"), [("read", "refused", "changed")]),
    ],
)
def test_kinds_of_differences(base: Told, now: Told, found: list[tuple[str, str, str]]) -> None:
    """Every way in which two texts can differ has a name, and equal texts do not differ."""
    assert sorted(kinds(base, now)) == found


def test_new_fields_are_named() -> None:
    """A value that only one revision has is named as new; an empty one is no difference."""
    base = told("王明", entities=[person(0, of=None)])
    assert kinds(base, told("王明", entities=[person(0, of=None, born=None)])) == []
    now = told("王明", entities=[person(0, of="县委", born={"year": 1970})])
    assert kinds(base, now) == [("entities", "person.+born", "changed"), ("entities", "person.of", "changed")]


@pytest.mark.parametrize(
    ("base", "now", "made_with", "stages"),
    [
        (told("甲乙"), told("甲乙"), {"convert": "1"}, set()),
        (told("甲乙"), told("甲丙"), {"convert": "1"}, {"convert"}),
        (told("甲乙"), told("甲丙"), {"convert": "2"}, set()),
        (told("甲乙"), told("甲乙", facts=[{"type": "donation"}]), {"facts": "1"}, {"facts"}),
        (told("甲乙"), told("甲丙"), {}, set()),
    ],
    ids=["same", "forgotten", "raised", "facts", "older revision"],
)
def test_results_that_no_version_tells(base: Told, now: Told, made_with: Told, stages: set[str]) -> None:
    """A stage whose results differ under one fingerprint is named; one with another fingerprint is not."""
    was = {**base, "made_with": dict.fromkeys(made_with, "1")}
    assert unversioned(was, {**now, "made_with": made_with}) == stages


def test_entities_keep_their_place_in_the_raw_text() -> None:
    """A line that went away does not make the entities behind it differ."""
    base = told("页眉", "王明", entities=[person(3)])
    moved = {**person(3), "start": 0, "end": 2}
    assert kinds(base, told("王明", entities=[moved])) == [("text", "lines gone", "lost")]


def test_the_same_place_as_another_type() -> None:
    """What stands at a place is compared with what stood there, whatever its type and bounds."""
    base = told("王明村", entities=[person(0)])
    now = told("王明村", entities=[{**person(0), "type": "place", "end": 3, "raw": [[0, 3]]}])
    assert kinds(base, now) == [("entities", "person → place", "changed")]


def test_strangest_of_every_kind() -> None:
    """The rarest and gravest kinds come first, however often another kind occurs."""
    one = Difference("entities", "place", "gained", "", "")
    found = [(f"news/{n}", one) for n in range(50)]
    found += [
        ("news/9", replace(one, what="person")),
        ("harm/1", replace(one, stage="text", what="lines gone")),
    ]
    first = [difference.what for _, difference in strangest(found, 3)]
    assert sorted(first) == ["lines gone", "person", "place"]


def test_tells_what_the_product_makes() -> None:
    """A report is told as plain values with places in the raw text, a refusal by its reason."""
    report = tell("页眉\n\n李明向县红十字会捐款3000元。".encode(), "file:///a.txt")["report"]
    raw = [one["raw"] for one in report["entities"] if one["type"] == "money"]
    assert (report["paragraphs"][-1]["kind"], raw) == ("body", [[[14, 19]]])
    assert tell(b"", "file:///a.txt")["refused"].startswith("refused: read")


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_two_revisions_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both revisions run from trees of their own, whatever their modules are called; none stays behind."""
    project = tmp_path / "project"
    for word in ("旧", "新"):
        package = project / "src" / "etl"
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text(PRODUCT.format(word=word), encoding="utf-8")
        git(project, "init", "--quiet")
        git(project, "add", ".")
        git(project, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", word)
    monkeypatch.setattr(corpus_diff, "ROOT", project)
    texts = [Text("news", "1", "file:///1.txt", "旧物".encode())]
    with corpus_diff.tree("HEAD~1", tmp_path / "base") as base:
        was, is_now = corpus_diff.run_both(base, project, texts, tmp_path)
    assert [one.after for one in differences(was[0], is_now[0])] == ["新物", "title = 新物"]
    assert git(project, "worktree", "list").count("\n") == 1


def git(folder: Path, *words: str) -> str:
    """What git prints."""
    done = subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True)
    return done.stdout


def test_cut_at_whole_lines() -> None:
    """A long text is cut behind a line, and inside one only where there is no other way."""
    assert cut("一二三\n四五六", 5) == "一二三"
    assert cut("一二三四五六", 5) == "一二三四五"

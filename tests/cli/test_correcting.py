"""`etl review ID edit …` as a reviewer types it, and what others make of it."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Etl
from tests.corrections.cases import failures, made
from tests.corrections.made import TEXT

pytestmark = pytest.mark.mongo


@pytest.fixture
def loaded(etl: Etl, tmp_path: Path) -> str:
    """Id of a stored report."""
    (tmp_path / "防汛.txt").write_text(TEXT, encoding="utf-8")
    etl("run", tmp_path / "防汛.txt")
    return str(etl("search", "张丰", "--json").lines[0]["id"])


def test_every_action(etl: Etl, loaded: str) -> None:
    """Words, paragraphs, kinds and entities are corrected by words; the list numbers, undo takes back."""
    done = etl("review", loaded, "edit", "张丰", "张三丰", "--by", "李芳", "--note", "读过原件")
    assert done.out.strip() == f"corrected {loaded}, now revision 2; nothing waits for review any more"
    for words in (
        ("split", "100个，", "李明主任"),
        ("join", "天气很好。", "张三丰说"),
        ("kind", "第二段", "note"),
        ("entity", "李明", "person", "roles=主任,书记"),
    ):
        assert etl("review", loaded, *words).status == 0

    (found,) = etl("show", loaded, "--json").lines
    assert [(one["kind"], one["text"][:4]) for one in found["paragraphs"]][2:] == [
        ("body", "李明主任"),
        ("note", "第二段说"),
    ]
    (person,) = [one for one in found["entities"] if one["text"] == "李明"]
    assert person["roles"] == ["主任", "书记"]
    shown = etl("review", loaded).out
    first = " c1  “张丰” became “张三丰” in “…二段说天气很好。张丰说，今天下雨了……”: made"
    assert f"{first}\n     by 李芳" in shown
    assert " c5  “李明” names a person, roles 主任、书记: made" in shown
    (undone,) = etl("review", loaded, "undo", "c1", "--json").lines
    assert (undone["action"], undone["revision"], undone["lost"]) == ("undo", 7, 0)
    assert etl("review", loaded, "undo", "all").status == 0
    assert etl("show", loaded, "--json").lines[0]["corrections"] == []
    assert "taken back by" in etl("review", loaded).out


def test_exported_cases(etl: Etl, loaded: str, tmp_path: Path) -> None:
    """What is exported is run without a database: as people said, and not so without them."""
    (item,) = etl("review", loaded, "--json").lines[0]["items"]
    etl("review", loaded, "reject", item["number"])
    etl("review", loaded, "edit", "张丰", "张三丰")
    etl("review", loaded, "entity", "李明", "none")
    (line,) = etl("review", "export").out.splitlines()
    case = json.loads(line)

    assert etl("review", "export", loaded).out.splitlines() == [line]
    assert len(case["expected"]) == 3
    assert failures(case, made(case)) == []


REFUSED = {
    ("edit", "张丰"): "edit WORDS OTHERS",
    ("split", "张丰", "天气"): "is nowhere followed by",
    ("entity", "李明", "animal"): "kinds of entities are",
    ("undo", "c9"): "has no decision or correction c9",
    ("polish", "it"): "what can be said",
    ("edit", "张丰", "张三丰", "--revision", "7"): "has revision 1, not 7",
}


def test_what_cannot_be_done(etl: Etl, loaded: str) -> None:
    """One line says what was found and what is expected."""
    done = {words: etl("review", loaded, *words) for words in REFUSED}

    assert {words: one.status for words, one in done.items()} == dict.fromkeys(REFUSED, 2)
    assert [words for words, one in done.items() if REFUSED[words] not in one.error] == []

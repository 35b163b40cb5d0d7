"""`etl review` as a reviewer uses it: what waits, what was done, what they say of it."""

from pathlib import Path

import pytest
from tests.cli.conftest import Etl
from tests.repair.decided import COLUMN

pytestmark = pytest.mark.mongo

UNSURE = {"ETL_REPAIR__THRESHOLD": "1.0"}


@pytest.fixture
def loaded(etl: Etl, tmp_path: Path) -> str:
    """Id of a report with suggestions."""
    (tmp_path / "山村.txt").write_text(COLUMN, encoding="utf-8")
    etl("run", tmp_path / "山村.txt", **UNSURE)
    (waiting,) = etl("review", "--json").lines
    assert waiting["suggestions"] == 3
    return str(waiting["id"])


def number(etl: Etl, identifier: str, rule: str, words: str) -> int:
    """The number under which a repair is listed."""
    (found,) = etl("review", identifier, "--json").lines
    chosen = [item for item in found["items"] if item["rule"] == rule and words in item["around"]]
    return int(chosen[0]["number"])


def test_a_review(etl: Etl, loaded: str) -> None:
    """From the list to a report that waits for nothing: every step says what it did and what is left."""
    listed = etl("review")
    assert loaded in listed.out
    assert "3 suggestions" in listed.out
    shown = etl("review", loaded)
    assert "waits for a decision" in shown.out
    assert "谁也不敢出 ‖ 门。二〇一五年" in shown.out
    explained = etl("show", loaded).out
    assert (
        f"3 of them are suggestions below the threshold; decide with `etl review {loaded[:8]}`" in explained
    )

    move = number(etl, loaded, "moved column", "谁也不敢出 ‖ 门。")
    done = etl("review", loaded, "accept", move, "--by", "罗开明", "--note", "原件第2版", **UNSURE)
    assert done.status == 0
    assert done.out.endswith("now revision 2; 1 suggestions wait still\n")
    cut = number(etl, loaded, "cut sentence", "以后又回到工 ‖ 地，")
    (said,) = etl("review", loaded, "reject", cut, "--json", **UNSURE).lines
    assert (said["verdict"], said["revision"], said["open"], said["needs_review"]) == (
        "rejected",
        3,
        0,
        False,
    )

    after = etl("review", loaded).out
    assert "accepted by 罗开明" in after
    assert "原件第2版" in after
    assert "refused, the text stays as it was" in after
    assert "accepted by a person" in etl("show", loaded).out
    assert etl("review").err.strip() == "no report waits for review"
    (figures,) = etl("status", "--json").lines
    assert (figures["needs_review"], figures["decisions"], figures["orphaned"]) == (0, 2, 0)


def test_only_what_waits(etl: Etl, loaded: str) -> None:
    """`--open` leaves out what is settled."""
    (everything,) = etl("review", loaded, "--json").lines
    etl("review", loaded, "reject", 1, **UNSURE)
    (waiting,) = etl("review", loaded, "--open", "--json").lines

    assert len(everything["items"]) == 3
    assert {item["state"] for item in waiting["items"]} == {"open"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ID", "accept", "99"], "has no repair 99; it has 1 to 3, see `etl review"),
        (["ID", "accept"], "no number was given"),
        (["ID", "maybe", "1"], "found 'maybe'; what can be said of a report is accept N"),
        (["nosuch", "accept", "1"], "no report has the id nosuch"),
        (["nosuch"], "no report has the id nosuch"),
    ],
    ids=" ".join,
)
def test_wrong_use(etl: Etl, loaded: str, arguments: list[str], said: str) -> None:
    """What cannot be settled is one line and exit status 2."""
    done = etl("review", *[loaded if word == "ID" else word for word in arguments], **UNSURE)

    assert (done.status, done.out) == (2, "")
    assert said in done.error


def test_settled_twice(etl: Etl, loaded: str) -> None:
    """Saying the same again is wrong use; saying the opposite is not."""

    def move() -> int:
        return number(etl, loaded, "moved column", "谁也不敢出 ‖ 门。")

    assert etl("review", loaded, "reject", move(), "--by", "罗开明", **UNSURE).status == 0
    again = etl("review", loaded, "reject", move(), **UNSURE)

    assert again.status == 2
    assert "was rejected already by 罗开明" in again.err
    assert etl("review", loaded, "accept", move(), **UNSURE).status == 0


def test_pages(etl: Etl, loaded: str) -> None:
    """The list goes on behind the last id that it showed."""
    first = etl("review", "--limit", 1)

    assert f"etl review --after {loaded}" in first.err
    assert etl("review", "--after", loaded).out == ""

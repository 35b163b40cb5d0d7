from pathlib import Path

import pytest
from tests.cli.conftest import BAD, Etl

pytestmark = pytest.mark.mongo


def test_plan_then_run(etl: Etl, inbox: Path) -> None:
    """In JSON each report is a line, then the counts that the run has; status 1 tells of bad ones."""
    etl("run", inbox)
    (inbox / "bad.txt").write_bytes(BAD)
    (inbox / "新闻.txt").write_text("图书馆开馆了，馆长介绍了藏书。\n", encoding="utf-8")
    planned, loaded = etl("plan", inbox, "--json"), etl("run", inbox, "--json")
    *each, total = planned.lines

    assert sorted(line["action"] for line in each) == ["new", "quarantine", "same", "same", "skipped"]
    assert planned.status == loaded.status == 1
    assert total.pop("gone") == 0
    assert total.items() <= loaded.lines[0].items()


def test_plan_for_a_person(etl: Etl, inbox: Path) -> None:
    """For a person what stays the same is left out, and what changes shows how."""
    etl("run", inbox)
    changed = inbox / "2020" / "捐款-2020-02-03.txt"
    changed.write_text(changed.read_text(encoding="utf-8").replace("5万", "6万"), encoding="utf-8")
    done, whole = etl("plan", inbox), etl("plan", inbox, "--same")

    assert done.status == 0
    assert "图书馆" not in done.out
    assert "图书馆" in whole.out
    assert "\n    -2020年2月3日，永安公司向县医院捐款5万元" in done.out
    assert "\n    +2020年2月3日，永安公司向县医院捐款6万元" in done.out
    assert "updated      1" in done.out
    assert "nothing was written" in done.err


def test_writes_nothing_into_an_empty_data_folder(bare: Etl, inbox: Path, tmp_path: Path) -> None:
    """Where there is no database yet, a plan makes none, nor a folder for it."""
    planned = bare("plan", inbox)

    assert planned.status == 0
    assert planned.out.count("new  ") == 2
    assert not (tmp_path / "data").exists()
    (tmp_path / "data/mongo/files").mkdir(parents=True)
    assert bare("plan", inbox).status == 0
    assert not any((tmp_path / "data/mongo/files").iterdir())

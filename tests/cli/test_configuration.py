"""`etl config`, and a configuration of one's own in force for every command."""

from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Etl


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder that changes a setting, a word list, the facts and a schedule, and holds a stray file."""
    folder = tmp_path / "own"
    for name, text in {
        "etl.toml": '[run]\nworkers = 3\n[notify]\nwebhook = "https://hooks.example/planted"\n',
        "lexicon/people.toml": 'roles = ["河湖长"]\n',
        "facts/appointment.toml": "off = true\n",
        "prefect.yaml": "deployments: [{name: nightly, schedules: [{cron: '5 3 * * *'}]}]\n",
        "lexikon/people.toml": "",
        "README.md": "ours",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_what_is_in_force_and_from_where(dry: Etl, own: Path) -> None:
    """Every setting, list, fact and deployment is told with its origin; passwords are not shown."""
    done = dry("config", "--json", ETL_CONFIG_DIR=str(own), ETL_LOG__LEVEL="ERROR")
    found = {(line["part"], line["name"]): (line["value"], line["origin"]) for line in done.lines}

    assert done.status == 0
    assert found["setting", "run.workers"] == (3, str(own / "etl.toml"))
    assert found["setting", "run.runner"] == ("threads", "package")
    assert found["setting", "log.level"] == ("ERROR", "ETL_LOG__LEVEL")
    assert found["setting", "notify.webhook"] == ("(set, not shown)", str(own / "etl.toml"))
    assert found["words", "people.toml"] == ("added to", f"package and {own / 'lexicon' / 'people.toml'}")
    assert found["words", "places.toml"] == ("as released", "package")
    assert found["fact", "donation"] == ("donation", "package")
    assert found["fact", "appointment"] == ("switched off", str(own / "facts" / "appointment.toml"))
    assert found["deployment", "nightly"] == ("5 3 * * *", str(own / "prefect.yaml"))
    assert found["deployment", "on-demand"] == ("when asked", "package")
    assert [name for part, name in found if part == "unread"] == ["lexikon/people.toml"]
    assert "planted" not in done.out + done.err


def test_only_ones_own(dry: Etl, own: Path) -> None:
    """`--own` leaves out what the package says, and a name chooses."""
    shown = dry("config", "--own", "--config", own).out

    assert f"your own  {own}" in shown
    assert str(own / "etl.toml") in shown
    assert "run.runner" not in shown
    assert "nothing reads it" in shown
    assert [line["name"] for line in dry("config", "run.w", "--json").lines] == [
        "run.workers",
        "run.wait_seconds",
    ]


def test_config_stands_before_and_after_a_command(dry: Etl, own: Path) -> None:
    """`--config` does the same wherever it stands, and as ETL_CONFIG_DIR, also for help."""
    before, after = dry("--config", own, "config", "--json"), dry("config", "--json", "--config", own)

    assert before.lines == after.lines == dry("config", "--json", ETL_CONFIG_DIR=str(own)).lines
    assert "What it states: appointment, donation, procurement." in dry("search", "--help").out
    assert "What it states: donation, procurement." in dry("search", "--config", own, "--help").out


def test_schedules_for_prefect(dry: Etl, own: Path) -> None:
    """`--schedules` prints a prefect.yaml that holds both."""
    printed = yaml.safe_load(dry("config", "--schedules", "--config", own).out)

    times = {one["name"]: one.get("schedules") for one in printed["deployments"]}
    assert times["nightly"] == [{"cron": "5 3 * * *"}]
    assert times["weekly"]


def test_a_wrong_file_is_one_line(bare: Etl, tmp_path: Path, own: Path) -> None:
    """What is wrong in one's own folder ends a command with status 2 and names the file."""
    (own / "lexicon" / "people.toml").write_text("rolse = []\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("今天下雨。", encoding="utf-8")
    done = bare("process", "a.txt", "--config", own.name)

    assert (done.status, done.out) == (2, "")
    assert f"{own / 'lexicon' / 'people.toml'} line 1: rolse is no entry" in done.error


@pytest.mark.parametrize("name", ["people.toml", "peeple.toml"])
def test_words_that_cannot_be_used_are_not_in_force(dry: Etl, own: Path, name: str) -> None:
    """`etl config` does not call in force what every other command would stop at."""
    path = own / "lexicon" / name
    path.write_text("rolse = []\n", encoding="utf-8")
    done = dry("config", "--config", own)

    assert done.status == 2
    assert str(path) in done.error


def test_a_folder_that_is_not_there(dry: Etl) -> None:
    """A folder that is not there ends the command with status 2."""
    done = dry("config", "--config", "nosuch")

    assert done.status == 2
    assert "which is no folder" in done.error


@pytest.mark.mongo
def test_words_of_ones_own_make_reports_stale(etl: Etl, inbox: Path, own: Path) -> None:
    """A lexicon changed in one's own folder makes stored reports stale, and redoing them uses its words."""
    (inbox / "2020" / "捐款-2020-02-03.txt").write_text(
        "河湖保护\n\n北岭镇河湖长沈佩兰介绍，水清了。\n", encoding="utf-8"
    )
    etl("run", inbox)
    (figures,) = etl("status", "--json").lines
    assert figures["stale"] == 0
    variables = {"ETL_CONFIG_DIR": str(own)}
    (figures,) = etl("status", "--json", **variables).lines
    assert (figures["stale"], figures["stale_since"]) == (2, {"extract": 2})

    (redone,) = etl("reprocess", "--stale", "--json", **variables).lines
    (hit,) = etl("search", "河湖保护", "--json", **variables).lines
    (report,) = etl("show", hit["id"], "--json", **variables).lines
    (person,) = [one for one in report["entities"] if one["type"] == "person"]
    assert redone["updated"] == 1
    assert "河湖长" in person["roles"]
    assert etl("status", "--json", **variables).lines[0]["stale"] == 0

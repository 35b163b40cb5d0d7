"""Faults that keep the product from working, seeded one by one; the doctor finds each and says what fits."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.doctor import config_faults, machine_faults
from tests.doctor.seeds import Bench, Fault

from etl.doctor import GROUPS, Finding, installation, remedies
from etl.model.errors import SetupError
from etl.settings import Settings
from etl.store.driver.connection import Db

pytestmark = pytest.mark.mongo

# What takes away or writes over what stands there.
TAKES_AWAY = re.compile(
    r"\b(?:mv|rm|rmdir|unlink|shred|truncate|dd|prune|drop\w*|clean|reset|stash|down)\b|[^2]>"
)


@pytest.fixture
def bench(settings: Settings, db: Db, tmp_path: Path) -> Iterator[Bench]:
    """A healthy machine without containers; what was broken is whole again afterwards."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as closing:
        for name in [name for name in os.environ if name.startswith(("ETL_", "PREFECT_"))]:
            patch.delenv(name)
        patch.setattr(remedies, "runs_in_compose", lambda: False)
        patch.setattr("etl.doctor.schedule.USUAL_PORT", 9)
        patch.setenv("ETL_WATCH__PORT", "0")
        yield Bench(settings, db, tmp_path, patch, closing)


FAULTS = config_faults.FAULTS | machine_faults.FAULTS
TABLE = [
    pytest.param(group, fault, id=fault.seed.__name__) for group, faults in FAULTS.items() for fault in faults
]


def findings(group: str, bench: Bench) -> dict[str, Finding]:
    """What a group of checks says, by the names of the checks."""
    if group == "settings":
        with pytest.raises(SetupError) as caught:
            bench.reload()
        return {"settings": installation.check_settings(caught.value)}
    return {one.check: one for one in GROUPS[group](bench.reload())}


def test_healthy(bench: Bench) -> None:
    """On the machine that the faults are seeded on nothing is wrong before."""
    machine_faults.loaded(bench)
    said = [one for group in GROUPS for one in findings(group, bench).values()]

    assert [one for one in said if one.state == "problem"] == []


@pytest.mark.parametrize(("group", "fault"), TABLE)
def test_fault_is_found(bench: Bench, group: str, fault: Fault) -> None:
    """The check says what is wrong; the command fits, and takes away nothing."""
    fault.seed(bench)
    one = findings(group, bench)[fault.check]

    assert (one.state, fault.said in one.found) == ("problem", True), one
    assert one.mend.startswith(fault.mend), one
    assert not TAKES_AWAY.search(one.mend), one
    assert "docker" not in one.mend
    assert "secret" not in one.found + one.mend


def test_faults_of_one_kind_are_all_told(bench: Bench) -> None:
    """Several files, deployments and sources that are wrong are several findings, each with its command."""
    config_faults.lexicon_is_no_toml(bench)
    config_faults.pattern_without_slots(bench)
    bench.own("facts/talk.toml", config_faults.VISIT.replace('"text"', '"texts"'))
    bench.own("prefect.yaml", config_faults.MINE.format(cron="0 25 * * *", timezone="Asia/Peking"))
    bench.set(RUN__SOURCES='["/nowhere/one", "/nowhere/two"]')
    settings = bench.reload()
    said = [one for group in ("config", "machine") for one in GROUPS[group](settings)]
    wrong = [(one.check, one.mend) for one in said if one.state == "problem"]

    assert [check for check, _ in wrong] == ["words"] * 3 + ["schedules"] * 2 + ["sources"] * 2
    files = ("lexicon/people.toml", "facts/talk.toml", "facts/visit.toml", "+5 ", "+6 ")
    assert all(name in mend for name, (_, mend) in zip(files, wrong, strict=False)), wrong


def test_settings_that_are_wrong_are_all_told(bench: Bench) -> None:
    """Each of them is named, and the command takes back all."""
    bench.set(RUN__TYPO="1", WATCH__PORT="70000")
    one = findings("settings", bench)["settings"]

    command, *variables = one.mend.split()
    assert (command, set(variables)) == ("unset", {"ETL_RUN__TYPO", "ETL_WATCH__PORT"})


def test_files_that_begin_with_a_mark(bench: Bench) -> None:
    """Files of one's own that an editor began with the mark of UTF-8 are read like others."""
    bench.own("etl.toml", "\ufeff[run]\nworkers = 3\n")
    bench.own("lexicon/people.toml", '\ufeffroles = ["林长"]\n')
    bench.own("lexicon/stop_words.txt", "\ufeff-委员\n")
    bench.own("facts/visit.toml", "\ufeff" + config_faults.VISIT)
    bench.own("prefect.yaml", "\ufeff" + config_faults.MINE.format(cron="0 2 * * *", timezone="Asia/Tokyo"))
    settings = bench.reload()

    assert settings.run.workers == 3
    assert [one for one in GROUPS["config"](settings) if one.state != "ok"] == []

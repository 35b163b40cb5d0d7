import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import BAD, Etl, address

from etl.settings import Settings
from etl.sources import local_uri
from etl.store.coordination import lease
from etl.store.driver.connection import Db

pytestmark = pytest.mark.mongo

COUNTS = ("read", "unchanged", "inserted", "updated", "quarantined")


def counts(line: dict[str, object]) -> tuple[object, ...]:
    """The counts that must add up."""
    return tuple(line[name] for name in COUNTS)


def test_run_loads_once(bare: Etl, settings: Settings, inbox: Path) -> None:
    """The first run inserts, the second finds all unchanged, a changed file is updated; counts add up."""
    command = ("run", inbox, "--json", "--mongo", address(settings))
    first, second = bare(*command), bare(*command)
    changed = inbox / "2020" / "捐款-2020-02-03.txt"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n县医院表示感谢。\n", encoding="utf-8")
    third = bare(*command)

    assert [run.status for run in (first, second, third)] == [0, 0, 0]
    assert [counts(run.lines[0]) for run in (first, second, third)] == [
        (2, 0, 2, 0, 0),
        (2, 2, 0, 0, 0),
        (2, 1, 0, 1, 0),
    ]
    assert first.lines[0]["skipped"] == 1
    assert first.lines[0]["characters"] > 50
    assert isinstance(first.lines[0]["seconds"], float)
    assert first.lines[0]["seconds"] > 0


def test_status_loads_nothing_that_makes_texts(etl: Etl, settings: Settings, inbox: Path) -> None:
    """`etl status` is a quick look: it imports no engine, no model and no stage."""
    etl("run", inbox)
    code = (
        "import sys\n"
        "from etl.cli.app import status_of\n"
        "status_of(['status'])\n"
        "heavy = ('numpy', 'rjieba', 'onnxruntime', 'opencc', 'etl.pipeline', 'etl.repair', 'etl.ingest')\n"
        "print('imported:', [name for name in heavy if name in sys.modules])\n"
    )
    own = {**os.environ, "ETL_MONGO_URI": address(settings)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=own)

    assert "last run" in done.stdout
    assert done.stdout.splitlines()[-1] == "imported: []"


def test_run_shows_counts_and_an_example(etl: Etl, inbox: Path) -> None:
    """For a person the counts are a table, and one report is shown before and after."""
    done = etl("run", inbox, "--example")

    assert dict(line.split() for line in done.out.partition("\n\n")[0].splitlines())["inserted"] == "2"
    assert "捐款5万元,支持" in done.out.partition("--- before")[2].partition("--- after")[0] or (
        "沈佩兰" in done.out
    )
    assert "--- after" in done.out


def test_sources_may_come_from_the_settings(etl: Etl, inbox: Path) -> None:
    """Without a source, those of run.sources are read."""
    done = etl("run", "--json", ETL_RUN__SOURCES=f'["{inbox}"]')

    assert counts(done.lines[0]) == (2, 0, 2, 0, 0)


@pytest.mark.parametrize("runner", ["threads", "processes"])
def test_runner_makes_no_difference(etl: Etl, inbox: Path, runner: str) -> None:
    """The same reports are stored by threads and by processes."""
    assert etl("run", inbox, "--runner", runner, "--json").lines[0]["inserted"] == 2


def test_quarantine_is_listed_tried_again_and_dropped(etl: Etl, inbox: Path) -> None:
    """A bad report makes status 1, is listed with its reason, heals when it is mended, and can be dropped."""
    (inbox / "bad.txt").write_bytes(BAD)
    loaded = etl("run", inbox, "--json")
    listed = etl("quarantine", "list", "--json")
    again = etl("quarantine", "retry", listed.lines[0]["id"], "--json")
    assert "nothing in quarantine matches" in etl("quarantine", "retry", "--reason", "none").err
    assert "(RejectError, tried 2x, first " in etl("quarantine", "list").out
    assert "was quarantined (read/" in etl("show", listed.lines[0]["id"]).error
    dropped = etl("quarantine", "drop", "--all", "--json")

    assert (loaded.status, loaded.lines[0]["quarantined"], loaded.lines[0]["inserted"]) == (1, 1, 2)
    (record,) = listed.lines
    assert (record["stage"], record["uri"]) == ("read", f"file://{inbox}/bad.txt")
    assert again.status == 1
    assert dropped.lines == [{"dropped": 1}]
    assert etl("quarantine", "list", "--json").lines == []


def test_reports_are_found_shown_and_deleted(etl: Etl, inbox: Path, tmp_path: Path) -> None:
    """Search finds by words and filters, show prints and draws the report, delete takes it down."""
    etl("run", inbox)
    (hit,) = etl("search", "防疫", "捐款", "--since", "2020-01-01", "--json").lines
    shown = etl("show", hit["id"])
    etl("show", hit["id"], "--html", tmp_path / "page.html")

    assert hit["title"] == "爱心企业助力防疫"
    assert any(hit["excerpt"][a:b] == "防疫" for a, b in hit["highlights"])
    assert "“,” became “，”" in shown.out
    assert "<html" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert etl("show", hit["id"], "--json").lines[0]["_id"] == hit["id"]
    assert "【防疫】" in etl("search", "防疫").out
    assert etl("search", "防疫", "--until", "2019-12-31", "--json").lines == []
    assert etl("delete", hit["id"], "--json").lines == [{"deleted": 1}]
    gone = etl("show", hit["id"])
    assert (gone.status, hit["id"] in gone.error) == (2, True)


def test_status_says_what_is_stored(etl: Etl, inbox: Path) -> None:
    """Status counts what is stored and what older settings made; reprocess makes that again."""
    etl("run", inbox)
    (now,) = etl("status", "--json").lines
    (later,) = etl("status", "--json", ETL_SCRIPT__CANONICAL="hant").lines
    again = etl("reprocess", "--stale", "--json", ETL_SCRIPT__CANONICAL="hant")

    assert (now["reports"], now["stale"], now["quarantine"]) == (2, 0, 0)
    assert now["last_run"]["state"] == "done"
    assert later["stale"] == 2
    assert counts(again.lines[0]) == (2, 0, 0, 2, 0)
    assert etl("status").out.splitlines()[1].split() == ["reports", "2"]


def test_reprocess_by_id_touches_that_report_only(etl: Etl, inbox: Path) -> None:
    """--id redoes one report from its stored bytes, also when its source is gone."""
    etl("run", inbox)
    (hit,) = etl("search", "图书馆", "--json").lines
    (inbox / "图书馆.md").unlink()

    assert counts(etl("reprocess", "--id", hit["id"], "--json").lines[0]) == (1, 1, 0, 0, 0)
    assert etl("reprocess", "--id", "nosuch").status == 2


def test_database_moves_as_files(etl: Etl, settings: Settings, db: Db, inbox: Path, tmp_path: Path) -> None:
    """An export read into an empty database is the same database; a changed file is refused."""
    etl("run", inbox)
    before = etl("search", "--since", "1900-01-01", "--json").lines
    with lease.hold_lease(db, "other", "ingest", settings.run):
        busy = etl("db", "export", tmp_path / "half", ETL_RUN__WAIT_SECONDS="0")
    assert (busy.status, "is writing into database" in busy.error) == (3, True)
    etl("db", "export", tmp_path / "dump")
    other = {"ETL_MONGO_URI": address(settings).replace("/t", "/moved")}
    read_in = etl("db", "import", tmp_path / "dump", **other)
    after = etl("search", "--since", "1900-01-01", "--json", **other).lines
    again = etl("db", "import", tmp_path / "dump", **other)
    (tmp_path / "dump" / "reports.jsonl").write_bytes(b"{}\n")

    assert read_in.status == 0
    assert after == before
    assert (again.status, "in use already" in again.error) == (2, True)
    assert "is not what was exported" in etl("db", "import", tmp_path / "dump").error


def test_embedded_database_can_stay(bare: Etl, inbox: Path) -> None:
    """Between db start and db stop every command uses the same server; afterwards it has ended."""
    (server,) = bare("db", "start", "--json").lines
    loaded = bare("run", inbox, "--json")
    found = bare("status", "--json", ETL_MONGO_URI=server["uri"])
    stopped = bare("db", "stop")

    assert loaded.lines[0]["inserted"] == 2
    assert found.lines[0]["reports"] == 2
    assert stopped.status == 0
    assert not Path(f"/proc/{server['pid']}").exists()


def test_closed_pipe_is_no_error(etl: Etl, inbox: Path) -> None:
    """A reader that goes away, such as `head`, ends the command quietly."""
    etl("run", inbox)
    code = "import sys; sys.argv[1:] = ['search', '--since', '1900-01-01']; from etl.cli import main; main()"
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=dict(os.environ),
        )
    finally:
        os.close(writer)

    assert (done.returncode, done.stderr) == (0, "")


def test_what_was_skipped(etl: Etl, inbox: Path) -> None:
    """Files that are no reports are listed with their reasons: by `run --verbose`, and later by `status`."""
    assert "nothing was loaded yet" in etl("status", "--skipped").err
    loud, quiet = etl("run", inbox, "--verbose"), etl("run", inbox)
    told, line = etl("status", "--skipped"), "(suffix .xyz is not in setting source.suffixes)"

    assert f"skipped  {local_uri(str(inbox / 'notes.xyz'))}  {line}" in loud.out
    assert "etl status --skipped" in quiet.err
    assert "see `etl status --skipped`" in etl("status").out
    assert told.out == f"skipped  {local_uri(str(inbox / 'notes.xyz'))}  {line}\n"
    (shown,) = etl("status", "--skipped", "--json").lines
    (ran,) = etl("run", inbox, "--verbose", "--json").lines
    assert shown["why_skipped"] == ran["why_skipped"]
    assert (shown["skipped"], len(ran["why_skipped"])) == (1, 1)

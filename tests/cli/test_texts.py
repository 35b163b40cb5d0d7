import json
from pathlib import Path
from zipfile import ZipFile

from tests.cli.conftest import BAD, Etl

RESTORED = "爱心企业助力防疫\n2020年2月3日，永安公司向县医院捐款5万元，支持防疫工作。\n"


def test_clean_writes_each_report_at_its_place(dry: Etl, inbox: Path, tmp_path: Path) -> None:
    """A folder's reports keep their places, one paragraph a line, the title first."""
    done = dry("clean", inbox, "--out", tmp_path / "out")

    assert done.status == 0
    assert done.out == ""
    written = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.*")}
    assert written == {"2020/捐款-2020-02-03.txt", "图书馆.txt"}
    assert (tmp_path / "out" / "2020" / "捐款-2020-02-03.txt").read_text(encoding="utf-8") == RESTORED


def test_clean_explains_each_change(dry: Etl, inbox: Path, tmp_path: Path) -> None:
    """With --ledger every change stands beside the text, in words and in figures."""
    dry("clean", inbox / "2020" / "捐款-2020-02-03.txt", "--out", tmp_path / "out", "--ledger")

    ledger = (tmp_path / "out" / "捐款-2020-02-03.edits.jsonl").read_text(encoding="utf-8").splitlines()
    edits = [json.loads(line) for line in ledger]
    assert {"before": ",", "after": "，"}.items() <= edits[0].items() | edits[1].items()
    assert all(edit["words"] for edit in edits)


def test_clean_writes_the_script_asked_for(dry: Etl, inbox: Path, tmp_path: Path) -> None:
    """Without --script the text keeps its script, with it the text is in that one."""
    dry("clean", inbox / "2020", "--out", tmp_path / "out", "--script", "hant")

    assert "向縣醫院捐款5萬元" in (tmp_path / "out" / "捐款-2020-02-03.txt").read_text(encoding="utf-8")


def test_clean_lets_no_report_overwrite_another(dry: Etl, inbox: Path, tmp_path: Path) -> None:
    """Two formats of one name go to two files."""
    (inbox / "图书馆.txt").write_text("另一篇报道，说的是别的事情。\n", encoding="utf-8")

    dry("clean", inbox, "--out", tmp_path / "out")

    assert "另一篇" in (tmp_path / "out" / "图书馆.txt").read_text(encoding="utf-8")
    assert "沈佩兰" in (tmp_path / "out" / "图书馆.md.txt").read_text(encoding="utf-8")


def test_clean_never_writes_over_its_sources(dry: Etl, inbox: Path) -> None:
    """A folder named as its own output is refused before anything is written."""
    before = (inbox / "2020" / "捐款-2020-02-03.txt").read_bytes()

    done = dry("clean", inbox, "--out", inbox)

    assert done.status == 2
    assert "would write over" in done.error
    assert (inbox / "2020" / "捐款-2020-02-03.txt").read_bytes() == before


def test_clean_keeps_members_of_an_archive_inside(dry: Etl, tmp_path: Path) -> None:
    """An archive's reports are written below the folder asked for, wherever their names point."""
    with ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("二月/报道.txt", "今天天气晴朗，大家都很高兴。")

    done = dry("clean", tmp_path / "old.zip", "--out", tmp_path / "out")

    assert done.status == 0
    assert (tmp_path / "out" / "二月" / "报道.txt").is_file()


def test_one_bad_report_stops_no_other(dry: Etl, inbox: Path, tmp_path: Path) -> None:
    """What cannot be read is said in one line with stage and reason; the rest is written; status 1."""
    (inbox / "bad.txt").write_bytes(BAD)
    (inbox / "empty.txt").write_bytes(b"")

    done = dry("clean", inbox, "--out", tmp_path / "out")

    assert done.status == 1
    assert sum("bad.txt: read/" in line for line in done.err.splitlines()) == 1
    assert sum("empty.txt: read/empty" in line for line in done.err.splitlines()) == 1
    assert (tmp_path / "out" / "2020" / "捐款-2020-02-03.txt").is_file()


def test_process_prints_what_would_be_stored(dry: Etl, inbox: Path) -> None:
    """Each report is one JSON line with the fields that are stored, its date from the option."""
    done = dry("process", inbox, "--published-on", "2020-02-15")

    first, second = sorted(done.lines, key=lambda report: str(report["title"]))
    assert done.status == 0
    assert [first["title"], second["title"]] == ["图书馆开馆", "爱心企业助力防疫"]
    assert first["published_on"] == second["published_on"] == "2020-02-15"
    assert second["text"] + "\n" == RESTORED
    for entity in second["entities"]:
        assert second["text"][entity["start"] : entity["end"]] == entity["text"]
    wanted = "authors script paragraphs facts edits needs_review source pipeline schema_version"
    assert set(wanted.split()) <= second.keys()


def test_process_writes_json_only_also_when_reports_are_refused(bare: Etl, inbox: Path) -> None:
    """A refused report is a line on standard error and status 1; standard output stays JSON."""
    (inbox / "bad.txt").write_bytes(BAD)

    done = bare("process", inbox)

    assert done.status == 1
    assert len(done.lines) == 2


def test_process_and_clean_agree(dry: Etl, inbox: Path, tmp_path: Path) -> None:
    """The stored text is what clean writes in the canonical script."""
    dry("clean", inbox, "--out", tmp_path / "out", "--script", "hans")

    written = {p.read_text(encoding="utf-8") for p in (tmp_path / "out").rglob("*.txt")}
    assert {str(report["text"]) + "\n" for report in dry("process", inbox).lines} == written

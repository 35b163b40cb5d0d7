"""`etl show` and the words, ids and reasons that a person meets at the command line."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.conftest import BAD, Etl

import etl as product
from etl.cli.output.changes import summarize_changes
from etl.model.report import Report
from etl.store.driver.connection import Db

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
CUT, COLUMN = SAMPLES / "02-page-break.txt", SAMPLES / "04-displaced-column.txt"


@pytest.fixture(scope="module")
def report() -> Report:
    """A report that was cut by pages."""
    return product.process(CUT.read_bytes(), CUT.name)


def test_changes_are_told_by_rule(report: Report) -> None:
    """Joins come first, then what was taken out, each with its number and the text around it."""
    lines = list(summarize_changes(report))
    heads = [line for line in lines if not line.startswith(" ")]

    assert [head.partition(":")[0] for head in heads][:2] == ["cut sentence, 2", "furniture, 2"]
    assert lines[1].startswith("    1  …")
    assert "有的还腾出自家的晒 ‖ 场堆放砂石。" in lines[1]
    assert any("“- 17 -” taken out of …" in line and "自家的晒 ‖ 场堆放砂石" in line for line in lines)


def test_a_half_found_elsewhere_says_where() -> None:
    """A sentence whose second half stood elsewhere in the file says after which character that was."""
    report = product.process(COLUMN.read_bytes(), COLUMN.name)
    raw = COLUMN.read_text(encoding="utf-8")
    (line,) = [line for line in summarize_changes(report) if "second half" in line]
    half = line.partition(" ‖ ")[2].partition("…")[0]

    assert f"found after character {raw.index(half)} and joined here" in line


def test_equal_changes_are_counted(report: Report) -> None:
    """Changes of one rule take two lines however many there are, with the most frequent pairs."""
    (comma,) = [
        c for c in product.process("今天,下雨了。".encode(), "a.txt").edits if c.rule == "punctuation"
    ]
    pairs = [replace(comma, before=before) for before in [","] * 90 + [";"] * 6 + [":", "!", "?"]]
    lines = list(summarize_changes(replace(report, edits=tuple(pairs))))

    assert lines[0] == "punctuation, 99: a half-width mark in Chinese text"
    assert lines[1].strip() == (
        "“,” became “，” 90x, “;” became “，” 6x, “:” became “，” 1x, “!” became “，” 1x, 1 other kinds"
    )
    assert len(lines) == 2


def test_many_repairs_are_cut_short(report: Report) -> None:
    """Of one rule only the first are shown, and how many more there are."""
    number = next(change for change in report.edits if change.rule == "furniture")
    lines = list(summarize_changes(replace(report, edits=(number,) * 30)))

    assert len(lines) == 10
    assert lines[-1].strip() == "and 22 more"


def test_suggestions_and_decisions_say_so(report: Report) -> None:
    """What is not applied, and what a person decided, is told beside it."""
    join = next(change for change in report.edits if change.rule == "cut sentence")
    edits = (
        replace(join, applied=False, confidence=0.6),
        replace(join, decided=True),
        replace(join, applied=False, decided=True),
    )

    ends = [line.rpartition("(")[2] for line in summarize_changes(replace(report, edits=edits))][1:]
    assert ends == ["60% sure, so it is only suggested)", "accepted by a person)", "refused by a person)"]


@pytest.mark.mongo
def test_a_report_for_a_person(etl: Etl, tmp_path: Path) -> None:
    """Facts are sentences, changes are grouped, and `--changes` lists each of them."""
    path = tmp_path / "捐款.txt"
    path.write_text("爱心助力\n\n永安公司向县医院捐款5万元,支持防疫,大家感动。\n", encoding="utf-8")
    etl("run", path)
    (hit,) = etl("search", "捐款", "--json").lines
    whole = str(hit["id"])
    shown, listed = etl("show", whole[:8]).out, etl("show", whole, "--changes").out

    assert f"{whole} ({whole[:8]} will do)" in shown
    assert "donation: 永安公司 gave 5万元 to 县医院 (money 50,000 CNY)" in shown
    assert f"2 changes; `etl show {whole[:8]} --changes` lists each" in shown
    assert "`etl rule NAME` says" in shown
    assert "punctuation, 2: a half-width mark in Chinese text" in shown
    assert listed.count("“,” became “，” (a half-width mark in Chinese text)") == 2


@pytest.mark.mongo
def test_short_ids(etl: Etl, db: Db, inbox: Path) -> None:
    """Every command that takes an id takes its first characters where they are unique, or says so."""
    etl("run", inbox)
    one, other = sorted(str(entry["_id"]) for entry in db.reports.find({}, {"_id": 1}))
    assert etl("show", one[:6], "--json").lines[0]["_id"] == one
    assert etl("review", one[:6], "--json").lines[0]["report_id"] == one
    assert etl("reprocess", "--id", one[:6], "--json").lines[0]["read"] == 1

    entry = db.reports.find_one({"_id": other})
    assert entry
    fence = max(found["fence"] for found in db.leases.find())  # what a run has that may write now
    db.reports.insert_one({**entry, "_id": one[:6] + "f" * 18, "fence": fence})
    twice = etl("show", one[:6])
    assert (twice.status, f"{one[:6]} begins more than one id: {one}" in twice.error) == (2, True)
    assert etl("show", one, "--json").lines[0]["_id"] == one
    short = etl("show", one).out.partition("(")[2].partition(" will do")[0]
    assert 8 <= len(short) < len(one)
    assert (etl("show", one[:3]).status, etl("delete", one[:3]).status) == (2, 2)
    assert etl("delete", other[:8], "--json").lines == [{"deleted": 1}]


@pytest.mark.mongo
def test_the_path_of_a_page_alone(etl: Etl, inbox: Path, tmp_path: Path) -> None:
    """With `--html` standard output holds the page's path and nothing else, as text or as JSON."""
    etl("run", inbox)
    (hit,) = etl("search", "防疫", "--json").lines
    page = tmp_path / "page.html"

    done = etl("show", hit["id"], "--html", page)
    assert (done.out, done.err) == (f"{page}\n", "")
    assert "<html" in page.read_text(encoding="utf-8")
    assert etl("show", hit["id"], "--html", page, "--json").lines == [{"html": str(page)}]
    assert etl("show", hit["id"], "--html", tmp_path / "no" / "page.html").status == 2


@pytest.mark.mongo
def test_run_and_status_use_the_same_words(etl: Etl, inbox: Path) -> None:
    """What a run calls inserted and updated is called so by status."""
    ran = dict(line.split() for line in etl("run", inbox).out.splitlines())
    told_again = dict(line.split() for line in etl("status").out.splitlines() if len(line.split()) == 2)

    assert {name: told_again[name] for name in ("inserted", "updated")} == {"inserted": "2", "updated": "0"}
    assert ran.keys() <= told_again.keys()


@pytest.mark.mongo
def test_an_unknown_id_leaves_no_run(etl: Etl, db: Db, inbox: Path) -> None:
    """A delete that names nothing is wrong use, not a run that failed."""
    etl("run", inbox)
    before = db.runs.count_documents({})
    done = etl("delete", "0123456789abcdef01234567")

    assert (done.status, "no report has the id" in done.error) == (2, True)
    assert db.runs.count_documents({}) == before


@pytest.mark.mongo
def test_an_unknown_reason_says_which_there_are(etl: Etl, inbox: Path) -> None:
    """Asking quarantine for what is not there tells the stages and reasons that are."""
    assert etl("quarantine", "list", "--reason", "nosuch").err == "nothing is in quarantine\n"
    (inbox / "bad.txt").write_bytes(BAD)
    (inbox / "empty.txt").write_bytes(b"")
    etl("run", inbox)
    there = sorted(f"{one['stage']}/{one['reason']}" for one in etl("quarantine", "list", "--json").lines)

    for command in (["list"], ["list", "--json"], ["retry"], ["drop"]):
        done = etl("quarantine", *command, "--reason", "nosuch")
        assert done.status == 0
        said = done.err.strip().rpartition("there are: ")[2].split(", ")
        assert sorted(one.partition(" ")[0] for one in said) == there


@pytest.mark.mongo
def test_an_unknown_kind_of_fact_says_which_there_are(etl: Etl, inbox: Path) -> None:
    """A search for facts that no pattern states names those that one may ask for."""
    etl("run", inbox)

    assert (
        "no pattern states gift, those in force state appointment, donation"
        in etl("search", "--fact", "gift").err
    )

import random
from collections.abc import Iterator
from pathlib import Path

import bench_reprints
import plain_reports
import pytest
from plain_reports import report
from tests.store.made import make_report, reprints_among
from tests.store.state import agree
from tests.store.test_reconcile import load

from etl.model.report import Report
from etl.settings import Settings
from etl.store.changelog import reconcile, reprints
from etl.store.coordination.lease import Lease
from etl.store.driver.connection import Db
from etl.store.reports import deletion
from etl.wiring import open_store

pytestmark = pytest.mark.mongo

SENTENCES = (
    "天还没亮，集上的豆腐坊已经冒了烟，两口大锅轮着煮浆。",
    "镇里的邮递员把摩托停在坡下，扛着报纸一户一户往上走。",
    "学校的操场铺了新的煤渣，孩子们围着老师问能不能先跑一圈。",
    "水渠的闸门年久失修，村民凑钱请来铁匠，半天就焊好了。",
    "卫生员小周把体温枪挂在脖子上，在路口一站就是六个钟头。",
    "合作社的账本摊在桌上，谁家交了多少玉米，一笔一笔写得清楚。",
    "傍晚起了风，晒场上的人都赶来收麦子，没有谁分你家我家。",
)
DAYS = ("2020-01-01", "2020-02-01", "2020-03-01", None)
WHOLE = "".join(SENTENCES[:4])


def links(db: Db) -> dict[str, str | None]:
    """The link of each stored report."""
    return {entry["_id"]: entry["reprint_of"] for entry in db.reports.find({}, {"reprint_of": 1})}


def some_report(dice: random.Random) -> Report:
    """A report of neighbouring sentences at one of six places, on any day."""
    start, length = dice.randrange(5), dice.randrange(2, 8)
    text = "".join(SENTENCES[start : start + length])
    return make_report(f"file:///{dice.randrange(6)}", text, (), dice.choice(DAYS))


def story(seed: int) -> Iterator[Report | str]:
    """Loads, changes and removals (an id) at random."""
    dice = random.Random(seed)
    there: set[str] = set()
    for _ in range(14):
        if there and dice.random() < 0.2:
            gone = dice.choice(sorted(there))
            there.discard(gone)
            yield gone
        else:
            report = some_report(dice)
            there.add(report.id)
            yield report


@pytest.mark.parametrize("seed", range(5))
def test_any_story(db: Db, seed: int) -> None:
    """Whatever is loaded, changed, taken down, and settled when, links follow from what is there."""
    dice, there = random.Random(seed), set[str]()
    for step in story(seed):
        if isinstance(step, str):
            there.remove(step)
            deletion.delete_reports(db, [step], Lease("run"))
        else:
            there.add(step.id)
            load(db, [step])
            if dice.random() < 0.5:
                reconcile.reconcile(db)
    reconcile.reconcile(db)

    assert set(links(db)) == there
    agree(db)


def test_cut_and_earlier(db: Db) -> None:
    """An earlier report that arrives late becomes the original of all; when it goes, the next one is."""
    late = make_report("file:///late", WHOLE, (), "2020-03-01")
    cut = make_report("file:///cut", "".join(SENTENCES[:3]), (), "2020-02-01")
    first = make_report("file:///first", "晚报消息　" + WHOLE, (), "2020-01-01")
    load(db, [late, cut])
    reconcile.reconcile(db)
    assert links(db) == {late.id: cut.id, cut.id: None}
    load(db, [first])
    reconcile.reconcile(db)
    assert links(db) == {late.id: first.id, cut.id: first.id, first.id: None}
    deletion.delete_reports(db, [first.id], Lease("run"))

    assert links(db) == {late.id: cut.id, cut.id: None}


def test_links_end_at_originals(db: Db) -> None:
    """Of three reports, neighbours alike, the middle one is a reprint and the last one has no original."""
    left = make_report("file:///left", "".join(SENTENCES[:3]), (), "2020-01-01")
    both = make_report("file:///both", "".join(SENTENCES[:6]), (), "2020-02-01")
    right = make_report("file:///right", "".join(SENTENCES[3:6]), (), "2020-03-01")
    load(db, [both, right])
    reconcile.reconcile(db)
    assert links(db) == {both.id: None, right.id: both.id}
    load(db, [left])
    reconcile.reconcile(db)

    assert links(db) == {left.id: None, both.id: left.id, right.id: None}


def test_earlier_of_two_originals(db: Db) -> None:
    """A report made of two others is a reprint of the earlier one, also when that one arrives last."""
    left = make_report("file:///left", "".join(SENTENCES[:3]), (), "2020-01-01")
    right = make_report("file:///right", "".join(SENTENCES[3:6]), (), "2020-02-01")
    both = make_report("file:///both", "".join(SENTENCES[:6]), (), "2020-03-01")
    load(db, [right, both])
    reconcile.reconcile(db)
    assert links(db) == {right.id: None, both.id: right.id}
    load(db, [left])
    reconcile.reconcile(db)

    assert links(db) == {left.id: None, right.id: None, both.id: left.id}


def test_changed_original(db: Db) -> None:
    """An original that is corrected into another report lets its reprints go; revisions keep no links."""
    first = make_report("file:///first", WHOLE, (), "2020-01-01")
    again = make_report("file:///again", WHOLE, (), "2020-02-01")
    load(db, [first, again])
    reconcile.reconcile(db)
    load(db, [make_report("file:///first", "".join(SENTENCES[4:]), (), "2020-01-01")])
    load(db, [make_report("file:///again", WHOLE + "完", (), "2020-02-01")])
    reconcile.reconcile(db)

    assert links(db) == {first.id: None, again.id: None}
    assert {entry["report"]["reprint_of"] for entry in db.revisions.find()} == {None}
    agree(db)


def test_readers_see_it(db: Db, settings: Settings) -> None:
    """Services get the link with the report, and the reprints of an original."""
    first = make_report("file:///first", WHOLE, (), "2020-01-01")
    again = make_report("file:///again", WHOLE, (), "2020-02-01")
    load(db, [again, first])
    reconcile.reconcile(db)

    with open_store(settings) as store:
        assert store.report(again.id).reprint_of == first.id
        assert store.report(first.id).reprint_of is None
        assert store.reprints(first.id) == (again.id,)
        assert store.history(again.id)[-1].report.reprint_of == first.id


def test_late_writer(db: Db) -> None:
    """A process that wakes up late and carries out an old entry again overwrites nothing newer."""
    first = make_report("file:///first", WHOLE, (), "2020-01-01")
    again = make_report("file:///again", WHOLE, (), "2020-02-01")
    load(db, [again])
    reconcile.reconcile(db)
    load(db, [first])
    there = {entry["_id"]: entry for entry in db.reports.find({"_id": first.id})}
    plan = reprints.plan_links(db, [first.id], 2, there)
    reconcile.reconcile(db)
    deletion.delete_reports(db, [first.id], Lease("run"))
    before = links(db)
    for collection, writes in zip((db.reprints, db.reports), reprints.link_writes(plan, 2, 0), strict=True):
        collection.bulk_write(writes, ordered=False)

    assert links(db) == before == {again.id: None}


def test_flood(db: Db) -> None:
    """Many copies of one form cost a look at their original each, not a look at one another."""
    copies = [make_report(f"file:///{n:03}", WHOLE, (), f"2020-01-{n + 1:02}") for n in range(30)]
    load(db, copies[:20])
    reconcile.reconcile(db)
    load(db, copies[20:])
    ids = [report.id for report in copies[20:]]
    asked = reprints._Links(db, ids, 2, {e["_id"]: e for e in db.reports.find({"_id": {"$in": ids}})})
    asked.look_up()
    asked.follow()

    assert set(asked._reports) == {copies[0].id, *(report.id for report in copies[20:])}
    assert reprints_among(db.reports.find()) == {
        report.id: None if report is copies[0] else copies[0].id for report in copies
    }


@pytest.mark.shared
def test_news(db: Db, shared: Path) -> None:
    """Of made reprints among real news nearly all are found, and nearly nothing else is linked."""
    dice = random.Random(5)
    articles = dice.sample(bench_reprints.read(shared / "corpus/news_2022_2024.jsonl.gz"), 120)
    news = bench_reprints.with_reprints(articles, 80, dice)
    made = [report(one.id, bench_reprints.cleaned(one), one.published_on) for one in news]
    plain_reports.load(db, made)
    reconcile.reconcile(db)
    precision, recall = bench_reprints.rates(news, bench_reprints.links(db))

    assert precision >= 0.96
    assert recall >= 0.93

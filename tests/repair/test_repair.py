"""Restoring as a whole: what must be joined, what must be left, and that nothing is ever lost."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from etl.api import clean
from etl.engines import default
from etl.model.report import Encoding, LineEnd, Reading, Repaired
from etl.repair import repair
from etl.settings import load

CASES = Path(__file__).parents[1] / "cases" / "repair"
UNDAMAGED = tomllib.loads((CASES / "undamaged.toml").read_text(encoding="utf-8"))["case"]
CUTS = tomllib.loads((CASES / "cuts.toml").read_text(encoding="utf-8"))["case"]
COLUMNS = tomllib.loads((CASES / "columns.toml").read_text(encoding="utf-8"))["case"]
THRESHOLD = load().repair.threshold


def read(text: str, breaks: tuple[int, ...] = (), line_ends: tuple[LineEnd, ...] = ()) -> Reading:
    """A reading of a text."""
    return Reading(text, breaks, Encoding("utf-8", 1.0), line_ends)


def restore(text: str, breaks: tuple[int, ...] = ()) -> Repaired:
    """Repair at the threshold of the settings."""
    return repair(read(text, breaks), default().restorer, THRESHOLD)


def texts(repaired: Repaired) -> list[str]:
    """The paragraphs' texts."""
    return [paragraph.text for paragraph in repaired.paragraphs]


def lines(text: str) -> list[str]:
    """The visible lines of a text."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("case", UNDAMAGED, ids=lambda case: case["name"])
def test_undamaged_texts_come_out_as_they_went_in(case: dict[str, str]) -> None:
    """Every visible line of an undamaged text is a paragraph, and nothing was done."""
    done = restore(case["text"])

    assert texts(done) == lines(case["text"])
    assert [change for change in done.changes if change.applied] == []


@pytest.mark.parametrize("case", UNDAMAGED, ids=lambda case: case["name"])
@pytest.mark.parametrize("between", ["\n\n", "\n\n\n", "\n　　", "\n"])
def test_undamaged_texts_survive_another_setting(case: dict[str, str], between: str) -> None:
    """The same holds when all lines are set apart in the same other way."""
    given = lines(case["text"])

    assert texts(restore(between.join(given))) == given


@pytest.mark.parametrize("case", CUTS, ids=lambda case: case["name"])
def test_cuts(case: dict[str, str]) -> None:
    """Cut sentences and wrapped lines come together, and true ends stay."""
    assert "\n".join(texts(restore(case["given"]))) == case["expected"].strip()


def columns() -> list[ParameterSet]:
    """The cases, those known to fail marked so."""
    strict = pytest.mark.xfail(reason="known failure", strict=True)
    return [
        pytest.param(case, id=case["name"], marks=[strict] if case["label"] == "known_failure" else [])
        for case in COLUMNS
    ]


@pytest.mark.parametrize("case", columns())
def test_columns(case: dict[str, str]) -> None:
    """Displaced columns go home, marks of continuation are obeyed, and thin evidence moves nothing."""
    assert "\n".join(texts(restore(case["given"]))) == case["expected"].strip()


@pytest.mark.parametrize("case", CUTS, ids=lambda case: case["name"])
def test_the_ledger_explains_every_character(case: dict[str, str]) -> None:
    """Each change quotes the raw text at its place, and changes do not overlap."""
    given = case["given"]
    position = 0
    for change in restore(given).changes:
        assert given[change.start : change.end] == change.before
        assert change.stage == "repair"
        assert 0 <= change.confidence <= 1
        assert position <= change.start
        position = change.end


BODY = "村里今年新修了水渠，浇地不再靠天。到了秋天，家家户户的院子里都堆满了刚刚收回来的"


@pytest.mark.parametrize("ends", [("end", "end", "end"), ("open", "end", "end")])
def test_paragraphs_that_the_format_marks_are_only_split(ends: tuple[LineEnd, ...]) -> None:
    """Where the format ends a paragraph, an open end is joined to nothing."""
    done = repair(read(f"{BODY}\n\n玉米，屋檐下挂着辣椒。\n完", (), ends), default().restorer, THRESHOLD)

    assert texts(done) == [BODY, "玉米，屋檐下挂着辣椒。", "完"]
    assert done.changes == ()


def test_lines_that_the_format_joins_are_joined() -> None:
    """Where the format says that a sentence goes on, it does, whatever the lines look like."""
    done = repair(read("第一条\n第二条。\n（三）完。", (), ("join", "open")), default().restorer, THRESHOLD)

    assert texts(done) == ["第一条第二条。", "（三）完。"]
    assert [(change.rule, change.confidence) for change in done.changes] == [("wrapped line", 1.0)]


def test_below_the_threshold_a_join_is_a_suggestion() -> None:
    """A likely join that does not reach the threshold is kept in the ledger and not made."""
    body = "村里今年新修了水渠，浇地不再靠天。到了秋天，家家户户的院子里都堆满了刚刚收回来的"
    done = repair(read(f"{body}\n\n玉米，屋檐下挂着辣椒。"), default().restorer, 0.999999)

    assert len(done.paragraphs) == 2
    assert [(change.applied, change.start, change.before) for change in done.changes] == [
        (False, len(body), "\n\n")
    ]


def test_page_ends_of_the_format_count() -> None:
    """A page end that only the format knows of speaks for a join as a form feed does."""
    left = "村里今年新修了水渠。浇地不再靠天，秋天院子里堆满了收回来的"
    text = f"{left}\n玉米，屋檐下挂着一串一串的辣椒。\n傍晚时分，炊烟升起来了。"
    fed = text.replace("\n", "\n\f", 1)
    known = {change.start: change.confidence for change in restore(text, (len(left) + 1,)).changes}
    written = {change.start: change.confidence for change in restore(fed).changes}

    assert known[len(left)] == written[len(left)]
    assert known != {change.start: change.confidence for change in restore(text).changes}


def test_indentation_is_not_part_of_a_paragraph() -> None:
    """Paragraphs are stripped of white space of any width, also of zero-width marks."""
    assert texts(restore("　　春耕忙。　\n\u200b \n \t秋收喜。\xa0")) == ["春耕忙。", "秋收喜。"]


@pytest.mark.parametrize("text", ["", " \n\f　\n", "\ufeff"])
def test_blank_texts_have_no_paragraphs(text: str) -> None:
    """White space alone gives nothing and no change."""
    assert restore(text) == Repaired((), ())


@pytest.mark.shared
def test_the_report_of_the_product_page(shared: Path) -> None:
    """The real report comes out line for line: both cuts heal and the column stands in its place again."""
    raw = (shared / "bench" / "seed" / "report.txt").read_text(encoding="utf-8")
    truth = lines((shared / "bench" / "seed" / "restored.txt").read_text(encoding="utf-8"))

    assert lines(clean(raw).text) == truth


@pytest.mark.shared
def test_the_report_keeps_every_character(shared: Path) -> None:
    """The real report's visible characters all come out, each from its own place."""
    raw = (shared / "bench" / "seed" / "report.txt").read_text(encoding="utf-8")
    done = restore(raw)

    assert Counter("".join(texts(done))) == Counter("".join(raw.split(None)).replace(" ", "")) + Counter(
        " " * sum(text.count(" ") for text in texts(done))
    )
    for paragraph in done.paragraphs:
        assert "".join(raw[a:b] for a, b in paragraph.raw_spans(0, len(paragraph))) == paragraph.text


OLD = """棲雲鎮志
重修棲雲橋碑記
邑之東十五里有溪曰棲雲源出鳳凰山下匯諸澗
之水曲折而西入於大江溪故有橋元季里人楊伯
高所建也歲久傾圮行者病涉每春夏水漲舟楫不
通商旅裹足至有溺者里老相與歎曰斯橋不復非
特往來之患亦吾鄉之羞也
道光十有二年壬辰邑侯南昌李公以勸農至其地
徘徊溪上慨然有修復之志遂捐俸百金為倡於是
紳士之好義者各輸其力富者以財貧者以工伐石
於山運木於江經始於是年十月越明年三月而告
成長十有八丈廣一丈五尺為墩五為亭一以憩行
者
既成里老請記於予予惟王政之大者莫先於利民
而利民之事莫切於津梁子產以乘輿濟人孟子譏
其惠而不知為政今李公不以一己之惠為惠而使
民自為之且不擾焉其知為政之體矣"""


def test_old_prose_without_marks() -> None:
    """Prose without marks comes together by the length of its lines, in the order of the file."""
    found = texts(restore(OLD))

    assert [(text[:4], text[-4:]) for text in found] == [
        ("棲雲鎮志", "棲雲鎮志"),
        ("重修棲雲", "雲橋碑記"),
        ("邑之東十", "鄉之羞也"),
        ("道光十有", "以憩行者"),
        ("既成里老", "為政之體矣"[-4:]),
    ]


RULED = """权益保护释义
  一、设立的理由。消费者在网络购物时，看到的只是图片和说明，
摸不到实物，双方所掌握的信息并不对等。法律给予消费者一段冷静的
──────────
①参见唐立言：《消费合同中的撤回权》，载《民商论坛》2012年第5期。
时间，目的在于恢复其选择的真实性，而不是鼓励消费者随意地退货。
  二、期间的计算。七日自消费者实际签收的次日起算。最后一日为
法定节假日的，顺延至节假日以后的第一日。由门卫代为签收的，实务
上有不同意见，本书认为应当以消费者能够实际取得商品之时为准。"""


def test_a_note_below_a_rule_steps_aside_with_it() -> None:
    """The sentence that the foot of a page cut is whole, rule and note behind its paragraph."""
    found = texts(restore(RULED))

    assert [text[:2] for text in found] == ["权益", "一、", "──", "①参", "二、"]
    assert "冷静的时间，目的" in found[1]


COURT = """臺灣省雲林地方法院訊問筆錄
被告因四十三年度易字第二一八號竊盜案，於中華民國四十三年
六月十七日上午九時，在本院刑事第一法庭公開審理，出席職員
如左，點呼被告入庭。
問   失竊的檜木板二十一塊，為何在你家後院裡面挖了出
來
答   那是工頭說廢料可以拿，我才用牛車載回去的，不知道
要寫條子
問   工頭到庭說沒有這樣講，你有何話說
答   他現在怕丟頭路，不敢認。當天煮飯的阿婆也
有聽見
問   阿婆叫什麼名字
答   大家叫她罔市，姓什麼我不知道"""


def test_turns_of_speech_without_a_colon() -> None:
    """Questions and answers that open with a word and blanks alone each begin a paragraph."""
    found = texts(restore(COURT))

    assert [text[0] for text in found if text[0] in "問答"] == ["問", "答"] * 3
    assert not any("   " in text[4:] for text in found)


REFERENCES = """参考文献
[1] 陆安平，季虹．老年贫血三百一十二例病因分析[J]．
    临江医学，2009，21(4)：233-236．
[2] 马秋实．铁蛋白测定在临床上的意义与限度[J]．检验
    通讯，2011，6(2)：88-90．
[3] 全国窑洞调查组．窑洞民居调查报告，油印本，附图
    十二幅，凡两册，卷首有目录与编者说明，末有索引
    一卷[R]．1981．"""


def test_lines_that_hang_below_an_item_go_on_with_it() -> None:
    """References whose further lines are set in come out one a paragraph."""
    assert [text[:3] for text in texts(restore(REFERENCES))] == ["参考文", "[1]", "[2]", "[3]"]

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import LIMIT, exponent

from etl.model.traced import Traced, concat
from etl.normalize import (
    BLANKS,
    BLANKS_STREWN,
    PLAIN,
    PRINTED,
    RULES,
    STREWN,
    WITH_BLANKS,
    Rule,
    Writer,
    is_strewn,
    normalize,
)
from etl.normalize.context import HAN_CLASS
from etl.normalize.radicals import FORMS, KANGXI

TABLE = Path(__file__).parents[1] / "cases" / "normalize" / "cases.toml"
CASES = tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]
ALPHABETS = [
    "中国,;:",
    "中a1,.:()",
    "中\"'，a ",
    "中 \u3000，文",
    "中\u200b\u200d \ufeff",
    "１．５－：中a",
    "二○0年零",
    "⼀⽔⻢中、 部首",
    "中国中国国 ，",
    "&amp;ldquo;#39中",
    "中\uf8e7\uf0b7\ue000 1—",
    "“ ”中a）",
    "书记 中 。第三条",
    "︙︱﹙中ﬁ\uf92e",
]
HOSTILE = [
    "中",
    "a",
    "1",
    ",",
    "(",
    '"',
    " ",
    "\u200b",
    ".",
    "１",
    "○",
    "中 ",
    "a,",
    "(中",
    "http://,",
    "中　",
    "<",
    "{",
    "a(",
    "中中国国",
    "&#1;",
    "⼀",
    "\uf8e7 ",
    " \uf0b7 ",
    "“人 ”",
    '"a":',
    "书 记。",
    "一 ",
]


def clean(text: str) -> str:
    """The text alone."""
    return normalize(Traced.raw(text))[0].text


def known(case: dict[str, str]) -> ParameterSet:
    """A row of the table; known failures must fail."""
    marks = [pytest.mark.xfail(reason="undecidable without more context")] * (case["kind"] == "known_failure")
    return pytest.param(case["before"], case.get("after", case["before"]), marks=marks)


@pytest.mark.parametrize(("before", "after"), [known(case) for case in CASES])
def test_each_case_comes_out_as_the_table_says(before: str, after: str) -> None:
    """Damaged text is normalized, and what is right stays."""
    assert clean(before) == after


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_cleaning_twice_is_cleaning_once(alphabet: str) -> None:
    """Normalized text is changed by no rule."""

    @given(st.text(alphabet, max_size=24))
    def holds(text: str) -> None:
        once, strewn = clean(text), normalize(Traced.raw(text), strewn=True)[0].text

        assert clean(once) == once
        assert clean(strewn) == strewn

    holds()


@given(st.text("中, 国\u200b\"('１.", max_size=30))
def test_every_character_remembers_its_place(text: str) -> None:
    """The raw text at an untouched character's place is that character."""
    raw = "头" + text + "尾"
    result, changes = normalize(Traced.raw(raw))
    edited = [(change.start, change.end) for change in changes]

    for at, character in enumerate(result.text):
        start, end = result.raw_span(at, at + 1)
        assert raw[start:end] == character or any(a <= start and end <= b for a, b in edited)


@pytest.mark.parametrize("rule", [*RULES, *STREWN[-1:]])
def test_a_rule_is_linear_on_any_single_character_class(rule: Rule) -> None:
    """The time for a text is in proportion to its length."""
    for unit in HOSTILE:
        small, large = ("中" + unit * (size // len(unit)) for size in (10_000, 80_000))

        assert exponent(lambda text: sum(1 for _ in rule(text)), small, large, 8) < LIMIT, unit


def test_compatibility_ideographs_become_what_unicode_calls_them() -> None:
    """Every ideograph with a canonical equal is written as that, and the ledger keeps the form found."""
    twins = "".join(c for c in map(chr, range(0xF900, 0xFADA)) if unicodedata.decomposition(c))
    text, changes = normalize(Traced.raw(twins))

    assert text.text == unicodedata.normalize("NFC", twins)
    assert "".join(change.before for change in changes) == twins


def test_every_radical_has_an_ideograph() -> None:
    """All radicals of Kangxi, and what stands for one is an ideograph."""
    assert len(KANGXI) == 214
    assert all(re.fullmatch(f"[{HAN_CLASS}]", ideograph) for ideograph in FORMS.values())


def test_a_report_strewn_with_spaces_loses_all_of_them() -> None:
    """Where gaps tear words all over, those between words strayed, too; articles and names keep theirs."""
    lines = ["第三条 县委书 记冒雨走进石桥镇马家村 里，同 正在抢险的群众座 谈。", "本报记者 韩建华 李明亮"]
    strewn = is_strewn(lines)

    assert strewn
    assert [normalize(Traced.raw(line), strewn=strewn)[0].text for line in lines] == [
        "第三条 县委书记冒雨走进石桥镇马家村里，同正在抢险的群众座谈。",
        "本报记者 韩建华 李明亮",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["主 旨：公告事項如下。", "依 據：行政程序法。", "說 明：本表如下。"],
        ["第三条 为了规范管理，制定本办法。", "第四条 本市适用本办法。"],
        ["他先后任赤城藩主 五万石，又任白河藩主 七万石。"],
    ],
)
def test_labels_and_numbers_do_not_strew_a_report(lines: list[str]) -> None:
    """Spaces of labels, numbers and lists say nothing about the others."""
    assert not is_strewn(lines)


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("采用 Interna-", "tional 标准", "采用 International 标准"),
        ("采用 Public-", "Private 模式", "采用 Public-Private 模式"),
        ("属于 long-", "term 债务", "属于 long-term 债务"),
        ("型号 ZX-", "200 共三台", "型号 ZX-200 共三台"),
    ],
)
def test_hyphens_of_line_ends_go(left: str, right: str, joined: str) -> None:
    """A hyphen that print put into a word goes where a line end stood, those of the word stay."""
    raw = f"{left}\n{right}"
    whole = Traced.raw(raw)
    text = concat((whole.slice(0, len(left)), whole.slice(len(left) + 1, len(raw))))

    assert normalize(text)[0].text == joined
    assert clean(left + right) == left + right


@pytest.mark.shared
def test_the_seed_gets_the_punctuation_of_its_restored_text(shared: Path) -> None:
    """Each line of the damaged report, normalized, stands in the restored one."""
    raw = (shared / "bench" / "seed" / "report.txt").read_text(encoding="utf-8")
    restored = (shared / "bench" / "seed" / "restored.txt").read_text(encoding="utf-8")

    assert [line for line in raw.splitlines() if clean(line) not in restored] == []


def test_a_report_is_written_once() -> None:
    """Paragraphs that were written stand, empty ones fall away, and only fresh ones are changed."""
    write = Writer()
    once = write([Traced.raw("他说:好"), Traced.raw("\u200b", 5)])
    again = write([*once.paragraphs, Traced.raw("她说:好", 7)])

    assert [paragraph.text for paragraph in once.paragraphs] == ["他说：好"]
    assert [paragraph.text for paragraph in again.paragraphs] == ["他说：好", "她说：好"]
    assert [(change.start, change.after) for change in again.changes] == [(9, "：")]


@given(st.from_regex(PLAIN, fullmatch=True) | st.text("天一二年月0159AOop《》（）「」“”—…·", max_size=16))
def test_few_rules_find_anything_in_plain_text(text: str) -> None:
    """What is passed over in text of ideographs, figures, letters and single marks changes nothing in it."""
    assert PLAIN.fullmatch(text)
    assert [rule for rule in (*RULES, *STREWN) if rule not in PRINTED and list(rule(text))] == []


@given(
    text=st.from_regex(WITH_BLANKS, fullmatch=True) | st.text("天一二年月0 \u3000AO《）「”—…·", max_size=16),
    strewn=st.booleans(),
)
def test_few_rules_find_anything_in_text_with_blanks(text: str, *, strewn: bool) -> None:
    """What is passed over in such text, where blanks stand in it, changes nothing, before and afterwards."""
    few, written = BLANKS_STREWN if strewn else BLANKS, normalize(Traced.raw(text), strewn=strewn)[0].text

    assert WITH_BLANKS.fullmatch(text)
    assert [rule for rule in RULES[:-1] if rule not in few and list(rule(text))] == []
    assert [rule for rule in (STREWN if strewn else RULES) if list(rule(written))] == []

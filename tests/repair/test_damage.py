"""Laws over damage made here: pages, headers, wraps and displaced columns in many settings."""

import re
from collections import Counter
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from etl.engines import default
from etl.model.report import Encoding, Reading, Repaired
from etl.repair import repair
from etl.settings import load

THRESHOLD = load().repair.threshold
CLAUSES = (
    *("入夏以来雨水偏少", "县里组织了抗旱服务队", "各村的机井日夜不停", "保住了两万亩玉米", "农技员走村入户"),
    *(
        "老支书说",
        "“今年的苗比去年还齐”",
        "合作社买了3台播种机",
        "一共花了12.5万元",
        "孩子们放学以后也来帮忙",
    ),
    *(
        "水渠一直修到山脚下",
        "请来了FAO的专家",
        "家家户户都愿意多种一些",
        "《护林公约》贴在了村口",
        "路面铺上了沥青",
    ),
    *("验收那天来了很多人", "返乡的青年办起了作坊", "订单排到了第二年（含春节）"),
)
HEADINGS = ("水到田头", "一、抗旱保苗", "众人拾柴，火焰更高", "（二）办好实事", "写在最后")
HEADERS = ("北坡县志", "农村工作 第六期", "{n}", "- {n} -", "第{n}页", "{n} 北坡县志", "乡土 | {n}")


@dataclass(frozen=True)
class Setting:
    """How a text is printed."""

    between: str
    width: int
    page: int
    header: str
    gap: str


sentences = st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=5).map(
    lambda parts: "，".join(parts) + "。"
)
paragraphs = st.lists(sentences, min_size=1, max_size=4).map("".join) | st.sampled_from(HEADINGS)
printed = st.builds(
    Setting,
    between=st.sampled_from(["\n", "\n\n", "\n　　", "\n\n　　"]),
    width=st.sampled_from([0, 0, 17, 24, 33]),
    page=st.sampled_from([0, 90, 170, 400]),
    header=st.sampled_from(["", *HEADERS]),
    gap=st.sampled_from(["\n\f", "\n\n\n", "\n", "\f", "\n\n\f\n"]),
)


def lay_out(parts: list[str], how: Setting, columns: list[int]) -> str:
    """Set paragraphs in lines, cut them into pages, print the headers, write some pages at the end."""
    width = how.width or 10_000
    text = how.between.join(re.sub(f"(.{{{width}}})(?=.)", "\\1\n", part) for part in parts)
    size = how.page or len(text) or 1
    pages = [text[i : i + size] for i in range(0, len(text), size)]
    moved = [pages[i] for i in columns if 0 < i < len(pages)]
    kept = [page for i, page in enumerate(pages) if i == 0 or i not in columns]
    out = kept[0] if kept else ""
    for number, page in enumerate(kept[1:], start=4):
        header = f"{how.header.format(n=number)}\n\n" if how.header else ""
        out += how.gap + header + page
    return out + "".join("\n\n\n\n" + page for page in moved)


damaged = st.builds(
    lay_out,
    st.lists(paragraphs, min_size=1, max_size=9),
    printed,
    st.lists(st.integers(1, 6), max_size=2, unique=True),
)


def restore(text: str) -> Repaired:
    """Repair at the threshold of the settings."""
    return repair(Reading(text, (), Encoding("utf-8", 1.0)), default().restorer, THRESHOLD)


def visible(text: str) -> Counter[str]:
    """The visible characters of a text, counted."""
    return Counter("".join(text.split()))


@settings(max_examples=150, deadline=None)
@given(damaged)
def test_characters_in_are_characters_out(text: str) -> None:
    """What goes in comes out, less the furniture in the ledger and white space; nothing is invented."""
    done = restore(text)
    furniture = Counter[str]()
    for change in done.changes:
        if change.rule == "furniture":
            furniture += visible(change.before)

    assert visible("".join(p.text for p in done.paragraphs)) + furniture == visible(text)


@settings(max_examples=150, deadline=None)
@given(damaged)
def test_restoring_twice_changes_nothing(text: str) -> None:
    """A restored text, one paragraph a line, is left as it is."""
    once = [p.text for p in restore(text).paragraphs]
    twice = restore("\n".join(once))

    assert [p.text for p in twice.paragraphs] == once
    assert [change for change in twice.changes if change.applied] == []


@settings(max_examples=100, deadline=None)
@given(damaged)
def test_every_character_knows_its_place(text: str) -> None:
    """Each visible character of a paragraph points to itself in the raw text, and to no other's place."""
    seen: set[int] = set()
    for paragraph in restore(text).paragraphs:
        assert paragraph.text == paragraph.text.strip() != ""
        for index, character in enumerate(paragraph.text):
            start, end = paragraph.raw_span(index, index + 1)
            if end > start:
                assert text[start:end] == character
                assert start not in seen
                seen.add(start)


@settings(max_examples=100, deadline=None)
@given(st.lists(paragraphs, min_size=1, max_size=9), st.sampled_from(["\n", "\n\n", "\n　　"]))
def test_ends_of_sentences_are_never_joined(parts: list[str], between: str) -> None:
    """Whole paragraphs stay whole and apart, however they are set apart."""
    assert [p.text for p in restore(between.join(parts)).paragraphs] == parts

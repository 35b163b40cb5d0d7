import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.model.traced import Traced, apply
from etl.script import Converters, Detected, Target, convert, convert_text, detect

TABLE = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "script" / "cases.toml").read_text(encoding="utf-8")
)
CONVERTERS = Converters("hant")
TARGETS: tuple[Target, ...] = get_args(Target)


@pytest.mark.parametrize("case", TABLE["detect"])
def test_detects_script_and_region(case: dict[str, str]) -> None:
    """Short texts too, and quotations do not flip it."""
    assert detect(case["text"]) == Detected(case["script"], case.get("region"))  # type: ignore[arg-type]


@pytest.mark.parametrize("case", TABLE["convert"])
def test_converts_as_the_table_says(case: dict[str, Any]) -> None:
    """Words decide between several forms of a character."""
    assert CONVERTERS.text(case["text"], case["to"]) == case["after"]


@given(st.text("汉漢发髮后了a\n，\x1e\ud800\x00𠀀里著", max_size=20), st.sampled_from(TARGETS))
def test_any_text_converts_to_equal_length(text: str, to: Target) -> None:
    """No string breaks a converter, and what the edits make is what the text becomes."""
    converted = CONVERTERS.text(text, to)
    traced, _ = convert(Traced.raw(text), CONVERTERS, to)

    assert len(converted) == len(text)
    assert traced.text == converted


@given(st.text("汉漢发髮后了解程式，\n", max_size=60))
def test_provenance_goes_on_character_by_character(text: str) -> None:
    """A converted character stands where its source stands."""
    traced, changes = convert(Traced.raw(text, at=7), CONVERTERS, "hans")

    assert all(traced.raw_span(i, i + 1) == (i + 7, i + 8) for i in range(len(text)))
    assert all(text[c.start - 7 : c.end - 7] == c.before for c in changes)


def test_names_are_converted_character_by_character() -> None:
    """Neither inside a name nor across its edge does a phrase act."""
    text = "作者余发展了解里情"
    traced, _ = convert(Traced.raw(text), CONVERTERS, "hant", keep=("余发展",))

    assert traced.text.startswith("作者余發展瞭解")
    assert CONVERTERS.name("畢昇", "hans") == "毕昇"


@given(
    st.text("汉漢发髮后了解余展里記者徐乾學、汎旂薛應，\n\x1e\ud800", max_size=40),
    st.lists(st.text("汉发余展里乾學，", max_size=3), max_size=4),
    st.sampled_from(TARGETS),
)
def test_a_string_is_converted_as_a_text_with_a_ledger_is(text: str, keep: list[str], to: Target) -> None:
    """Whatever names are kept, and wherever they stand."""
    traced, _ = convert(Traced.raw(text), CONVERTERS, to, keep)

    assert convert_text(text, CONVERTERS, to, keep) == traced.text


@pytest.mark.parametrize(("keep", "after"), [(("余发", "余发展"), "余發展"), (("发展", "余发"), "余發展")])
def test_of_names_that_overlap_the_first_and_longest_are_kept(keep: tuple[str, ...], after: str) -> None:
    """余 of a name is no 餘; of two names that begin together the longer one counts."""
    assert convert_text("余发展", CONVERTERS, "hant", keep) == after


def test_the_ledger_of_a_traditional_report_is_shorter_than_the_report() -> None:
    """Near changes share an entry."""
    text = "縣裡修了一條長長的道路，鄉親們歡喜。\n" * 1000
    _, changes = convert(Traced.raw(text), CONVERTERS, "hans")

    assert len(changes) == 1000


def test_traditional_text_is_left_alone_by_its_own_script() -> None:
    """A text that is wholly traditional keeps its forms, 后 and 里 among them."""
    text = "皇后鄉里的長者說，這裡發現過許多遺跡。"

    assert CONVERTERS.text(text, "hant") == text


def test_unknown_target_is_refused() -> None:
    """The error names what is offered."""
    with pytest.raises(ValueError, match="choose hans, hant, tw or hk"):
        CONVERTERS.text("汉字", "jp")  # type: ignore[arg-type]


def test_threads_share_converters() -> None:
    """Eight threads get what one gets."""
    texts = [f"第{n}次发现头发干燥，了解历史" for n in range(200)]
    expected = [CONVERTERS.text(text, "tw") for text in texts]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: CONVERTERS.text(text, "tw"), texts)) == expected


def test_nothing_changes_where_nothing_can() -> None:
    """English has no script to convert."""
    traced = Traced.raw("Only English.")

    assert convert(traced, CONVERTERS, "hant") == (traced, ())
    assert apply(traced, (), "convert") == (traced, ())


@pytest.mark.shared
def test_ambiguous_characters_of_the_dev_set(shared: Path) -> None:
    """At least 0.95 of the characters with several traditional forms are right."""
    lines = (shared / "bench" / "script" / "gsd_dev.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [(s, t) for _, s, t in (line.split("\t")[:3] for line in lines) if len(s) == len(t)]
    forms: dict[str, set[str]] = {}
    for simplified, traditional in pairs:
        for old, new in zip(simplified, traditional, strict=True):
            forms.setdefault(old, set()).add(new)
    hard = {old for old, new in forms.items() if len(new) > 1} - set("里台只")
    marks = [
        got == new
        for simplified, traditional in pairs
        for old, new, got in zip(simplified, traditional, CONVERTERS.text(simplified, "hant"), strict=True)
        if old in hard
    ]

    assert sum(marks) / len(marks) >= 0.95

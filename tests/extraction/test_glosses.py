from collections.abc import Callable

import pytest

from etl.model.mentions import Extraction

Found = Callable[..., Extraction]


def _names(extraction: Extraction) -> list[tuple[str, str]]:
    kinds = {"person", "organization", "place"}
    return [(e.type, e.text) for e in extraction.entities if e.type in kinds]


@pytest.mark.parametrize(
    ("text", "kind", "latin"),
    [
        ("論到核物理，從愛因斯坦（Albert Einstein）說起。", "person", "Albert Einstein"),
        ("他毕业于斯沃斯莫尔学院（Swarthmore College），后来任教。", "organization", "Swarthmore College"),
        ("該市位於德國哥廷根（德语：Göttingen）附近。", "place", "Göttingen"),
    ],
)
def test_a_latin_form_has_the_kind_of_its_name(text: str, kind: str, latin: str, found: Found) -> None:
    """What stands in Latin letters in brackets behind a name is the same name again."""
    assert (kind, latin) in _names(found(text))


@pytest.mark.parametrize(
    "text",
    [
        "人均国内生产总值（GDP）增长5%。",
        "行動電話（Cellular Telephones）及其他設備須經檢驗。",
        "爱因斯坦（1879年生）说过。",
    ],
)
def test_what_stands_behind_no_name_is_none(text: str, found: Found) -> None:
    """Latin words behind a common word, and other words behind a name, are no names."""
    assert not [name for _, name in _names(found(text)) if name.isascii() or "年生" in name]


def test_a_short_name_counts_in_the_whole_text(found: Found) -> None:
    """A short name that the text gives to an organization is one wherever it stands by itself."""
    text = (
        "仁东信息拟增持股份。公司收到北京仁东信息技术有限公司（以下简称“仁东信息”）的告知函，"
        "现仁东信息已通知各方。"
    )

    assert _names(found(text)).count(("organization", "仁东信息")) == 3


def test_a_general_word_is_no_short_name(found: Found) -> None:
    """本局, 公司 and the like stand for somebody else in each text, and are no names."""
    text = (
        "經濟部智慧財產局（以下簡稱本局）與鑫盛投资有限公司（以下简称“受查公司”）签约，"
        "本局和受查公司各执一份。"
    )

    assert {"本局", "公司", "受查公司"}.isdisjoint(name for _, name in _names(found(text)))

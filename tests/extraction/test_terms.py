from collections.abc import Callable

from etl.engines import Engines
from etl.extraction.terms import query_terms
from etl.model.mentions import Extraction

TEXT = "疫情防控指挥部昨日通报，中美专家走进江州人民医院，志愿者继续值守。"


def test_terms_hold_words_their_parts_and_names(found: Callable[..., Extraction]) -> None:
    """A report is found by whole words, by parts of long words and by the names in it."""
    terms = found(TEXT).terms

    assert {"疫情防控", "指挥部", "医院", "江州人民医院", "中", "美"} <= set(terms)
    assert list(terms) == sorted(set(terms))


def test_stop_words_and_signs_are_no_terms(found: Callable[..., Extraction]) -> None:
    """What says nothing about a report is not in the index."""
    assert not {"的", "继续", "，", "。", ""} & set(found(TEXT + "的继续").terms)


def test_a_query_is_cut_as_the_report_was(engines: Engines, found: Callable[..., Extraction]) -> None:
    """Every word that a reader asks for is a term of the report that contains it."""
    asked = query_terms("疫情防控 指挥部的", engines.segmenter, engines.lexicon.terms)

    assert asked == ("疫情防控", "指挥部")
    assert set(asked) <= set(found(TEXT).terms)


def test_keywords_say_what_a_report_is_about(found: Callable[..., Extraction]) -> None:
    """The keywords are rare words of the text, the repeated ones first, without numbers and stop words."""
    keywords = found("小麦丰收，小麦价格上涨，农民的小麦卖出100元。" + TEXT).keywords

    assert keywords[0] == "小麦"
    assert not {"100", "的"} & set(keywords)


def test_keywords_are_whole_names(found: Callable[..., Extraction]) -> None:
    """A name is a keyword as a whole: neither its pieces nor words of a sum or a day are."""
    text = "县委书记高志诚到场。高志诚说，2020年2月3日投入300万元，永兴机械有限公司捐赠棉被。" * 3
    keywords = found(text).keywords

    assert {"高志诚", "永兴机械有限公司"} <= set(keywords)
    assert not {"高志", "志诚", "永兴", "有限公司", "万元", "2020年"} & set(keywords)


def test_user_words_stay_whole(engines: Engines) -> None:
    """A word of the user list is one word, and the words of a text joined are the text."""
    words = engines.segmenter.cut("新质生产力和以旧换新 ok")

    assert {"新质生产力", "以旧换新"} <= set(words)
    assert "".join(words) == "新质生产力和以旧换新 ok"

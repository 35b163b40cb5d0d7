from pathlib import Path

import pytest
from tests.cli.conftest import Etl

pytestmark = pytest.mark.mongo


def test_search_and_its_index(etl: Etl, inbox: Path) -> None:
    """Any string is found in either script; pages and counts say what there is, a build how many."""
    etl("run", inbox)

    for words in ("县医院", "縣醫院", "医", "2月3日，永安"):
        (hit,) = etl("search", words, "--json").lines
        assert "".join(hit["excerpt"][start:end] for start, end in hit["highlights"])
    assert "【县医院】" in etl("search", "县医院").out
    *_, counted = etl("search", "馆", "万", "--facets", "--json").lines
    assert (counted["total"], counted["facets"]["source"][0][1]) == (1, 1)
    first = etl("search", "。", "--limit", "1")
    assert "1 to 1 of 2 reports that match; --offset 1 shows more" in first.err
    assert etl("search", "。", "--limit", "1", "--offset", "1").out not in ("", first.out)
    assert etl("search", "县 医院", "--phrase", "--relevance", "--settled", "--json").lines
    assert "no report matches" in etl("search", "县医院", "--source", "file:///nowhere").err
    assert etl("index", "build", "--json").lines == [{"indexed": 2}]

import itertools
import math
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.engines import Engines
from etl.extraction.extractor import extract
from etl.extraction.network import tagger as network
from etl.extraction.network.cascade import CascadeTagger
from etl.extraction.network.features import SIZES, Features
from etl.extraction.network.names import find_names
from etl.extraction.network.outputs import ENTITY_TAGS, ENTITY_TYPES, OUTSIDE
from etl.extraction.network.paths import search
from etl.extraction.network.shares import read_shares
from etl.extraction.network.tagger import NetworkTagger, model_file
from etl.extraction.resources.tagger import NAMES
from etl.fingerprint import fingerprints
from etl.model.errors import SetupError
from etl.settings import Settings, load

TEXT = "江州市人民政府局长赵国栋在广州与香港立法会议员会面，捐款三十万元。\n"
TEXT += "2021年3月，中国人民银行行长抵达北京。"


def _settings(tagger: Literal["network", "both"], own: Path | None = None) -> Settings:
    settings = load()
    extract_settings = settings.extract.model_copy(update={"tagger": tagger})
    return settings.model_copy(update={"extract": extract_settings, "config_dir": own})


@pytest.fixture(scope="session")
def reader() -> NetworkTagger:
    """The network as it is shipped."""
    return NetworkTagger(model_file(None))


@given(st.lists(st.lists(st.integers(0, 4), min_size=11, max_size=11), min_size=1, max_size=4))
def test_the_search_finds_the_best_possible_sequence(logs: list[list[int]]) -> None:
    """What the search finds is possible, and nothing that is possible has a higher chance."""
    found = search(logs)

    assert sum(row[tag] for row, tag in zip(logs, found, strict=True)) == _best(logs)
    assert _is_possible(found)


def _best(logs: list[list[int]]) -> float:
    best = dict.fromkeys(range(len(ENTITY_TAGS)), -math.inf)
    for tag, log in enumerate(logs[0]):
        best[tag] = log if _is_possible([tag]) else -math.inf
    for row in logs[1:]:
        best = {tag: max(best[before] for before in best if _follows(before, tag)) + row[tag] for tag in best}
    return max(best.values())


def _is_possible(tags: list[int]) -> bool:
    return all(_follows(before, tag) for before, tag in itertools.pairwise([OUTSIDE, *tags]))


def _follows(before: int, tag: int) -> bool:
    inside = tag > OUTSIDE and tag % 2 == 0
    return not inside or before in {tag, tag - 1}


def test_names_begin_end_and_have_a_chance() -> None:
    """Names that touch are two; what no name may hold ends one; the chance is its least sure character's."""
    tags = [1, 2, 1, 0, 5, 6, 6]
    probabilities = np.full((7, 11), 0.01, dtype=np.float32)
    probabilities[np.arange(7), tags] = 0.9
    probabilities[1, 2] = 0.6
    breaks = np.array([False] * 6 + [True])

    names = list(find_names(probabilities, breaks))

    assert [(n.kind, n.start, n.end) for n in names] == [("PER", 0, 2), ("PER", 2, 3), ("LOC", 4, 6)]
    shares = read_shares(probabilities, [(n.start, n.end) for n in names])
    chances = [shares[n.start, n.end].whole[ENTITY_TYPES.index(n.kind)] for n in names]
    assert [round(chance, 2) for chance in chances] == [0.6, 0.9, 0.1]


@given(st.integers(0, 2**32 - 1), st.sets(st.tuples(st.integers(0, 8), st.integers(1, 9)), max_size=5))
def test_a_span_is_as_sure_as_its_least_sure_character(seed: int, ends: set[tuple[int, int]]) -> None:
    """What is looked up of many spans is what one by one would tell, also at the end of the text."""
    probabilities = np.random.default_rng(seed).random((9, len(ENTITY_TAGS))).astype(np.float32)
    spans = [(start, end) for start, end in ends if start < end]

    for (start, end), shares in read_shares(probabilities, spans).items():
        for number in range(len(ENTITY_TYPES)):
            begin, *inside = probabilities[start:end, 2 * number + 1 : 2 * number + 3].tolist()
            stop = 1.0 - float(probabilities[end, 2 * number + 2]) if end < len(probabilities) else 1.0
            assert (shares.begins[number], shares.ends[number]) == (begin[0], stop)
            assert shares.whole[number] == min(begin[0], *(share for _, share in inside), stop)


def test_a_long_text_is_read_as_if_at_once(reader: NetworkTagger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a stretch ends changes neither words nor names nor probabilities."""
    text = TEXT * 9
    whole = reader.read(text)
    monkeypatch.setattr(network, "STRETCH", 50)
    cut = reader.read(text)

    assert cut.words == whole.words
    assert cut.names == whole.names
    assert cut.tag_probabilities is not None and whole.tag_probabilities is not None  # noqa: PT018
    assert np.array_equal(cut.tag_probabilities, whole.tag_probabilities)


def test_both_scripts_and_widths_read_alike(reader: NetworkTagger) -> None:
    """The network tells the same words of a text in either script."""
    assert reader.tag("廣東省東莞市長陳國華２０２１年訪問臺灣") == reader.tag(
        "广东省东莞市长陈国华2021年访问台湾"
    )


@given(st.text(alphabet="中国人王，。！\n😀 \ud800a1\u200b\x00\r", max_size=60))
def test_words_and_names_hold_no_breaks(reader: NetworkTagger, text: str) -> None:
    """Words lie in order without blanks; neither words nor names hold line breaks, emoji or surrogates."""
    tagged, position = reader.read(text), 0
    for word in tagged.words:
        assert position <= word.start < word.end <= len(text)
        assert not set(text[word.start : word.end]) & set("\n😀 \ud800\u200b\x00\r")
        position = word.end
    for name in tagged.names:
        assert not set(text[name.start : name.end]) & set("\n😀\ud800\u200b\x00\r")
    assert {len(column) for column in tagged.probabilities.values()} == {len(text)}
    assert set(tagged.probabilities) == set(NAMES)


@given(st.text(max_size=40))
def test_every_text_has_its_rows(text: str) -> None:
    """Any text gets an entry of every table for every character."""
    rows = _FEATURES.read(text)

    assert rows.shape == (len(SIZES), len(text))
    assert all((row >= 0).all() and (row < size).all() for row, size in zip(rows, SIZES, strict=True))


_FEATURES = Features()


def test_the_settings_choose_the_tagger() -> None:
    """The first network, or both."""
    own, both = (Engines(_settings(name)).tagger for name in ("network", "both"))

    assert isinstance(own, NetworkTagger)
    assert isinstance(both, CascadeTagger)
    assert both.read(TEXT).names == own.read(TEXT).names


@pytest.mark.parametrize("name", ["network", "both"])
def test_extraction_with_the_network(name: Literal["network", "both"]) -> None:
    """Names, times and sums are found with the network, alone or with the second one."""
    found = {(e.type, e.text) for e in extract(TEXT, None, None, Engines(_settings(name))).entities}

    assert {
        ("person", "赵国栋"),
        ("place", "广州"),
        ("organization", "中国人民银行"),
        ("money", "三十万元"),
    } <= found


def test_a_model_of_ones_own_lies_over_the_shipped_one(tmp_path: Path) -> None:
    """``models/tagger.zip`` in one's own folder is read, and makes extraction anew but nothing before it."""
    (tmp_path / "models").mkdir()
    assert model_file(tmp_path) == model_file(None)
    before = fingerprints(_settings("network", tmp_path))
    (tmp_path / "models/tagger.zip").write_bytes(b"no model")
    _forget_hashes()
    after = fingerprints(_settings("network", tmp_path))

    assert model_file(tmp_path) == tmp_path / "models/tagger.zip"
    assert {stage for stage in before if before[stage] != after[stage]} == {"extract", "facts"}
    with pytest.raises(SetupError, match="tagger's model"):
        NetworkTagger(model_file(tmp_path))


def _forget_hashes() -> None:
    from etl import fingerprint  # noqa: PLC0415 - its cache is its own

    fingerprint._data.cache_clear()

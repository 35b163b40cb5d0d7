from datetime import date
from pathlib import Path
from typing import Any

import pytest

from etl.engines import Engines
from etl.extraction.extractor import extract
from etl.model.mentions import Entity

REPORTS = [
    "石桥县人民政府2月3日通报，石桥村党支部书记周海明和柳村马国良分别捐款2000元。县教育局昨日收到口罩30000个。",
    "绛县人民医院院长陈立新向湖北省武汉市捐赠价值36000余元的棉被，县人民医院2019年5月3日建成，次日开诊。",
    "财政部、证监会和国务院联合发文，总预算二兆五千亿元，增长三成五，台北市大安区与香港中西区的代表赴美。",
]
WORDS = ("text", "name", "roles", "of", "thing", "unit")


def _said(entity: Entity, folding: dict[int, str]) -> tuple[Any, ...]:
    """Type, key, place and every value of an entity, its words folded."""
    values = []
    for field in sorted(set(entity.__dataclass_fields__) - {"type", "key", "start", "end"}):
        value = getattr(entity, field)
        if field in WORDS and value:
            value = "、".join(value) if isinstance(value, tuple) else value
            value = value.translate(folding)
        values.append(value)
    return (entity.type, entity.key, entity.start, entity.end, *values)


def _twins(engines: Engines, text: str) -> tuple[set[Any], set[Any], list[Any], list[Any]]:
    twin = engines.converters.text(text, "hant")
    one, other = (extract(words, None, date(2020, 2, 15), engines) for words in (text, twin))
    folding = engines.lexicon.folding
    said = [{_said(e, folding) for e in found.entities} for found in (one, other)]
    return said[0], said[1], [f.spans for f in one.facts], [f.spans for f in other.facts]


@pytest.mark.parametrize("text", REPORTS, ids=[text[:8] for text in REPORTS])
def test_a_traditional_report_gives_the_same_entities(text: str, engines: Engines) -> None:
    """Types, keys, values and facts do not depend on the script a report is written in."""
    simplified, traditional, facts, twin_facts = _twins(engines, text)

    assert simplified
    assert simplified == traditional
    assert facts == twin_facts


@pytest.mark.shared
def test_the_seed_reads_the_same_in_both_scripts(engines: Engines, shared: Path) -> None:
    """A whole report gives the same entities and facts in either script."""
    text = (shared / "bench" / "seed" / "restored.txt").read_text(encoding="utf-8")
    simplified, traditional, facts, twin_facts = _twins(engines, text)

    assert simplified == traditional
    assert facts == twin_facts

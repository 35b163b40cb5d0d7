"""Reports made by hand, so that the store is tested without the stages before it."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from etl.model.exact import Amount
from etl.model.ids import report_id
from etl.model.mentions import Document, Entity, Fact, Money, Organization, Person, Place, Quantity, Time
from etl.model.report import Quality, Report, ReportParagraph, Source
from etl.model.traced import Change, TextRun
from etl.reprints import fold_text, is_reprint, resemble, signature

DAY = "2020-02-03"
# Enough text for two reports that share it to be reprints.
LONG = (
    "午后一点，渡船又开了。船工老梁在舱口挂了一块木牌，写着上船先量体温、坐下隔开一臂、船靠岸再起身，"
    "岸上的广播每隔十分钟念一遍。来买菜的人排到柳树下面，没有谁往前挤。"
)


def make_report(
    uri: str = "file:///a.txt",
    text: str = "李明说",
    people: tuple[str, ...] = ("李明",),
    published_on: str | None = None,
    **changes: Any,  # noqa: ANN401 - fields of many types
) -> Report:
    """A small report; ``changes`` are fields of `Report`."""
    sha = hashlib.sha256((text + uri).encode()).hexdigest()
    found: tuple[Entity, ...] = tuple(
        Person(text=name, start=0, end=len(name), key=f"person:{name}", roles=("主任",)) for name in people
    )
    values: dict[str, Any] = {
        "id": report_id(uri),
        "title": "",
        "authors": (),
        "published_on": published_on,
        "script": "hans",
        "region": None,
        "canonical_script": "hans",
        "text": text,
        "other_text": text,
        "paragraphs": (ReportParagraph("body", text, 0, len(text)),),
        "entities": found,
        "entity_keys": tuple(sorted({entity.key for entity in found})),
        "facts": (),
        "terms": tuple(sorted({text[at : at + 2] for at in range(len(text) - 1)})),
        "keywords": (),
        "edits": (),
        "needs_review": False,
        "quality": Quality(len(text), 0, 0, 1.0),
        "source": Source(uri, sha, "text/plain", len(text), "utf-8", 1.0),
        "pipeline": {"facts": "0"},
        "runs": (TextRun(0, len(text), 0, len(text)),),
    }
    return Report(**{**values, **changes})


def reprints_among(stored: Iterable[Mapping[str, Any]]) -> dict[str, str | None]:
    """The original of each stored report, found by comparing it with all earlier originals."""
    out: dict[str, str | None] = {}
    originals: list[tuple[str, str, tuple[int, ...]]] = []
    for found in sorted(stored, key=lambda entry: (entry["published_on"] or "9999", entry["_id"])):
        flat = fold_text(found["text"])
        bands = signature(flat)
        near = [(one, text) for one, text, other in originals if bands and _near(bands, other)]
        out[found["_id"]] = next((one for one, text in near if is_reprint(flat, text)), None)
        if bands and out[found["_id"]] is None:
            originals.append((found["_id"], flat, bands))
    return out


def _near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return bool(set(one) & set(other)) and resemble(one, other)


def rich_report() -> Report:
    """A report with every kind of entity, fact and change."""
    text = "2020年2月3日，绛县卫健局王明主任收到3万元和口罩30个。《办法》"
    entities = (
        Time(
            text=text[0:9],
            start=0,
            end=9,
            key="time:2020-02-03",
            start_date="2020-02-03",
            end_date="2020-02-03",
        ),
        Place(text="绛县", start=10, end=12, key="place:绛县", code="140826", chain="山西省/运城市/绛县"),
        Organization(text="绛县卫健局", start=10, end=15, key="organization:绛县卫健局", name="绛县卫健局"),
        Person(text="王明", start=15, end=17, key="person:王明", roles=("主任",), of="绛县卫健局"),
        Money(text="3万元", start=21, end=24, key="money:30000 CNY", value=Amount(30000), at_least=False),
        Quantity(
            text="30个", start=27, end=30, key="quantity:30个口罩", value=Amount(30), unit="个", thing="口罩"
        ),
        Document(text="《办法》", start=31, end=35, key="document:办法"),
    )
    return make_report(
        text=text,
        people=(),
        entities=entities,
        entity_keys=tuple(sorted(e.key for e in entities)),
        facts=(
            Fact(
                "donation",
                {"donor": "王明", "money": {"value": Amount(3.5)}, "goods": []},
                ((0, 9), (15, 24)),
            ),
        ),
        edits=(
            Change("repair", "join", 3, 4, "\n", "", 0.97),
            Change("repair", "move", 5, 9, "前", "", 0.5, applied=False, to=2),
        ),
        authors=("张三", "李四"),
        region="tw",
        needs_review=True,
        published_on=DAY,
        quality=Quality(35, 1, 1, 0.97),
    )

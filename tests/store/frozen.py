"""Shapes that databases out there have: what each version's documents hold, and an export made with it.

``python -m tests.store.frozen`` freezes the present version: its shape, also of collections that were added
since, and an export of a small database that the real commands made. What is frozen stays as it is.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import fsspec
from pydantic import SecretStr
from tests.store.made import LONG

from etl.ingest import ingest, jobs, reprocess
from etl.ingest.correcting import (
    ChangeText,
    JoinParagraphs,
    SetEntity,
    SetKind,
    Signature,
    SplitParagraph,
    correct,
    take_back,
)
from etl.ingest.review import Ruling, record_decision
from etl.model.ids import report_id
from etl.model.report import SCHEMA_VERSION
from etl.settings import Settings, load
from etl.store.admin import dump
from etl.store.annotations import verifications
from etl.store.blobs import source_blobs
from etl.store.coordination import write_intents
from etl.store.coordination.lease import current_lease
from etl.store.driver.connection import Db, connect
from etl.store.embedded import launcher
from etl.store.records.annotations import VerificationRecord
from etl.store.records.reports import RevisionRef
from etl.store.schema import collections
from etl.wiring import open_store

CASES = Path(__file__).resolve().parents[1] / "cases/store"
SHAPE = "shape.json"
COMMAND = "python -m tests.store.frozen"
# Kinds of values by place: `reports.source.uri`; `[]` is an item of a list, `.*` any key.
Shape = dict[str, list[str]]
PAPER = Path(__file__).resolve().parents[2] / "samples/14-two-columns.pdf"
CUT = Path(__file__).resolve().parents[2] / "samples/02-page-break.txt"
DONATION = f"2020年2月3日，绛县红十字会向绛县人民医院捐赠口罩100个。\n\n{LONG}"
TEXTS = {
    "cut.txt": CUT.read_text(encoding="utf-8"),
    "a.txt": f"关于捐款的通报\n\n{DONATION}",
    "reprint.txt": f"转载：捐款的通报\n\n{DONATION}",
    "gone.txt": "李明主任为防疫捐款300元。大家都很感动。",
    "empty.txt": "",
}


def folder(version: int) -> Path:
    """Where a version is frozen."""
    return CASES / f"version_{version}"


def shape_now() -> dict[str, Shape]:
    """The shape of every collection as it is declared now."""
    return {name: dict(_fields(collections.validator(name), "")) for name in collections.COLLECTIONS}


def frozen_shape(version: int) -> dict[str, Shape]:
    """The shape of every collection as it was frozen; nothing where it never was."""
    path = folder(version) / SHAPE
    found: dict[str, Shape] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _fields(part: Mapping[str, Any], path: str) -> Iterator[tuple[str, list[str]]]:
    if path:
        yield path, _kinds(part)
    for name, value in part.get("properties", {}).items():
        yield from _fields(value, f"{path}.{name}" if path else name)
    for key, step in (("items", "[]"), ("additionalProperties", ".*")):
        if isinstance(part.get(key), Mapping):
            yield from _fields(part[key], path + step)
    for number, value in enumerate(part.get("oneOf", ())):
        yield from _fields(value, f"{path}|{number}")


def _kinds(part: Mapping[str, Any]) -> list[str]:
    kinds = part.get("bsonType", [])
    words = [f"={word}" for word in part.get("enum", ())]
    length = [f"{part['minItems']} items"] if "minItems" in part else []
    return sorted([*([kinds] if isinstance(kinds, str) else kinds), *words, *length])


def differences(frozen: Mapping[str, Shape], now: Mapping[str, Shape]) -> list[str]:
    """What makes documents of the frozen shape another one, each with its field; kinds may be added."""
    out = [f"collection {name} is gone" for name in frozen.keys() - now.keys()]
    out += [f"collection {name} is not frozen yet" for name in now.keys() - frozen.keys()]
    for name in frozen.keys() & now.keys():
        old, new = frozen[name], now[name]
        out += [f"field {name}.{field} is new" for field in new.keys() - old.keys()]
        out += [f"field {name}.{field} is gone" for field in old.keys() - new.keys()]
        narrower = [field for field in old.keys() & new.keys() if set(old[field]) - set(new[field])]
        out += [f"field {name}.{field} holds no longer what it did" for field in narrower]
    return sorted(out)


def advice(found: list[str]) -> str:
    """What to do about differences."""
    listed = "\n  ".join(found)
    if all(line.endswith("not frozen yet") for line in found):
        return f"shape {SCHEMA_VERSION}:\n  {listed}\nFreeze it: `{COMMAND}`, and commit what it writes."
    return (
        f"documents of shape {SCHEMA_VERSION} are stored out there already, and now:\n  {listed}\n"
        f"Set SCHEMA_VERSION in src/etl/model/report.py to {SCHEMA_VERSION + 1}; write what old documents "
        "get into a function of its own in src/etl/store/schema/migrations.py, in MIGRATIONS (never into the "
        f"one of an older version); then freeze the new shape: `{COMMAND}`, and commit what it writes."
    )


def freeze() -> None:
    """Write down the present version.

    Raises:
        SystemExit: it is written down already, and something else is declared now.
    """
    before, now = frozen_shape(SCHEMA_VERSION), shape_now()
    found = [] if not before else differences(before, now)
    if any(not line.endswith("not frozen yet") for line in found):
        sys.exit(advice(found))
    target = folder(SCHEMA_VERSION)
    if not target.exists():
        with tempfile.TemporaryDirectory() as scratch:
            _export(Path(scratch), target)
    text = json.dumps(now, indent=1, ensure_ascii=False)
    (target / SHAPE).write_text(text + "\n", encoding="utf-8")


def _export(scratch: Path, target: Path) -> None:
    with launcher.serve(scratch / "mongo", "64M") as uri:
        address = SecretStr(uri.replace("/?", "/frozen?"))
        settings = load(mongo_uri=address, data_dir=scratch / "data")
        alone = {"run": settings.run.model_copy(update={"runner": "threads", "workers": 1})}
        # A few bytes make a file of their own, so that the export holds one.
        files = {"store": settings.store.model_copy(update={"gridfs_above": 200})}
        _fill(settings.model_copy(update=alone).model_copy(update=files))
        with connect(settings) as connection:
            _leave_open(connection.database)
            _anonymous(connection.database)
            dump.export_database(connection.database, target, lambda _: None)


def _fill(settings: Settings) -> None:
    """Make documents of every kind with the commands that make them."""
    files = fsspec.filesystem("memory")
    for name, text in TEXTS.items():
        files.pipe_file(f"/reports/{name}", text.encode())
    files.pipe_file("/reports/skipped.bin", b"no report")
    files.pipe_file("/reports/paper.pdf", PAPER.read_bytes())
    ingest(["memory://reports"], settings)
    files.pipe_file("/reports/a.txt", f"{TEXTS['a.txt']}王芳说。".encode())
    ingest(["memory://reports"], settings)
    one = report_id("memory:///reports/cut.txt")
    with open_store(settings) as store:
        item = store.review(one).items[0]
    record_decision(Ruling(one, item.number, item.state == "open", "a reader", "as printed"), settings)
    _correct(report_id("memory:///reports/a.txt"), settings)
    jobs.delete_reports([report_id("memory:///reports/gone.txt")], settings)
    reprocess("all", settings)


def _correct(one: str, settings: Settings) -> None:
    """Correct something of every kind, and take one of it back."""
    me = Signature("a reader", "as printed")
    with open_store(settings) as store:
        text = store.report(one).text
    hospital = text.index("绛县人民医院")
    for asked in (
        ChangeText(text.index("口罩"), text.index("口罩") + 2, "面罩"),
        SplitParagraph(hospital),
        JoinParagraphs(hospital),
        SetKind(hospital, "note"),
        SetEntity(hospital, hospital + 6, "organization", values={"name": "绛县人民医院"}),
    ):
        done = correct(one, asked, me, settings)
    take_back(one, done.ids, me, settings)


def _leave_open(db: Db) -> None:
    """Add what a run that died would leave, and what only a newer pipeline would note."""
    one = db.reports.find_one({}, {"batch": 1, "pipeline": 1, "source.sha256": 1})
    if one is None:
        raise AssertionError("nothing was loaded")
    verifications.record_verifications(
        db, [VerificationRecord(one["_id"], one["batch"], one["pipeline"], SCHEMA_VERSION)]
    )
    write_intents.open_intent(db, "write", [RevisionRef(one["_id"], 1)], current_lease(db))
    source_blobs.release_blobs(db, [one["source"]["sha256"]])


def _anonymous(db: Db) -> None:
    """Take this machine's name out."""
    process = {"host": "host", "boot": "boot", "pid": 1, "started": "1"}
    db.runs.update_many({}, {"$set": {"process": process}})
    db.pending.update_many({}, {"$set": {"process": process}})
    db.leases.update_many({}, {"$set": {"holder": None}})


if __name__ == "__main__":
    freeze()

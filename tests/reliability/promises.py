"""What must be true of a database at any moment, and after recovery. Each check stands here once."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.store.state import VARYING_FIELDS, without

from etl.store.driver.connection import Db, Doc

Versions = Mapping[str, Sequence[Any]]


def versions(documents: Mapping[str, Sequence[Doc]]) -> Versions:
    """By report, the content of every version that a run may show: what stands there and stood there."""
    stored = [*documents["reports"], *(entry["report"] for entry in documents["revisions"])]
    return {
        one["_id"]: [content(version) for version in stored if version["_id"] == one["_id"]] for one in stored
    }


def content(report: Doc) -> Any:  # noqa: ANN401 - any part of a document
    """A report without times, marks of the run, and what makes no version: its file's place, its link."""
    return without(report, VARYING_FIELDS | {"uri", "modified", "gone_at", "reprint_of"})


def whole(db: Db, known: Versions) -> None:
    """No reader sees half a report: whatever is stored, now or as a revision, is a version we know."""
    for report in (*db.reports.find(), *(entry["report"] for entry in db.revisions.find())):
        assert content(report) in known.get(report["_id"], ()), f"no version we know: {report}"


def kept(db: Db, before: int, told: Sequence[Mapping[str, Any]]) -> None:
    """Nothing acknowledged is lost: what a run was told to be stored is there."""
    counts = [line for line in told if "inserted" in line]
    if counts:
        there = db.reports.count_documents({})
        assert there >= before + counts[-1]["inserted"], f"{there} reports; told {counts[-1]}"
        newer = db.reports.count_documents({"revision": {"$gt": 1}})
        assert newer >= counts[-1]["updated"], f"{newer} changed reports; told {counts[-1]}"


def same(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """After recovery a database equals the undisturbed one, document for document; nothing is double."""
    for name in wanted:
        if found[name] == wanted[name]:
            continue
        assert isinstance(wanted[name], dict), f"{name}: {found[name]}, not {wanted[name]}"
        differ = [
            one for one in {**found[name], **wanted[name]} if found[name].get(one) != wanted[name].get(one)
        ]
        one = differ[0]
        raise AssertionError(
            f"{name}: {len(differ)} documents differ, as {one}: "
            f"{found[name].get(one)}, not {wanted[name].get(one)}"
        )

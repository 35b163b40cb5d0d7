"""Layouts are kept beside raw bytes, belong to one reading of them, and go with them."""

import pytest
from tests.store.made import make_report

from etl.model.layout import Layout, Stretch
from etl.settings import Settings
from etl.store.admin import leftovers
from etl.store.blobs import layouts, source_blobs
from etl.store.blobs.source_blobs import SourceBlob
from etl.store.driver.connection import Db

LAYOUT = Layout((Stretch(0, 3, 2, 10.0, 20.0, 40.0, 30.0),))
pytestmark = pytest.mark.mongo


def test_layout_of_a_reading(db: Db) -> None:
    """A layout is given to reports of the reading that made it alone; a later reading replaces it."""
    old = make_report(pipeline={"read": "1", "facts": "0"}, layout=LAYOUT)
    new = make_report(pipeline={"read": "2", "facts": "0"}, layout=Layout(LAYOUT.stretches * 2))

    layouts.put_layouts(db, [old, make_report("file:///b.txt")])
    assert (layouts.read_layout(db, old), layouts.read_layout(db, new)) == (LAYOUT, None)
    layouts.put_layouts(db, [new])
    assert (layouts.read_layout(db, old), layouts.read_layout(db, new)) == (None, new.layout)
    assert db.layouts.count_documents({}) == 1


def test_layout_goes_with_its_bytes(db: Db, settings: Settings) -> None:
    """Where bytes go, their layout goes; one that was left without bytes is found."""
    del settings
    report = make_report(layout=LAYOUT)
    sha = report.source.sha256
    source_blobs.put_blobs(db, [SourceBlob(sha, report.source.uri, "application/pdf", None, b"x")], 1000)
    layouts.put_layouts(db, [report])

    kind = next(one for one in leftovers.LEFTOVER_KINDS if one.name.startswith("layout"))
    assert list(kind.find(db)) == []
    source_blobs.delete_unused(db, [sha])
    assert db.layouts.count_documents({}) == 0
    layouts.put_layouts(db, [report])
    assert list(kind.find(db)) == [sha]

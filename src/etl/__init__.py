"""Repair, convert and extract Chinese report texts, and load them into MongoDB.

The functions here are the whole public Python API; `etl.connect` is the way in for services that
read the database. A new public name is one entry in `HOMES` and one line under `TYPE_CHECKING`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.api import CleanText, PlacedParagraph, clean, connect, convert, extract, process, read_pdf
    from etl.model.layout import PageBox
    from etl.model.mentions import Entity
    from etl.model.report import Report
    from etl.model.traced import Change, Edit, Traced, apply
    from etl.store.query.client import Store
    from etl.store.query.finding import Search

# Looked up when first asked for: `etl --help` must not wait for models and drivers.
HOMES = {
    "Change": "etl.model.traced",
    "CleanText": "etl.api",
    "Edit": "etl.model.traced",
    "Entity": "etl.model.mentions",
    "PageBox": "etl.model.layout",
    "PlacedParagraph": "etl.api",
    "Report": "etl.model.report",
    "Search": "etl.store.query.finding",
    "Store": "etl.store.query.client",
    "Traced": "etl.model.traced",
    "apply": "etl.model.traced",
    "clean": "etl.api",
    "connect": "etl.api",
    "convert": "etl.api",
    "extract": "etl.api",
    "process": "etl.api",
    "read_pdf": "etl.api",
}

__all__ = [
    "Change",
    "CleanText",
    "Edit",
    "Entity",
    "PageBox",
    "PlacedParagraph",
    "Report",
    "Search",
    "Store",
    "Traced",
    "apply",
    "clean",
    "connect",
    "convert",
    "extract",
    "process",
    "read_pdf",
]


def __getattr__(name: str) -> object:
    """Import a public name from its module on first use."""
    if name not in HOMES:
        raise AttributeError(f"module 'etl' has no attribute {name!r}; it offers {', '.join(__all__)}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names, for completion in an interpreter."""
    return [*__all__]

"""Chinese report texts, repaired, converted, extracted and loaded into MongoDB.

The functions here are the whole public Python API; `etl.connect` is the door for services that
read the database.
"""

from etl.api import CleanText, clean, connect, convert, extract, process
from etl.model import Entity, Report
from etl.store.reader import Store
from etl.traced import Change, Edit, Traced, apply

__all__ = [
    "Change",
    "CleanText",
    "Edit",
    "Entity",
    "Report",
    "Store",
    "Traced",
    "apply",
    "clean",
    "connect",
    "convert",
    "extract",
    "process",
]

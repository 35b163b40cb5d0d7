"""What is made of a record is what the database gives back of it."""

from bson import decode, encode
from tests.corrections.made import TEXT, make

from etl.store.records.report_codec import to_stored


def test_a_stored_report_comes_back_equal() -> None:
    """A report, written and read, is the same document, so that one that comes out the same is left alone."""
    stored = to_stored(make(TEXT))

    assert stored["edits"]
    assert decode(encode(stored)) == stored

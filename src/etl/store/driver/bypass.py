"""Write without validators, which guard against foreign writers; our own documents follow the types.

This is allowed only where no validator carries a fence, see `coordination.fence_floor`. A login without the
right to bypass validators writes with them.
"""

from collections.abc import Callable
from typing import TypeVar

from pymongo.errors import OperationFailure

from etl.store.driver.connection import UNAUTHORIZED, Client, Db, with_retry

T = TypeVar("T")


def without_validator(db: Db, write: Callable[[bool], T]) -> T:
    """Repeat a write while faults pass, telling it whether to bypass validators; return its result."""
    client = db.client
    if not isinstance(client, Client) or not client.may_bypass:
        return with_retry(lambda: write(False))  # noqa: FBT003 - by position for `partial`
    try:
        return with_retry(lambda: write(True))  # noqa: FBT003
    except OperationFailure as error:
        if error.code != UNAUTHORIZED:
            raise
        client.may_bypass = False
        return with_retry(lambda: write(False))  # noqa: FBT003

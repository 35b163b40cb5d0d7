"""Read sidecars: files ``<name>.meta.json`` that say of a report what its bytes do not.

A new key is a function beside `published_on` and a field of RawReport.
"""

import json
import re
from collections.abc import Callable
from datetime import date

from etl.model.errors import RejectError, quoted
from etl.sources.names import sidecar_names

# A sidecar is a line or two; more is not one.
MAX_BYTES = 1_000_000
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def published_on(name: str, load: Callable[[str, int], bytes | None]) -> date | None:
    """Return the day in the sidecar of the report ``name``; None where there is no sidecar or no day in it.

    Args:
        name: path of the report.
        load: returns at most so many bytes of the file at a path, None where there is no such file.

    Raises:
        RejectError: ``sidecar`` when it is there and cannot be understood.
    """
    for path in sidecar_names(name):
        payload = load(path, MAX_BYTES + 1)
        if payload is not None:
            return _day(path, payload)
    return None


def _day(path: str, payload: bytes) -> date | None:
    if len(payload) > MAX_BYTES:
        raise _broken(path, f"more than {MAX_BYTES} bytes")
    try:
        values = json.loads(payload.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _broken(path, f"no JSON ({error})") from error
    if not isinstance(values, dict):
        raise _broken(path, f"a JSON {type(values).__name__}")
    day = values.get("published_on")
    if day is None:
        return None
    if not isinstance(day, str) or not ISO_DAY.fullmatch(day):
        raise _broken(path, f"published_on {quoted(day)}")
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise _broken(path, f"published_on {quoted(day)}") from error


def _broken(path: str, found: str) -> RejectError:
    name = quoted(path.rpartition("/")[2])
    message = f'found {found} in {name}; expected {{"published_on": "YYYY-MM-DD"}}; correct or remove it'
    return RejectError("source", "sidecar", message)

"""Render lines of the ledger for a person and for a program: each change with a sentence that explains it."""

from dataclasses import asdict
from typing import Any

from etl.model.traced import Change, RawToText
from etl.rules.explain import shown, words

__all__ = ["change_line", "shown", "words"]


def change_line(change: Change, where: RawToText) -> dict[str, Any]:
    """Return one change as a JSON object: its fields, and ``words`` that explain it."""
    return {"words": words(change, where), **asdict(change)}

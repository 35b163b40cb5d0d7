"""Say in Chinese why a form or a query cannot be done, from ``messages.toml``.

Jobs, corrections and queries raise their messages in English, for the command line and the log, too. A new
message there needs a line in the file; what has none is shown as it is.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from etl.room.words import Interface

GAP = "{}"
# Between the values of a list, in the message and in Chinese.
LIST, LIST_MARK = ", ", "、"
# Tables of words whose names a message may hold.
NAMED = ("paragraph", "kind", "value")


def localize(message: str, words: Interface) -> str:
    """Return a message in the language of the visitor.

    >>> localize("the report has 3 paragraphs; reload the page", Interface("zh"))
    '报告现有3段，请重新载入页面'
    >>> localize("the paragraph is of the kind heading already", Interface("zh"))
    '本段的类别已经是小标题'
    """
    if words.language != "zh":
        return message
    for expression, wording in _expressions():
        if match := expression.fullmatch(message):
            return wording.format(*(_localize_value(value, words) for value in match.groups()))
    return message


def _localize_value(value: str, words: Interface) -> str:
    """Name what was filled in, such as kinds of paragraphs; it may be a message of its own."""
    named = (_name(one, words) for one in value.split(LIST))
    return localize(value, words) if value in chinese() else LIST_MARK.join(named)


def _name(value: str, words: Interface) -> str:
    found = (words.get(f"{table}.{value}", "") for table in NAMED)
    return next((name for name in found if name), value)


@lru_cache(maxsize=1)
def chinese() -> Mapping[str, str]:
    """Load the Chinese wording of each message."""
    path = Path(__file__).with_name("messages.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {message: wording for table in tables.values() for message, wording in table.items()}


@lru_cache(maxsize=1)
def _expressions() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Compile the messages; one with more of its own words comes first, since a gap may hold anything."""
    ordered = sorted(chinese().items(), key=lambda item: -len(item[0].replace(GAP, "")))
    return tuple(
        (re.compile("(.*)".join(map(re.escape, message.split(GAP))), re.DOTALL), wording)
        for message, wording in ordered
    )

"""Load the words of the interface in Chinese and English from ``words.toml``.

A line there is a name with both wordings; ``{…}`` are filled in. A new language is one more of `LANGUAGES`
and one more wording a line.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "zh")
# As the attribute ``lang`` of a page says it.
TAGS: Mapping[str, str] = {"en": "en", "zh": "zh-Hans"}


class Interface:
    """The interface in one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.tag = TAGS[self.language]
        self._at = LANGUAGES.index(self.language)

    def __call__(self, name: str, /, **values: object) -> str:
        """Return the wording of a name, with values filled in."""
        return wordings()[name][self._at].format(**values)

    def get(self, name: str, default: str) -> str:
        """Return the wording of a name that may have none."""
        found = wordings().get(name)
        return found[self._at] if found else default


@lru_cache(maxsize=1)
def wordings() -> Mapping[str, tuple[str, ...]]:
    """Load all names with their wordings."""
    path = Path(__file__).with_name("words.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        f"{table}.{name}": tuple(wording)
        for table, names in tables.items()
        for name, wording in names.items()
    }


def preferred(accepted: str) -> str:
    """Return the language that a browser's header prefers.

    >>> preferred("zh-TW,zh;q=0.9,en;q=0.8"), preferred("de,en"), preferred("")
    ('zh', 'en', 'en')
    """
    asked = (part.strip()[:2].lower() for part in accepted.split(","))
    return next((tag for tag in asked if tag in LANGUAGES), LANGUAGES[0])

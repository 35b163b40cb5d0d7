"""Write facts as sentences, by the templates of the patterns in force (``sentences`` in ``config/facts``).

How a value is written is one case in `format_value`.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from etl.errors import SetupError
from etl.mentions import Fact

# What a field of an entity's key ends with: for services, no word for a person.
KEY = "_key"
NAMED = re.compile(r"\{([^{}]*)\}")


def sentence(fact: Fact, templates: Sequence[str]) -> str:
    """Write a fact by the first template whose fields are all filled; add its other fields in brackets.

    >>> gift = {"donor": "永安公司", "gift": "5万元", "money": {"value": 50000.0, "currency": "CNY"}}
    >>> sentence(Fact("donation", gift, ()), ["{donor} gave {gift}"])
    '永安公司 gave 5万元 (money 50,000 CNY)'
    """
    fields = {name: value for name, value in fact.fields.items() if value and not name.endswith(KEY)}
    values = {name: format_value(value) for name, value in fields.items()}
    template = next((one for one in templates if set(NAMED.findall(one)) <= values.keys()), "")
    told = NAMED.sub(lambda name: values[name[1]], template)
    rest = [f"{name} {value}" for name, value in values.items() if value not in told]
    if not told:
        return ", ".join(rest)
    return f"{told} ({', '.join(rest)})" if rest else told


def format_value(value: Any) -> str:  # noqa: ANN401 - of any kind of field
    """Format a value for a person: sums and quantities in words, all else as it is."""
    if not isinstance(value, Mapping):
        return str(value)
    upper = f" to {format_number(value['max'])}" if value.get("max") is not None else ""
    amount = (
        format_number(value["value"]) + upper if value.get("value") is not None else "an unknown number of"
    )
    over = "over " if value.get("at_least") else "about " if value.get("approximate") else ""
    what = [value.get("currency"), value.get("unit"), value.get("thing")]
    return " ".join([over + amount, *(word for word in what if word)])


def format_number(value: float) -> str:
    """Format a number with its thousands apart.

    >>> format_number(15000.0), format_number(0.5)
    ('15,000', '0.5')
    """
    return f"{value:,.12g}"


def kinds() -> tuple[str, ...]:
    """Return the kinds of facts that the configuration in force declares.

    Raises:
        SetupError: a file cannot be read.
    """
    from etl.extraction.resources import fact_pattern_files as pattern_files  # noqa: PLC0415 - as below

    try:
        return pattern_files.fact_types(pattern_paths())
    except (OSError, ValueError) as error:
        raise SetupError(str(error)) from error


def templates() -> Mapping[str, tuple[str, ...]]:
    """Return the templates of each kind of fact; leave out a pattern that cannot be read."""
    from etl.extraction.resources.word_files import read_toml  # noqa: PLC0415 - as below

    found: dict[str, tuple[str, ...]] = {}
    for path in pattern_paths():
        try:
            data = read_toml(path)
        except (OSError, ValueError):
            continue
        name = str(data.get("type"))
        found[name] = (*found.get(name, ()), *map(str, data.get("sentences", ())))
    return found


def pattern_paths() -> Sequence[Path]:
    """Return the paths of the fact patterns in force."""
    from etl.extraction.resources.word_files import WordFiles  # noqa: PLC0415 - only files need settings
    from etl.settings import config_dir, own_dir  # noqa: PLC0415 - as above

    return tuple(WordFiles(config_dir(), own_dir()).patterns())

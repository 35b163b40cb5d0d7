"""Write facts as sentences, by the templates of the patterns in force (``sentences`` in ``config/facts``).

How a value is written is one case in `format_value`; how another language writes it is a `Phrasing`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl.model.errors import SetupError
from etl.model.mentions import Fact

# What a field of an entity's key ends with: for services, no word for a person.
KEY = "_key"
NAMED = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How a language writes facts; as it stands, English.

    Attributes:
        sentences: templates of patterns in this language; one that is not there is used as it is.
        word: the word for ``field.NAME`` or ``currency.CODE``.
        over, about, range, unknown: sums and quantities that are more, about so much, between two, not told.
        brackets, comma: around other fields, and between them.
    """

    sentences: Mapping[str, str] = field(default_factory=dict)
    word: Callable[[str], str] = lambda name: name.partition(".")[2]
    over: str = "over {}"
    about: str = "about {}"
    range: str = "{} to {}"
    unknown: str = "an unknown number of"
    brackets: str = " ({})"
    comma: str = ", "


ENGLISH = Phrasing()


def sentence(fact: Fact, templates: Sequence[str], phrasing: Phrasing = ENGLISH) -> str:
    """Write a fact by the first template whose fields are all filled; add its other fields in brackets.

    >>> gift = {"donor": "永安公司", "gift": "5万元", "money": {"value": 50000.0, "currency": "CNY"}}
    >>> sentence(Fact("donation", gift, ()), ["{donor} gave {gift}"])
    '永安公司 gave 5万元 (money 50,000 CNY)'
    """
    fields = {name: value for name, value in fact.fields.items() if value and not name.endswith(KEY)}
    values = {name: format_value(value, phrasing) for name, value in fields.items()}
    template = next((one for one in templates if set(NAMED.findall(one)) <= values.keys()), "")
    told = NAMED.sub(lambda name: values[name[1]], phrasing.sentences.get(template, template))
    left = [(name, value) for name, value in values.items() if value not in told]
    rest = phrasing.comma.join(f"{phrasing.word(f'field.{name}')} {value}" for name, value in left)
    return told + phrasing.brackets.format(rest) if told and rest else told or rest


def format_value(value: Any, phrasing: Phrasing = ENGLISH) -> str:  # noqa: ANN401 - of any kind of field
    """Format a value for a person: sums and quantities in words, all else as it is."""
    if not isinstance(value, Mapping):
        return str(value)
    amount = _amount(value, phrasing)
    if value.get("at_least") or value.get("approximate"):
        amount = (phrasing.over if value.get("at_least") else phrasing.about).format(amount)
    currency = value.get("currency")
    what = [
        phrasing.word(f"currency.{currency}") if currency else None,
        value.get("unit"),
        value.get("thing"),
    ]
    return " ".join([amount, *(word for word in what if word)])


def _amount(value: Mapping[str, Any], phrasing: Phrasing) -> str:
    if value.get("value") is None:
        return phrasing.unknown
    lower, upper = value["value"], value.get("max")
    if upper is None:
        return format_number(lower)
    return phrasing.range.format(format_number(lower), format_number(upper))


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

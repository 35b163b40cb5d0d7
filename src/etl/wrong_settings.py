"""Explain what is wrong with settings, in a sentence that names each of them and shows no secret."""

import json
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, get_origin

from pydantic import BaseModel, ValidationError

from etl.logins import masked, without_login
from etl.model.errors import quoted

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PASSWORD_FILE = ("store", "password_file")
LONGEST_VALUE = 60

Path = tuple[str, ...]


def explain_errors(error: ValidationError, model: type[BaseModel], origin: Callable[[Path], str]) -> str:
    """Describe every error in one message; ``origin`` returns where a setting's value comes from."""
    said = "; ".join(_explain_error(one, model, origin) for one in error.errors())
    return f"{said}; see config/etl.toml for the settings that there are"


def _explain_error(one: "ErrorDetails", model: type[BaseModel], origin: Callable[[Path], str]) -> str:
    path = tuple(str(part) for part in one["loc"])
    where = origin(path)
    there = f" in {where}" if where.endswith(".toml") else ""
    setting = f"setting {'.'.join(path)} (ETL_{'__'.join(path).upper()}){there}"
    if one["type"] == "extra_forbidden":
        return f"{setting} does not exist"
    value = _cut_short(one["input"]) if _may_be_shown(path, model) else "of another kind"
    return f"{setting} is {value}: {one['msg']}"


def _cut_short(value: object) -> str:
    """Write a wrong value as a message may show it: logins of addresses masked, then cut."""
    return quoted(without_login(value)) if isinstance(value, str) else masked(repr(value))[:LONGEST_VALUE]


def _may_be_shown(path: Path, model: type[BaseModel]) -> bool:
    """Check whether a wrong value may stand in a message: no secret, and no section that may hold one."""
    if path[:2] == PASSWORD_FILE:
        return False
    for part in path:
        fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
        kind = fields.get(part)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            model = kind
        else:
            return kind is not None and "SecretStr" not in str(kind)
    return False


def misspelt(environment: Mapping[str, str], model: type[BaseModel]) -> str:
    """Return a sentence about variables that name no section, or nearly one of the top-level settings.

    Others that begin with ``ETL_`` are left alone: they may belong to somebody else.
    """
    names = list(model.model_fields)
    return "; ".join(why for variable in environment if (why := _misspelt(variable, names)))


def _misspelt(variable: str, names: list[str]) -> str:
    """Say why an environment variable is misspelt; empty where it is a setting, or somebody else's."""
    if not variable.upper().startswith("ETL_"):
        return ""
    name, nested, _ = variable[4:].lower().partition("__")
    near = get_close_matches(name, names, n=1, cutoff=0.8)
    if name in names or not (nested or near):
        return ""
    meant = f"; did you mean ETL_{near[0].upper()}{variable[4 + len(name) :]}?" if near else ""
    return f"setting {variable} does not exist{meant or '; see config/etl.toml'}"


def no_lists(environment: Mapping[str, str], model: type[BaseModel]) -> Iterator[str]:
    """Yield environment variables whose setting is a list and whose value is no JSON list."""
    for variable, value in environment.items():
        section, _, name = variable.upper().removeprefix("ETL_").lower().partition("__")
        kind = getattr(model.model_fields.get(section), "annotation", None)
        field = getattr(kind, "model_fields", {}).get(name)
        if field and get_origin(field.annotation) is tuple and value and not _is_list(value):
            yield variable


def _is_list(value: str) -> bool:
    try:
        return isinstance(json.loads(value), list)
    except ValueError:
        return False

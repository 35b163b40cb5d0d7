"""List the effective configuration, and where it comes from: settings, word lists, facts, deployments.

A new part of the configuration is one function in `PARTS`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from etl.extraction.resources.fact_pattern_files import parse_pattern
from etl.extraction.resources.lexicon import Lexicon
from etl.extraction.resources.word_files import FACTS, LEXICON, WordFiles, read_toml
from etl.logins import without_login
from etl.model.errors import SetupError
from etl.orchestration import deployment_file
from etl.settings import SETTINGS_FILE, Settings, config_dir, origin, own_values
from etl.wrong_settings import PASSWORD_FILE

PACKAGE = "package"
HIDDEN = "(set, not shown)"


@dataclass(frozen=True, slots=True)
class ConfigEntry:
    """One item of the effective configuration.

    Attributes:
        part: setting, words, fact, deployment, or unread for a file that nothing reads.
        name: of the setting, file, pattern or deployment.
        value: of a setting; else what a person wants to know of it.
        origin: ``package``, a file of one's own, or a variable of the environment; both files of a word list.
    """

    part: str
    name: str
    value: Any
    origin: str

    @property
    def own(self) -> bool:
        """Whether the operator's own file or the environment sets it, and not the package alone."""
        return self.origin != PACKAGE


def entries(settings: Settings) -> Iterator[ConfigEntry]:
    """Yield every item of the effective configuration, part by part.

    Raises:
        SetupError: a file cannot be read; the message names it.
    """
    for part in PARTS:
        yield from part(settings)


def _settings(settings: Settings) -> Iterator[ConfigEntry]:
    own = own_values()
    for path, value in _flat(settings):
        # What names no folder there is a password that somebody put into the wrong setting.
        misplaced = path == PASSWORD_FILE and value and "/" not in value
        yield ConfigEntry(
            "setting", ".".join(path), HIDDEN if misplaced else _shown(value), origin(path, own)
        )


def _flat(model: BaseModel, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, field in type(model).model_fields.items():
        value, path = getattr(model, name), (*before, field.alias or name)
        if isinstance(value, BaseModel):
            yield from _flat(value, path)
        else:
            yield path, value


def _shown(value: Any) -> Any:  # noqa: ANN401 - any setting
    if isinstance(value, SecretStr):
        return HIDDEN if value.get_secret_value() else ""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [_shown(one) for one in value]
    return without_login(value) if isinstance(value, str) else value


def _words(settings: Settings) -> Iterator[ConfigEntry]:
    own = settings.config_dir
    Lexicon.load(config_dir(), own)  # what cannot be used is not in force
    for path in sorted((config_dir() / LEXICON).iterdir()):
        over = own / LEXICON / path.name if own else None
        if over and over.is_file():
            yield ConfigEntry("words", path.name, "added to", f"{PACKAGE} and {over}")
        else:
            yield ConfigEntry("words", path.name, "as released", PACKAGE)


def _facts(settings: Settings) -> Iterator[ConfigEntry]:
    for path in WordFiles(config_dir(), settings.config_dir).patterns():
        try:
            pattern = parse_pattern(path, read_toml(path))
        except (OSError, ValueError) as error:
            raise SetupError(str(error)) from error
        where = PACKAGE if path.is_relative_to(config_dir()) else str(path)
        yield ConfigEntry("fact", path.stem, pattern.type if pattern else "switched off", where)


def _deployments(settings: Settings) -> Iterator[ConfigEntry]:
    own, path = settings.config_dir, (settings.config_dir or Path()) / deployment_file.FILE
    over = {one["name"]: one for one in deployment_file.own_entries(own)}
    for one in deployment_file.list_deployments(own):
        times = [_time(schedule) for schedule in one.get("schedules", ())]
        where = str(path) if one["name"] in over else PACKAGE
        yield ConfigEntry("deployment", one["name"], "; ".join(times) or "when asked", where)


def _time(schedule: Mapping[str, Any]) -> str:
    return " ".join(str(value) for name, value in schedule.items() if name not in {"slug", "parameters"})


def _unread(settings: Settings) -> Iterator[ConfigEntry]:
    own = settings.config_dir
    for path in unread(own) if own else ():
        yield ConfigEntry("unread", path.relative_to(own or path).as_posix(), "nothing reads it", str(path))


def unread(own: Path) -> Iterator[Path]:
    """Yield files of the operator's own folder that nothing reads, except for hidden ones and a README."""
    for path in sorted(own.rglob("*")):
        below = path.relative_to(own)
        hidden = any(part.startswith(".") for part in below.parts) or below.stem.upper() == "README"
        if path.is_file() and not hidden and not _read(below):
            yield path


def _read(below: Path) -> bool:
    if len(below.parts) == 1:
        return below.name in {SETTINGS_FILE, deployment_file.FILE}
    return below.parent.as_posix() == LEXICON or (
        below.parent.as_posix() == FACTS and below.suffix == ".toml"
    )


PARTS: tuple[Callable[[Settings], Iterator[ConfigEntry]], ...] = (
    _settings,
    _words,
    _facts,
    _deployments,
    _unread,
)

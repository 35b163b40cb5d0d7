"""Load typed settings from config/etl.toml, the operator's etl.toml and the environment; refuse typos.

A new setting is a field here and a line in config/etl.toml; a test holds the two together. The stages get the
values that they need, never `Settings`.
"""

import getpass
import os
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from etl.layers import overlay
from etl.model.errors import SetupError
from etl.wrong_settings import explain_errors, misspelt, no_lists

CONFIG_VARIABLE = "ETL_CONFIG_DIR"
SETTINGS_FILE = "etl.toml"
FROZEN = ConfigDict(frozen=True, extra="forbid")


class SourceSettings(BaseModel):
    """Which files of a source are read, and limits against hostile input."""

    model_config = FROZEN

    suffixes: tuple[str, ...]
    max_bytes: int = Field(gt=0)
    max_members: int = Field(gt=0)
    max_unpacked_bytes: int = Field(gt=0)
    max_ratio: int = Field(gt=0)
    settle_seconds: float = Field(ge=0)
    follow_links: bool


class PdfSettings(BaseModel):
    """How much of a PDF is read."""

    model_config = FROZEN

    max_pages: int = Field(gt=0)
    max_characters: int = Field(gt=0)
    max_drawings: int = Field(ge=0)
    max_seconds: float = Field(ge=0)
    max_bytes: int = Field(ge=0)
    ocr: bool


class RepairSettings(BaseModel):
    """How sure a repair must be before it is applied."""

    model_config = FROZEN

    threshold: float = Field(ge=0, le=1)


class ScriptSettings(BaseModel):
    """The script of the stored text, and the regional standard of traditional text."""

    model_config = FROZEN

    canonical: Literal["hans", "hant"]
    traditional: Literal["hant", "tw", "hk"]


class ExtractSettings(BaseModel):
    """Which tagger finds words and names, what runs it, and how many sentences it reads at once."""

    model_config = FROZEN

    tagger: Literal["network", "both"]
    engine: Literal["onnxruntime", "openvino"]
    batch_size: int = Field(ge=0, le=256)


class StoreSettings(BaseModel):
    """The database, its login and encryption, and the embedded server."""

    model_config = FROZEN

    database: str = Field(pattern=r"^[A-Za-z0-9_-]{1,38}$")
    timeout_seconds: float = Field(gt=0)
    gridfs_above: int = Field(gt=0, le=15_000_000)
    other_text: bool
    cache_size: str = Field(pattern=r"^\d+[KMG]$")
    user: str
    password: SecretStr
    password_file: str
    auth_source: str
    tls: bool
    tls_ca_file: str
    tls_key_file: str


class RunSettings(BaseModel):
    """How a run cuts work into batches and spreads it, and how long it waits."""

    model_config = FROZEN

    sources: tuple[str, ...]
    runner: Literal["threads", "processes", "dask"]
    workers: int = Field(ge=0)
    batch_bytes: int = Field(gt=0)
    dask_address: str
    lease_seconds: float = Field(gt=0)
    wait_seconds: float = Field(ge=0)
    silent_seconds: int = Field(ge=40, le=3600)
    patience_seconds: float = Field(ge=0, le=25)
    report_seconds: float = Field(ge=0)
    report_bytes: int = Field(ge=0)

    @property
    def worker_count(self) -> int:
        """Workers to start: the number set, or one a core."""
        return self.workers or os.cpu_count() or 1


class WatchSettings(BaseModel):
    """Where metrics are served, and when the checks warn."""

    model_config = FROZEN

    host: str
    port: int = Field(ge=0, le=65_535)
    free_bytes: int = Field(ge=0)
    late_seconds: float = Field(gt=0)


class RoomSettings(BaseModel):
    """Where the reading room answers, and who may use it."""

    model_config = FROZEN

    host: str
    port: int = Field(ge=0, le=65_535)
    hosts: tuple[str, ...]
    read_only: bool
    user: str
    password: SecretStr
    serve: bool


class UpkeepSettings(BaseModel):
    """How much the weekly maintenance keeps."""

    model_config = FROZEN

    run_days: int = Field(gt=0)
    revisions: int = Field(gt=0)


class NotifySettings(BaseModel):
    """The webhook that is called when a run fails and when the next one works again."""

    model_config = FROZEN

    webhook: SecretStr
    timeout_seconds: float = Field(gt=0, le=60)


class LogSettings(BaseModel):
    """The least level that is logged, and whether lines are JSON."""

    model_config = FROZEN

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    json_lines: bool = Field(alias="json")


class Settings(BaseSettings):
    """All settings; `load` makes them."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="ETL_",
        env_ignore_empty=True,
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    config_dir: Path | None = None
    data_dir: Path = Path("data")
    mongo_uri: SecretStr | None = None
    source: SourceSettings
    pdf: PdfSettings
    repair: RepairSettings
    script: ScriptSettings
    extract: ExtractSettings
    store: StoreSettings
    run: RunSettings
    watch: WatchSettings
    room: RoomSettings
    upkeep: UpkeepSettings
    notify: NotifySettings
    log: LogSettings

    @field_validator("config_dir")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        """Make a folder absolute for flows and workers, which have other working folders."""
        return path and path.expanduser().resolve()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, whose values arrive as ``init``."""
        del settings_cls, dotenv_settings, file_secret_settings
        return (env_settings, init_settings)


@lru_cache(maxsize=1)
def config_dir() -> Path:
    """Return the folder ``config``: of the checkout, or the copy inside an installed package."""
    here = Path(__file__).resolve().parent
    installed = here / "_config"
    return installed if installed.is_dir() else here.parents[1] / "config"


@lru_cache(maxsize=1)
def flows_dir() -> Path:
    """Return the folder ``flows``: of the checkout, or the copy inside an installed package."""
    installed = Path(__file__).resolve().parent / "_flows"
    return installed if installed.is_dir() else config_dir().parent / "flows"


def prefect_url() -> str | None:
    """Return the address of the Prefect server that the environment names; None where it names none."""
    return os.environ.get("PREFECT_API_URL") or None


def user() -> str:
    """Return the login name of this process's user as the system knows it, whatever the environment says."""
    try:
        import pwd  # noqa: PLC0415 - not on Windows, where the environment is all there is

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        pass
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return f"user {os.getuid()}"


def exported(name: str) -> bool:
    """Check whether the environment has a variable of this name."""
    return name in os.environ


def secret(name: str) -> SecretStr | None:
    """Return a password in an environment variable that is no setting; None where it is unset or empty."""
    value = os.environ.get(name)
    return SecretStr(value) if value else None


def export(variables: Mapping[str, str], *, over: bool = False) -> None:
    """Set environment variables for this process and its children; ``over`` replaces what is set."""
    for name, value in variables.items():
        if over or name not in os.environ:
            os.environ[name] = value


def load(**changes: Any) -> Settings:  # noqa: ANN401
    """Load the settings from both ``etl.toml`` and the environment; ``changes`` replace top-level fields.

    Raises:
        SetupError: a value or name is wrong; the message names the setting and what it allows.
    """
    settings = _read(frozenset(os.environ.items()), _files(), Path.cwd())
    return settings.model_copy(update=changes) if changes else settings


def _files() -> tuple[tuple[Path, int, int], ...]:
    """Return each file that settings are read from, with its mtime in ns and its size in bytes."""
    paths = [folder / SETTINGS_FILE for folder in (config_dir(), own_dir()) if folder]
    found = [(path, path.stat()) for path in paths if path.exists()]
    return tuple((path, state.st_mtime_ns, state.st_size) for path, state in found)


@lru_cache(maxsize=1)
def _read(*_: object) -> Settings:
    """Read the settings; cached for one environment, files and folder, as reading takes as long as a page."""
    if wrong := misspelt(os.environ, Settings):
        raise SetupError(wrong)
    own = own_values()
    try:
        return Settings(**overlay(package_values(), own))
    except ValidationError as error:
        raise SetupError(explain_errors(error, Settings, partial(origin, own=own))) from error
    except SettingsError as error:
        named = ", ".join(no_lists(os.environ, Settings)) or "an ETL_* variable"
        raise SetupError(f'{named} is no list in JSON ({error}); write it like ["a", "b"]') from error


def package_values() -> dict[str, Any]:
    """Return the values in the package's ``etl.toml``.

    Raises:
        SetupError: it cannot be read.
    """
    return _toml(config_dir() / SETTINGS_FILE, "restore it from the release")


def own_dir() -> Path | None:
    """Return the folder of the operator's own configuration; None where the environment names none.

    Raises:
        SetupError: it is no folder.
    """
    named = os.environ.get(CONFIG_VARIABLE)
    if not named:
        return None
    path = Path(named).expanduser().resolve()
    if not path.is_dir():
        raise SetupError(
            f"setting config_dir ({CONFIG_VARIABLE}, --config) is {named!r}, which is no folder; name the "
            f"one with your {SETTINGS_FILE}, lexicon, facts or prefect.yaml, or unset it"
        )
    return path


def own_values() -> dict[str, Any]:
    """Return the values in the operator's own ``etl.toml``; empty where there is none.

    Raises:
        SetupError: it cannot be read.
    """
    folder = own_dir()
    path = folder and folder / SETTINGS_FILE
    if not path or not path.exists():
        return {}
    found = _toml(path, "correct it")
    if "config_dir" in found:
        raise SetupError(f"{path} sets config_dir, which names this very folder; take the line out")
    return found


def _toml(path: Path, mend: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} cannot be read: {error}; {mend}") from error


def origin(path: tuple[str, ...], own: Mapping[str, Any]) -> str:
    """Return what sets a setting: a variable's name, the path of the operator's file, or ``package``."""
    folder = own_dir()
    for name in _variables(path):
        if os.environ.get(name):
            return name
    value: Any = own
    for part in path:
        if not (isinstance(value, Mapping) and part in value):
            return "package"
        value = value[part]
    return str(folder / SETTINGS_FILE) if folder else "package"


def _variables(path: tuple[str, ...]) -> Iterator[str]:
    """Yield environment variables, in any case, that set this setting or the whole section that holds it."""
    wanted = {"ETL_" + "__".join(path[:depth]).upper() for depth in range(len(path), 0, -1)}
    return (name for name in os.environ if name.upper() in wanted)

import os
import pwd
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel

from etl.model.errors import SetupError
from etl.settings import Settings, config_dir, load, origin, own_values, user


def names(model: type[BaseModel], prefix: str = "") -> set[str]:
    """Dotted names of all settings of a model."""
    out = set()
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            out |= names(kind, f"{name}.")
        elif prefix:
            out.add(prefix + (info.alias or name))
    return out


def test_file_and_fields_agree() -> None:
    """Every setting stands in config/etl.toml, and nothing else does."""
    values = tomllib.loads((config_dir() / "etl.toml").read_text(encoding="utf-8"))

    assert {f"{section}.{name}" for section, rows in values.items() for name in rows} == names(Settings)


def test_every_setting_says_why() -> None:
    """Each setting in config/etl.toml has a comment on the line above it or shares its section's."""
    lines = (config_dir() / "etl.toml").read_text(encoding="utf-8").splitlines()
    bare = [b for a, b in pairwise(lines) if " = " in b and not (a.startswith("#") or " = " in a)]

    assert bare == []


@pytest.mark.parametrize(
    ("variable", "value", "section", "name", "expected"),
    [
        ("ETL_RUN__WORKERS", "3", "run", "workers", 3),
        ("ETL_REPAIR__THRESHOLD", "0.5", "repair", "threshold", 0.5),
        ("ETL_SCRIPT__CANONICAL", "hant", "script", "canonical", "hant"),
        ("ETL_LOG__JSON", "true", "log", "json_lines", True),
    ],
)
def test_environment_wins(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, section: str, name: str, expected: object
) -> None:
    """A variable of the environment wins over the file."""
    monkeypatch.setenv(variable, value)

    assert getattr(getattr(load(), section), name) == expected


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        (
            "ETL_RUN__RUNNER",
            "cloud",
            ("run.runner", "ETL_RUN__RUNNER", "cloud", "threads", "processes", "dask"),
        ),
        ("ETL_RUN__TYPO", "1", ("run.typo", "ETL_RUN__TYPO", "does not exist")),
        ("ETL_REPAIR__THRESHOLD", "2", ("repair.threshold", "less than or equal to 1")),
        ("ETL_STORE__CACHE_SIZE", "much", ("store.cache_size", "much")),
    ],
)
def test_wrong_settings_are_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: tuple[str, ...]
) -> None:
    """A wrong value or name fails at start and says which setting, what was found and what is allowed."""
    monkeypatch.setenv(variable, value)

    with pytest.raises(SetupError) as caught:
        load()

    assert all(word in str(caught.value) for word in words)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own configuration, named in the environment."""
    monkeypatch.setenv("ETL_CONFIG_DIR", str(tmp_path))
    return tmp_path


def test_ones_own_file_lies_between(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One's own etl.toml wins over the package's, the environment over both; each says where it is from."""
    (own / "etl.toml").write_text('[run]\nsources = ["/in"]\nworkers = 3\n', encoding="utf-8")
    monkeypatch.setenv("ETL_RUN__WORKERS", "5")
    settings = load()

    assert (settings.run.sources, settings.run.workers, settings.run.runner) == (("/in",), 5, "threads")
    assert settings.config_dir == own
    found = [origin(("run", name), own_values()) for name in ("sources", "workers", "runner")]
    assert found == [str(own / "etl.toml"), "ETL_RUN__WORKERS", "package"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[run]\nworkers = -1\n", "run.workers (ETL_RUN__WORKERS) in {own} is -1"),
        ("[run]\nwrokers = 1\n", "run.wrokers (ETL_RUN__WROKERS) in {own} does not exist"),
        ("[run\n", "{own} cannot be read"),
        ('config_dir = "/x"\n', "{own} sets config_dir"),
    ],
)
def test_wrong_settings_of_ones_own_are_named(own: Path, text: str, words: str) -> None:
    """What is wrong in one's own file is told with that file's name."""
    (own / "etl.toml").write_text(text, encoding="utf-8")

    with pytest.raises(SetupError) as caught:
        load()

    assert words.format(own=own / "etl.toml") in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        '[notify]\nwebhook = ["Ulme"]\n',
        '[store]\npassword = { a = "Ulme" }\n',
        'store = "Ulme"\n',
    ],
)
def test_a_secret_of_the_wrong_kind_is_not_repeated(own: Path, text: str) -> None:
    """What is named is the setting, and never what was found there."""
    (own / "etl.toml").write_text(text, encoding="utf-8")

    with pytest.raises(SetupError) as caught:
        load()

    assert "Ulme" not in str(caught.value)


def test_all_wrong_settings_are_named(own: Path) -> None:
    """Whoever mends one of them knows of the others."""
    (own / "etl.toml").write_text("[run]\nworkers = -1\nwrokers = 1\n", encoding="utf-8")

    with pytest.raises(SetupError) as caught:
        load()

    assert all(f"run.{name}" in str(caught.value) for name in ("workers", "wrokers"))


def test_a_folder_that_is_not_there(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that cannot be found is never left out silently."""
    monkeypatch.setenv("ETL_CONFIG_DIR", str(own / "nosuch"))

    with pytest.raises(SetupError, match="which is no folder"):
        load()


def test_the_folder_is_absolute(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers and flows, which have other working folders, find the same one."""
    monkeypatch.chdir(own.parent)
    monkeypatch.setenv("ETL_CONFIG_DIR", own.name)

    assert load().config_dir == own


def test_the_login_name_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who signs is who is logged in, whatever the environment says."""
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")

    assert user() == pwd.getpwuid(os.getuid()).pw_name


def test_address_stays_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's address, which may hold a password, does not show when settings are printed."""
    monkeypatch.setenv("ETL_MONGO_URI", "mongodb://user:planted@db.example/")

    assert "planted" not in repr(load())


def test_only_settings_reads_the_environment() -> None:
    """No other module looks at os.environ or os.getenv for its settings."""
    code = Path(__file__).resolve().parents[1] / "src"
    readers = [
        p.name
        for p in code.rglob("*.py")
        if p.name != "settings.py"
        and ("os.getenv" in p.read_text(encoding="utf-8") or "environ.get" in p.read_text(encoding="utf-8"))
    ]

    assert readers == []

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel

from etl.errors import SetupError
from etl.settings import Settings, config_dir, load


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

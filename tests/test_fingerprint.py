"""A fingerprint changes with what decides a result, and with nothing else."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from etl import fingerprint
from etl.model.errors import SetupError
from etl.settings import load

TABLE = '# Titles.\nroles = ["镇长", "乡长"]\n'
CHANGES: dict[str, tuple[str, str, str, bool]] = {
    "a comment in a table": ("people.toml", TABLE, f"{TABLE}# Others follow.\n", False),
    "the layout of a table": ("people.toml", TABLE, TABLE.replace(", ", ",\n  "), False),
    "blanks in a table": ("people.toml", TABLE, '# Titles.\nroles=[ "镇长","乡长" ] # two\n', False),
    "a word like a comment": ("people.toml", 'roles = ["镇长# 乡长"]', 'roles = ["镇长# 村长"]', True),
    "a line like a comment": ("people.toml", 'roles = """\n# 乡长"""', 'roles = """\n# 村长"""', True),
    "a word in a table": ("people.toml", TABLE, TABLE.replace("乡长", "村长"), True),
    "the order of a table": ("people.toml", TABLE, '# Titles.\nroles = ["乡长", "镇长"]\n', True),
    "a table that is none": ("people.toml", TABLE, "roles = [", True),
    "a comment in a list": ("user_words.txt", "竹编巷\n", "# places\n\n竹编巷 \n", False),
    "a word in a list": ("user_words.txt", "竹编巷\n", "竹编巷\n云岚\n", True),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_counts(name: str, tmp_path: Path) -> None:
    """A word counts, wherever it stands; a comment or a line end does not."""
    file, before, after, counts = CHANGES[name]
    assert (_extract(tmp_path / "a", file, before) != _extract(tmp_path / "b", file, after)) is counts


@pytest.mark.parametrize(
    ("content", "method", "counts"), [(b"1" * 99, ZIP_DEFLATED, False), (b"2" * 99, ZIP_STORED, True)]
)
def test_what_an_archive_holds_counts(content: bytes, method: int, counts: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """A model's numbers count, not how the archive that holds them is packed."""
    found = []
    for number, (held, packed) in enumerate([(b"1" * 99, ZIP_STORED), (content, method)]):
        (tmp_path / str(number) / "models").mkdir(parents=True)
        with ZipFile(tmp_path / str(number) / "models" / "tagger.zip", "w") as archive:
            archive.writestr(ZipInfo("tagger.onnx"), held, packed)
        settings = load().model_copy(update={"config_dir": tmp_path / str(number)})
        found.append(fingerprint.fingerprints(settings)["extract"])

    assert (found[0] != found[1]) is counts


def test_the_engine_counts() -> None:
    """The engine that runs the model is in the fingerprint; one that is not installed is refused."""
    settings = load()
    changed = {
        name: settings.model_copy(update={"extract": settings.extract.model_copy(update={"engine": name})})
        for name in ("onnxruntime", "numpy", "engine-of-nobody")
    }

    found = [fingerprint.fingerprints(changed[name]) for name in ("onnxruntime", "numpy")]
    assert found[0]["convert"] == found[1]["convert"]
    assert found[0]["extract"] != found[1]["extract"]
    with pytest.raises(SetupError, match=r"not installed; pip install 'report-etl\[engine-of-nobody\]'"):
        fingerprint.fingerprints(changed["engine-of-nobody"])


@pytest.mark.parametrize(("name", "value", "counts"), [("ocr", False, True), ("max_seconds", 1.0, False)])
def test_a_single_setting_counts(name: str, value: float, counts: bool) -> None:  # noqa: FBT001
    """Of the settings of PDFs those count that decide what is read, not those that refuse a file."""
    settings = load()
    changed = settings.model_copy(update={"pdf": settings.pdf.model_copy(update={name: value})})

    assert (fingerprint.fingerprints(settings)["read"] != fingerprint.fingerprints(changed)["read"]) is counts


@pytest.mark.parametrize(
    ("name", "value", "counts"), [("tagger", "network", True), ("batch_size", 64, False)]
)
def test_how_many_sentences_are_read_at_once_does_not_count(name: str, value: object, counts: bool) -> None:  # noqa: FBT001
    """Which tagger reads a text counts; how many sentences it reads at once changes speed alone."""
    settings = load()
    changed = settings.model_copy(update={"extract": settings.extract.model_copy(update={name: value})})

    found = [fingerprint.fingerprints(one)["extract"] for one in (settings, changed)]
    assert (found[0] != found[1]) is counts


def _extract(own: Path, file: str, content: str) -> str:
    (own / "lexicon").mkdir(parents=True)
    (own / "lexicon" / file).write_text(content, encoding="utf-8")
    return fingerprint.fingerprints(load().model_copy(update={"config_dir": own}))["extract"]

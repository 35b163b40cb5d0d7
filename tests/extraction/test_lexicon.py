import shutil
from pathlib import Path

import pytest

from etl.engines import Engines
from etl.extraction.resources.lexicon import Lexicon
from etl.model.errors import SetupError
from etl.settings import config_dir


def test_folding_keeps_every_offset(engines: Engines) -> None:
    """Folding maps each character to one character, and both scripts to the same."""
    assert all(len(value) == 1 for value in engines.lexicon.folding.values())
    assert "國務院１２萬元，乾隆".translate(engines.lexicon.folding) == "国务院12万元，乾隆"


def test_a_broken_word_list_is_named(tmp_path: Path) -> None:
    """A word list that cannot be read stops the start and says which file it is."""
    shutil.copytree(config_dir() / "lexicon", tmp_path / "lexicon")
    shutil.copytree(config_dir() / "facts", tmp_path / "facts")
    (tmp_path / "lexicon" / "people.toml").write_text("roles = [", encoding="utf-8")

    with pytest.raises(SetupError, match=r"people\.toml"):
        Lexicon.load(tmp_path)


def test_a_missing_word_list_is_named(tmp_path: Path) -> None:
    """A folder without the word lists stops the start and says what is missing."""
    with pytest.raises(SetupError, match="user_words"):
        Lexicon.load(tmp_path)

"""One's own lexicon and facts over those of the package."""

from collections.abc import Callable
from pathlib import Path

import pytest

from etl.extraction.resources.fact_pattern_files import fact_types, read_pattern_file
from etl.extraction.resources.lexicon import Lexicon
from etl.extraction.resources.word_files import WordFiles
from etl.model.errors import SetupError
from etl.settings import config_dir

VISIT = """type = "visit"
verbs = ["走访"]
forms = ["{who}{verb}[了]{where}"]
requires = [["host"]]
sentences = ["{guest} visited {host}"]

[slots.who]
[slots.where]

[fields.guest]
slot = "who"
kind = "text"
required = true
[fields.host]
slot = "where"
kind = "text"
"""
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of one's own configuration, and gives its place."""

    def to(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return to


def test_words_of_ones_own_are_in_force(write: Write, tmp_path: Path) -> None:
    """What is added is there, what is taken out is not, and all else is as the package says."""
    write("lexicon/people.toml", 'roles = ["河湖长"]\n[without]\nroles = ["书记"]\n')
    write("lexicon/user_words.txt", "# ours\n河湖长制\n-疫情防控\n")
    theirs, ours = Lexicon.load(config_dir()), Lexicon.load(config_dir(), tmp_path)

    assert ours.people.roles == theirs.people.roles - {"书记"} | {"河湖长"}
    assert set(ours.words) == set(theirs.words) - {"疫情防控"} | {"河湖长制"}
    assert ours.people.surnames == theirs.people.surnames
    assert ours.places == theirs.places


def test_surnames_of_ones_own(write: Write, tmp_path: Path) -> None:
    """Surnames, which stand in the code, are added and taken out like any other word."""
    write("lexicon/people.toml", 'surnames = "们"\ndouble_surnames = ["百里"]\n[without]\nsurnames = "和"\n')
    theirs, ours = Lexicon.load(config_dir()), Lexicon.load(config_dir(), tmp_path)

    assert ours.people.surnames == theirs.people.surnames - {"和"} | {"们", "百里"}


def test_patterns_of_ones_own(write: Write, tmp_path: Path) -> None:
    """A new file adds a kind of fact, one with a name of the package's replaces it, `off` takes it out."""
    write("facts/visit.toml", VISIT)
    write("facts/donation.toml", VISIT.replace("visit", "gift"))
    write("facts/appointment.toml", "off = true\n")
    lexicon = Lexicon.load(config_dir(), tmp_path)

    assert [pattern.type for pattern in lexicon.patterns] == ["gift", "procurement", "visit"]
    assert fact_types(WordFiles(config_dir(), tmp_path).patterns()) == ("gift", "procurement", "visit")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("lexicon/people.toml", '# x\nrolse = ["河长"]\n', "people.toml line 2: rolse is no entry"),
        ("lexicon/people.toml", 'roles = "河长"\n', "people.toml line 1: roles is a text, expected a list"),
        ("lexicon/people.toml", "roles = [\n", "people.toml: Invalid value"),
        ("lexicon/peeple.toml", "", "peeple.toml lies over no file; there are amounts.toml"),
        ("facts/x.toml", "", "x.toml: entry type is missing"),
        (
            "facts/x.toml",
            'type = "x"\nverbs = ["走访"]\nforms = ["{verb}"]\n',
            "x.toml: entry slots is missing",
        ),
        (
            "facts/x.toml",
            'slots = {}\ntype = "x"\nverbs = ["走访"]\nforms = ["{verb}"]\n',
            "x.toml: entry fields is missing",
        ),
    ],
    ids=lambda value: value[:30],
)
def test_a_file_that_does_not_fit_is_named(
    write: Write, tmp_path: Path, name: str, text: str, words: str
) -> None:
    """The start stops with the file, the line and the entry."""
    write(name, text)

    with pytest.raises(SetupError) as caught:
        Lexicon.load(config_dir(), tmp_path)

    assert words in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A worker on a machine without the folder does not go on with other words than the rest."""
    with pytest.raises(SetupError, match="nowhere is no folder on this machine"):
        Lexicon.load(config_dir(), tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('type = "visit"', "", "", "entry type is missing or empty"),
        ('verbs = ["走访"]', 'verbs = "走访"', " line 2", "entry verbs is '走访', expected a list"),
        ('verbs = ["走访"]', "verbs = [1]", " line 2", "entry verbs holds more than texts"),
        ("{who}{verb}", "{whom}{verb}", " line 3", "uses the slot 'whom'; declared are where, who"),
        ("{who}{verb}", "{Who}{verb}", " line 3", "holds '{', which begins no slot"),
        ("[了]", "[了", " line 3", "cannot be read"),
        ("[slots.who]", '[slots.who]\npatern = "x"', " line 7", "[slots.who] has no entry patern"),
        ("[slots.where]", '[slots.where]\npattern = "("', " line 8", "[slots.where] has a pattern"),
        ('kind = "text"\nrequired', 'kind = "colour"\nrequired', " line 10", "has the kind 'colour'"),
        ('slot = "where"\n', "", " line 14", "[fields.host] has no slot"),
        ('[["host"]]', '[["hots"]]', " line 4", "entry requires names 'hots'"),
        ("visited {host}", "visited {hots}", " line 5", "entry sentences names 'hots'"),
        ("requires", "requiers", " line 4", "has no entry requiers; known are type, verbs"),
    ],
    ids=lambda value: value[:30],
)
def test_a_wrong_pattern_is_named(write: Write, before: str, after: str, line: str, words: str) -> None:
    """Each mistake in a file of facts is told with the file, the line where there is one, and the entry."""
    assert before in VISIT
    path = write("facts/visit.toml", VISIT.replace(before, after, 1))

    with pytest.raises(ValueError, match=r"visit\.toml") as caught:
        read_pattern_file(path)

    assert str(caught.value).startswith(f"{path}{line}: ")
    assert words in str(caught.value)

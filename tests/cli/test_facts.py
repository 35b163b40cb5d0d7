"""`etl facts test` and facts as sentences."""

from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Etl

from etl.model.mentions import Fact
from etl.sentences import format_value, sentence

GIVEN = "永安公司向县医院捐款5万元,支持防疫工作。"


def test_a_pattern_in_force_and_a_file(dry: Etl, tmp_path: Path) -> None:
    """A pattern is tried by its name or as a file; what slots hold, or why they are empty, is told."""
    done = dry("facts", "test", "donation", "--text", GIVEN)
    told = [" ".join(line.split()) for line in done.out.splitlines()]  # however wide the columns are

    assert done.status == 0
    assert "{donor} 永安公司" in told
    assert "fact donation: 永安公司 gave 5万元 to 县医院 (money 50,000 CNY)" in told
    assert "{use} empty: it stands in a part of the form that may be missing, and is" in told
    assert "none of the verbs stands in it" in done.out

    path = tmp_path / "gift.toml"
    path.write_text(
        'type = "gift"\nverbs = ["捐款"]\nforms = ["{who}{verb}{what}"]\n'
        '[slots.who]\npattern = "<person>{2,3}"\n[slots.what]\n[fields.who]\nslot = "who"\nkind = "person"\n',
        encoding="utf-8",
    )
    (first, second) = dry("facts", "test", path, "--text", GIVEN, "--json").lines
    assert first["why"] == "{who} stays empty: it holds a person, and none is recognized in the clause"
    assert first["empty"]["who"].startswith("it holds a person")
    assert [one["type"] for one in first["entities"]] == ["organization", "money"]
    assert second["form"] is None


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("nosuch", None, "nosuch is no file, and no pattern in force is called so; there are appointment"),
        (
            "x.toml",
            'type = "x"\nverbs = ["a"]\nforms = ["{b}"]\nfields = {c = {slot = "b"}}\n',
            "entry slots is missing",
        ),
        ("x.toml", "off = true\n", "switches its pattern off"),
        ("x.toml", "type = \n", "x.toml: Invalid value"),
    ],
    ids=["no file", "wrong entry", "off", "no TOML"],
)
def test_a_file_that_cannot_be_tried(
    dry: Etl, tmp_path: Path, file: str, text: str | None, words: str
) -> None:
    """What is wrong with the file is one line and status 2."""
    if text is not None:
        (tmp_path / file).write_text(text, encoding="utf-8")
    done = dry("facts", "test", tmp_path / file if text else file, "--text", GIVEN)

    assert (done.status, done.out) == (2, "")
    assert words in done.error


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"value": 200000.0, "max": None, "currency": "CNY", "at_least": True}, "over 200,000 CNY"),
        ({"value": 3.5, "max": 4.0, "currency": "USD", "approximate": True}, "about 3.5 to 4 USD"),
        ({"value": 30000.0, "unit": "个", "thing": "口罩"}, "30,000 个 口罩"),
        ({"value": None, "unit": "箱", "thing": None}, "an unknown number of 箱"),
        ("县医院", "县医院"),
    ],
)
def test_values_are_said(value: object, words: str) -> None:
    """Sums and quantities read as a person writes them."""
    assert format_value(value) == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"donor": "县商会", "recipient": "县医院", "gift": "口罩"}, "县商会 gave 口罩 to 县医院"),
        ({"donor": "横南村党员袁向东", "person": "袁向东", "gift": "5000元"}, "横南村党员袁向东 gave 5000元"),
        ({"donor": "养护院", "person": "李爱华", "gift": "5000元"}, "养护院 gave 5000元 (person 李爱华)"),
        ({"donor": None, "recipient": "县医院", "gift": "口罩"}, "gift 口罩, recipient 县医院"),
    ],
)
def test_sentences(fields: dict[str, Any], words: str) -> None:
    """The first sentence that can be said is; what it leaves out follows, and nothing is said twice."""
    templates = ["{donor} gave {gift} to {recipient}", "{donor} gave {gift}"]

    assert sentence(Fact("donation", dict(sorted(fields.items())), ()), templates) == words

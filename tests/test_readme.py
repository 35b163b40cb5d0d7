from pathlib import Path

import pytest
from typer.main import get_command

import etl
from etl.cli.app import build

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAPER = Path(__file__).resolve().parents[1] / "samples/14-two-columns.pdf"
SAMPLE = (ROOT / "samples" / "02-page-break.txt").read_text(encoding="utf-8")


def commands() -> list[str]:
    """Every command as a user types it."""
    root = get_command(build())
    names = []
    for name, command in getattr(root, "commands", {}).items():
        below = getattr(command, "commands", None)
        names += [f"etl {name} {inner}" for inner in below] if below else [f"etl {name}"]
    return names


@pytest.mark.complete
@pytest.mark.parametrize("command", commands())
def test_readme_names_every_command(command: str) -> None:
    """A command that exists is found in the README."""
    assert f"`{command}" in README


def shown(name: str) -> str:
    """The example that the README shows between its marks."""
    block = README.partition(f"<!-- example:{name} -->")[2].partition("<!-- example:end -->")[0]
    return block.partition("```text\n")[2].partition("```")[0]


def test_readme_shows_what_goes_in() -> None:
    """The example before is the sample as it lies in the folder, from its second half on."""
    assert shown("before").strip()
    assert shown("before") in SAMPLE


def test_readme_shows_a_pdf() -> None:
    """The first example is what this version makes of the PDF among the samples."""
    paragraphs = etl.read_pdf(PAPER)

    assert shown("pdf").splitlines() == [paragraph.text for paragraph in paragraphs[:2]]


def test_readme_shows_what_comes_out() -> None:
    """The example after is what this version makes of that sample."""
    assert shown("after").strip()
    assert shown("after") in etl.clean(SAMPLE).text + "\n"

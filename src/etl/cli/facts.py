"""Define `etl facts test`, which tries a fact pattern on a text.

The trial itself is in `etl.trial`; a new command about facts is a function here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from etl.cli import options
from etl.cli.output import terminal
from etl.model.errors import SetupError

if TYPE_CHECKING:
    from etl.extraction.resources.fact_patterns import Pattern
    from etl.trial import ClauseTrial, Outcome


def try_out(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file that declares a kind of fact, or the name of one.")
    ],
    text: Annotated[list[str], typer.Option("--text", metavar="TEXT", help="What to try it on; repeatable.")],
    as_json: options.Json = False,
) -> None:
    """Try a pattern of facts on a text, and say which slot stayed empty and why.

    The text is restored and searched for names, sums and times as a report is.

    Example: etl facts test donation --text "永安公司向县医院捐款5万元。"
    """
    from etl.engines import shared
    from etl.trial import try_pattern

    settings = options.settings()
    pattern, data = _pattern(file)
    tools = (shared(settings), settings)
    for one in text:
        for tried in try_pattern(one, pattern, data, tools):
            if as_json:
                terminal.print_json(asdict(tried))
            else:
                _show(tried, pattern)


def _pattern(file: str) -> "tuple[Pattern, Mapping[str, Any]]":
    """Parse the pattern of a file, or of the file in force with that name; return it with its raw table."""
    from etl.extraction.resources.fact_pattern_files import parse_pattern
    from etl.extraction.resources.word_files import read_toml
    from etl.sentences import pattern_paths

    path = Path(file)
    if not path.is_file():
        named = {one.stem: one for one in pattern_paths()}
        if path.stem not in named or path.name not in {path.stem, f"{path.stem}.toml"}:
            raise SetupError(
                f"{file} is no file, and no pattern in force is called so; there are {', '.join(named)}"
            )
        path = named[path.stem]
    try:
        data = read_toml(path)
        pattern = parse_pattern(path, data)
    except (OSError, ValueError) as error:
        raise SetupError(f"{error}") from error
    if pattern is None:
        raise SetupError(f"{path} switches its pattern off (off = true); take that line out to try one")
    return pattern, data


def _show(tried: "ClauseTrial", pattern: "Pattern") -> None:
    terminal.print_result(tried.clause)
    terminal.print_columns([row for row in _rows(tried, pattern) if row[1]], indent="  ")
    terminal.print_result("")


def _rows(tried: "ClauseTrial", pattern: "Pattern") -> "Iterator[tuple[str, str]]":
    yield "recognized", ", ".join(f"{e.type} {e.text}" for e in tried.entities) or "nothing"
    if tried.form:
        yield ("comes nearest" if tried.why else "matches"), tried.form
    for name, held in tried.slots.items():
        yield f"{{{name}}}", held
    for name, why in tried.empty.items():
        yield f"{{{name}}}", f"empty: {why}"
    if tried.why:
        yield "no fact", tried.why
    for outcome in tried.outcomes:
        yield from _told(outcome, pattern)


def _told(outcome: "Outcome", pattern: "Pattern") -> "Iterator[tuple[str, str]]":
    from etl.sentences import sentence

    if outcome.fact:
        yield "fact", f"{pattern.type}: {sentence(outcome.fact, pattern.sentences)}"
    else:
        yield "no fact", f"there is no {outcome.lacks}"
    for name, why in outcome.empty.items():
        yield name, f"empty: {why}"

"""Define `etl rule`, which explains a rule that changes texts, with an example and where it stops.

It prints the cards of `etl.rules`; a new field of a card is a row in `_show`.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli import options
from etl.cli.output import terminal
from etl.model.errors import SetupError

if TYPE_CHECKING:
    from etl.rules import Card


def rule(
    name: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]", help="As the ledger calls it, such as: stray space. Without: all."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Explain a rule that changes texts, with examples; without a name list all rules.

    Example: etl rule cut sentence
    """
    from etl.rules import cards

    known = cards()
    wanted = " ".join(" ".join(name or ()).split())
    if wanted and wanted not in known:
        raise SetupError(f"no rule is called {wanted}; there are {', '.join(known)}")
    chosen = [known[wanted]] if wanted else list(known.values())
    if as_json:
        for card in chosen:
            terminal.print_json(terminal.fields_of(card))
    elif wanted:
        _show(chosen[0])
    else:
        terminal.print_columns([(card.name, card.stage, card.does) for card in chosen])


def _show(card: "Card") -> None:
    from etl.rules import meaning

    rows = [
        ("rule", f"{card.name}, in the stage {card.stage}"),
        ("does", card.does),
        ("why", card.why),
        ("how sure", meaning(card.sure)),
        ("measured", card.measured),
    ]
    terminal.print_table(rows)
    _text("given", card.given)
    _text("becomes", card.becomes)
    _text(f"left as it is: {card.because}", card.kept)


def _text(heading: str, text: str) -> None:
    from etl.rules import visible

    terminal.print_result(f"\n{heading}")
    for line in visible(text).strip("\n").split("\n"):
        terminal.print_result(f"    {line}".rstrip())

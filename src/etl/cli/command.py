"""Give all commands what they share: the option ``--config``, and help that names the kinds of facts.

An option that all commands take is one entry in `COMMON`; a word that help fills in is a case in `Command`.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

FACTS = "{facts}"


def use_config(folder: Path | None) -> Path | None:
    """Lay a folder over the package's configuration, here and in child processes; return the folder."""
    if folder is not None:
        from etl.settings import CONFIG_VARIABLE, export

        export({CONFIG_VARIABLE: str(folder.expanduser().resolve())}, over=True)
    return folder


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="DIR",
        help="Folder of your own settings, lexicon, facts and schedules; default: ETL_CONFIG_DIR.",
        callback=use_config,
        is_eager=True,
    ),
]
COMMON: dict[str, Any] = {"config": Config}


def with_common(function: Callable[..., None]) -> Callable[..., None]:
    """Return a command's function with the options that all commands take, whose callbacks carry them out."""

    @wraps(function)
    def call(**values: Any) -> None:  # noqa: ANN401 - the options of any command
        function(**{name: value for name, value in values.items() if name not in COMMON})

    own = inspect.signature(function)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in COMMON.items()
    ]
    call.__signature__ = own.replace(parameters=[*own.parameters.values(), *added])  # type: ignore[attr-defined]
    call.__annotations__ = {**function.__annotations__, **COMMON}
    return call


class Command(typer.core.TyperCommand):
    """A typer command whose help replaces ``{facts}`` by the kinds of facts in force."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer keeps the types to itself
        """Write the help, with ``{facts}`` replaced."""
        for parameter in self.params:
            said = getattr(parameter, "help", None)
            if said and FACTS in said:
                parameter.help = said.replace(FACTS, _kinds())  # type: ignore[attr-defined]
        super().format_help(ctx, formatter)


def _kinds() -> str:
    from etl.model.errors import SetupError
    from etl.sentences import kinds

    try:
        return ", ".join(kinds())
    except SetupError as error:
        return f"see the files in facts ({error})"

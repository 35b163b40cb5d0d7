"""Define the options that choose reports, shared by all commands that search.

A new filter is an entry in `OPTIONS` and a field of `etl.store.query.finding.Search`.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from etl.model.errors import SetupError

if TYPE_CHECKING:
    from etl.store.query.finding import Search

Option = tuple[Any, Any]
OPTIONS: dict[str, Option] = {
    "words": (
        Annotated[
            list[str] | None,
            typer.Argument(metavar="WORDS", help="Any strings, in either script; all must stand there."),
        ],
        None,
    ),
    "phrase": (Annotated[bool, typer.Option("--phrase", help="The words are one string.")], False),
    "person": (
        Annotated[str | None, typer.Option("--person", metavar="NAME", help="Who is named in it.")],
        None,
    ),
    "organization": (Annotated[str | None, typer.Option("--organization", metavar="NAME")], None),
    "place": (
        Annotated[
            str | None,
            typer.Option(
                "--place", metavar="NAME", help="A place by name or code, with everything inside it."
            ),
        ],
        None,
    ),
    "since": (
        Annotated[
            str | None,
            typer.Option("--since", metavar="DATE", help="Published then or later; day, month or year."),
        ],
        None,
    ),
    "until": (
        Annotated[
            str | None,
            typer.Option("--until", metavar="DATE", help="Published then or earlier; day, month or year."),
        ],
        None,
    ),
    "fact": (
        Annotated[str | None, typer.Option("--fact", metavar="TYPE", help="What it states: {facts}.")],
        None,
    ),
    "source": (
        Annotated[
            str | None,
            typer.Option("--source", metavar="URI", help="Only sources whose address begins with this."),
        ],
        None,
    ),
    "review": (
        Annotated[
            bool | None, typer.Option("--review/--settled", help="Whether it waits for a person's eye.")
        ],
        None,
    ),
}


def with_filters(function: Callable[..., None]) -> Callable[..., None]:
    """Return a command's function with the options before its own; it is given a `Search` as ``asked``."""

    @wraps(function)
    def call(**values: Any) -> None:  # noqa: ANN401 - the options of any command
        function(asked=_search(**{name: values.pop(name) for name in OPTIONS}), **values)

    own = inspect.signature(function).parameters
    shared = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=kind)
        for name, (kind, default) in OPTIONS.items()
    ]
    others = [parameter for name, parameter in own.items() if name != "asked"]
    call.__signature__ = inspect.Signature([*shared, *others])  # type: ignore[attr-defined]
    call.__annotations__ = {name: kind for name, (kind, _) in OPTIONS.items()} | {
        one.name: one.annotation for one in others
    }
    return call


def _search(words: list[str] | None, review: bool | None, **filters: Any) -> "Search":  # noqa: ANN401
    """Build the `Search` of the options; a SetupError for a wrong day."""
    from etl.store.query.finding import Search, first_day, last_day

    for name, day in (("since", first_day), ("until", last_day)):
        try:
            filters[name] = day(filters[name])
        except ValueError as error:
            raise SetupError(f"--{name} is {filters[name]!r}; {error}") from error
    return Search(words=" ".join(words or ()), needs_review=review, **filters)

"""Hold what every address of the API needs: the store, and how sources are named to readers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from etl.store.query.client import Store


@dataclass(frozen=True, slots=True)
class Sources:
    """How sources are named, so that no path of this machine is told.

    Attributes:
        name: of the URI of a source.
        folder_name: of the folder of one.
        token: by which a folder is asked for.
        without_paths: a message without paths.
    """

    name: Callable[[str], str]
    folder_name: Callable[[str], str]
    token: Callable[[str], str]
    without_paths: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Served:
    """The store that is read, and how its sources are named."""

    store: Store
    sources: Sources


def served(request: Request) -> Served:
    """Return what a request is answered from."""
    found: Served = request.app.state.served
    return found


Here = Annotated[Served, Depends(served)]

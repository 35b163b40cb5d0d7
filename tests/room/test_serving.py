"""The room at a port: beside other work, and where it cannot be opened."""

import urllib.request

import pytest
from tests.room.conftest import Opened

from etl.model.errors import UnavailableError
from etl.room import Options
from etl.room.serving import serve, serve_beside
from etl.settings import Settings

pytestmark = [pytest.mark.mongo, pytest.mark.xdist_group("room")]


def at(settings: Settings, **changes: object) -> Settings:
    """The settings with a room that is served."""
    return settings.model_copy(update={"room": settings.room.model_copy(update={"port": 0, **changes})})


def test_beside_the_schedules(opened: Opened) -> None:
    """Where the setting says so the room answers as long as the block runs, and nobody answers after it."""
    said: list[str] = []
    with serve_beside(at(opened.settings, serve=True, read_only=True), said.append):
        base = said[0].rpartition(" ")[2]
        with urllib.request.urlopen(base + "review") as answer:  # noqa: S310 - our own address
            assert b'<html lang="en">' in answer.read()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(base)  # noqa: S310 - as above


def test_not_unless_told(opened: Opened) -> None:
    """Without the setting nothing is opened."""
    said: list[str] = []
    with serve_beside(at(opened.settings), said.append):
        assert said == []


def test_a_port_that_is_taken(opened: Opened) -> None:
    """A port that another room has is said; beside other work it stops nothing."""
    said: list[str] = []
    with serve_beside(at(opened.settings, serve=True, read_only=True), said.append):
        port = int(said[0].rpartition(":")[2].strip("/"))
        taken = at(opened.settings, serve=True, read_only=True, port=port)
        with serve_beside(taken, said.append):
            assert "cannot be used" in said[1]
        with pytest.raises(UnavailableError, match="--port"):
            serve(taken, Options(), said.append)

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = ROOT / "docker-compose.yml"
OURS = "report-etl:"
# Prints what each command, given as a list of words, says of itself; ends where one is unknown.
HELPS = """
import io, json, sys
from contextlib import redirect_stdout
from etl.cli import main
from prefect.cli import app

def told(program):
    sys.argv = [*program, "--help"]
    with redirect_stdout(io.StringIO()) as words:
        try:
            {"etl": main, "prefect": app}[program[0]]()
        except SystemExit as end:
            if end.code:
                raise
    return words.getvalue()

print(json.dumps([told(program) for program in json.loads(sys.argv[1])]))
"""


def services() -> dict[str, dict[str, Any]]:
    """The services of docker-compose.yml by name."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return found


def words(service: dict[str, Any]) -> list[list[str]]:
    """Every command of a service as its words, shells taken apart."""
    command = service.get("command", [])
    given = shlex.split(command) if isinstance(command, str) else command
    if given[:1] == ["sh"]:
        return [shlex.split(line) for line in given[-1].splitlines() if line.strip()]
    return [given] if given else []


def own_commands() -> Iterator[list[str]]:
    """The commands that run in our image."""
    for service in services().values():
        if service["image"].startswith(OURS):
            yield from words(service)


def options(command: list[str]) -> list[str]:
    """The names of the options that a command is given."""
    return [word.partition("=")[0] for word in command if word.startswith("--")]


def test_file_is_what_the_compose_specification_allows() -> None:
    """docker-compose.yml holds to the compose specification."""
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def program(command: list[str]) -> list[str]:
    """The words of a command up to its first option or the name that it is given."""
    rest = list(dropwhile(lambda word: word.startswith("-"), command[1:]))
    named = takewhile(lambda word: not word.startswith("-") and word != "reports", rest)
    return [command[0], *named]


@pytest.fixture(scope="module")
def helps() -> dict[str, str]:
    """What each program says of itself, asked in one process; fails where there is no such command."""
    asked = {" ".join(each): each for command in own_commands() for each in (program(command), command[:1])}
    environment = {"COLUMNS": "200", "NO_COLOR": "1", "DO_NOT_TRACK": "1", "PATH": os.defpath}
    shown = subprocess.run(
        [sys.executable, "-c", HELPS, json.dumps([*asked.values()])],
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"HOME": "/nonexistent"},
    )
    assert shown.returncode == 0, shown.stdout + shown.stderr
    return dict(zip(asked, json.loads(shown.stdout), strict=True))


@pytest.mark.xdist_group("compose")  # asked once for all of them
@pytest.mark.parametrize("command", own_commands(), ids=" ".join)
def test_command_exists_with_its_options(command: list[str], helps: dict[str, str]) -> None:
    """Each command of our image is one that etl or prefect knows, with each option it is given."""
    text = helps[" ".join(program(command))] + helps[command[0]]

    assert [option for option in options(command) if option not in text] == []


@pytest.mark.parametrize("name", services())
def test_service_is_made_to_last(name: str) -> None:
    """Each service pins its image's version and says what happens when it ends."""
    service = services()[name]
    tag = service["image"].partition(":")[2]

    assert tag[:1].isdigit()
    assert "." in tag
    assert service["restart"] in ("unless-stopped", "no")
    assert service["restart"] == "no" or "healthcheck" in service


@pytest.mark.parametrize("name", services())
def test_what_a_service_waits_for_can_happen(name: str) -> None:
    """A dependency names a service that has a health check, or one that ends."""
    for other, wanted in services()[name].get("depends_on", {}).items():
        found = services()[other]
        kind = wanted["condition"]
        assert ("healthcheck" in found) if kind == "service_healthy" else (found["restart"] == "no")


def test_files_that_are_named_exist() -> None:
    """Every file that a command, a volume or the image names is in the checkout."""
    named = ["Dockerfile"]
    for service in services().values():
        named += [v.split(":")[0] for v in service.get("volumes", []) if v.startswith("./")]
        named += [w for command in words(service) for w in command if w.startswith("config/")]
    named += [
        word
        for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("COPY ")
        for word in line.split()[1:-1]
    ]
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_secrets_come_from_the_environment() -> None:
    """Each password is a variable that .env.example lists and compose refuses to do without."""
    text = COMPOSE.read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    wanted = {part.split(":?")[0].split(":-")[0].split("}")[0] for part in text.split("${")[1:]}

    assert {name for name in wanted if f"\n{name}=" not in example} == set()
    assert all(f"${{{name}:?" in text for name in wanted if name.endswith("PASSWORD"))
    assert not [line for line in example.splitlines() if "PASSWORD=" in line and not line.endswith("=")]


@pytest.mark.parametrize(
    ("name", "mongo", "user"),
    [
        ("room", "etl_reader:${ETL_READER", "etl_reader"),
        ("editors", "etl_writer:${ETL_WRITER", "${ETL_EDITOR"),
    ],
)
def test_each_room_has_a_login(name: str, mongo: str, user: str) -> None:
    """Each room asks for a login: the reader's where one reads, its own where one corrects."""
    given = services()[name]["environment"]

    assert given["ETL_MONGO_URI"].startswith(f"mongodb://{mongo}")
    assert given["ETL_ROOM__USER"].startswith(user)
    assert given["ETL_ROOM__PASSWORD"].startswith("${ETL_READER" if name == "room" else "${ETL_EDITOR")
    assert given["ETL_ROOM__HOSTS"] == "${ETL_ROOM_HOSTS:-[]}"
    assert ("--read-only" in services()[name]["command"]) == (name == "room")


def test_deployments_wait_for_no_other_pool() -> None:
    """The pool that the init job makes is the one that the worker serves and every deployment names."""
    plan = yaml.safe_load((ROOT / "config" / "prefect.yaml").read_text(encoding="utf-8"))
    pools = {entry["work_pool"]["name"] for entry in plan["deployments"]}
    worker = words(services()["worker"])[0]

    assert pools == {worker[worker.index("--pool") + 1]}
    assert ["prefect", "work-pool", "create", *pools] in [c[:4] for c in words(services()["init"])]
    assert json.dumps(plan)

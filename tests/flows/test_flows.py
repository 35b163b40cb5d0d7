"""Prefect is imported when a test asks for it, in the one process that runs this file."""

from functools import cache
from importlib import import_module
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from etl.model.errors import RejectError, TransientError
from etl.orchestration import parameters
from etl.settings import config_dir, flows_dir

pytestmark = pytest.mark.xdist_group("flows")
PLAN = yaml.safe_load((config_dir() / "prefect.yaml").read_text(encoding="utf-8"))
NAMES = ("ingest", "reprocess", "maintain")


@cache
def flow_of(name: str) -> Any:  # noqa: ANN401 - a flow of Prefect
    """The flow of a name."""
    return getattr(import_module(f"flows.{name}"), name)


@cache
def model_of(name: str) -> type[BaseModel]:
    """The parameters of a flow."""
    found: type[BaseModel] = getattr(import_module(f"flows.{name}"), f"{name.capitalize()}Job")
    return found


def orchestration(name: str) -> Any:  # noqa: ANN401 - a module
    """A module that imports Prefect."""
    return import_module(f"etl.orchestration.{name}")


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (TransientError("the database restarts"), True),
        (RejectError("read", "empty", "nothing in it"), False),
        (ValueError("a fault of the program"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_passing_faults_are_tried_again(error: Exception, *, again: bool) -> None:
    """A batch is tried again for the type of its error, whatever the message says."""
    tasks, states = orchestration("tasks"), import_module("prefect.states")

    assert tasks.is_transient(tasks.batch, None, states.Failed(data=error)) is again


def test_what_succeeds_is_not_tried_again() -> None:
    """A batch that ended well has nothing to try."""
    tasks, states = orchestration("tasks"), import_module("prefect.states")

    assert not tasks.is_transient(tasks.batch, None, states.Completed(data=1))


@pytest.mark.parametrize("deployment", PLAN["deployments"], ids=lambda entry: entry["name"])
def test_deployment_fits_its_flow(deployment: dict[str, Any]) -> None:
    """A deployment names a flow that is there and parameters that it takes, has tags, never overlaps."""
    file, _, name = str(deployment["entrypoint"]).partition(":")
    parameters = deployment["parameters"]
    on_time = bool(deployment.get("schedules"))

    assert (flows_dir().parent / file).is_file()
    assert flow_of(name).name == name
    model_of(name).model_validate(parameters["job"])
    assert deployment["tags"] == [name, "scheduled" if on_time else "on-demand"]
    strategy = "CANCEL_NEW" if on_time else "ENQUEUE"
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": strategy}


def test_schedules() -> None:
    """New reports every quarter of an hour, stale ones every night, upkeep every week, and one on demand."""
    crons = {e["name"]: [s["cron"] for s in e.get("schedules", ())] for e in PLAN["deployments"]}

    assert crons == {
        "every-15-minutes": ["*/15 * * * *"],
        "nightly": ["0 2 * * *"],
        "weekly": ["7 4 * * 0"],
        "on-demand": [],
    }


@pytest.mark.parametrize("name", NAMES)
def test_flow_ends_and_tells(name: str) -> None:
    """Every flow has a time-out, and hooks that Prefect can call by the names of their parameters."""
    flow = flow_of(name)
    given = [
        *(flow.on_failure_hooks or ()),
        *(flow.on_crashed_hooks or ()),
        *(flow.on_completion_hooks or ()),
    ]

    assert flow.timeout_seconds
    assert flow.timeout_seconds >= 3600
    hooks = orchestration("hooks")
    assert given == [hooks.failed, hooks.crashed, hooks.completed]
    names = [hook.__code__.co_varnames[: hook.__code__.co_argcount] for hook in given]
    assert names == [("flow", "flow_run", "state")] * 3


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ingest", {"source": ["samples"]}),
        ("ingest", {"sources": ["x"] * 1001}),
        ("ingest", {"workers": -1}),
        ("ingest", {"runner": "cluster"}),
        ("reprocess", {"selection": "some"}),
        ("maintain", {"remove": "perhaps"}),
    ],
)
def test_wrong_parameters_are_refused(name: str, values: dict[str, object]) -> None:
    """A wrong name or value is refused before there is a run."""
    with pytest.raises(ValidationError):
        model_of(name).model_validate(values)


@pytest.mark.parametrize("name", NAMES)
def test_form_explains_every_field(name: str) -> None:
    """Each parameter has a description, which the form in Prefect's interface shows."""
    fields = model_of(name).model_json_schema()["properties"]

    assert fields
    assert [field for field, shape in fields.items() if not shape.get("description")] == []


def test_parameters_change_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is chosen wins over the settings, what is not leaves them."""
    monkeypatch.setenv("ETL_RUN__WORKERS", "3")
    plain = parameters.Spread().settings().run
    chosen = parameters.Spread(runner="processes", workers=5).settings().run

    assert (plain.runner, plain.workers) == ("threads", 3)
    assert (chosen.runner, chosen.workers) == ("processes", 5)


@pytest.mark.parametrize(("silent", "beat"), [(40, 30), (90, 30), (600, 200)])
def test_silence_is_longer_than_a_beat(silent: int, beat: int) -> None:
    """A run that lives shows it within the time after which it counts as dead."""
    automations = orchestration("automations")

    assert automations.beat_seconds(silent) == beat < silent
    first, second = automations.automations(silent)
    assert first.trigger.within.total_seconds() == silent
    assert first.name != second.name

import pytest
import yaml
from flows import ingest, reprocess, support
from prefect import Flow
from prefect.states import Completed, Failed
from pydantic import BaseModel, ValidationError

from etl.errors import RejectError, TransientError
from etl.ingest import Summary
from etl.settings import config_dir, flows_dir

PLAN = yaml.safe_load((config_dir() / "prefect.yaml").read_text(encoding="utf-8"))
MODELS: dict[str, type[BaseModel]] = {"ingest": ingest.IngestJob, "reprocess": reprocess.ReprocessJob}
FLOWS: dict[str, Flow[..., Summary]] = {"ingest": ingest.ingest, "reprocess": reprocess.reprocess}


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
    assert support.passing(support.batch, None, Failed(data=error)) is again  # type: ignore[arg-type]


def test_what_succeeds_is_not_tried_again() -> None:
    """A batch that ended well has nothing to try."""
    assert not support.passing(support.batch, None, Completed(data=1))  # type: ignore[arg-type]


@pytest.mark.parametrize("deployment", PLAN["deployments"], ids=lambda entry: entry["name"])
def test_deployment_fits_its_flow(deployment: dict[str, object]) -> None:
    """A deployment names a flow that is there, parameters that its model takes, and never overlaps."""
    file, _, name = str(deployment["entrypoint"]).partition(":")
    parameters = deployment["parameters"]

    assert (flows_dir().parent / file).is_file()
    assert FLOWS[name].name == name
    assert isinstance(parameters, dict)
    MODELS[name].model_validate(parameters["job"])
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ingest", {"source": ["samples"]}),
        ("ingest", {"sources": ["x"] * 1001}),
        ("reprocess", {"selection": "some"}),
    ],
)
def test_wrong_parameters_are_refused(name: str, values: dict[str, object]) -> None:
    """A wrong name or value is refused before there is a run."""
    with pytest.raises(ValidationError):
        MODELS[name].model_validate(values)

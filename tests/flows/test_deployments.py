from pathlib import Path

import pytest
from prefect.deployments.runner import DeploymentApplyError
from tests.flows.test_deployment_file import write

from etl.model.errors import SetupError
from etl.orchestration import serving
from etl.orchestration.deployments import deployments
from etl.settings import Settings

MINE = "deployments:\n  - name: every-15-minutes\n    {}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("parameters: {job: {sourcs: [/srv]}}", "job.sourcs"),
        ("parameters: {job: {sources: /srv}}", "job.sources"),
        ("parameters: {jobs: {}}", "jobs"),
        ("parametres: {job: {}}", "parametres is no key of a deployment"),
        ("schedules: [{crn: '0 2 * * *'}]", "crn is no key of a schedule"),
        ("schedules: [{timezone: Asia/Shanghai}]", "has no time"),
        ("schedules: '0 2 * * *'", "is no list"),
        ("schedules: [{interval: often}]", "timedelta"),
        ("schedules: [{cron: '61 * * * *'}]", "61 * * * *"),
        ("tags: ingest", "is no list"),
        ("entrypoint: flows/ingest.py:nothing", "'nothing' not found"),
        ("entrypoint: flows/nothing.py:nothing", "nothing.py"),
    ],
)
def test_a_deployment_that_cannot_be_used(tmp_path: Path, words: str, said: str) -> None:
    """It ends in a sentence that names the deployment and what is wrong, and is never served otherwise."""
    with pytest.raises(SetupError) as caught:
        deployments(write(tmp_path, MINE.format(words)))

    assert str(caught.value).startswith("deployment every-15-minutes of prefect.yaml cannot be used: ")
    assert said in str(caught.value)


def test_a_deployment_that_the_server_refuses(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only Prefect's server finds wrong ends in a sentence, too."""

    def refuse(*_: object, **__: object) -> None:
        raise DeploymentApplyError("concurrency_limit: Input should be greater than 0")

    monkeypatch.setattr("prefect.serve", refuse)
    with pytest.raises(SetupError, match=r"prefect.yaml: concurrency_limit: .*; correct it"):
        serving._serve_all([], 1)

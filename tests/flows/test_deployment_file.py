from pathlib import Path

import pytest

from etl.model.errors import SetupError
from etl.orchestration import deployment_file


def write(folder: Path, text: str) -> Path:
    """A folder with a prefect.yaml of this text."""
    (folder / deployment_file.FILE).write_text(text, encoding="utf-8")
    return folder


def test_ones_own_times_replace_the_packages(tmp_path: Path) -> None:
    """Of a deployment that both name only what one's own says is another; a new one comes on top."""
    own = write(
        tmp_path,
        """deployments:
  - name: nightly
    schedules: [{cron: "30 1 * * *", timezone: Asia/Taipei}]
  - name: second-inbox
    entrypoint: flows/ingest.py:ingest
    parameters: {job: {sources: [/srv/second]}}
""",
    )
    theirs = {one["name"]: one for one in deployment_file.list_deployments(None)}
    ours = {one["name"]: one for one in deployment_file.list_deployments(own)}

    assert [*ours] == [*theirs, "second-inbox"]
    assert ours["nightly"]["schedules"] == [{"cron": "30 1 * * *", "timezone": "Asia/Taipei"}]
    assert ours["nightly"]["entrypoint"] == theirs["nightly"]["entrypoint"]
    assert ours["weekly"] == theirs["weekly"]
    assert deployment_file.merge_files(own)["name"] == "report-etl"


def test_no_file_of_ones_own_changes_nothing(tmp_path: Path) -> None:
    """A folder without a prefect.yaml leaves the deployments as they are."""
    assert deployment_file.list_deployments(tmp_path) == deployment_file.list_deployments(None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("deployments: [", "cannot be used"),
        ("schedules: []", "has no list `deployments`"),
        ("deployments: [{entrypoint: x}]", "is no deployment with a name"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    """What cannot be read is told with the file's name."""
    own = write(tmp_path, text)

    with pytest.raises(SetupError) as caught:
        deployment_file.list_deployments(own)

    assert str(own / deployment_file.FILE) in str(caught.value)
    assert words in str(caught.value)

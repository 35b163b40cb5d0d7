"""Read the deployments of config/prefect.yaml, with those of the operator's own prefect.yaml laid over them.

The operator's keys replace those of the deployment with the same name; a deployment of another name is added.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from etl.model.errors import SetupError
from etl.settings import config_dir

FILE = "prefect.yaml"


def list_deployments(own: Path | None) -> list[Mapping[str, Any]]:
    """Return every deployment as it is written in the files, in their order.

    Raises:
        SetupError: a file is missing or is no list of deployments; the message names it.
    """
    found: list[Mapping[str, Any]] = merge_files(own)["deployments"]
    return found


def merge_files(own: Path | None) -> dict[str, Any]:
    """Return the content of both files, merged.

    Raises:
        SetupError: as in `list_deployments`.
    """
    base = _read(config_dir() / FILE, "restore it from the release")
    deployments = {one["name"]: one for one in base["deployments"]}
    for one in own_entries(own):
        deployments[one["name"]] = {**deployments.get(one["name"], {}), **one}
    return {**base, "deployments": list(deployments.values())}


def own_entries(own: Path | None) -> list[Mapping[str, Any]]:
    """Return the deployments of the operator's file as they are written; empty where there is no such file.

    Raises:
        SetupError: as in `list_deployments`.
    """
    path = own and own / FILE
    if not path or not path.exists():
        return []
    found: list[Mapping[str, Any]] = _read(path, "correct it")["deployments"]
    return found


def _read(path: Path, mend: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SetupError(f"{path} cannot be used: {error}; {mend}") from error
    deployments = found.get("deployments") if isinstance(found, Mapping) else None
    if not isinstance(deployments, list):
        raise SetupError(f"{path} cannot be used: it has no list `deployments`; {mend}")
    for one in deployments:
        if not (isinstance(one, Mapping) and isinstance(one.get("name"), str)):
            raise SetupError(f"{path} cannot be used: {one!r} is no deployment with a name; {mend}")
    return dict(found)

"""Set the environment from which Prefect reads its settings, before anything imports Prefect."""

import os

from etl import private
from etl.orchestration.automations import beat_seconds
from etl.settings import CONFIG_VARIABLE, Settings, export

# Nothing is reported to anybody, and Prefect's own words stay out of the way of ours.
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLI_PROMPT": "false",
}


def prepare(settings: Settings, console: str) -> None:
    """Set Prefect's environment for this process and its children; call before Prefect is imported.

    What the environment says already is left as it is. The database's address travels in the
    environment too, never in a flow's parameters, which Prefect stores and shows.

    Args:
        settings: whose data folder holds what Prefect writes.
        console: the least level of Prefect's own words that reaches standard error.
    """
    home = {"PREFECT_HOME": str((settings.data_dir / "prefect").resolve())}
    home["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] = str(beat_seconds(settings.run.silent_seconds))
    os.umask(private.OTHERS)  # Prefect writes below the data folder from its import on
    export(QUIET | home | {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": console})
    if settings.log.json_lines:
        export({"PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json"})
    changed = {"ETL_DATA_DIR": str(settings.data_dir.resolve()), "ETL_RUN__RUNNER": settings.run.runner}
    if settings.config_dir:
        changed[CONFIG_VARIABLE] = str(settings.config_dir)
    if settings.mongo_uri:
        changed["ETL_MONGO_URI"] = settings.mongo_uri.get_secret_value()
    export(changed, over=True)

"""Run flows with Prefect: its environment and server, deployments and their runs, and what follows a run.

`server` finds or starts Prefect's server and `rest` asks it, `deployments` are made from `deployment_file`,
whose form `deployment_form` checks, `parameters` are what a run may be given, and `automations` end runs
whose process is gone.

Prefect is imported here and in ``flows`` only, and only after `environment.prepare`. `flow_calls` runs a flow
in this process, `serving` runs all on their schedules; the flows themselves lie in ``flows`` and add names
and parameters to what is here. Modules in reach of commands import Prefect inside functions, since that takes
seconds; `hooks` and `tasks` are for flows, which have it already.

The package calls `etl.ingest` and knows no text. Commands, monitors, checks and flows may import it; nothing
that works on reports may.
"""

"""Tell /health whether Prefect's scheduler makes the runs that it should.

The check is that of `etl doctor`; another one that a restart could mend is a name in `CHECKS`.
"""

from collections.abc import Mapping

from etl.doctor.schedule import check_scheduler, read_plan
from etl.model.errors import SetupError
from etl.settings import Settings, prefect_url

CHECKS = (check_scheduler,)


def schedule(settings: Settings) -> Mapping[str, str]:
    """Return the state (ok, problem or unknown) and a message; empty where no Prefect server is named."""
    url = prefect_url()
    if not url:
        return {}
    try:
        found = [check(read_plan(url, settings), settings) for check in CHECKS]
    except (OSError, ValueError, LookupError, SetupError) as error:
        gone = isinstance(getattr(error, "reason", error), ConnectionError)
        message = f"Prefect's server did not say: {type(error).__name__}"
        return {"state": "problem" if gone else "unknown", "message": message}
    worst = next((one for one in found if one.state == "problem"), found[0])
    return {"state": worst.state, "message": worst.found}

"""Find what keeps the product from working, in seconds and without the internet: `examine`.

Each group of checks is a module with a table of small functions; a new check is a function and a name in
its table, a new group a line in `GROUPS`.

`finding` is what a check returns, `remedies` the commands that it proposes. `installation` and
`configuration` (with `words`) check the release and the settings, `machine` and `network` the surroundings,
`database` (with `reaching`), `contents` and `search` what is stored, `schedule` (with `scheduler` and `cron`)
what runs on a schedule.

The package imports whatever it examines: settings, extraction's word lists, repair's models, the store,
sources and `etl.orchestration`. The command line and `etl.monitor` may import it.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from queue import Empty, Queue

from etl.doctor import configuration, database, installation, machine, network, schedule
from etl.doctor.finding import Finding, unknown
from etl.model.errors import SetupError
from etl.settings import Settings

__all__ = ["Finding", "examine"]

# A group that has not answered by then is reported as silent.
SECONDS = 3.5

Group = Callable[[Settings], Iterable[Finding]]
# In the order in which they are shown; those of the installation come first and need no settings.
GROUPS: Mapping[str, Group] = {
    "config": configuration.examine,
    "machine": machine.examine,
    "network": network.examine,
    "database": database.examine,
    "schedule": schedule.examine,
}
# What to report when a group times out, where that means more than a busy machine.
SILENT: Mapping[str, Callable[[Settings], Finding]] = {"database": database.explain_silence}


def examine(load: Callable[[], Settings], seconds: float = SECONDS) -> list[Finding]:
    """Run every check; wrong settings are a finding, too, and then only the installation is checked.

    Args:
        load: returns the settings, or raises SetupError.
        seconds: after which a group of checks that has not answered is given up.
    """
    end = time.monotonic() + seconds
    try:
        settings = load()
    except SetupError as error:
        skipped = unknown(", ".join(GROUPS), "not checked: the settings are invalid")
        return [installation.check_settings(error), *installation.examine(), skipped]
    answers = {name: _ask(group, settings) for name, group in GROUPS.items()}
    findings = [installation.check_settings(None), *installation.examine()]
    for name, answer in answers.items():
        findings += _await(answer, end) or [_silent(name, settings)]
    return findings


def _ask(group: Group, settings: Settings) -> "Queue[list[Finding]]":
    """Start a group of checks in a daemon thread, which ends with this process however long it hangs."""
    answer: Queue[list[Finding]] = Queue()
    threading.Thread(target=lambda: answer.put(_said(group, settings)), daemon=True).start()
    return answer


def _said(group: Group, settings: Settings) -> list[Finding]:
    """Return the findings of a group; an exception becomes a finding, so that others are still shown."""
    found: list[Finding] = []
    try:
        found.extend(group(settings))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        found.append(unknown(group.__module__.rpartition(".")[2], f"{type(error).__name__}: {error}"))
    return found


def _await(answer: "Queue[list[Finding]]", end: float) -> list[Finding]:
    """Wait for the findings of a group until ``end`` (monotonic seconds); [] where there are none by then."""
    try:
        return answer.get(timeout=max(0.01, end - time.monotonic()))
    except Empty:
        return []


def _silent(name: str, settings: Settings) -> Finding:
    if name in SILENT:
        return SILENT[name](settings)
    return unknown(name, "gave no answer in time; run `etl doctor` again when the machine is less busy")

"""Check whether lexicons, fact patterns and schedules can be used: the release's, and one's own over them.

A new check is a function in `CHECKS`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from etl.doctor import remedies, words
from etl.doctor.cron import CronError, days_until_due
from etl.doctor.finding import Finding, ok, problem
from etl.extraction.resources.word_files import WordFiles
from etl.in_force import unread
from etl.model.errors import SetupError
from etl.orchestration import deployment_form
from etl.orchestration.deployment_file import FILE, list_deployments
from etl.settings import Settings, config_dir, flows_dir

# What the release brings; without one of these it does less, some of them in silence.
SHIPPED = (
    "etl.toml",
    "prefect.yaml",
    *(f"facts/{name}.toml" for name in ("appointment", "donation")),
    *(f"lexicon/{name}.toml" for name in ("amounts", "organizations", "people", "places", "terms", "times")),
    *(f"lexicon/{name}.txt" for name in ("stop_words", "user_words")),
)
# What a file of one's own that is meant to be read ends with; others may be notes or older versions.
MEANT = frozenset({".toml", ".txt", ".yaml", ".yml"})
LINE = re.compile(r"\bline (\d+)")


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings of all checks."""
    return (finding for check in CHECKS for finding in check(settings))


def check_release_files(settings: Settings) -> Iterator[Finding]:
    """Check whether all configuration files of the release exist."""
    del settings
    missing = [config_dir() / name for name in SHIPPED if not (config_dir() / name).is_file()]
    for path in missing:
        yield problem("config", f"{path} is missing", remedies.restore(path))
    if not missing:
        yield ok("config", f"lexicons, patterns and deployments are in {config_dir()}")


def check_lexicons(settings: Settings) -> Iterator[Finding]:
    """Check whether every lexicon and every fact pattern can be parsed."""
    found = words.find_faults(config_dir(), settings.config_dir)
    for said in found:
        yield problem("words", said, remedy_in(said, settings.config_dir))
    if not found:
        patterns = len(WordFiles(config_dir(), settings.config_dir).patterns())
        yield ok("words", f"the lexicons and {patterns} patterns of facts can be read")


def check_schedules(settings: Settings) -> Iterator[Finding]:
    """Check whether every deployment has a flow, and every schedule a time at which it comes due."""
    try:
        found = list_deployments(settings.config_dir)
    except SetupError as error:
        yield problem("schedules", str(error), remedy_in(str(error), settings.config_dir))
        return
    faults = [(entry["name"], *why) for entry in found for why in find_deployment_faults(entry)]
    for name, there, said in faults:
        mend = _edit(there, settings.config_dir)
        yield problem("schedules", f"deployment {name} of {FILE}: {said}", mend)
    if not faults:
        yield ok("schedules", f"the schedules of {len(found)} deployments come due")


def check_unread_files(settings: Settings) -> Iterator[Finding]:
    """Check whether every file in one's own folder is read, so that nobody relies on words that are not."""
    own = settings.config_dir
    found = [path for path in unread(own) if path.suffix in MEANT] if own else []
    for path in found:
        said = f"nothing reads {path}: a folder of one's own has etl.toml, {FILE}, lexicon/ and facts/*.toml"
        yield problem("own", said, "etl config")
    if own and not found:
        yield ok("own", f"every file of {own} is read")


def find_deployment_faults(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield faults of a deployment, each as the text to look for in its file and a sentence."""
    yield from deployment_form.find_faults(entry)
    flow = flows_dir() / Path(str(entry.get("entrypoint", "")).partition(":")[0]).name
    if not flow.is_file():
        yield str(entry.get("entrypoint", "")), f"there is no flow {flow}"
    schedules = entry.get("schedules")
    for schedule in schedules if isinstance(schedules, list) else ():
        for name, check in (("cron", _cron), ("timezone", _zone), ("interval", _interval)):
            if isinstance(schedule, Mapping) and name in schedule and (said := check(schedule[name])):
                yield str(schedule[name]), f"{name} {schedule[name]!r} {said}"


def remedy_in(said: str, own: Path | None) -> str:
    """Return the command for the file that a sentence names: restore it, or open it in the line named."""
    folders = [folder for folder in (own, config_dir()) if folder]
    files = [path for folder in folders for path in sorted(folder.rglob("*.*")) if str(path) in said]
    missing = [config_dir() / name for name in SHIPPED if str(config_dir() / name) in said]
    if files:
        line = LINE.search(said)
        return remedies.edit(files[0], int(line[1]) if line else 0)
    return remedies.restore(missing[0]) if missing else remedies.edit(own or config_dir())


CHECKS = (check_release_files, check_lexicons, check_schedules, check_unread_files)


def _edit(there: str, own: Path | None) -> str:
    """Return the command that opens the deployments' file in the line that has these words."""
    for path in (folder / FILE for folder in (own, config_dir()) if folder):
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        number = next((n for n, line in enumerate(lines, 1) if there in line), 0)
        if number:
            return remedies.edit(path, number)
    return remedies.edit(config_dir() / FILE)


def _cron(expression: object) -> str:
    try:
        days_until_due(str(expression), datetime.now(UTC).date())
    except CronError as error:
        return f"never comes due: {error}"
    return ""


def _zone(name: object) -> str:
    try:
        ZoneInfo(str(name))
    except (ValueError, OSError, LookupError):
        return "is no time zone, such as Asia/Shanghai"
    return ""


def _interval(seconds: object) -> str:
    return "" if isinstance(seconds, int | float) and seconds > 0 else "is no number of seconds above 0"

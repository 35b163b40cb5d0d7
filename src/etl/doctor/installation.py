"""Check whether what is installed is what the release was tested with: packages, data files, settings.

A new check is a function in `CHECKS`; another package that carries a model is a name in `MODELS`.
"""

import re
import shlex
import sys
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from etl.doctor import remedies
from etl.doctor.configuration import remedy_in
from etl.doctor.finding import Finding, ok, problem, unknown
from etl.extraction.network import recurrent
from etl.extraction.network.tagger import SHIPPED
from etl.model.errors import SetupError
from etl.repair.scorer.weights import MODEL
from etl.settings import config_dir, own_dir

LOCK = "requirements.lock"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(\s*;)?", re.MULTILINE)
SEPARATORS = re.compile(r"[-_.]+")
OWN_MODELS = (MODEL, SHIPPED, recurrent.SHIPPED)
MODELS = ("opencc", "jieba", "rjieba", "lunar_python")
SHOWN = 3


def examine() -> Iterator[Finding]:
    """Yield the findings of all checks."""
    return (check() for check in CHECKS)


def check_settings(error: SetupError | None) -> Finding:
    """Return the finding about loading the settings: ``error``, if any, with the command that mends it."""
    if error is None:
        return ok("settings", "every setting is known and within its bounds")
    named = remedies.exported_in(str(error))
    if named:
        return problem("settings", str(error), f"unset {' '.join(dict.fromkeys(named))}")
    return problem("settings", str(error), remedy_in(str(error), _own()))


def _own() -> Path | None:
    try:
        return own_dir()
    except SetupError:
        return None


def check_packages() -> Finding:
    """Check whether the installed packages have the versions of the lock file."""
    lock = next(
        (folder / LOCK for folder in (config_dir().parent, Path.cwd()) if (folder / LOCK).is_file()), None
    )
    if lock is None:
        return unknown("packages", f"there is no {LOCK} beside this installation to compare with")
    pins = _pins(lock.read_text(encoding="utf-8"))
    wrong = compare_versions(pins, {name: found for name in pins if (found := _version(name)) is not None})
    if not wrong:
        return ok("packages", f"{len(pins)} packages are as {LOCK} says")
    shown = "; ".join(wrong[:SHOWN]) + ("; ..." if len(wrong) > SHOWN else "")
    return problem(
        "packages",
        f"{len(wrong)} packages are not as {LOCK} says: {shown}",
        f"{_pip()} --no-deps --require-hashes -r {shlex.quote(str(lock))}",
    )


def compare_versions(pins: Mapping[str, Mapping[str, bool]], installed: Mapping[str, str]) -> list[str]:
    """Return a sentence for each package that is missing or has another version than pinned.

    ``pins`` are the versions of each package, and whether the pin is for some platforms only.

    >>> compare_versions({"a": {"1": False}, "b": {"1": True}}, {"a": "2"})
    ['a is 2, not 1']
    """
    out = []
    for name, versions in sorted(pins.items()):
        there = installed.get(name)
        if there is None and not all(versions.values()):
            out.append(f"{name} is missing")
        if there is not None and there not in versions:
            out.append(f"{name} is {there}, not {' or '.join(versions)}")
    return out


def check_models() -> Finding:
    """Check whether the models, shipped or in packages, are as they were installed, by their checksums."""
    for model in OWN_MODELS:
        if not is_intact(model):
            return problem("models", f"{model} is missing or damaged", remedies.restore(model))
    for name in MODELS:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            return problem("models", f"package {name} is not installed", f"{_pip()} {name}")
        bad = damaged_files(found)
        if bad:
            again = f"{_pip()} --no-deps --force-reinstall {name}=={found.version}"
            return problem("models", f"{bad[0]} of package {name} is missing or damaged", again)
    return ok("models", f"the files of repair, the tagger, {', '.join(MODELS)} are whole")


def is_intact(archive: Path) -> bool:
    """Check whether a zip archive exists and all of its members match their checksums."""
    try:
        with ZipFile(archive) as found:
            return found.testzip() is None
    except (OSError, BadZipFile, zlib.error):
        return False


def damaged_files(found: Distribution) -> list[str]:
    """Return the files of a package that are missing or differ from what was installed."""
    return [
        str(file)
        for file in found.files or ()
        if file.hash and file.suffix != ".pyc" and _digest(Path(str(file.locate()))) != file.hash.value
    ]


CHECKS = (check_packages, check_models)


def _version(package: str) -> str | None:
    try:
        return distribution(package).version
    except PackageNotFoundError:
        return None


def _pins(lock: str) -> dict[str, dict[str, bool]]:
    pins: dict[str, dict[str, bool]] = {}
    for name, version, marker in PIN.findall(lock):
        pins.setdefault(_name(name), {})[version] = bool(marker)
    return pins


def _name(name: str) -> str:
    return SEPARATORS.sub("-", name).lower()


def _digest(path: Path) -> str:
    try:
        return urlsafe_b64encode(sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
    except OSError:
        return ""


def _pip() -> str:
    return f"{shlex.quote(sys.executable)} -m pip install"

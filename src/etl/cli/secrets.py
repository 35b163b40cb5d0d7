"""Read passwords from a file or the keyboard, and hide them from `ps`.

Another origin of passwords is one function here.
"""

import ctypes
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from etl.model.errors import SetupError

if TYPE_CHECKING:
    from pydantic import SecretStr

SELF = Path("/proc/self")
# Which fields of /proc/self/stat, counted from the one behind the name, say where the arguments lie.
ARG_START, ARG_END = 45, 46


def variables(path: Path) -> "Mapping[str, SecretStr]":
    """Parse a file with one ``NAME=value`` a line, such as ``.env``; comments and empty values are left out.

    Raises:
        SetupError: the file cannot be read.
    """
    from pydantic import SecretStr

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no text"
        raise SetupError(
            f"--passwords {path} cannot be read: {why}; name a file of NAME=value lines"
        ) from error
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): SecretStr(value.strip()) for name, _, value in pairs if value.strip()}


def ask(what: str) -> "SecretStr | None":
    """Ask for a password at the terminal, typed twice and not shown; None where there is no terminal."""
    import typer
    from pydantic import SecretStr

    if not sys.stdin.isatty():
        return None
    return SecretStr(typer.prompt(what, hide_input=True, confirmation_prompt=True, err=True))


def hide(address: str) -> None:
    """Overwrite an address that has a password in the arguments that `ps` shows of this process.

    Only Linux allows that; elsewhere, and in the moment before, only the environment is safe.
    """
    if "@" not in address or not sys.platform.startswith("linux"):
        return
    try:
        stat = (SELF / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        shown = (SELF / "cmdline").read_bytes()
    except OSError:
        return
    start, end = int(stat[ARG_START]), int(stat[ARG_END])
    # Written only where the arguments are for certain, as a wrong place would be another's memory.
    if start and end - start == len(shown) and ctypes.string_at(start, len(shown)) == shown:
        clean = shown.replace(address.encode(), b"*" * len(address.encode()))
        ctypes.memmove(start, clean, len(shown))

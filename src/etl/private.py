"""Keep the data folder for its owner alone: folders 0700, files 0600.

What the product keeps below it begins with `owner_only_folder`; its name is entered in `OURS`.
"""

from contextlib import suppress
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
# What nobody else may do; also the umask of processes that write below the data folder.
OTHERS = 0o077
OURS = frozenset(("mongo", "prefect", "search"))


def owner_only_folder(data_dir: Path, name: str) -> Path:
    """Create one of our folders below the data folder, if it is missing, and return its path.

    A folder that others could read is closed to them, with everything in it; so is the data folder itself,
    unless it holds other things than ours.

    Raises:
        OSError: it cannot be created.
    """
    data_dir.mkdir(FOLDER, parents=True, exist_ok=True)
    path = data_dir / name
    path.mkdir(FOLDER, exist_ok=True)
    if _open_to_others(path):
        _close(path)
        for found in path.rglob("*"):
            _close(found)
    if _open_to_others(data_dir) and {one.name for one in data_dir.iterdir()} <= OURS:
        _close(data_dir)
    return path


def _open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & OTHERS)


def _close(path: Path) -> None:
    with suppress(OSError):  # of another user, or gone meanwhile
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~OTHERS)

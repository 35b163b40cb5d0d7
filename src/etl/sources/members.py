"""What every kind of archive is to the rest: members by name, and a way to read one.

A new kind of archive makes an `Archive`; nothing is added here.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from etl.damage import FAULTS, is_damage
from etl.errors import RejectError, brief, quoted

# Below this many bytes unpacked no packing ratio does harm; short reports pack very well.
RATIO_FROM = 1_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    Attributes:
        name: as it is shown, with forward slashes.
        key: what the archive's own reader finds it by.
        size: bytes unpacked, as the archive declares.
        version: changes when the bytes may have changed.
        why_skip: why it is no report, such as a link; empty otherwise.
        refusal: why it cannot be read, such as a password; empty otherwise.
    """

    name: str
    key: object
    size: int
    version: str
    why_skip: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """Members by name, and `read`, which gives up to so many bytes of one.

    ``read`` may be called from many threads, and raises RejectError ``archive``.
    """

    members: Mapping[str, Member]
    read: Callable[[Member, int], bytes]


def readable(name: bytes) -> str:
    """A name as it was meant, in UTF-8 or GB18030; else with surrogates for the bytes that are neither."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("utf-8", "surrogateescape")


@contextmanager
def unpacking(member: str = "") -> Iterator[None]:
    """What damaged bytes raise within is a refusal of the archive, or of one member.

    Raises:
        RejectError: ``archive``.
    """
    try:
        yield
    except FAULTS as error:
        if not is_damage(error):
            raise
        # Both the name and the words, which quote names of the archive, are its maker's.
        why = brief(error) or type(error).__name__
        raise broken(f"{quoted(member)}: {why}" if member else why) from error


def broken(what: object) -> RejectError:
    """An archive or member that cannot be unpacked."""
    message = f"found an archive that cannot be unpacked: {what}; pack it again or fetch it anew"
    return RejectError("source", "archive", message)


def over_limit(found: str, allowed: str) -> RejectError:
    """An archive that would unpack to more than the settings allow."""
    message = f"found an archive with {found}, allowed are {allowed}; split it or raise the setting"
    return RejectError("source", "archive limit", message)

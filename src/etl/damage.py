"""Tell damaged bytes from a failing disk by the errors that the standard library's unpackers raise.

A further packing is its error in `FAULTS`.
"""

import errno
import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib

# The unpackers trust what they read: a wrong length, name or offset shows as any of the built-in ones.
FAULTS: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, EOFError),
    *(struct.error, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RuntimeError),
    OSError,
)
# bzip2 has no error of its own; a place before the beginning of a file is an invalid argument.
_OWN = (OSError, gzip.BadGzipFile)
_NUMBERS = (None, errno.EINVAL)


def is_damage(error: Exception) -> bool:
    """Check whether an error from unpacking is about the bytes, not the disk or store that holds them."""
    if isinstance(error, OSError):
        return type(error) in _OWN and error.errno in _NUMBERS
    return isinstance(error, FAULTS)

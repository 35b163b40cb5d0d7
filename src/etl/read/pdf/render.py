"""Draw a page of a PDF in a separate process, so that a crash, a hang or too much memory ends only that.

`render_page` starts it; `main` is that process: it reads a file from standard input and writes a PNG.
"""

import json
import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterable

from etl.model.errors import RejectError

COMMAND = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from etl.read.pdf.render import main; main(int(sys.argv[2]))"
)
# Points of a page are drawn as so many pixels, and no page wider or higher than that.
SCALE, MOST = 1.6, 2_000
BYTES, SECONDS = 1_000_000_000, 20
# A process waits for its turn on a busy machine, too.
PATIENCE = 60.0


def render_page(payload: bytes, page: int) -> bytes:
    """Draw a page, counted from 1, as a PNG.

    Raises:
        RejectError: there is no such page, or it cannot be drawn within the limits.
    """
    command = [sys.executable, "-P", "-c", COMMAND, json.dumps(sys.path), str(page)]
    try:
        done = subprocess.run(  # noqa: S603 - the command is ours
            command, input=payload, capture_output=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise RejectError("read", "pdf limit", f"page {page} takes too long to be drawn") from error
    if done.returncode or not done.stdout:
        raise RejectError("read", "pdf", f"page {page} cannot be drawn")
    return done.stdout


def main(number: int) -> None:
    """Draw the page with this number of the PDF on standard input as a PNG on standard output."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
    from pypdfium2 import PdfDocument  # noqa: PLC0415 - only this process loads the library

    page = PdfDocument(sys.stdin.buffer.read())[number - 1]
    scale = min(SCALE, MOST / max(page.get_size()))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    width = bitmap.width * bitmap.n_channels
    starts = range(0, bitmap.height * bitmap.stride, bitmap.stride)
    lines = (bytes(bitmap.buffer[at : at + width]) for at in starts)
    sys.stdout.buffer.write(png((bitmap.width, bitmap.height), bitmap.n_channels, lines))
    sys.stdout.buffer.flush()


def png(size: tuple[int, int], channels: int, lines: Iterable[bytes]) -> bytes:
    """Encode rows of pixels, 8 bits a channel, as a PNG: grey, RGB or RGBA for 1, 3 or 4 channels."""
    colours = {1: 0, 3: 2, 4: 6}
    head = struct.pack(">IIBBBBB", *size, 8, colours[channels], 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + line for line in lines), 6)
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

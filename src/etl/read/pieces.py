"""Decode bytes that no single codec reads: HZ, lines in several encodings, characters that GB 18030 moved.

A file that others were appended to has lines in UTF-8 and lines in a double-byte encoding; each line must
read well as one of the two, so that a single bad byte makes no mixture.
"""

import re
from collections.abc import Sequence

from etl.read.likelihood import floor, score

HZ = "hz"
_ESCAPED = re.compile(rb"~\{(?:[\x21-\x7d][\x21-\x7e]){2,}~\}")
DOUBLE_BYTE = ("gb18030", "big5hkscs")
# Where GB 18030 of 2000, which Python knows, left characters in the private area: signs of vertical text, and
# others that Unicode took up later. And what many programs take for a blank of full width.
_ADOPTED = (0xE7C7, 0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864)
_MOVED = dict(
    zip((*range(0xE78D, 0xE797), *_ADOPTED), "︐︒︑︓︔︕︖︗︘︙ḿ龴龵龶龷龸龹龺龻", strict=True)
) | {0xE5E5: "\u3000"}


def restore_moved(text: str) -> str:
    """Replace in text decoded as GB 18030 the private-use characters that later standards moved."""
    return text.translate(_MOVED)


def read_hz(payload: bytes) -> str | None:
    """Decode bytes in HZ, 7-bit GB 2312 between ~{ and ~}; None where they are not HZ."""
    if not payload.isascii() or not _ESCAPED.search(payload):
        return None
    try:
        text = payload.decode(HZ)
    except UnicodeDecodeError:
        return None
    _, mean, count = score("".join(c for c in text if not c.isascii()))
    return text if mean > floor(count) else None


def read_mixed(payload: bytes) -> tuple[str, tuple[str, ...]] | None:
    """Decode lines in UTF-8 mixed with lines in one other encoding; return text and both names, else None."""
    lines = payload.split(b"\n")
    for other in DOUBLE_BYTE:
        read = [_line(line, other) for line in lines]
        texts = [text for text, _ in read if text is not None]
        names = {name for _, name in read if name}
        if len(texts) == len(lines) and names == {"utf-8", other}:
            return "\n".join(texts), ("utf-8", other)
    return None


def _line(line: bytes, other: str) -> tuple[str | None, str]:
    """Decode a line in UTF-8 or ``other``; return text (None for neither) and name ("" for plain ASCII)."""
    if line.isascii():
        return line.decode(), ""
    for name in ("utf-8", other):
        text = _plausible(line, name)
        if text is not None:
            return text, name
    return None, ""


def _plausible(line: bytes, name: str) -> str | None:
    try:
        text = line.decode(name)
    except UnicodeDecodeError:
        return None
    _, mean, count = score(text)
    return text if name == "utf-8" or mean > floor(count) else None


def mixture_name(names: Sequence[str]) -> str:
    """Return the name of a mixture of encodings, such as "utf-8 + gb18030"."""
    return " + ".join(names)

"""Decode bytes: find which of the encodings of Chinese reports they are in, and how probable that is.

Strict decoding rules encodings out and the frequency of characters decides between those that are
left; docs/decisions/0010 has the measurements. A new encoding is one entry in `CANDIDATES`.
"""

import codecs
import math
import re
from dataclasses import dataclass, replace

from etl.model.errors import RejectError
from etl.model.report import Encoding
from etl.read.likelihood import PLAUSIBLE, floor, score
from etl.read.mojibake import undo
from etl.read.pieces import HZ, mixture_name, read_hz, read_mixed, restore_moved

# Bytes that decide; more of them cost time and change nothing above a hundred characters.
SAMPLE = 2_000
# UTF-8 that is longer than this cannot be anything else by chance.
CERTAIN_UTF8 = 400
# One unit in this many that is no UTF-16: more are another encoding, fewer a fault in a file that is UTF-16.
ONE_FAULT_IN = 20
# Bytes before the first one beyond ASCII that are looked at, too.
BEFORE = 64
# One control character in this many is a flaw of a text; more make it a binary file.
CONTROL_SHARE = 50

# Longest first: the mark of UTF-32 begins with that of UTF-16.
MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What is tried, with the log-odds that a file of reports is in it before it is looked at.
CANDIDATES: dict[str, float] = {
    "utf-8": 6.0,
    "gb18030": 0.0,
    "big5hkscs": -0.5,
    "cp950": -4.0,
    "utf-16-le": -2.0,
    "utf-16-be": -3.0,
}
# A page that declares its encoding is wrong now and then: the claim is evidence, not an order.
DECLARED = 8.0
FAMILIES: dict[str, str] = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
    "utf-8-sig": "utf-8",
}

# Each line of a mixture reads well, but where one began nobody has said.
_MIXED_CONFIDENCE = 0.9

CONTROLS = bytes(c for c in (*range(0x20), 0x7F) if c not in b"\t\n\v\f\r\x1a")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with its line ends as found, and how it was decoded.

    Stretches that an earlier program had decoded wrongly are undone, and listed in ``encoding.undone``.
    """

    text: str
    encoding: Encoding


def decode(payload: bytes, declared: str | None = None) -> Decoded:
    """Decode bytes whose encoding is not known for sure.

    Args:
        payload: the bytes of a text; at least one.
        declared: the encoding that the text itself claims, as an HTML page does.

    Raises:
        RejectError: ``encoding`` when no encoding gives a plausible text, ``binary`` when the bytes
            are no text at all.
    """
    for mark, name in MARKS:
        if payload.startswith(mark):
            return _checked(payload, Encoding(name, 1.0))
    if _is_long_utf8(payload):
        return _checked(payload, Encoding("utf-8", 1.0))
    if (text := read_hz(payload)) is not None:
        return _undone(text, Encoding(HZ, 1.0))
    try:
        likely = _most_likely(payload, declared)
    except RejectError:
        mixed = read_mixed(payload)
        if not mixed or _controls(payload):
            raise
        return _undone(mixed[0], Encoding(mixture_name(mixed[1]), _MIXED_CONFIDENCE))
    return _checked(payload, likely)


def _is_long_utf8(payload: bytes) -> bool:
    if len(payload) <= CERTAIN_UTF8 or b"\0" in payload:
        return False
    return _decodes(payload, "utf-8")


def _decodes(payload: bytes, name: str) -> bool:
    try:
        payload.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _most_likely(payload: bytes, declared: str | None) -> Encoding:
    """Return the encoding whose text is the most probable, with its share of the total probability.

    UTF-8 proves itself by being valid; other encodings decode nearly all bytes, so their characters must be
    common ones.
    """
    favored = _family(declared)
    sample, final = _sample(payload)
    scores: dict[str, float] = {}
    means: dict[str, tuple[float, int]] = {}
    for name, prior in CANDIDATES.items():
        text = _strict(sample, name, final=final)
        if text is None or "\0" in text or not _decodes(payload, name):
            continue
        total, mean, count = score(text)
        means[name] = (mean, count)
        scores[name] = total + prior + (DECLARED if name == favored else 0.0)
    sound = {name for name, (mean, count) in means.items() if name == "utf-8" or mean > floor(count)}
    if not sound:
        raise _hopeless(payload)
    best = max(sound, key=scores.__getitem__)
    share = 1 / sum(math.exp(scores[name] - scores[best]) for name in sound if _rival(name, best))
    return Encoding(best, round(share, 4))


def _rival(name: str, best: str) -> bool:
    """Check whether two encodings compete; the two tables of Big5, which agree nearly everywhere, do not."""
    return name == best or {name, best} != {"big5hkscs", "cp950"}


def _family(declared: str | None) -> str | None:
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return None
    return FAMILIES.get(name, name)


def _sample(payload: bytes) -> tuple[bytes, bool]:
    """Return `SAMPLE` bytes around the first one beyond ASCII, at an even offset; and if no more follow."""
    found = _BEYOND_ASCII.search(payload)
    start = max(0, found.start() - BEFORE) & ~1 if found else 0
    return payload[start : start + SAMPLE], start + SAMPLE >= len(payload)


def _strict(sample: bytes, name: str, *, final: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(sample, final)
    except UnicodeDecodeError:
        return None


def _checked(payload: bytes, encoding: Encoding) -> Decoded:
    try:
        text = payload.decode(encoding.name)
    except UnicodeDecodeError as error:
        raise _undecodable(len(payload), f"as {encoding.name}: {error.reason} at {error.start}") from error
    data = text.encode("utf-8") if encoding.name.startswith(("utf-16", "utf-32")) else payload
    if b"\0" in data:
        raise _binary(f"a 0x00 byte at offset {data.index(0)}")
    if share := _controls(data):
        raise _binary(share)
    return _undone(text, encoding)


def _undone(text: str, encoding: Encoding) -> Decoded:
    """Undo in a text what earlier programs decoded wrongly, and update characters that GB 18030 moved."""
    whole, undone = undo(restore_moved(text) if "gb18030" in encoding.name else text)
    return Decoded(whole, replace(encoding, undone=undone) if undone else encoding)


def _controls(data: bytes) -> str:
    """Describe bytes with too many control characters; "" where there are few."""
    controls = len(data) - len(data.translate(None, CONTROLS))
    return f"{controls} control bytes among {len(data)}" if controls * CONTROL_SHARE > len(data) else ""


def _hopeless(payload: bytes) -> RejectError:
    """Return the error for bytes that no encoding fits: a text with faults, or no text at all."""
    if not _broken_utf16(payload):
        if b"\0" in payload:
            return _binary(f"a 0x00 byte at offset {payload.index(0)}")
        if share := _controls(payload):
            return _binary(share)
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError as error:
        return _undecodable(len(payload), f"as utf-8: {error.reason} at {error.start}")
    return _undecodable(len(payload), "as UTF-8 it holds control characters that no text has")


def _broken_utf16(payload: bytes) -> bool:
    """Check whether bytes are UTF-16 with few faults, such as a lone surrogate or a lost last byte."""
    sample = payload[:SAMPLE]
    for name in ("utf-16-le", "utf-16-be"):
        text = sample.decode(name, "replace")
        sound = text.replace("\ufffd", "")
        few = len(text) - len(sound) <= 1 + len(text) // ONE_FAULT_IN
        if few and "\0" not in sound and sound and score(sound)[0] / len(sound) > PLAUSIBLE:
            return True
    return False


def _undecodable(length: int, fault: str) -> RejectError:
    return RejectError(
        "read",
        "encoding",
        f"{length} bytes are no plausible text in {', '.join(CANDIDATES)} ({fault}); "
        "save the report as UTF-8 and load it again",
    )


def _binary(found: str) -> RejectError:
    message = f"found {found}, expected text; load the report as text, HTML or DOCX"
    return RejectError("read", "binary", message)

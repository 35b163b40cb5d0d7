"""Damage PDFs: any of their bytes, or their structure (objects, streams, numbers, cross references)."""

import random
import re
import zlib
from collections.abc import Callable, Mapping, Sequence

from write_pdf import file_of

OBJECT = re.compile(rb"\d+ 0 obj\n(.*?)\nendobj\n", re.DOTALL)
STREAM = re.compile(rb"\nstream\n(.*)\nendstream", re.DOTALL)
REFERENCE = re.compile(rb"\b\d+ 0 R\b")
NUMBER = re.compile(rb"(?<![\w.<])-?\d+(?:\.\d+)?(?![\w.>])")
PLACE = re.compile(rb"\d{10} \d{5} n")
EXTREMES = (
    *(b"0", b"-1", b"1", b"65536", b"2147483647", b"-2147483648", b"4294967296"),
    *(b"1e38", b"-0.00001", b"99999999999999999999", b"3.4028235e38", b"nan"),
)
Damage = Callable[[random.Random, bytes], bytes]


def damaged(rng: random.Random, sound: Sequence[bytes], kind: str) -> bytes:
    """A PDF with faults of a kind, `KINDS` or ``spliced``."""
    if kind != "spliced":
        return KINDS[kind](rng, rng.choice(sound))
    one, other = rng.choice(sound), rng.choice(sound)
    return one[: rng.randrange(9, len(one))] + other[rng.randrange(len(other)) :]


def _cut(rng: random.Random, payload: bytes) -> bytes:
    return payload[: rng.randrange(9, len(payload))]


def _repeated(rng: random.Random, payload: bytes) -> bytes:
    at, size = rng.randrange(9, len(payload)), rng.choice((10, 200, 2_000))
    return payload[:at] + payload[at : at + size] * rng.choice((2, 50)) + payload[at:]


def _changed(rng: random.Random, payload: bytes) -> bytes:
    out = bytearray(payload)
    for _ in range(rng.choice((1, 5, 40))):
        out[rng.randrange(min(9, len(out) - 1), len(out))] = rng.randrange(256)
    return bytes(out)


def _swapped(rng: random.Random, payload: bytes) -> bytes:
    """Objects stand under each other's numbers, or one stands under two."""
    objects = OBJECT.findall(payload)
    one, other = rng.randrange(len(objects)), rng.randrange(len(objects))
    first = objects[one]
    objects[one] = objects[other]
    if rng.random() < 0.7:
        objects[other] = first
    return file_of(objects)


def _referred(rng: random.Random, payload: bytes) -> bytes:
    """References lead to other objects, also to themselves and to none."""
    objects = OBJECT.findall(payload)
    for _ in range(rng.choice((1, 3))):
        k = rng.choice([k for k, one in enumerate(objects) if REFERENCE.search(one)])
        objects[k] = _replaced(rng, objects[k], REFERENCE, b"%d 0 R" % rng.randrange(len(objects) + 2))
    return file_of(objects)


def _numbered(rng: random.Random, payload: bytes) -> bytes:
    """Numbers of dictionaries are extreme."""
    objects = OBJECT.findall(payload)
    for _ in range(rng.choice((1, 4))):
        k = rng.randrange(len(objects))
        head, stream, rest = objects[k].partition(b"\nstream\n")
        objects[k] = _replaced(rng, head, NUMBER, rng.choice(EXTREMES)) + stream + rest
    return file_of(objects)


def _truncated(rng: random.Random, payload: bytes) -> bytes:
    """Streams end early, have no end, or are longer than they say."""
    return _with_stream(rng, payload, lambda body: body[: rng.randrange(len(body) + 1)] + _ending(rng))


def _ending(rng: random.Random) -> bytes:
    return rng.choice((b"", b"\nendstream\nendobj\n", b"\0" * 300, b"stream\n"))


def _drawn(rng: random.Random, payload: bytes) -> bytes:
    """What a stream holds is damaged before it is packed: bytes, numbers, or parts again and again."""

    def redrawn(body: bytes) -> bytes:
        try:
            plain = zlib.decompress(body)
        except zlib.error:
            plain = body
        if len(plain) > 1:
            plain = rng.choice((_changed, _again, _extreme, _cut_short))(rng, plain)
        return zlib.compress(plain, 1) if plain != body else body

    return _with_stream(rng, payload, redrawn)


def _again(rng: random.Random, plain: bytes) -> bytes:
    at, size = rng.randrange(len(plain)), rng.choice((3, 40, 400))
    return plain[:at] + plain[at : at + size] * rng.choice((2, 100, 3_000)) + plain[at:]


def _extreme(rng: random.Random, plain: bytes) -> bytes:
    for _ in range(rng.choice((1, 6))):
        plain = _replaced(rng, plain, NUMBER, rng.choice(EXTREMES))
    return plain


def _cut_short(rng: random.Random, plain: bytes) -> bytes:
    return plain[: rng.randrange(len(plain))]


def _crossed(rng: random.Random, payload: bytes) -> bytes:
    """Cross references are wrong: places, begin, size, root, or the table before a table is itself."""
    begin = payload.rfind(b"xref\n0")
    return rng.choice(
        (
            lambda: _replaced(rng, payload, PLACE, b"%010d 00000 n" % rng.randrange(2 * len(payload))),
            lambda: payload.replace(b"startxref\n", b"startxref\n%d" % rng.randrange(9)),
            lambda: payload.replace(b"trailer\n<<", b"trailer\n<</Prev %d" % begin),
            lambda: payload.replace(b"trailer\n<<", b"trailer\n<</XRefStm %d" % rng.randrange(len(payload))),
            lambda: re.sub(rb"/Size \d+", b"/Size " + rng.choice(EXTREMES), payload),
            lambda: payload.replace(b"/Root 1 0 R", b"/Root %d 0 R" % rng.randrange(9)),
            lambda: payload[:begin],
        )
    )()


def _with_stream(rng: random.Random, payload: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change one stream of a file; its length is put right or not."""
    objects = OBJECT.findall(payload)
    k = rng.choice([k for k, one in enumerate(objects) if STREAM.search(one)])
    head = objects[k].partition(b"\nstream\n")[0]
    body = change(STREAM.search(objects[k])[1])  # type: ignore[index]
    if rng.random() < 0.8:
        head = re.sub(rb"/Length \d+", b"/Length %d" % len(body), head)
    objects[k] = head + b"\nstream\n" + body + b"\nendstream"
    return file_of(objects)


def _replaced(rng: random.Random, payload: bytes, what: re.Pattern[bytes], by: bytes) -> bytes:
    """Replace one of the places of a pattern, by chance."""
    found = list(what.finditer(payload))
    if not found:
        return payload
    one = rng.choice(found)
    return payload[: one.start()] + by + payload[one.end() :]


KINDS: Mapping[str, Damage] = {
    "changed": _changed,
    "cut": _cut,
    "repeated": _repeated,
    "swapped": _swapped,
    "referred": _referred,
    "numbered": _numbered,
    "truncated": _truncated,
    "drawn": _drawn,
    "crossed": _crossed,
}

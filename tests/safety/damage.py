"""Sound files of each kind that is read, and what chance may do to their bytes."""

import io
import random
import tarfile
import zipfile
from collections.abc import Callable
from functools import cache

LINES = tuple(f"县里召开会议{number}，部署春耕生产工作。捐款{number}万元。" for number in range(40))
TEXT = "\n".join(LINES)
NUMBERS = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\x80")
MARKUP = (b"<", b">", b'"', b"<!--", b"<script>", b"</", b"&#", b"<![CDATA[", b"=", b"'", b"\0", b"*", b"`")


def _tar(packing: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packing}") as archive:  # type: ignore[call-overload]
        for number in range(4):
            payload = (TEXT + str(number)).encode()
            info = tarfile.TarInfo(f"报告{number}.txt")
            info.size = len(payload)
            archive.addfile(info, io.BytesIO(payload))
    return out.getvalue()


def _zip(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for number in range(4):
            archive.writestr(f"报告{number}.txt", TEXT + str(number))
    return out.getvalue()


def _docx() -> bytes:
    from docx import Document  # noqa: PLC0415

    document, out = Document(), io.BytesIO()
    for line in LINES:
        document.add_paragraph(line)
    document.add_table(rows=2, cols=2)
    document.save(out)
    return out.getvalue()


def _page() -> bytes:
    body = "".join(f"<div class='a'><p title=\"b\">{line}<br/></p></div>" for line in LINES)
    return f"<!DOCTYPE html><html><head><title>通报</title></head><body>{body}</body></html>".encode()


SOUND: dict[str, Callable[[], bytes]] = {
    "a.tar": lambda: _tar(""),
    "a.tar.gz": lambda: _tar("gz"),
    "a.tar.bz2": lambda: _tar("bz2"),
    "a.tar.xz": lambda: _tar("xz"),
    "stored.zip": lambda: _zip(zipfile.ZIP_STORED),
    "deflated.zip": lambda: _zip(zipfile.ZIP_DEFLATED),
    "bzip2.zip": lambda: _zip(zipfile.ZIP_BZIP2),
    "lzma.zip": lambda: _zip(zipfile.ZIP_LZMA),
    "a.docx": _docx,
    "parts.docx": _docx,
    "a.html": _page,
    "a.md": f"---\ntitle: 通报\n---\n# 通报\n{TEXT}\n\n| a | b |\n|---|---|\n".encode,
    "a.txt": TEXT.encode,
    "b.txt": lambda: TEXT.encode("gb18030"),
    "c.txt": lambda: TEXT.encode("utf-16"),
    "a.txt.meta.json": lambda: b'{"published_on": "2020-01-02"}',
}


@cache
def sound(name: str) -> bytes:
    """The bytes of a sound file."""
    return SOUND[name]()


def damaged(name: str, chance: random.Random) -> bytes:
    """A sound file with bytes changed, cut, moved or put in; for ``parts`` within one of its members."""
    payload = sound(name)
    if not name.startswith("parts"):
        return harmed(payload, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(payload)) as old, zipfile.ZipFile(out, "w") as new:
        hit = chance.choice([part for part in old.namelist() if part.endswith((".xml", ".rels"))])
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, harmed(content, chance) if part == hit else content)
    return out.getvalue()


def harmed(payload: bytes, chance: random.Random) -> bytes:
    """The same bytes after some accidents, more of them near the end, where archives keep their directory."""
    out = bytearray(payload)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        near_end = len(out) - 1 - int(chance.expovariate(1 / 60))
        at = near_end % len(out) if chance.random() < 0.4 else chance.randrange(len(out))
        chance.choice(ACCIDENTS)(out, at, chance)
        out = out or bytearray(b"x")
    return bytes(out)


def _change(out: bytearray, at: int, chance: random.Random) -> None:
    out[at] = chance.randrange(256)


def _flip(out: bytearray, at: int, chance: random.Random) -> None:
    out[at] ^= 1 << chance.randrange(8)


def _lose(out: bytearray, at: int, chance: random.Random) -> None:
    del out[at : at + chance.randrange(1, 40)]


def _cut(out: bytearray, at: int, chance: random.Random) -> None:
    del out[at + chance.randrange(2) :]


def _overwrite(out: bytearray, at: int, chance: random.Random) -> None:
    number = chance.choice(NUMBERS)
    out[at : at + len(number)] = number


def _repeat(out: bytearray, at: int, chance: random.Random) -> None:
    start, length = chance.randrange(len(out)), chance.randrange(1, 600)
    out[at:at] = out[start : start + length]


def _insert(out: bytearray, at: int, chance: random.Random) -> None:
    out[at:at] = chance.choice((*MARKUP, chance.randbytes(chance.randrange(1, 20))))


ACCIDENTS = (_change, _flip, _lose, _cut, _overwrite, _repeat, _insert)

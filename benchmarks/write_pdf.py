"""Write small PDFs by hand: lines of type at places, rules between them; no font is put in.

The type is Adobe's Song, for which every reader of PDFs has another and whose characters Unicode knows. `pdf`
makes the bytes of a document; tests and ``sample_pdf.py`` say what stands on its pages.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

FONT = b"""<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[<<
/Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light
/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>
/DW 1000/W[1 95 500]
/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -120 1000 880]
/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 80>>>>]>>"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its size, lines as (left, base line from the top, size, text), rules as (x0, y0, x1, y1).

    Attributes:
        extra: more entries of the page's dictionary, such as ``/Rotate 90``.
        turned: lines that run upwards, as (base line from the left, begin, size, text).
        down: lines that run from top to bottom, as (middle, top, size, text); characters stand upright.
        sideways: letters that are turned by the clock, as (base line from the left, begin, size, text).
    """

    width: float = 400
    height: float = 560
    lines: Sequence[tuple[float, float, float, str]] = ()
    rules: Sequence[tuple[float, float, float, float]] = ()
    extra: str = ""
    turned: Sequence[tuple[float, float, float, str]] = field(default=())
    down: Sequence[tuple[float, float, float, str]] = field(default=())
    sideways: Sequence[tuple[float, float, float, str]] = field(default=())


def pdf(
    pages: Sequence[Page], count: int | None = None, catalog: str = "", more: Sequence[bytes] = ()
) -> bytes:
    """A document of these pages; ``count`` is how many it claims to have.

    ``catalog`` are further entries of its catalog, ``more`` further objects, numbered from 4 and 2 a page on.
    """
    kids = " ".join(f"{4 + 2 * k} 0 R" for k in range(len(pages)))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages) if count is None else count}>>".encode(),
        FONT.replace(b"\n", b""),
    ]
    for page in pages:
        content = zlib.compress(_content(page).encode(), 9)
        number = len(objects) + 2
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page.width:g} {page.height:g}]{page.extra}"
            f"/Resources<</Font<</F 3 0 R{_font_down(page)}>>>>/Contents {number} 0 R>>".encode()
        )
        head = f"<</Length {len(content)}/Filter/FlateDecode>>\nstream\n".encode()
        objects.append(head + content + b"\nendstream")
    return file_of([*objects, *more])


def _font_down(page: Page) -> str:
    """The same type for lines from top to bottom, where a page has any."""
    vertical = FONT.replace(b"UniGB-UTF16-H", b"UniGB-UTF16-V").replace(b"\n", b"").decode()
    return f"/V {vertical}" if page.down else ""


def _content(page: Page) -> str:
    parts = [
        f"BT/F {size:g} Tf 1 0 0 1 {x:g} {page.height - y:g} Tm<{text.encode('utf-16-be').hex()}>Tj ET"
        for x, y, size, text in page.lines
    ]
    parts += [
        f"BT/F {size:g} Tf 0 1 -1 0 {x:g} {page.height - y:g} Tm<{text.encode('utf-16-be').hex()}>Tj ET"
        for x, y, size, text in page.turned
    ]
    parts += [
        f"BT/F {size:g} Tf 0 -1 1 0 {x:g} {page.height - y:g} Tm<{text.encode('utf-16-be').hex()}>Tj ET"
        for x, y, size, text in page.sideways
    ]
    parts += [
        f"BT/V {size:g} Tf 1 0 0 1 {x:g} {page.height - y:g} Tm<{text.encode('utf-16-be').hex()}>Tj ET"
        for x, y, size, text in page.down
    ]
    parts += [
        f"{x0:g} {page.height - y0:g} m {x1:g} {page.height - y1:g} l S" for x0, y0, x1, y1 in page.rules
    ]
    return "\n".join(parts)


def file_of(objects: Sequence[bytes]) -> bytes:
    """A document of these objects, numbered from 1; the first is its catalog."""
    out, places = bytearray(b"%PDF-1.5\n"), []
    for k, one in enumerate(objects):
        places.append(len(out))
        out += f"{k + 1} 0 obj\n".encode() + one + b"\nendobj\n"
    table = "".join(f"{at:010d} 00000 n \n" for at in places)
    size, begin = len(objects) + 1, len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
    return bytes(out) + f"trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{begin}\n%%EOF\n".encode()


def wrapped(text: str, ems: int, indent: int = 2) -> list[tuple[int, str]]:
    """The lines of a paragraph in Chinese with the indent of each; no closing mark begins a line."""
    out: list[tuple[int, str]] = []
    start, room, shift = 0, ems - indent, indent
    while start < len(text):
        end = _end(text, start, room)
        out.append((shift, text[start:end]))
        start, room, shift = end, ems, 0
    return out


def _end(text: str, start: int, room: int) -> int:
    end, used = start, 0.0
    while end < len(text) and used + width(text[end]) <= room:
        used += width(text[end])
        end += 1
    while end < len(text) and end > start + 1 and (text[end] in "，。、；：？！）》”" or _within(text, end)):
        end -= 1
    return max(end, start + 1)


def _within(text: str, end: int) -> bool:
    """Whether a number or a Latin word would be divided."""
    return text[end - 1].isascii() and text[end].isascii()


def width(sign: str) -> float:
    """How wide a character is, in sizes of the type."""
    return 0.5 if sign.isascii() else 1.0

"""PDFs whose font has a map from codes to characters that is broken in some way."""

from collections.abc import Sequence

from write_pdf import file_of

SHIFT = 0x49D0  # codes are those of Unicode, shifted by this, as those of many fonts are
FONT = b"""<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Song/Encoding/Identity-H/ToUnicode 6 0 R
/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Song
/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000
/FontDescriptor<</Type/FontDescriptor/FontName/ABCDEF+Song/Flags 6/FontBBox[0 -120 1000 880]
/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 80>>>>]>>"""
PAGE = b"""<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 560]/Contents 5 0 R
/Resources<</Font<</F 3 0 R>>/XObject<</I 7 0 R>>>>>>"""
HEAD = """/CIDInit/ProcSet findresource begin 12 dict begin begincmap
/CMapName/Adobe-Identity-UCS def/CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
"""
TAIL = "endcmap CMapName currentdict/CMap defineresource pop end end"


def code(sign: str) -> int:
    """The code of a character: Chinese is shifted, all else stands at the end."""
    return ord(sign) - SHIFT if 0x4E00 <= ord(sign) < 0xA000 else 0xF000 + ord(sign) % 0xF00


def told(text: str) -> str:
    """Entries of a map for each of these characters."""
    rows = [f"<{code(sign):04X}> <{sign.encode('utf-16-be').hex()}>" for sign in dict.fromkeys(text)]
    return f"{len(rows)} beginbfchar\n" + "\n".join(rows) + "\nendbfchar\n"


def over_blocks(text: str) -> str:
    """A range for each ideograph that begins 256 codes before it, and entries for the other characters."""
    signs = [sign for sign in dict.fromkeys(text) if "\u4e00" <= sign < "\ua000"]
    rows = [f"<{code(one) - 256:04X}> <{code(one):04X}> <{ord(one) - 256:04X}>" for one in signs]
    ranges = f"{len(rows)} beginbfrange\n" + "\n".join(rows) + "\nendbfrange\n"
    return ranges + told("".join(sign for sign in text if sign not in signs))


def mapped(lines: Sequence[str], entries: str, picture: Sequence[bytes] = ()) -> bytes:
    """A page with lines in a font whose map has these entries; before a picture, if given as an object."""
    shown = "\n".join(
        f"BT/F 10 Tf 1 0 0 1 40 {480 - 16 * k} Tm<{''.join(f'{code(sign):04X}' for sign in line)}>Tj ET"
        for k, line in enumerate(lines)
    )
    if picture:
        shown = f"q 400 0 0 560 0 0 cm /I Do Q BT 3 Tr ET {shown}"
    return file_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
            FONT.replace(b"\n", b""),
            PAGE.replace(b"\n", b""),
            *(_stream(part) for part in (shown, HEAD + entries + TAIL)),
            *picture,
        ]
    )


def _stream(text: str) -> bytes:
    content = text.encode("latin-1")
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)

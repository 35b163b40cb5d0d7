"""An OpenDocument of a bad will: it shows an image of a server, takes over texts, and runs a macro."""

from collections.abc import Iterable
from pathlib import Path

from write_odt import open_document

EVENTS = "".join(
    f'<script:event-listener script:language="ooo:script" script:event-name="{name}" xlink:type="simple" '
    'xlink:href="vnd.sun.star.script:Standard.M.Evil?language=Basic&amp;location=document"/>'
    for name in ("dom:load", "office:load-finished", "office:view-created", "office:copy-to", "dom:unload")
)
SCRIPTED = f"<office:scripts><office:event-listeners>{EVENTS}</office:event-listeners></office:scripts>"
OOO = "http://openoffice.org/2000"
MACRO = (
    f'<!DOCTYPE a PUBLIC "a" "module.dtd"><script:module xmlns:script="{OOO}/script" script:name="M" '
    'script:language="StarBasic">Sub Evil\nOpen "{}" For Output As #1\nPrint #1, "a"\nClose #1\nEnd Sub'
    "</script:module>"
)
LIBRARY = (
    f'<library:library xmlns:library="{OOO}/library" library:name="Standard">'
    '<library:element library:name="M"/></library:library>'
)
LIBRARIES = (
    f'<library:libraries xmlns:library="{OOO}/library">'
    '<library:library library:name="Standard" library:link="false"/></library:libraries>'
)


def hostile_document(image: str, links: Iterable[str], written: Path) -> bytes:
    """A document that shows an image, takes over texts from elsewhere, and whose macro writes a file."""
    frame = f'<draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="{image}"/></draw:frame>'
    sections = [
        f'<text:section text:name="S{k}"><text:section-source xlink:type="simple" xlink:href="{link}"/>'
        "<text:p>旧</text:p></text:section>"
        for k, link in enumerate(links)
    ]
    basic = {
        "Basic/script-lc.xml": LIBRARIES,
        "Basic/Standard/script-lb.xml": LIBRARY,
        "Basic/Standard/M.xml": MACRO.replace("{}", str(written)),
    }
    text = f"<text:p>通报{frame}。</text:p>" + "".join(sections)
    return open_document(text, SCRIPTED, more=basic)

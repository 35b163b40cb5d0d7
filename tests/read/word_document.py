"""Write DOCX by hand: the body, and the parts beside it."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_document(body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A document with this body, and parts by their names: ``numbering``, ``footnotes``, ``styles``."""
    from docx import Document  # noqa: PLC0415 - only documents need it

    plain, out, parts = BytesIO(), BytesIO(), parts or {}
    Document().save(plain)
    files = {f"word/{name}.xml": _root(name, content) for name, content in parts.items()}
    files["word/document.xml"] = _root("document", f"<w:body>{body}</w:body>")
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *files}:
            content = files[name] if name in files else old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/_rels/document.xml.rels":
                content = content.replace("</Relationships>", _relations(parts) + "</Relationships>")
            if name == "[Content_Types].xml":
                content = content.replace("</Types>", _types(parts) + "</Types>")
            new.writestr(name, content.encode("utf-8", "surrogateescape"))
    return out.getvalue()


def _root(name: str, content: str) -> str:
    return f'<w:{name} xmlns:w="{W}">{content}</w:{name}>'


def _relations(parts: Mapping[str, str]) -> str:
    """Relations to parts that an empty document lacks."""
    return "".join(
        f'<Relationship Id="own{k}" Type="{TYPES}/{name}" Target="{name}.xml"/>'
        for k, name in enumerate(parts)
        if name in ("footnotes", "endnotes")
    )


def _types(parts: Mapping[str, str]) -> str:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    return "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{kind}.{name}+xml"/>'
        for name in parts
        if name in ("footnotes", "endnotes")
    )

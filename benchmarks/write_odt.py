"""Write OpenDocument files by hand: the content, and what else stands in the archive.

`FULL` has all that a report can have; `WANTED` is what a reader would call it.
"""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from etl.model.report import Mark

ODF = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    [
        f'xmlns:{name}="{ODF}:{name}:1.0"'
        for name in ("office", "style", "text", "table", "manifest", "script")
    ]
    + [f'xmlns:draw="{ODF}:drawing:1.0" xmlns:fo="{ODF}:xsl-fo-compatible:1.0"']
    + [f'xmlns:svg="{ODF}:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"']
    + ['xmlns:dc="http://purl.org/dc/elements/1.1/"']
)
MIMETYPE = "application/vnd.oasis.opendocument.text"


def open_document(
    text: str, before: str = "", styles: str = "", more: Mapping[str, str] | None = None, said: str = ""
) -> bytes:
    """A document with this text.

    Args:
        text: elements of the body.
        before: elements before the body: automatic styles, scripts.
        styles: elements of the file of styles; "" for no such file.
        more: further files by their names.
        said: what the manifest says of the content beside its type.
    """
    files = {
        "content.xml": _root(
            "content", f"{before}<office:body><office:text>{text}</office:text></office:body>"
        )
    }
    files |= {"styles.xml": _root("styles", styles)} if styles else {}
    files |= more or {}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("META-INF/manifest.xml", _manifest(files, said))
    return out.getvalue()


def _root(kind: str, content: str) -> str:
    return f'<office:document-{kind} {SPACES} office:version="1.2">{content}</office:document-{kind}>'


def _manifest(files: Mapping[str, str], said: str) -> str:
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}">{}</manifest:file-entry>'
    entries = [entry.format("/", MIMETYPE, "")]
    entries += [entry.format(name, "text/xml", said if name == "content.xml" else "") for name in files]
    return f'<manifest:manifest {SPACES} manifest:version="1.2">{"".join(entries)}</manifest:manifest>'


BEFORE = """<office:automatic-styles>
<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-suffix="、"
 style:num-format="一, 二, 三, ..."/><text:list-level-style-number text:level="2" style:num-prefix="（"
 style:num-suffix="）" style:num-format="1"/></text:list-style>
<style:style style:name="B" style:family="paragraph">
<style:paragraph-properties fo:break-before="page"/></style:style>
<style:style style:name="S" style:family="section"><style:section-properties>
<style:columns fo:column-count="2"/></style:section-properties></style:style></office:automatic-styles>"""
STYLES = """<office:styles><style:style style:name="Title" style:family="paragraph"/>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"
 style:default-outline-level="1"/></office:styles>
<office:automatic-styles><style:page-layout style:name="P"><style:header-style/><style:footer-style/>
</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="P">
<style:header><text:p>内部资料</text:p></style:header>
<style:footer><text:p>第<text:page-number>1</text:page-number>页</text:p></style:footer>
</style:master-page></office:master-styles>"""
CHANGED = (
    "<office:change-info><dc:creator>甲</dc:creator><dc:date>2023-01-01T00:00:00</dc:date>"
    "</office:change-info>"
)
NOTE = (
    '<text:note text:note-class="{0}"><text:note-citation>1</text:note-citation>'
    "<text:note-body><text:p>{1}</text:p></text:note-body></text:note>"
)


def row(*cells: str) -> str:
    """A row of a table; a cell "=" spans two columns."""
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    spans = ' table:number-columns-spanned="2"'
    inner = [
        f"{cell.format(spans, one[1:])}<table:covered-table-cell/>"
        if one[:1] == "="
        else cell.format("", one)
        for one in cells
    ]
    return f"<table:table-row>{''.join(inner)}</table:table-row>"


TEXT = f"""<text:tracked-changes>
<text:changed-region text:id="c1"><text:deletion>{CHANGED}<text:p>三千元</text:p></text:deletion>
</text:changed-region><text:changed-region text:id="c2"><text:insertion>{CHANGED}</text:insertion>
</text:changed-region></text:tracked-changes>
<text:p text:style-name="Title">青河县水利建设简报</text:p>
<text:h text:style-name="Heading_20_1" text:outline-level="1">渠道修复进展</text:h>
<text:p>全县修复老旧渠道{NOTE.format("footnote", "以普查为准。")}。</text:p>
<text:p>资金共<text:change text:change-id="c1"/><text:change-start text:change-id="c2"/>五千元<text:change-end
 text:change-id="c2"/>，由各村筹集。</text:p>
<text:list text:style-name="L"><text:list-item><text:p>清淤护坡</text:p></text:list-item><text:list-item>
<text:p>砌石加固</text:p><text:list><text:list-item><text:p>石桥镇先行</text:p></text:list-item></text:list>
</text:list-item></text:list>
<table:table><table:table-column table:number-columns-repeated="3"/>{row("乡镇", "渠道", "长度")}
{row("柳树镇", "", "18.6")}{row("=合计", "29.8")}</table:table>
<text:section text:style-name="S" text:name="S"><text:p>用水办法也改变了{
    NOTE.format("endnote", "由村民议定。")
}。</text:p></text:section>
<text:p>框外。<draw:frame svg:width="4cm" svg:height="2cm"><draw:text-box><text:p>框内。</text:p>
</draw:text-box></draw:frame></text:p><text:p>第一行<text:line-break/>第二行<text:tab/>制表</text:p>
<text:p text:style-name="B">换页以后。</text:p>"""
FULL = open_document(TEXT, BEFORE, STYLES)
WANTED: list[tuple[Mark | None, str]] = [
    ("title", "青河县水利建设简报"),
    ("heading", "渠道修复进展"),
    (None, "全县修复老旧渠道¹。"),
    ("note", "¹以普查为准。"),
    (None, "资金共五千元，由各村筹集。"),
    ("item", "一、清淤护坡"),
    ("item", "二、砌石加固"),
    ("item", "（1）石桥镇先行"),
    ("row", "乡镇\t渠道\t长度"),
    ("row", "柳树镇\t\t18.6"),
    ("row", "合计\t\t29.8"),
    (None, "用水办法也改变了[i]。"),
    ("note", "[i]由村民议定。"),
    (None, "框外。"),
    (None, "框内。"),
    (None, "第一行"),
    (None, "第二行\t制表"),
    (None, "换页以后。"),
]

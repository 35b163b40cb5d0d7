"""Write a report as TEI P5: its text with paragraphs, entities and corrections, and where it came from.

`write_tei` is the way in. What a paragraph of a kind becomes stands in `_Body`, what an entity becomes in
`tei_inline`.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

from lxml import etree

from etl.export import tei_inline
from etl.export.placed_changes import PlacedChanges, place_changes
from etl.export.xml_text import TEI, XML, Element, add_element, make_element
from etl.model.mentions import Entity
from etl.model.report import Report, ReportParagraph
from etl.rules.explain import words

LANGUAGES = {"hans": "zh-Hans", "hant": "zh-Hant"}
PROGRAM = "report-etl"
# Kinds of paragraphs that TEI has elements for, but only before and behind all others of a division.
EDGES = {"byline": "byline", "dateline": "dateline", "salutation": "salute"}


def write_tei(report: Report) -> bytes:
    """Return the report as a TEI document, in UTF-8."""
    made = place_changes(report)
    root = etree.Element(f"{{{TEI}}}TEI", nsmap={None: TEI})
    root.set(f"{{{XML}}}lang", LANGUAGES.get(report.canonical_script, "zh"))
    root.append(_header(report, made))
    text = add_element(root, "text")
    left = _Body(report, made).fill(add_element(text, "body"))
    _back(text, [words(one, made.where) for one in made.others], left)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


Section = Sequence[tuple[int, ReportParagraph]]


class _Body:
    """The text of a report as divisions, one for what begins it and one for each heading."""

    def __init__(self, report: Report, made: PlacedChanges) -> None:
        self._report = report
        self._inline = tei_inline.Inline(report, made)

    def fill(self, body: Element) -> list[Entity]:
        """Write all paragraphs, and return the entities that could not be marked."""
        whole = add_element(body, "div", type_="report")
        first, *others = _sections(self._report.paragraphs)
        self._section(whole, first, closed=not others)
        for section in others:
            self._section(add_element(whole, "div"), section, closed=True)
        return self._inline.left

    def _section(self, div: Element, section: Section, *, closed: bool) -> None:
        """Write a section; elements of a division's end are used only where it is closed with the section."""
        inside = [at for at, (_, one) in enumerate(section) if not _is_edge(one) and not _is_head(one)]
        first, last = (inside[0], inside[-1]) if inside else (len(section), len(section))
        for at, (number, paragraph) in enumerate(section):
            made = self._element(paragraph, edge=at < first or (at > last and closed))
            made.set("n", str(number))
            self._inline.fill(made, paragraph)
            div.append(made)

    def _element(self, paragraph: ReportParagraph, *, edge: bool) -> Element:
        """Return the element of a paragraph; some are allowed only at the edge of a division."""
        kind = paragraph.kind
        if _is_head(paragraph):
            return make_element("head", type_=kind)
        if kind in EDGES and edge:
            return make_element(EDGES[kind])
        if kind in {"note", "footnote"}:
            return make_element("note", type_=kind)
        return make_element("p") if kind == "body" else make_element("ab", type_=kind)


def _sections(paragraphs: Iterable[ReportParagraph]) -> Iterator[list[tuple[int, ReportParagraph]]]:
    """Yield sections of numbered paragraphs; a heading after something else begins a new one."""
    section: list[tuple[int, ReportParagraph]] = []
    for numbered in enumerate(paragraphs):
        if _is_head(numbered[1]) and any(not _is_head(one) for _, one in section):
            yield section
            section = []
        section.append(numbered)
    yield section


def _is_head(paragraph: ReportParagraph) -> bool:
    return paragraph.kind in {"title", "heading"}


def _is_edge(paragraph: ReportParagraph) -> bool:
    return paragraph.kind in EDGES


def _header(report: Report, made: PlacedChanges) -> Element:
    header = make_element("teiHeader")
    file = add_element(header, "fileDesc")
    titles = add_element(file, "titleStmt")
    _names(titles, report)
    if any(map(tei_inline.by_a_person, report.edits)):
        person = add_element(titles, "respStmt")
        person.set(f"{{{XML}}}id", tei_inline.READER)
        add_element(person, "resp", "corrections and decisions")
        add_element(person, "name", "readers")
    published = add_element(file, "publicationStmt")
    add_element(published, "publisher", PROGRAM)
    add_element(published, "idno", report.id, type_="report")
    source = add_element(add_element(file, "sourceDesc"), "bibl")
    _names(source, report)
    if report.published_on:
        add_element(source, "date", report.published_on, when=report.published_on)
    add_element(source, "idno", report.source.uri, type_="URI")
    add_element(source, "idno", report.source.sha256, type_="SHA-256")
    _encoding(add_element(header, "encodingDesc"), report, made)
    _profile(add_element(header, "profileDesc"), report)
    return header


def _names(parent: Element, report: Report) -> None:
    add_element(parent, "title", report.title)
    for author in report.authors:
        add_element(parent, "author", author)


def _encoding(parent: Element, report: Report, made: PlacedChanges) -> None:
    """Write who changed the text, and what."""
    program = add_element(
        add_element(parent, "appInfo"), "application", ident=PROGRAM, version=version(PROGRAM)
    )
    program.set(f"{{{XML}}}id", "etl")
    add_element(program, "label", PROGRAM)
    declared = add_element(parent, "editorialDecl")
    count = len(made.placed) + len(made.others)
    add_element(
        add_element(declared, "correction"),
        "p",
        f"{count} changes, {len(made.placed)} of them marked in the text.",
    )
    scripts = f"Found in the script {report.script}, given in {report.canonical_script}."
    add_element(add_element(declared, "normalization"), "p", scripts)


def _profile(parent: Element, report: Report) -> None:
    add_element(
        add_element(parent, "langUsage"), "language", ident=LANGUAGES.get(report.canonical_script, "zh")
    )
    if report.keywords:
        keywords = add_element(add_element(parent, "textClass"), "keywords", scheme="#etl")
        for one in report.keywords:
            add_element(keywords, "term", one)


def _back(text: Element, changes: Sequence[str], left: Sequence[Entity]) -> None:
    """Write what could not be marked in the text: changes as sentences, entities with their offsets."""
    lists = (
        ("changes", changes),
        ("mentions", [f"{one.key}: {one.text} ({one.start} to {one.end})" for one in left]),
    )
    back = make_element("back")
    for name, items in lists:
        if items:
            found = add_element(add_element(back, "div", type_=name), "list")
            for item in items:
                add_element(found, "item", item)
    if len(back):
        text.append(back)

"""What people filled in a form is part of the text, where they see it; nothing else of a form is."""

from collections.abc import Sequence

import pytest
from write_pdf import Page, pdf

import etl
from etl.model.errors import RejectError
from etl.model.report import RawReport, Reading
from etl.read import Limits, read

REASON = "家中老人住院需要陪护三天，特此请假，望批准，回来以后补上落下的工作。"
LABELS = [
    (40, 80, 10, "请假申请表"),
    (40, 110, 10, "姓名："),
    (40, 130, 10, "事由："),
    (40, 200, 10, "以上所填属实，请予批准，并按规定登记备案。"),
]
NAME_BOX, REASON_BOX = (70, 446, 200, 460), (70, 380, 270, 442)
IMAGE = b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1"
PICTURE = b"<<" + IMAGE + b">>\nstream\n\xf0\nendstream"


def widget(box: Sequence[float], kind: str, value: str = "", more: str = "/F 4") -> bytes:
    """A field at left, bottom, right and top; its value is text, or a name where it begins with a slash."""
    said = value if value[:1] in ("", "/") else string(value)
    corners = " ".join(map(str, box))
    return (
        f"<</Type/Annot/Subtype/Widget/Rect[{corners}]/FT/{kind}/T(f{box[0]}-{box[1]})"
        f"{f'/V {said}' if said else ''}/DA(/F 10 Tf 0 g){more}>>"
    ).encode()


def string(text: str) -> str:
    """A text as it stands in a file."""
    return f"<feff{text.encode('utf-16-be').hex()}>"


def form(*fields: bytes, lines: Sequence[tuple[float, float, float, str]] = LABELS, extra: str = "") -> bytes:
    """A page with these fields."""
    names = " ".join(f"{6 + k} 0 R" for k in range(len(fields)))
    page = Page(lines=lines, extra=f"/Annots[{names}]{extra}")
    return pdf([page], catalog=f"/AcroForm<</Fields[{names}]/DR<</Font<</F 3 0 R>>>>>>", more=fields)


def reading(payload: bytes, limits: Limits = Limits()) -> Reading:  # noqa: B008 - frozen
    """What a PDF says."""
    return read(RawReport("file:///a.pdf", "application/pdf", payload), limits)


def lines(payload: bytes) -> list[str]:
    """The lines of a PDF, without blanks."""
    return reading(payload).text.replace(" ", "").split("\n")


def test_values_stand_beside_their_labels() -> None:
    """A value is read after what is printed before its field, a long one as the paragraph that it is."""
    found = etl.process(
        form(widget(NAME_BOX, "Tx", "王建国"), widget(REASON_BOX, "Tx", REASON, "/F 4/Ff 4096")),
        uri="memory:a.pdf",
    )
    said = [one.text.replace(" ", "") for one in found.paragraphs]

    assert said == ["请假申请表", "姓名：王建国", f"事由：{REASON}", LABELS[3][3]]
    box = found.page_boxes(found.text.index("王建国"), found.text.index("王建国") + 3)[0]
    assert (70 <= box.x0 < box.x1 <= 200, 100 <= box.top < box.bottom <= 114) == (True, True)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (
            widget(
                NAME_BOX, "Ch", "b", f"/F 4/Ff 131072/Opt[[(a){string('柳树镇')}][(b){string('石桥镇')}]]"
            ),
            "石桥镇",
        ),
        (widget(NAME_BOX, "Ch", "上坪乡", f"/F 4/Ff 393216/Opt[{string('柳树镇')}]"), "上坪乡"),
        (widget(NAME_BOX, "Btn", "/Yes", "/F 4/AS/Yes/AP<</N<</Yes 3 0 R/Off 3 0 R>>>>"), "✓"),
        (widget(NAME_BOX, "Btn", "/Off", "/F 4/AS/Off/AP<</N<</Yes 3 0 R/Off 3 0 R>>>>"), ""),
        (widget(NAME_BOX, "Btn", "", f"/F 4/Ff 65536/MK<</CA{string('打印')}>>"), ""),
        (widget(NAME_BOX, "Tx", "secret", "/F 4/Ff 8192"), ""),
        (widget(NAME_BOX, "Tx", "王建国", "/F 2"), ""),
        (widget(NAME_BOX, "Tx", "王建国", "/F 32"), ""),
        (widget((70, 446, 200, 446), "Tx", "王建国"), ""),
        (widget((470, 446, 600, 460), "Tx", "王建国"), ""),
        (widget(NAME_BOX, "Tx", "王\u200b建\t国\r"), "王建国"),
    ],
    ids=[
        "chosen",
        "typed",
        "ticked",
        "not ticked",
        "button",
        "password",
        "hidden",
        "not shown",
        "flat",
        "beside the page",
        "blanks",
    ],
)
def test_kinds_of_fields(field: bytes, said: str) -> None:
    """What a reader of the form sees filled in is read, and nothing that only works the form."""
    assert f"姓名：{said}" in lines(form(field))


def test_value_of_a_parent() -> None:
    """A field that is shown in two places says its value in both."""
    kid = "<</Type/Annot/Subtype/Widget/F 4/Parent 6 0 R/Rect[70 {} 200 {}]>>"
    field = f"<</FT/Tx/T(a)/V{string('王建国')}/DA(/F 10 Tf)/Kids[7 0 R 8 0 R]>>".encode()
    kids = [kid.format(446, 460).encode(), kid.format(426, 440).encode()]
    payload = form(field, *kids).replace(b"/Fields[6 0 R 7 0 R 8 0 R]", b"/Fields[6 0 R            ]")

    assert lines(payload)[1:3] == ["姓名：王建国", "事由：王建国"]


def test_value_that_the_page_prints() -> None:
    """A value that the page itself has printed in its field is read once."""
    printed = [*LABELS, (72, 110, 10, "王建国")]

    assert lines(form(widget(NAME_BOX, "Tx", "王建国"), lines=printed)) == lines(form(lines=printed))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages(turn: int) -> None:
    """A value on a page that is shown turned stands where it stands on the page held upright."""
    assert "姓名：王建国" in lines(form(widget(NAME_BOX, "Tx", "王建国"), extra=f"/Rotate {turn}"))


def test_page_of_fields_alone() -> None:
    """A page on which nothing is printed but fields is read."""
    assert lines(form(widget(NAME_BOX, "Tx", "王建国"), lines=())) == ["王建国"]


def test_fields_on_a_scan() -> None:
    """A page that is a picture stays a scan with fields on it, whose picture shows them to recognition."""
    drawn = b"<</Length 30>>\nstream\nq 400 0 0 560 0 0 cm /X Do Q   \nendstream"
    payload = form(widget(NAME_BOX, "Tx", "王建国"), PICTURE, drawn, lines=())
    payload = payload.replace(b"/Resources<<", b"/Resources<</XObject<</X 7 0 R>>").replace(
        b"5 0 R>>", b"8 0 R>>"
    )
    with pytest.raises(RejectError) as caught:
        reading(payload, Limits(ocr=False))

    assert caught.value.reason == "scan"


def test_lines_as_typed() -> None:
    """A line of a value is a paragraph, however long, joined to none; no type stands beyond the field."""
    typed = [f"{REASON}{REASON}{REASON}", "工作已交接给李明", "清单附后", *map(str, range(20))]
    found = reading(form(widget(REASON_BOX, "Tx", "\r\r".join(typed), "/F 4/Ff 4096")))

    assert found.text.replace(" ", "").split("\n")[2:-1] == [f"事由：{typed[0]}", *typed[1:]]
    assert set(found.line_ends[2:]) == {"end"}
    assert max(one.x1 for one in found.layout.stretches if one.start >= found.text.index("家中")) <= 270


def test_values_count_as_characters() -> None:
    """A value that is longer than a page may be is refused as a page of so many characters."""
    with pytest.raises(RejectError, match="max_characters") as caught:
        reading(form(widget(NAME_BOX, "Tx", REASON * 20)), Limits(signs=200))

    assert caught.value.reason == "pdf limit"

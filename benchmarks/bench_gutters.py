"""How often type of two columns is taken for one line in scans, and how often that is mended.

usage: bench_gutters.py [--shared FOLDER] [--seed 1] [--pages 20]

Needs the extra `ocr` and pymupdf. `set_pages.py` sets pages of two to four columns, which are scanned as in
``bench_scans.py``. The engine finds boxes of type in them; the text layer tells of which lines each is.
`spanning` are boxes with two or more, `cut` those of them that `etl.read.pdf.gutters` cuts, `false` others
that it cuts. A second of a core a page.
"""

import argparse
import math
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench_pdf import articles
from bench_repair import SHARED
from bench_scans import scanner
from pypdfium2 import PdfDocument
from set_pages import compose, typeset

from etl.read import Limits
from etl.read.pdf.engine import gray_picture, open_document, read_drawing
from etl.read.pdf.gutters import Corners, split_at_gutters
from etl.read.pdf.lines import lines_of
from etl.read.pdf.page import TypeLine
from etl.read.pdf.recognizer import PageImage

EYE = 0.35  # of the size: how far above the base line the middle of type is
Place = tuple[float, float]


def pages(shared: Path, count: int, seed: int) -> Iterator[tuple[bytes, bytes, float]]:
    """Pages in columns: the PDF, its scan, and by how many degrees that is turned."""
    known, rng, path = articles(shared), random.Random(seed), Path(tempfile.mkdtemp()) / "set.pdf"
    while count:
        _, layout = typeset(compose(known, rng), rng, path)
        if len(PdfDocument(path)) == 1 and layout.columns > 1:
            how = scanner(rng)
            yield path.read_bytes(), how.scanned(path), how.skew
            count -= 1


def places(payload: bytes, skew: float) -> list[Sequence[Place]]:
    """Three places in each line of a page, where the scan has them."""
    document = open_document(payload)
    shown = read_drawing(document, 0, Limits(), None)
    document.close()
    if shown is None:
        return []
    angle, x0, y0 = math.radians(skew), shown.width / 2, shown.height / 2

    def turned(x: float, y: float) -> Place:
        sine, cosine = math.sin(angle), math.cos(angle)
        return x0 + (x - x0) * cosine + (y - y0) * sine, y0 - (x - x0) * sine + (y - y0) * cosine

    def within(line: TypeLine) -> Sequence[Place]:
        y, half = line.base - EYE * line.size, line.size / 2
        xs = line.box.x0 + half, (line.box.x0 + line.box.x1) / 2, max(line.box.x1 - half, line.box.x0)
        return [turned(x, y) for x in xs]

    return [within(line) for line in lines_of(shown.glyphs, 0, shown.strokes)]


def holds(box: Corners, place: Place) -> bool:
    """Whether a place is in a box."""
    turns = [
        (next_[0] - one[0]) * (place[1] - one[1]) - (next_[1] - one[1]) * (place[0] - one[0])
        for one, next_ in zip(box, [*box[1:], box[0]], strict=True)
    ]
    return all(turn >= 0 for turn in turns) or all(turn <= 0 for turn in turns)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=20)
    args = parser.parse_args()
    boxes_of_all = spanning = cut = false = 0
    for payload, scan, skew in pages(args.shared, args.pages, args.seed):
        document = open_document(scan)
        picture = gray_picture(document, 0)
        document.close()
        image, lines = PageImage(picture), places(payload, skew)
        boxes = image.find_boxes()
        kept = split_at_gutters(boxes, image.whites)
        for box in boxes:
            points = [[x * picture.scale, y * picture.scale] for x, y in box]
            spans = sum(sum(holds(points, place) for place in line) > 1 for line in lines) > 1
            spanning += spans
            cut += spans and box not in kept
            false += not spans and box not in kept
        boxes_of_all += len(boxes)
    print(f"{args.pages} pages, {boxes_of_all} boxes: {spanning} spanning, {cut} of them cut, {false} false")


if __name__ == "__main__":
    main()

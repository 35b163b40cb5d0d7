"""Recognize words with boxes and confidences in the picture of a page, by the engine of the extra ``ocr``.

`RecognitionCache` keeps the words of each page in a file, so that a scan of many pages continues where it
stopped. Another engine is another `_engine` that finds quadrangles and recognizes what is in them.
"""

import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from etl.no_telemetry import forbid_telemetry
from etl.read.pdf.gutters import Corners, split_at_gutters
from etl.read.pdf.recognition import Picture, RecognizedWord

ENGINE = "rapidocr"
OURS = 2  # the version of how the engine is asked, for what is kept
LEAST_CONFIDENCE = 0.6  # what is less sure is a stain
FEWEST_DARK = 2  # pixels of a column of a picture that are ink, not noise
# Of the grays of a box, from its darkest pixels: which is the gray of ink.
INK = 2.0  # per cent
log = logging.getLogger(__name__)


def is_installed() -> bool:
    """Check whether the engine of the extra ``ocr`` is installed."""
    return find_spec(ENGINE) is not None


@dataclass(frozen=True, slots=True)
class RecognitionCache:
    """The recognized words of a document, kept in a folder with one file a page.

    Attributes:
        folder: where the files are; None keeps nothing.
        name: identifies the document by its content.
    """

    folder: str | None
    name: str

    def words(self, picture: Picture, of: int) -> tuple[RecognizedWord, ...]:
        """Return the words of a page, one of ``of``, from its file if it was recognized before."""
        path = self._path(picture.page)
        if path is not None and path.exists():
            return tuple(_word(row) for row in json.loads(path.read_text(encoding="utf-8")))
        found = tuple(recognize_page(picture))
        log.info("page %d of %d read by character recognition", picture.page + 1, of)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            begun = path.with_suffix(f".{os.getpid()}")
            begun.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
            begun.replace(path)
        return found

    def _path(self, page: int) -> Path | None:
        """Return the file of a page for the installed version of the engine; None where nothing is kept."""
        if self.folder is None:
            return None
        try:
            engine = version(ENGINE)
        except PackageNotFoundError:
            return None
        return Path(self.folder, f"{self.name[:40]}-{engine}-{OURS}", f"{page + 1}.json")


def _word(row: list[Any]) -> RecognizedWord:
    corners, text, confidence = row
    return RecognizedWord(tuple((float(x), float(y)) for x, y in corners), str(text), float(confidence))


@cache
def _engine() -> Any:  # noqa: ANN401 - the engine has no types
    """Return the recognition engine with the models of its package, loaded once a process.

    One thread: a second makes a page little sooner and takes half as much again. One line at a time: lines
    that are recognized together are as wide as the widest.
    """
    forbid_telemetry()
    # Here, because it takes seconds and a gigabyte that only scans need.
    from rapidocr import RapidOCR  # noqa: PLC0415

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "Rec.rec_batch_num": 1,
        }
    )


def recognize_page(picture: Picture) -> Iterator[RecognizedWord]:
    """Yield the words recognized on a page, in the order of the engine."""
    image = PageImage(picture)
    boxes = split_at_gutters(image.find_boxes(), image.whites)
    for corners, (text, confidence) in zip(boxes, image.recognize(boxes), strict=True):
        if text.strip() and confidence >= LEAST_CONFIDENCE:
            places = tuple((x * picture.scale, y * picture.scale) for x, y in corners)
            yield RecognizedWord(places, text, round(confidence, 4))


class PageImage:
    """The picture of a page as the engine wants it; boxes are counted in pixels."""

    def __init__(self, picture: Picture) -> None:
        import numpy as np  # noqa: PLC0415 - only scans need it here

        self._grays = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width)
        self._colours = np.repeat(self._grays[:, :, np.newaxis], 3, axis=2)

    def find_boxes(self) -> list[Corners]:
        """Return the boxes of type that the engine finds."""
        found = _engine()(self._colours, use_det=True, use_cls=False, use_rec=False)
        boxes: list[Corners] = [] if found.boxes is None else found.boxes.tolist()
        return boxes

    def recognize(self, boxes: Sequence[Corners]) -> list[tuple[str, float]]:
        """Return text and confidence of what is in each box."""
        if not boxes:
            return []
        said = _engine().recognize_txt([_cut(self._colours, box) for box in boxes])
        return [(str(text), float(sure)) for text, sure in zip(said.txts, said.scores, strict=True)]

    def whites(self, box: Corners) -> Sequence[tuple[float, float]]:
        """Return the stretches of a box without ink, as shares of its width."""
        import numpy as np  # noqa: PLC0415 - as above

        cut = _cut(self._grays, box)
        edge = (np.median(cut) + np.percentile(cut, INK)) / 2
        clear = (cut < edge).sum(axis=0) < FEWEST_DARK
        steps = np.flatnonzero(np.diff(np.concatenate(([False], clear, [False])).astype(np.int8)))
        return [(start / len(clear), end / len(clear)) for start, end in steps.reshape(-1, 2).tolist()]


def _cut(picture: Any, box: Corners) -> Any:  # noqa: ANN401 - arrays of numpy
    """Return what is in a box, upright; turned a quarter where it is higher than wide."""
    import numpy as np  # noqa: PLC0415 - as above
    from rapidocr.utils.process_img import get_rotate_crop_image  # noqa: PLC0415 - as above

    return get_rotate_crop_image(picture, np.array(box, np.float32))

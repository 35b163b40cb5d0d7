"""Make scans of PDFs: each page drawn, turned a little, grayed and made noisy, in a PDF of pictures only."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image
from write_pdf import file_of

POINTS = 72
WHITE = 255


@dataclass(frozen=True, slots=True)
class Scanner:
    """How pages are scanned.

    Attributes:
        dots: an inch.
        skew: degrees against the clock.
        noise: standard deviation of each dot, in grays.
        paper: the gray of white paper.
        quality: of the JPEG.
        seed: of the noise.
    """

    dots: int = 200
    skew: float = 0.7
    noise: float = 9.0
    paper: int = 238
    quality: int = 40
    seed: int = 7

    def scan(self, source: bytes | Path, page: int) -> Image.Image:
        """A page of a PDF, from 0, as this scanner sees it."""
        shown = pypdfium2.PdfDocument(source)[page].render(scale=self.dots / POINTS, grayscale=True)
        turned = (
            shown.to_pil().convert("L").rotate(self.skew, resample=Image.Resampling.BICUBIC, fillcolor=WHITE)
        )
        grays = np.asarray(turned, np.float32) * (self.paper / WHITE)
        noisy = grays + np.random.default_rng(self.seed).normal(0, self.noise, grays.shape)
        return Image.fromarray(np.clip(noisy, 0, WHITE).astype(np.uint8))

    def document(self, images: Sequence[Image.Image]) -> bytes:
        """A PDF whose pages show these pictures and have no text."""
        kids = " ".join(f"{3 + 3 * k} 0 R" for k in range(len(images)))
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            f"<</Type/Pages/Kids[{kids}]/Count {len(images)}>>".encode(),
        ]
        for image in images:
            objects += self._page(image, len(objects) + 1)
        return file_of(objects)

    def _page(self, image: Image.Image, number: int) -> list[bytes]:
        """The objects of a page, numbered from ``number``: itself, what it draws, its picture."""
        width, height = (side * POINTS / self.dots for side in image.size)
        content = f"q {width:.1f} 0 0 {height:.1f} 0 0 cm /I Do Q".encode()
        page = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.1f} {height:.1f}]"
            f"/Resources<</XObject<</I {number + 2} 0 R>>>>/Contents {number + 1} 0 R>>"
        )
        drawn = b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)
        return [page.encode(), drawn, self.picture(image)]

    def picture(self, image: Image.Image) -> bytes:
        """A picture as an object of a PDF."""
        out = io.BytesIO()
        image.save(out, "JPEG", quality=self.quality)
        head = (
            f"<</Type/XObject/Subtype/Image/Width {image.width}/Height {image.height}"
            f"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length {out.tell()}>>\nstream\n"
        )
        return head.encode() + out.getvalue() + b"\nendstream"

    def scanned(self, source: bytes | Path) -> bytes:
        """A scan of a whole PDF."""
        count = len(pypdfium2.PdfDocument(source))
        return self.document([self.scan(source, page) for page in range(count)])

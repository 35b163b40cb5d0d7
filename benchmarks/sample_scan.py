"""Write the scan among the examples: a page of the sample in two columns, skewed, gray and noisy.

usage: sample_scan.py [FILE]    Needs the extra `ocr`, which brings Pillow.
"""

import io
import sys
from pathlib import Path

import numpy as np
import pypdfium2
import sample_pdf
from PIL import Image
from write_pdf import file_of

TARGET = Path(__file__).resolve().parents[1] / "docs" / "examples" / "one-page-scan.pdf"
DOTS, SKEW, NOISE, PAPER = 170, 0.7, 9.0, 238


def scanned(page: int) -> Image.Image:
    """A page of the sample as a scanner sees it."""
    document = pypdfium2.PdfDocument(sample_pdf.TARGET)
    shown = document[page].render(scale=DOTS / 72, grayscale=True).to_pil().convert("L")
    turned = shown.rotate(SKEW, resample=Image.Resampling.BICUBIC, fillcolor=255)
    grays = np.asarray(turned, np.float32) * (PAPER / 255)
    noisy = grays + np.random.default_rng(7).normal(0, NOISE, grays.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def document_of(image: Image.Image) -> bytes:
    """A PDF of one page that shows a picture."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=40)
    width, height = (side * 72 / DOTS for side in image.size)
    content = f"q {width:.1f} 0 0 {height:.1f} 0 0 cm /I Do Q".encode()
    return file_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            (
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.1f} {height:.1f}]"
                "/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>"
            ).encode(),
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
            (
                f"<</Type/XObject/Subtype/Image/Width {image.width}/Height {image.height}"
                f"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length {out.tell()}>>\nstream\n"
            ).encode()
            + out.getvalue()
            + b"\nendstream",
        ]
    )


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.write_bytes(document_of(scanned(0)))
    print(f"{target.name}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""Write the scan among the examples: a page of the sample in two columns, skewed, gray and noisy.

usage: sample_scan.py [FILE]    Needs the extra `ocr`, which brings Pillow.
"""

import sys
from pathlib import Path

import sample_pdf
from scan_pages import Scanner

TARGET = Path(__file__).resolve().parents[1] / "docs" / "examples" / "one-page-scan.pdf"


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    scanner = Scanner(dots=170)
    target.write_bytes(scanner.document([scanner.scan(sample_pdf.TARGET, 0)]))
    print(f"{target.name}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""What of a document is kept on each way through LibreOffice, and how long conversions take.

usage: bench_office.py [--paragraphs 2500]

The document of `write_odt.py` is converted to each of the formats in `WAYS` and read; `kept` are its lines
that come out as they are, `typed` those with their kind, `foreign` lines that are no part of its text. Then
as many paragraphs are converted to DOCX and read as the product does it: seconds of processor and clock.
"""

import argparse
import resource
import time
from collections import Counter

from office_lines import lines_of, saved_as
from write_odt import FULL, WANTED, open_document

from etl.model.report import RawReport
from etl.read import read
from etl.read.converter import find_converter
from etl.sources import media_type

WAYS = {
    "docx": "docx:MS Word 2007 XML",
    "html": "html:HTML (StarWriter)",
    "txt": "txt:Text (encoded):UTF8",
    "pdf": "pdf",
}
SENTENCE = "全县把修复老旧渠道作为春灌的头等大事，四个工作组分赴各乡镇。"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--paragraphs", type=int, default=2500)
    args = parser.parse_args()
    program = find_converter()
    if program is None:
        raise SystemExit("LibreOffice is not installed")
    wanted, texts = Counter(WANTED), Counter(text for _, text in WANTED)
    for way, form in WAYS.items():
        name = f"a.{way}"
        found = lines_of(read(RawReport(f"file:///{name}", media_type(name), saved_as(program, form))))
        kept = (texts & Counter(text for _, text in found)).total()
        typed = (wanted & Counter(found)).total()
        print(
            f"{way}: {kept} of {len(WANTED)} lines kept, {typed} typed, {len(found) - kept} foreign",
            flush=True,
        )
    many = open_document("".join(f"<text:p>{SENTENCE * 4}</text:p>" for _ in range(args.paragraphs)))
    for what, payload in (("first", FULL), ("second", FULL), (f"{args.paragraphs} paragraphs", many)):
        begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        read(RawReport("file:///a.odt", media_type("a.odt"), payload))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{what}: {used:.1f} s of processor, {time.monotonic() - begin:.1f} s")


if __name__ == "__main__":
    main()

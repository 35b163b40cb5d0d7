"""Measure the restorer on text that extractions make of real PDFs, page furniture, columns, notes and all.

usage: bench_pdf.py [--shared FOLDER] [--seed 1] [--count 60]

Needs the dependency group `pdf` (pymupdf, pypdf, pdfminer.six) and, for two more extractions, pdftotext.
Articles of the bench are set as PDFs by ``set_pages.py``, extracted in several ways, and restored. `lines in
order` is what pymupdf writes, `paragraphs` are its lines put together by indent within each page, as programs
that export text do. What the figures mean stands in score.py; of notes and captions (`asides`) it counts how
many come out whole, wherever.
"""

import argparse
import gzip
import json
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pdfminer.high_level
import pymupdf
import pypdf
from bench_repair import SHARED, Bench, load, restore
from set_pages import Article, Layout, Truth, compose, typeset

NAMES = ("joins", "overjoined", "paragraphs", "exact", "furniture", "asides", "lost", "added")
SHORTEST, LEAST_PARAGRAPHS, WIDE_GAP, INDENT, HEAD = 600, 4, 2.2, 0.7, 3
Extract = Callable[[Path], str]
Figures = dict[str, list[float]]


def pdftotext(*options: str) -> Extract:
    """Poppler's program with some options."""

    def extract(path: Path) -> str:
        command = ["pdftotext", *options, str(path), "-"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    return extract


def with_pypdf(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def in_order(path: Path) -> str:
    return "\n".join(page.get_text() for page in pymupdf.open(path))


def by_indent(path: Path) -> str:
    """Paragraphs of each page between blank lines, put together by indent and size."""
    return "\n\n\n".join("\n\n".join(_paragraphs(page)) for page in pymupdf.open(path))


def _paragraphs(page: pymupdf.Page) -> list[str]:
    out: list[str] = []
    before = (-1.0, -1.0)
    lines = [line for block in page.get_text("dict")["blocks"] for line in block.get("lines", ())]
    lefts = [line["bbox"][0] for line in lines]
    for line in lines:
        (x, y, *_), size = line["bbox"], round(line["spans"][0]["size"], 1)
        text = "".join(span["text"] for span in line["spans"]).strip()
        left = min((other for other in lefts if 0 <= x - other < 3.2 * size), default=x)
        goes_on = before[0] == size and 0 < y - before[1] < WIDE_GAP * size and x - left <= INDENT * size
        if goes_on and out:
            out[-1] += text
        elif text:
            out.append(text)
        before = (size, y)
    return out


EXTRACTIONS: dict[str, Extract] = {
    "paragraphs": by_indent,
    "lines in order": in_order,
    "pypdf": with_pypdf,
    "pdfminer": lambda path: str(pdfminer.high_level.extract_text(path)),
}
if shutil.which("pdftotext"):
    EXTRACTIONS |= {"pdftotext": pdftotext(), "pdftotext -layout": pdftotext("-layout")}


def fits(name: str, layout: Layout) -> bool:
    """Whether the extraction keeps columns apart; -layout writes them beside each other."""
    return name != "pdftotext -layout" or layout.columns == 1


def articles(shared: Path) -> list[Article]:
    """Those of the bench that fill a page, white space made plain."""
    with gzip.open(shared / "bench" / "repair" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return [
        {"title": _plain(a["title"]), "paragraphs": [_plain(p) for p in a["paragraphs"]]}
        for a in found
        if len(a["paragraphs"]) >= LEAST_PARAGRAPHS and sum(map(len, a["paragraphs"])) > SHORTEST
    ]


def _plain(text: str) -> str:
    return " ".join(text.split())


def figures(bench: Bench, truth: Truth, restored: str) -> Figures:
    """What score.py says, notes and captions left aside, and how many of those are whole."""
    fold = bench.score.fold
    due = Counter(map(fold, truth.asides))
    kept = []
    for line in restored.splitlines():
        if due[fold(line)] > 0:
            due[fold(line)] -= 1
        else:
            kept.append(line)
    gold = {"title": truth.title, "paragraphs": truth.paragraphs, "joins": truth.joins, "columns": []}
    found = bench.score.score_file({**gold, "furniture": []}, "\n".join(kept))
    found["asides"] = (len(truth.asides) - sum(due.values()), len(truth.asides))
    own = {fold(text) for text in (truth.title, *truth.paragraphs)}
    found["furniture"] = _gone(list(map(fold, truth.furniture)), {fold(line) for line in kept} - own)
    return {name: list(found[name]) for name in NAMES}


def _gone(furniture: list[str], strange: set[str]) -> tuple[int, int]:
    """Furniture that no line is, or holds if it is longer than a number."""
    stays = [f for f in furniture if f in strange or (len(f) > HEAD and any(f in line for line in strange))]
    return len(furniture) - len(stays), len(furniture)


def measured(bench: Bench, shared: Path, seed: int, count: int) -> Iterator[tuple[str, Figures]]:
    """The figures of each extraction of each PDF."""
    known, rng = articles(shared), random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.pdf"
        for _ in range(count):
            own = random.Random(rng.random())
            truth, layout = typeset(compose(known, own), own, path)
            for name, extract in EXTRACTIONS.items():
                if fits(name, layout):
                    done = restore(bench, extract(path))
                    yield name, figures(bench, truth, "\n".join(p.text for p in done.paragraphs))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    args = parser.parse_args()
    sums: dict[str, Figures] = {}
    for name, found in measured(load(args.shared), args.shared, args.seed, args.count):
        total = sums.setdefault(name, {each: [0.0, 0.0] for each in NAMES})
        for each, (part, whole) in found.items():
            total[each][0] += part
            total[each][1] += whole
    print(f"{args.count} PDFs, seed {args.seed}\n{'':20}" + "".join(f"{name:>12}" for name in NAMES))
    for name, total in sums.items():
        cells = [f"{part / whole:12.4f}" if whole else f"{'-':>12}" for part, whole in total.values()]
        print(f"{name:20}" + "".join(cells))


if __name__ == "__main__":
    main()

"""How well PDFs are read that a browser set: columns, heads, page numbers, tables, captions, vertical lines.

usage: bench_browser.py [--shared FOLDER] [--seed 1] [--count 12] [--down | --sheets] [--show]
                        [--keep FOLDER]

Needs chromium on the path. Articles of the bench are laid out with CSS and printed; the figures are the share
of paragraphs that come out exactly, pairs of them in the wrong order, rows of tables that are exact, heads
and numbers that stayed. `--down` sets lines from top to bottom alone, as `set_down.py`
has them, `--sheets` newspapers of such lines, as `set_sheets.py` has them.
"""

import argparse
import gzip
import html
import json
import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench_repair import SHARED
from set_down import laid_down
from set_sheets import laid_in_sheets

from etl import pipeline
from etl.engines import shared
from etl.model.report import RawReport
from etl.model.traced import Traced
from etl.normalize import normalize
from etl.read import read
from etl.settings import load

SIZES = ("A4", "A5", "B5")
ARTICLES = 12  # of which sheets of a newspaper take what they have room for
FOOT = re.compile(r"— \d+ —")
HEAD = "水利简报 · 内部资料"
TOWNS = ("柳树镇", "石桥镇", "上坪乡", "杨家湾", "马家坪", "青河县", "北渠村", "南渠村")


@dataclass(frozen=True, slots=True)
class Set:
    """A document as it was set: its pages as HTML, paragraphs in order, and rows of its table."""

    page: str
    paragraphs: tuple[str, ...]
    rows: tuple[str, ...]
    layout: str


def articles(folder: Path) -> list[list[str]]:
    """Texts of some length, white space made plain."""
    with gzip.open(folder / "bench" / "repair" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line)["paragraphs"] for line in lines]
    texts = [[" ".join(one.split()) for one in text if one.strip()] for text in found]
    return [text for text in texts if len(text) >= 6 and sum(map(len, text)) > 1_200]


def laid_out(text: list[str], rng: random.Random) -> Set:
    """One article with a table in its middle."""
    columns, size = rng.choice((1, 2, 2, 3)), rng.choice((9, 10, 10.5))
    indent, vertical = rng.choice(("2em", "2em", "0")), rng.random() < 0.1
    rows = [("乡镇", "渠道/条", "长度/千米", "备注")]
    rows += [
        (town, str(rng.randint(2, 60)), f"{rng.uniform(1, 90):.1f}", rng.choice(("", "已完工")))
        for town in rng.sample(TOWNS, rng.randint(3, 8))
    ]
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<figure><figcaption>表1 各乡镇完工渠道</figcaption><table>{cells}</table></figure>"
    half = len(text) // 2
    said = [f"<p>{html.escape(one)}</p>" for one in text]
    body = "".join(said[:half]) + ("" if vertical else table) + "".join(said[half:])
    style = f"""
      @page {{ size: {rng.choice(SIZES)}; margin: 22mm 18mm;
        @top-center {{ content: "{HEAD}"; font-size: 8pt }}
        @bottom-center {{ content: "— " counter(page) " —"; font-size: 8pt }} }}
      body {{ font: {size}pt/1.6 serif; margin: 0; text-align: justify;
        {"writing-mode: vertical-rl" if vertical else f"columns: {columns}; column-gap: 2.2em"} }}
      h1 {{ column-span: all; text-align: center; font-size: 1.7em }}
      p {{ margin: {"0" if indent != "0" else "0 0 .9em"}; text-indent: {indent} }}
      figure {{ margin: 1em 0; break-inside: avoid; }}
      figcaption {{ text-align: center; font-size: .85em }}
      table {{ border-collapse: collapse; width: 100%; font-size: .85em }}
      td {{ border: 1px solid black; padding: 2px 4px; text-align: left }}"""
    page = f"<!doctype html><meta charset=utf-8><style>{style}</style><body><h1>渠道修复进展通报</h1>{body}"
    layout = f"{columns} columns, indent {indent}" + (", vertical" if vertical else "")
    return Set(page, tuple(text), () if vertical else tuple("\t".join(row) for row in rows), layout)


def old(words: str) -> str:
    """Words in traditional characters."""
    return shared(load()).converters.text(words, "hant")


def one_set(known: list[list[str]], rng: random.Random, kind: str) -> Set:
    """One document of a kind."""
    if kind == "sheets":
        return Set(*laid_in_sheets(rng.sample(known, ARTICLES), rng, old))
    text, dice = rng.choice(known), random.Random(rng.random())
    return Set(*laid_down(text, dice, old)) if kind == "down" else laid_out(text, dice)


def printed(one: Set, folder: Path) -> bytes:
    """The PDF that the browser makes."""
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("chromium is not on the path")
    (folder / "a.html").write_text(one.page, encoding="utf-8")
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
    command += ["--no-pdf-header-footer", f"--print-to-pdf={folder}/a.pdf", f"file://{folder}/a.html"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return (folder / "a.pdf").read_bytes()


def restored(payload: bytes) -> list[str]:
    """The paragraphs that are made of a PDF, with the widths and spaces of the print."""
    settings = load()
    reading = read(RawReport("file:///bench.pdf", "application/pdf", payload))
    cleaned = pipeline.clean(reading, shared(settings), settings)
    return [paragraph.body.text for paragraph in cleaned.structure.paragraphs]


def bare(text: str) -> str:
    """What is compared: no spaces, widths of marks and letters alike."""
    return normalize(Traced.raw("".join(text.split())))[0].text.replace(" ", "")


def figures(one: Set, found: list[str]) -> Iterator[tuple[str, int, int]]:
    """Name, count and total of each figure."""
    lines = [bare(text) for text in found]
    wanted = [bare(text) for text in one.paragraphs]
    there = [lines.index(text) for text in wanted if text in lines]
    yield "exact", len(there), len(wanted)
    yield "out of order", sum(b < a for a, b in pairwise(there)), max(1, len(there) - 1)
    yield "rows", sum(row in found for row in one.rows), len(one.rows)
    yield "left", sum(line.strip() == HEAD or bool(FOOT.fullmatch(line)) for line in found), 1


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=12)
    kinds = parser.add_mutually_exclusive_group()
    for kind in ("down", "sheets"):
        kinds.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, default="level")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    rng, known = random.Random(args.seed), articles(args.shared)
    sums: dict[str, list[int]] = {}
    for number in range(args.count):
        one = one_set(known, rng, args.kind)
        with tempfile.TemporaryDirectory() as folder:
            payload = printed(one, Path(folder))
        if args.keep:
            (args.keep / f"{number}.pdf").write_bytes(payload)
        found = restored(payload)
        said = list(figures(one, found))
        for name, count, total in said:
            before = sums.setdefault(name, [0, 0])
            sums[name] = [before[0] + count, before[1] + total]
        print(
            f"{number:3} {one.layout:32} " + "  ".join(f"{name} {a}/{b}" for name, a, b in said), flush=True
        )
        if args.show:
            lines = {bare(text) for text in found}
            for text in one.paragraphs:
                if bare(text) not in lines:
                    print("      not exact:", text[:30], "…", text[-20:])
    print("    " + "  ".join(f"{name} {a}/{b} = {a / max(1, b):.3f}" for name, (a, b) in sums.items()))


if __name__ == "__main__":
    main()

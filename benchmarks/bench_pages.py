"""How well PDFs are read: errors of the restored text against gold that was checked by eye, speed, memory.

usage: bench_pages.py [--shared FOLDER] [--folder FOLDER] [--show]

FOLDER holds PDFs with gold and a manifest, as ``bench/pdf`` of the shared data does; its score.py says what
the errors are. Pages a second are those of reading alone, on one core.
"""

import argparse
import importlib.util
import json
import resource
import time
from pathlib import Path
from typing import Any

from bench_repair import SHARED

from etl import pipeline
from etl.engines import shared
from etl.model.report import RawReport
from etl.read import Limits, read
from etl.settings import load

HERE = Limits(seconds=0)  # in this process, whose time is measured
KINDS = ("cut", "glued", "order", "intruder", "furniture", "lost")


def scorer(folder: Path) -> Any:  # noqa: ANN401 - a module beside the data
    """The module score.py of a bench."""
    spec = importlib.util.spec_from_file_location("pages_score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no score.py in {folder}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def restored(payload: bytes, limits: Limits = HERE) -> tuple[str, int, float]:
    """The text of a PDF as `etl clean` writes it, its pages, and the seconds that reading took."""
    settings = load()
    begin = time.process_time()
    reading = read(RawReport("file:///bench.pdf", "application/pdf", payload), limits)
    seconds = time.process_time() - begin
    cleaned = pipeline.clean(reading, shared(settings), settings)
    text = "\n".join(paragraph.body.text for paragraph in cleaned.structure.paragraphs)
    return text, len(reading.breaks) + 1, seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    folder = args.folder or args.shared / "bench" / "pdf"
    score = scorer(args.shared / "bench" / "pdf")
    sums, signs, pages, seconds = dict.fromkeys(KINDS, 0), 0, 0, 0.0
    print(f"{'':5}{'signs':>7}" + "".join(f"{kind:>10}" for kind in KINDS) + "   per 10,000")
    for row in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        text, count, took = restored((folder / f"{row['id']}.pdf").read_bytes())
        errors, where = score.score(folder / row["gold"], text)
        pages, seconds, signs = pages + count, seconds + took, signs + errors["chars"]
        for kind in KINDS:
            sums[kind] += errors[kind]
        print(f"{row['id']:5}{errors['chars']:>7}" + _cells(errors, errors["chars"]) + f"  {row['kind']}")
        for one in where if args.show else ():
            print("       ", *one)
    print(f"{'all':5}{signs:>7}" + _cells(sums, signs))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{pages} pages, {pages / seconds:.0f} a second of one core; {peak} MB at most, models included")


def _cells(errors: dict[str, int], signs: int) -> str:
    total = sum(errors[kind] for kind in KINDS)
    return "".join(f"{errors[kind]:>10}" for kind in KINDS) + f"{10_000 * total / signs:>13.1f}"


if __name__ == "__main__":
    main()

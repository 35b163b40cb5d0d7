"""How well scans are read: PDFs with gold, their pages scanned askew and noisy.

usage: bench_scans.py [--shared FOLDER] [--folder FOLDER] [--pages 16] [--set 3] [--seed 1] [--keep FOLDER]
       [--show]

Needs the extra `ocr`. FOLDER holds PDFs with gold as ``bench_pages.py`` expects; of these the shortest are
taken, and with pymupdf, `--set` pages of ``set_pages.py``. Each document is scanned at 200 dots an inch,
turned by 0.3 to 2 degrees, with noise of 5 to 12 grays. `wrong` are Han characters of the body that were read
otherwise or not at all; the other figures are those of ``bench_pages.py``. Ten seconds of a core a page.
"""

import argparse
import json
import random
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import Path

from bench_pages import KINDS, restored, scorer
from bench_repair import SHARED
from scan_pages import Scanner

from etl.read import Limits

SKEWS, NOISES, PAPERS = (0.3, 2.0), (5.0, 12.0), (225, 245)
DRIFT = 200  # characters: how far parts of a paragraph may be off in the text, for what stands between them
HAN = ("\u3400", "\ua000")


@dataclass(frozen=True, slots=True)
class Scan:
    """A document to be scanned: its name, pages, bytes, and its gold as ``score.py`` reads it."""

    name: str
    pages: int
    payload: bytes
    gold: str


def with_gold(folder: Path, most: int) -> Iterator[Scan]:
    """The shortest documents of a bench that have so many pages together."""
    from pypdfium2 import PdfDocument  # noqa: PLC0415 - only after the extra was found

    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    payloads = {row["id"]: (folder / f"{row['id']}.pdf").read_bytes() for row in rows}
    counts = {name: len(PdfDocument(payload)) for name, payload in payloads.items()}
    for row in sorted(rows, key=lambda one: (counts[one["id"]], one["id"])):
        most -= counts[row["id"]]
        if most >= 0:
            gold = (folder / row["gold"]).read_text(encoding="utf-8")
            yield Scan(row["id"], counts[row["id"]], payloads[row["id"]], gold)


def just_set(shared: Path, pages: int, seed: int) -> Iterator[Scan]:
    """Documents of one page that `set_pages` sets."""
    from bench_pdf import articles  # noqa: PLC0415 - needs the dependency group `pdf`
    from pypdfium2 import PdfDocument  # noqa: PLC0415 - as above
    from set_pages import compose, typeset  # noqa: PLC0415 - as above

    known, rng = articles(shared), random.Random(seed)
    path = Path(tempfile.mkdtemp()) / "set.pdf"
    while pages:
        truth, layout = typeset(compose(known, rng), rng, path)
        if len(PdfDocument(path)) == 1:
            body, asides = "\n".join([truth.title, *truth.paragraphs]), "\n".join(truth.asides)
            gold = f"[body]\n{body}\n[aside]\n{asides}\n[furniture]\n" + "\n".join(truth.furniture)
            yield Scan(f"set{pages} {layout.columns} columns", 1, path.read_bytes(), gold)
            pages -= 1


def squeezed(text: str) -> str:
    """A text without white space, forms of one character made one."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def misread(gold: str, text: str) -> tuple[int, Counter[tuple[str, str]]]:
    """How many Han characters the body of a gold has, and what of it a text says otherwise, as pairs."""
    body = gold.partition("[body]\n")[2].partition("\n[aside]")[0]
    paragraphs = [*map(squeezed, body.splitlines())]
    whole, wrong = squeezed(text), Counter[tuple[str, str]]()
    for paragraph in paragraphs:
        wrong.update(_differences(paragraph, whole))
    return sum(map(_han, paragraphs)), wrong


def _differences(paragraph: str, whole: str) -> Iterator[tuple[str, str]]:
    """What a text says otherwise, or leaves out, where it is most like a paragraph, if it has any Han."""
    alike = SequenceMatcher(None, whole, paragraph, autojunk=False).get_matching_blocks()
    main = max(alike, key=lambda one: one.size)
    near = [one for one in alike if one.size and abs(one.a - one.b - main.a + main.b) <= DRIFT]
    begin = max(0, min((one.a - one.b for one in near), default=0))
    end = max((one.a - one.b for one in near), default=0) + len(paragraph)
    part = whole[begin:end]
    for kind, a, b, c, d in SequenceMatcher(None, paragraph, part, autojunk=False).get_opcodes():
        if kind in {"replace", "delete"} and _han(paragraph[a:b]):
            yield paragraph[a:b], part[c:d]


def _han(text: str) -> int:
    return sum(HAN[0] <= sign < HAN[1] for sign in text)


def scanner(rng: random.Random) -> Scanner:
    """A scanner of its own kind."""
    return Scanner(
        skew=rng.choice((-1, 1)) * rng.uniform(*SKEWS),
        noise=rng.uniform(*NOISES),
        paper=rng.randint(*PAPERS),
        quality=rng.randint(40, 70),
        seed=rng.randrange(1000),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--pages", type=int, default=16)
    parser.add_argument("--set", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder for what was recognized, so that only the rest is done anew")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    if find_spec("rapidocr") is None:
        raise SystemExit("the extra `ocr` is not installed")
    folder = args.folder or args.shared / "bench" / "pdf"
    own = list(just_set(args.shared, args.set, args.seed)) if args.set and find_spec("pymupdf") else []
    scans = [*own, *with_gold(folder, args.pages - len(own))]
    measure(scans, args)


def measure(scans: list[Scan], args: argparse.Namespace) -> None:
    """Read the scans one by one and print the figures of each, then of all."""
    score, rng = scorer(args.shared / "bench" / "pdf"), random.Random(args.seed)
    sums = dict.fromkeys((*KINDS, "chars", "han", "wrong", "pages"), 0)
    print(f"{'':15}{'skew':>6}{'noise':>6}{'Han':>7}{'wrong':>7}" + "".join(f"{kind:>10}" for kind in KINDS))
    took = 0.0
    for scan in scans:
        how = scanner(rng)
        payload = how.scanned(scan.payload)
        begin = time.process_time()
        text, _, _ = restored(payload, Limits(seconds=0, kept=args.keep))
        took += time.process_time() - begin
        han, which = misread(scan.gold, text)
        wrong = sum(_han(said) * n for (said, _), n in which.items())
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as gold:
            gold.write(scan.gold)
            gold.flush()
            errors, where = score.score(gold.name, text)
        for kind, value in {**errors, "han": han, "wrong": wrong, "pages": scan.pages}.items():
            if kind in sums:
                sums[kind] += value
        cells = "".join(f"{errors[kind]:>10}" for kind in KINDS)
        print(f"{scan.name:15}{how.skew:6.1f}{how.noise:6.1f}{han:7}{wrong:7}{cells}", flush=True)
        for one in (*which.most_common(40), *where) if args.show else ():
            print("       ", one)
    total = sum(sums[kind] for kind in KINDS)
    print(
        f"{sums['pages']} pages: {sums['wrong'] / max(1, sums['han']):.2%} of the Han characters wrong, "
        f"{10_000 * total / max(1, sums['chars']):.1f} errors per 10,000 characters, "
        f"{took / max(1, sums['pages']):.1f} s of a core a page"
    )


if __name__ == "__main__":
    main()

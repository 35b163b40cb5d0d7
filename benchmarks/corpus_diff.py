"""Shows what a change changes: two revisions over one fixed sample.

usage: python benchmarks/corpus_diff.py BASE [--to REVISION] [--part NAME]… [--stage NAME]… [--share N]
       [--show N] [--all FILE]     (or: make corpus-diff BASE=main)

BASE is any revision of git; the other side is the working tree as it stands, or REVISION. Both run at once,
each from a tree of its own with its own code, settings, lexicons and models, and with the same interpreter.
The sample is taken from the data beside the project (ETL_SHARED): undamaged texts of many kinds, printed
ones, and `samples/`. Printed are counts by stage and rule or field, and the strangest differences side by
side; ``--all`` writes every difference as a line of JSON. It fails where a stage's results differ though its
version is the same on both sides.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from corpus_compare import Difference, differences, strangest, unversioned
from corpus_sample import PARTS, ROOT, Text, sample
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text as Words

SHARED = Path(os.environ.get("ETL_SHARED", ROOT.parent / "shared"))
NARROWEST, LONGEST = 150, 360
CHANGES = ("lost", "gained", "changed")
VERSIONS = "src/etl/fingerprint.py"
Found = list[tuple[str, Difference]]


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="corpus-diff-") as folder, ExitStack() as stack:
        room = Path(folder)
        texts = list(sample(SHARED, asked.share, asked.part))
        base = stack.enter_context(tree(asked.base, room / "base"))
        now = stack.enter_context(tree(asked.to, room / "now")) if asked.to else ROOT
        told = run_both(base, now, texts, room)
    found = [
        (f"{text.part}/{text.name}", one)
        for text, was, is_now in zip(texts, *told, strict=True)
        for one in differences(was, is_now)
        if not asked.stage or one.stage in asked.stage
    ]
    if asked.all:
        lines = [json.dumps({"text": name, **asdict(one)}, ensure_ascii=False) for name, one in found]
        Path(asked.all).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    report(asked, texts, told, found)
    silent = set().union(*(unversioned(was, is_now) for was, is_now in zip(*told, strict=True)))
    if silent:
        raise SystemExit(
            f"results of stage {', '.join(sorted(silent))} changed: raise its version in {VERSIONS}, "
            "or stored reports stay as they are"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("base", help="the revision to compare with, such as main or HEAD~3")
    parser.add_argument("--to", help="a revision instead of the working tree")
    parser.add_argument("--part", action="append", default=[], choices=("samples", *PARTS))
    parser.add_argument(
        "--stage", action="append", default=[], help="text, structure, repair, entities, facts, …"
    )
    parser.add_argument(
        "--share", type=float, default=1.0, help="so many times the texts of the default sample"
    )
    parser.add_argument("--show", type=int, default=20, help="differences side by side")
    parser.add_argument("--all", metavar="FILE", help="where to write every difference")
    return parser.parse_args()


@contextmanager
def tree(revision: str, place: Path) -> Iterator[Path]:
    """A worktree of a revision, taken away at the end."""
    added = ["git", "-C", str(ROOT), "worktree", "add", "--quiet", "--detach", str(place), revision]
    made = subprocess.run(added, capture_output=True, text=True, check=False)
    if made.returncode:
        raise SystemExit(f"No worktree of {revision!r} could be made: {made.stderr.strip()}")
    try:
        yield place
    finally:
        shutil.rmtree(place)
        subprocess.run(["git", "-C", str(ROOT), "worktree", "prune"], check=False)


def run_both(base: Path, now: Path, texts: Sequence[Text], room: Path) -> list[list[dict[str, object]]]:
    """What both trees make of the texts, side by side in two processes."""
    listed = room / "sample.jsonl"
    rows = ({"uri": one.uri, "payload": b64encode(one.payload).decode()} for one in texts)
    listed.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    outs = [room / "base.jsonl", room / "now.jsonl"]
    running = [_start(root, listed, out) for root, out in zip((base, now), outs, strict=True)]
    errors = [process.communicate()[1] for process in running]
    for process, error, root in zip(running, errors, (base, now), strict=True):
        if process.returncode:
            raise SystemExit(f"The product in {root} ended with {process.returncode}:\n{error[-3000:]}")
    return [[json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] for out in outs]


def _start(root: Path, listed: Path, out: Path) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ETL_")}
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    told = str(Path(__file__).with_name("corpus_tell.py"))
    return subprocess.Popen(
        [sys.executable, "-P", told, str(root), str(listed), str(out)],
        env={**kept, **one_thread, "PYTHONPATH": str(root / "src"), "PYTHONHASHSEED": "0"},
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


# ------------------------------------------------------------------------------------ printing


def report(
    asked: argparse.Namespace,
    texts: Sequence[Text],
    told: Sequence[Sequence[dict[str, object]]],
    found: Found,
) -> None:
    """Totals, counts by stage and rule, and the strangest differences side by side."""
    screen = Console()
    screen.width = max(screen.width, NARROWEST)
    seconds = [sum(float(str(one["seconds"])) for one in side) for side in told]
    differ = Counter(name.split("/")[0] for name in {name for name, _ in found})
    of = Counter(text.part for text in texts)
    screen.print(
        f"{asked.base} → {asked.to or 'working tree'}: {sum(differ.values())} of {len(texts)} texts differ "
        f"({', '.join(f'{part} {differ[part]} of {count}' for part, count in of.items())}); "
        f"processor time {seconds[1] / max(seconds[0], 1e-9):.2f} times that of {asked.base}",
        highlight=False,
        soft_wrap=True,
    )
    if found:
        screen.print(_counts(found))
        screen.print(_side_by_side(strangest(found, asked.show), str(asked.base)))


def _counts(found: Found) -> Table:
    table = Table("stage", "rule or field", *CHANGES, "texts", box=SIMPLE)
    often: Counter[tuple[str, str, str]] = Counter((one.stage, one.what, one.change) for _, one in found)
    texts: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for name, one in found:
        texts[one.stage, one.what].add(name)
    for (stage, what), names in sorted(texts.items()):
        numbers = (often[stage, what, change] for change in CHANGES)
        table.add_row(stage, Words(what), *(str(number or "") for number in numbers), str(len(names)))
    return table


def _side_by_side(shown: Found, base: str) -> Table:
    table = Table("difference", base, "now", box=SIMPLE, show_lines=True, expand=True)
    for column, ratio in zip(table.columns, (3, 8, 8), strict=True):
        column.ratio, column.overflow = ratio, "fold"
    for name, one in shown:
        before, after = _near(one.before, one.after)
        table.add_row(Words(f"{one.stage}: {one.what} {one.change}\n{name}"), Words(before), Words(after))
    return table


def _near(before: str, after: str) -> tuple[str, str]:
    """Both sides from a little before the first character that differs, cut to a length one can read."""
    same = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    same = min(len(before), len(after)) if same is None else same
    start = max(same - LONGEST // 3, 0) if max(len(before), len(after)) > LONGEST else 0
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    return (
        ("…" if start else "") + text[start : start + LONGEST] + ("…" if len(text) > start + LONGEST else "")
    )


if __name__ == "__main__":
    main()

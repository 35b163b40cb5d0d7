"""Measure how texts come back that strangers to the product broke, each in its own way, or left whole.

usage: bench_broken.py [--texts FILE] [--kind NAME]... [--show N]

FILE holds rows ``{"id", "whole": [line, ...], "broken": text}``, shipped as ``broken_texts.jsonl``; an id
begins with the group of its kind. Lines are compared by their letters, ideographs and digits alone.
"""

import argparse
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import etl

TEXTS = Path(__file__).with_name("broken_texts.jsonl")
OTHER = re.compile(r"[\W_]+")
ZEROS = dict.fromkeys(map(ord, "0〇○"))  # their forms are normalized


def keys(lines: Iterable[str]) -> list[str]:
    """The lines by their letters, ideographs and digits; empty ones left out."""
    folded = (OTHER.sub("", unicodedata.normalize("NFKC", line)).translate(ZEROS) for line in lines)
    return [key for key in folded if key]


def compare(whole: list[str], broken: list[str], found: list[str]) -> Counter[str]:
    """Count lines that came back, those in a row that did so, characters lost, and furniture that stayed."""
    true, raw, told = (Counter("".join(lines)) for lines in (whole, broken, found))
    rows = set(pairwise(found))
    return Counter(
        texts=1,
        exact=int(whole == found),
        untouched=int(whole == broken),
        kept=int(whole == broken == found),
        lines=len(whole),
        right=(Counter(whole) & Counter(found)).total(),
        told=len(found),
        pairs=max(0, len(whole) - 1),
        in_row=sum(pair in rows for pair in pairwise(whole)),
        lost=(true - told).total(),
        printed=(raw - true).total(),
        left=(told - true).total(),
    )


COLUMNS = ("exact", "kept whole", "recall", "precision", "in row", "furniture out", "characters lost")


def cells(n: Counter[str]) -> list[str]:
    """The cells of a row, in the order of `COLUMNS`."""
    shares = (("right", "lines"), ("right", "told"), ("in_row", "pairs"))
    out = [f"{n['exact']}/{n['texts']}", f"{n['kept']}/{n['untouched']}"]
    out += [f"{n[part] / max(1, n[of]):.3f}" for part, of in shares]
    return [*out, f"{1 - n['left'] / max(1, n['printed']):.3f}", str(n["lost"])]


def line(name: str, told: Iterable[str]) -> str:
    """One line of the table."""
    return f"{name:8}" + "".join(f"{one:>17}" for one in told)


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, default=TEXTS)
    parser.add_argument("--kind", action="append")
    parser.add_argument("--show", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    """Print a row for each group of kinds, and one of all."""
    args, table, shown = options(), defaultdict[str, Counter[str]](Counter), defaultdict[str, list[str]](list)
    for text in map(json.loads, args.texts.read_text("utf-8").splitlines()):
        kind = text["id"].partition("/")[0]
        if args.kind and kind not in args.kind:
            continue
        whole, found = keys(text["whole"]), keys(etl.clean(text["broken"]).text.split("\n"))
        counted = compare(whole, keys(text["broken"].split("\n")), found)
        table[kind] += counted
        if not counted["exact"]:
            shown[kind].append(f"{text['id']}: {counted['right']} of {counted['lines']} lines")
    print(line("kinds", COLUMNS))
    for kind, counted in sorted(table.items()):
        print(line(kind, cells(counted)))
        print("".join(f"    {text}\n" for text in shown[kind][: args.show]), end="")
    print(line("all", cells(sum(table.values(), Counter[str]()))))


if __name__ == "__main__":
    main()

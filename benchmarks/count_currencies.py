"""Counts which currency a bare 元 is taken for, by kind of text: all texts of the corpus that hold a sum.

usage: python benchmarks/count_currencies.py [SHARED]

SHARED is the folder that holds `corpus/` (ETL_SHARED). Nothing is marked there: each kind but the two of
encyclopedias comes from one place (gazettes and orders from Taiwan, records from Hong Kong, all else from
the mainland), so another currency is a fault, and `XXX` a currency left open.
"""

import argparse
import gzip
import json
import os
import re
from collections import Counter
from pathlib import Path

from etl.engines import default
from etl.extraction.amounts.issuers import own_currency
from etl.extraction.context import Context

SHARED = Path(os.environ.get("ETL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SUM = re.compile("[0-9万亿千百十]元")


def main() -> None:
    """Print how many texts of each kind count in which currency."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shared", nargs="?", type=Path, default=SHARED)
    counted = Counter(
        pair
        for path in sorted((parser.parse_args().shared / "corpus").glob("*.jsonl.gz"))
        for pair in _read(path)
    )
    for kind in sorted({kind for kind, _ in counted}):
        found = {currency: n for (one, currency), n in counted.items() if one == kind}
        print(f"{kind:20}", "  ".join(f"{currency} {n}" for currency, n in sorted(found.items())))


def _read(path: Path) -> list[tuple[str, str]]:
    """Return the kind and the currency of each text of a file that holds a sum."""
    lexicon = default().lexicon
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            text = "\n".join(record["paragraphs"])
            folded = lexicon.folding.fold(text)
            if SUM.search(folded):
                currency = own_currency(Context(text, folded, (), lexicon, None))[0]
                found.append((record.get("genre") or path.name.partition(".")[0], currency))
    return found


if __name__ == "__main__":
    main()

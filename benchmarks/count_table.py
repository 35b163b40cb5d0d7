"""Count the n-grams of more texts than the continuation model learned from, and put the table beside it.

    python benchmarks/count_table.py FOLDER... --seams FILE [--trees FILE] --out FILE

FOLDER holds texts as for ``train_seams.py``. The network learns with tables that leave texts out, and trees
learn on documents that the table does not know; once both are grown, a table of all texts knows more of new
ones. The trees are those of --trees (default: of --seams). For 22 million characters this takes a minute.
"""

import argparse
from pathlib import Path

from seam_data import read_articles
from seam_table import tables
from write_models import put

from etl.repair.scorer.continuation import ContinuationScorer
from etl.repair.scorer.weights import arrays, trees

LEAST_FOLDS = 2


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--seams", type=Path, required=True)
    parser.add_argument("--trees", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model = ContinuationScorer.load(args.seams)
    found = (item for folder in args.folders for item in read_articles(folder))
    texts = [[model.ids(p) for p in item.paragraphs] for item in found if item.paragraphs]
    _, whole = tables(texts, LEAST_FOLDS)
    given = {name: array for name, array in arrays(args.seams).items() if name != "table"}
    put(args.out, {**given, "table": whole}, trees(args.trees or args.seams))
    print(args.out, args.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

"""Finish a trained tagger on texts marked by hand, and measure it on those that it did not see.

usage: finish_tagger.py CHECKPOINT GOLD LABELS… --out FOLDER [--folds N] [--only I …] [--epochs N]

GOLD holds texts as rows of ``id``, ``genre``, ``text`` and ``spans``. For each fold a tagger is finished on
the other folds and written to FOLDER/fold0 … as a folder of configuration (``etl --config``); then one on
all texts to FOLDER/all. The temperature that makes the chances true is measured on the fold left out, and
for the tagger of all texts is the mean of the folds. Needs torch and onnx.
"""

import argparse
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from export_tagger import export, load
from tagger_data import FOLDS, IGNORED, Labelled, Numbers, Swapper, folds, joined, marked, numbers
from tagger_net import Net
from torch import Tensor
from torch.nn import functional
from train_tagger import Optimizers, Run, learn, share, texts, windows

from etl.extraction.network.features import Features
from etl.extraction.network.outputs import ENTITIES

SEED, EPOCHS = 15, 8
# Taggers finished from the same start, each in another order, whose weights are averaged.
TOGETHER = 2
# Texts of the teachers, read again between those marked by hand, so that words are not forgotten.
AGAIN = 20
# Texts of the teachers whose names are swapped in.
NAMES_FROM = 200
# How many of these keep the teachers' entities, which the hand corrects.
TRUSTED = 0.3
TABLE_RATE, RATE, OFTEN = 0.02, 1e-3, 0.6
# How much each layer hides: a thousand texts are soon known by heart.
DROPPED = 0.1
TEMPERATURES = np.arange(0.8, 2.6, 0.05)
CHECKED = "temperature.txt"


def average(nets: Sequence[Net]) -> Net:
    """Return a network of the mean weights."""
    states = [net.state_dict() for net in nets]
    mean = Net()
    mean.load_state_dict({name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]})
    mean.eval()
    return mean


def finish(net: Net, gold: Sequence[Labelled], again: Iterator[Labelled], epochs: int, seed: int) -> None:
    """Train on for some epochs, with other names in each."""
    features, chosen = Features(), random.Random(seed)
    pool = list(itertools.islice(again, NAMES_FROM))
    swapper = Swapper([*gold, *pool], seed)
    optimizers = Optimizers(net, TABLE_RATE, RATE)
    net.dropped = DROPPED
    net.train()
    for epoch in range(epochs):
        marked_now = [numbers(swapper.swap(text, OFTEN), features) for text in gold]
        heard = [_heard(numbers(text, features), chosen) for text in itertools.islice(again, AGAIN)]
        batches = [*windows(_mixed([*marked_now, *heard], chosen), chosen)]
        lost = []
        for i, batch in enumerate(batches):
            lost.append(learn(net, batch))
            optimizers.step(share((epoch + i / len(batches)) / epochs))
        print(f"  epoch {epoch} loss {np.mean(lost):.4f}", flush=True)
    net.eval()


def _heard(text: Numbers, chosen: random.Random) -> Numbers:
    if chosen.random() < TRUSTED:
        return text
    return replace(text, entities=np.full_like(text.entities, IGNORED))


def _mixed(parts: list[Numbers], chosen: random.Random) -> Numbers:
    chosen.shuffle(parts)
    return joined(parts)


def temperature(net: Net, texts_left_out: Sequence[Labelled]) -> float:
    """Return the temperature at which the entities' chances are likeliest."""
    features = Features()
    scores, wanted = [], []
    with torch.no_grad():
        for text in texts_left_out:
            made = numbers(text, features)
            rows = torch.from_numpy(made.rows.astype(np.int64))[None]
            scores.append(net(rows)[0, ENTITIES].T)
            wanted.append(torch.from_numpy(made.entities))
    every, right = torch.cat(scores), torch.cat(wanted)
    return float(min(TEMPERATURES, key=lambda t: _surprise(every / float(t), right)))


def _surprise(scores: Tensor, wanted: Tensor) -> float:
    return float(functional.cross_entropy(scores, wanted))


def one(args: argparse.Namespace, index: int, dealt: list[list[Labelled]]) -> None:
    """Finish and write the tagger of one fold, or of all texts."""
    whole = index == args.folds
    folder: Path = args.out / ("all" if whole else f"fold{index}")
    gold = [text for i, fold in enumerate(dealt) if i != index for text in fold]
    nets = []
    for seed in range(SEED, SEED + TOGETHER):
        torch.manual_seed(seed)
        nets.append(load(args.checkpoint))
        finish(nets[-1], gold, texts(args.labels), args.epochs, seed)
    net = average(nets)
    folder.mkdir(parents=True, exist_ok=True)
    warmth = _mean(args.out) if whole else temperature(net, dealt[index])
    (folder / CHECKED).write_text(f"{warmth:.2f}\n", encoding="utf-8")
    Run(net).save(folder / "tagger.pt")
    export(net, args.labels[0], folder / "models" / "tagger.zip", warmth)
    print(f"{folder.name}: {len(gold)} texts, temperature {warmth:.2f}", flush=True)


def _mean(folder: Path) -> float:
    found = [float(path.read_text(encoding="utf-8")) for path in folder.glob(f"fold*/{CHECKED}")]
    return float(np.mean(found)) if found else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument(
        "--only", type=int, nargs="*", help="these folds; the number of folds means all texts"
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    dealt = [[text for _, text in fold] for fold in folds(marked(args.gold), args.folds)]
    for index in args.only if args.only is not None else range(args.folds + 1):
        one(args, index, dealt)


if __name__ == "__main__":
    main()

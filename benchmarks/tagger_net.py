"""The tagger's network for training: tables of entries, convolutions ever wider apart, three answers.

`loss` is what training lowers; a new answer is a slice in `etl.extraction.network.outputs` and a line there.
"""

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from tagger_data import IGNORED
from torch import Tensor, nn
from torch.nn import functional

from etl.extraction.network.features import SIZES
from etl.extraction.network.outputs import ENTITIES, STARTS, WORDS

# Numbers that an entry of each table holds.
WIDTHS = (48, 32, 32, 32, 16)
# How often an entry of each table is hidden in training: those of the rare would be learnt by heart.
FORGOTTEN = (0.0, 0.2, 0.5, 0.3, 0.1)
HIDDEN = 128
STEPS = (1, 2, 5, 10)
SMALL = 0.02
ANSWER_WEIGHTS = (0.5, 1.0, 1.0)


class Net(nn.Module):
    """Reads (texts, tables, characters), answers (texts, columns, characters).

    Attributes:
        dropped: how much of what each layer says is hidden in training.
    """

    dropped = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.tables = nn.ModuleList(
            nn.Embedding(size, width, sparse=True) for size, width in zip(SIZES, WIDTHS, strict=True)
        )
        for table in self.tables:
            nn.init.normal_(cast("nn.Embedding", table).weight, std=SMALL)
        self.first = nn.Conv1d(sum(WIDTHS), HIDDEN, 3, padding=1)
        self.layers = nn.ModuleList(nn.Conv1d(HIDDEN, HIDDEN, 3, padding=s, dilation=s) for s in STEPS)
        self.last = nn.Conv1d(HIDDEN, ENTITIES.stop, 1)

    def forward(self, rows: Tensor) -> Tensor:
        """Return the scores of all answers."""
        return cast("Tensor", self.last(self.inner(rows)[-1]))

    def inner(self, rows: Tensor) -> list[Tensor]:
        """Return what goes into each layer but the first."""
        entries = [self._forget(table(rows[:, i]), i) for i, table in enumerate(self.tables)]
        x = self._drop(functional.relu(self.first(torch.cat(entries, 2).transpose(1, 2))))
        every = [x]
        for layer in self.layers:
            x = x + self._drop(functional.relu(layer(x)))
            every.append(x)
        return every

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropped, self.training)

    def state(self, layer: str) -> tuple[Tensor, NDArray[np.float32]]:
        """Return weights and bias of a convolution."""
        every = self.state_dict()
        return every[f"{layer}.weight"], every[f"{layer}.bias"].numpy()

    def entries(self) -> list[NDArray[np.float32]]:
        """Return the tables."""
        every = self.state_dict()
        return [every[f"tables.{i}.weight"].numpy() for i in range(len(WIDTHS))]

    def _forget(self, entry: Tensor, table: int) -> Tensor:
        """Hide whole entries in training, so that what is rare is read by what is around it."""
        if not self.training or not FORGOTTEN[table]:
            return entry
        return entry * (torch.rand(entry.shape[:2]) >= FORGOTTEN[table]).unsqueeze(2)


def loss(scores: Tensor, starts: Tensor, tags: Tensor, entities: Tensor) -> Tensor:
    """Add up the losses of the three answers; what has no label counts nothing."""
    known = starts != IGNORED
    weights = ANSWER_WEIGHTS
    total = scores.sum() * 0.0
    if bool((entities != IGNORED).any()):
        total = total + weights[2] * functional.cross_entropy(
            scores[:, ENTITIES], entities, ignore_index=IGNORED
        )
    if bool(known.any()):
        begins = scores[:, STARTS].squeeze(1)[known]
        total = total + weights[0] * functional.binary_cross_entropy_with_logits(
            begins, starts[known].float()
        )
    if bool((tags != IGNORED).any()):
        total = total + weights[1] * functional.cross_entropy(scores[:, WORDS], tags, ignore_index=IGNORED)
    return total

"""The network of the continuation model in torch, and its arrays as the product reads them.

Two encoders (one for text ends, one for text starts) meet in a dot product and a small pair network
that also sees the n-grams crossing the seam. `etl.repair.scorer.continuation` computes the same with numpy; a
test of the training script holds the two together.
"""

from collections.abc import Mapping

import numpy as np
import torch
from seam_graphs import exported, trained
from torch import nn
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from etl.repair.scorer.continuation import CONTEXT, FAR_POOL, NEAR
from etl.repair.scorer.ngrams import SEEN

EMBEDDING, CHANNELS, DEEP, ADDITIVE, DOTTED, SECOND = 64, 96, 256, 96, 128, 32
PLACES = NEAR + (CONTEXT - NEAR) // FAR_POOL


class Side(nn.Module):
    """Encodes the characters from the seam outward."""

    def __init__(self, letters: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(letters, EMBEDDING)
        nn.init.normal_(self.embedding.weight, std=0.3)
        self.kernel = nn.Linear(3 * EMBEDDING, CHANNELS)
        self.deep = nn.Linear(PLACES * CHANNELS, DEEP)
        self.out = nn.Linear(DEEP + 3, ADDITIVE + DOTTED + 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, near: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
        """[n, CONTEXT] ids and [n, 3] levels of the own n-grams to [n, ADDITIVE + DOTTED + 1]."""
        letters = self.embedding(F.pad(near, (1, 1)))
        triples = torch.cat([letters[:, :-2], letters[:, 1:-1], letters[:, 2:]], dim=2)
        hidden = F.relu(self.kernel(triples))
        far = hidden[:, NEAR:].reshape(len(near), -1, FAR_POOL, CHANNELS).mean(2)
        flat = torch.cat([hidden[:, :NEAR].flatten(1), far.flatten(1)], dim=1)
        deep = self.drop(F.relu(self.deep(self.drop(flat))))
        return self.out(torch.cat([deep, counts], dim=1))


class SeamNet(nn.Module):
    """Scores all ends of a group against all its starts."""

    def __init__(self, letters: int) -> None:
        super().__init__()
        self.left, self.right = Side(letters), Side(letters)
        self.grams = nn.Linear(SEEN, ADDITIVE, bias=False)
        self.second = nn.Linear(ADDITIVE, SECOND)
        self.first_out = nn.Linear(ADDITIVE, 1, bias=False)
        self.second_out = nn.Linear(SECOND, 1)

    def forward(self, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Scores [groups, size, size], and the log-odds of ends and of starts [groups, size]."""
        groups, size = batch["near_left"].shape[:2]
        left = self.left(batch["near_left"].flatten(0, 1), batch["counts_left"].flatten(0, 1)).view(
            groups, size, -1
        )
        right = self.right(batch["near_right"].flatten(0, 1), batch["counts_right"].flatten(0, 1)).view(
            groups, size, -1
        )
        hidden = self.grams(batch["grams"]) + left[:, :, None, :ADDITIVE] + right[:, None, :, :ADDITIVE]
        hidden = F.relu(hidden)
        second = F.relu(self.second(hidden))
        scores = (self.first_out(hidden) + self.second_out(second)).squeeze(-1)
        scores = scores + left[..., ADDITIVE:-1] @ right[..., ADDITIVE:-1].transpose(1, 2) / DOTTED**0.5
        return scores, left[..., -1], right[..., -1]


def shipped(net: SeamNet) -> dict[str, np.ndarray]:
    """The network's arrays under the names that `etl.repair.scorer.continuation` reads."""

    def half(tensor: torch.Tensor) -> np.ndarray:
        return tensor.detach().numpy().astype(np.float16)

    arrays: dict[str, np.ndarray] = {}
    for name, side in (("left", net.left), ("right", net.right)):
        out, bias = side.out.weight.detach().clone().T, side.out.bias.detach().clone()
        out[:, ADDITIVE:-1] *= DOTTED**-0.25
        bias[ADDITIVE:-1] *= DOTTED**-0.25
        arrays |= {
            f"{name}.embedding": half(side.embedding.weight),
            f"{name}.kernel": half(side.kernel.weight.T.reshape(3, EMBEDDING, CHANNELS)),
            f"{name}.kernel_bias": half(side.kernel.bias),
            f"{name}.deep": half(side.deep.weight.T),
            f"{name}.deep_bias": half(side.deep.bias),
            f"{name}.out": half(out),
            f"{name}.out_bias": half(bias),
        }
    return exported(
        arrays
        | {
            "pair.grams": half(net.grams.weight.T),
            "pair.second": half(net.second.weight.T),
            "pair.second_bias": half(net.second.bias),
            "pair.first_out": half(net.first_out.weight[0]),
            "pair.second_out": half(net.second_out.weight[0]),
            "pair.bias": half(net.second_out.bias[0]),
        }
    )


def taken_up(given: Mapping[str, np.ndarray]) -> dict[str, torch.Tensor]:
    """The state of a network that has the arrays of a model file; `shipped` the other way round."""
    single = {name: torch.from_numpy(np.asarray(array, np.float32)) for name, array in trained(given).items()}
    state: dict[str, torch.Tensor] = {}
    for side in ("left", "right"):
        out, bias = single[f"{side}.out"].clone(), single[f"{side}.out_bias"].clone()
        out[:, ADDITIVE:-1] *= DOTTED**0.25
        bias[ADDITIVE:-1] *= DOTTED**0.25
        state |= {
            f"{side}.embedding.weight": single[f"{side}.embedding"],
            f"{side}.kernel.weight": single[f"{side}.kernel"].reshape(3 * EMBEDDING, CHANNELS).T,
            f"{side}.kernel.bias": single[f"{side}.kernel_bias"],
            f"{side}.deep.weight": single[f"{side}.deep"].T,
            f"{side}.deep.bias": single[f"{side}.deep_bias"],
            f"{side}.out.weight": out.T,
            f"{side}.out.bias": bias,
        }
    return state | {
        "grams.weight": single["pair.grams"].T,
        "second.weight": single["pair.second"].T,
        "second.bias": single["pair.second_bias"],
        "first_out.weight": single["pair.first_out"][None],
        "second_out.weight": single["pair.second_out"][None],
        "second_out.bias": single["pair.bias"][None],
    }

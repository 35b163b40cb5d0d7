"""Train the continuation model on any folder of texts and write it into the file that repair ships.

    python benchmarks/train_seams.py FOLDER... --out src/etl/models/joins.npz [--steps 17000]

FOLDER holds .jsonl(.gz) files of {"id", "title", "paragraphs"} or .txt files, one paragraph a line. Needs the
dependency group `train` (torch). For 22 million characters the tables take a minute and 17000 steps
half an hour on one free core, in 1.5 GB. Trees that the file holds already stay; train them anew afterwards
(``train_joins.py``), for they are told what this model says.
"""

import argparse
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from opencc import OpenCC
from seam_data import Article, Group, groups, read_articles, sample
from seam_net import SeamNet, shipped, taken_up
from seam_table import tables
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)
from write_models import put

from etl.repair.scorer.continuation import ContinuationScorer, edge_of
from etl.repair.scorer.ngrams import crossing, edge_hashes, own_levels, remember, side_keys
from etl.repair.scorer.weights import arrays, trees

FOLDS = 6
SIZE = 32
RARE = 4  # letters seen less often are unknown
CJK = ("\u3400", "\ua000")
HALF = dict(
    zip(',;:?!()「」『』．％－０１２３４５６７８９"', "，；：？！（）“”‘’.%-0000000000”", strict=True)
)


def alphabet(articles: Sequence[Article]) -> np.ndarray:
    """Code point to id: 0 is padding, 1 unknown; width, digits, case and script folded."""
    same = {chr(c): chr(c).lower() for c in range(0x41, 0x5B)} | dict.fromkeys("0123456789", "0") | HALF
    counts: Counter[str] = Counter()
    for item in articles:
        for paragraph in item.paragraphs:
            counts.update(paragraph)
    simple = OpenCC("t2s").convert
    han = [chr(code) for code in range(ord(CJK[0]), ord(CJK[1]))]
    same |= {letter: simple(letter) for letter in han}
    folded: Counter[str] = Counter()
    for letter, count in counts.items():
        folded[same.get(letter, letter)] += count
    often = (letter for letter, n in folded.most_common() if n >= RARE and ord(letter) < 65536)
    number = {letter: k + 2 for k, letter in enumerate(often)}
    ids = np.ones(65537, np.uint16)  # the last stands for all that lies beyond
    for code in range(1, 65536):
        ids[code] = number.get(same.get(chr(code), chr(code)), 1)
    ids[0] = 0
    return ids


def prepared(
    model: ContinuationScorer, group: Group, table: np.ndarray, rng: random.Random, *, memory: bool
) -> dict[str, np.ndarray]:
    """One group as the network's input."""
    chosen = sample(group, SIZE, rng)
    lefts, rights = [group.pieces[k] for k in chosen.ends], [group.pieces[k] for k in chosen.starts]
    near = {
        side: model.edge_ids([edge_of(text, side) for text in texts])[:, 1:-1]
        for side, texts in (("left", lefts), ("right", rights))
    }
    hashes = {side: edge_hashes(near[side], leftward=side == "left") for side in near}
    keys = {side: side_keys(hashes[side], side) for side in near}
    known = remember(model.ids("\0".join(group.pieces))) if memory else np.zeros(1, np.uint8)
    i, j = np.divmod(np.arange(SIZE * SIZE), SIZE)
    grams = crossing(keys["left"][i], keys["right"][j], (table, known))
    batch = {"grams": grams.reshape(SIZE, SIZE, -1), "partner": chosen.partner}
    for side, ids in near.items():
        batch |= {f"near_{side}": ids, f"counts_{side}": own_levels(hashes[side], table)}
    return batch


def batches(
    model: ContinuationScorer, articles: Sequence[Article], folded: Sequence[np.ndarray], size: int
) -> Iterator[dict[str, torch.Tensor]]:
    """Endless batches; a group is cut in articles of one fold, with the table that leaves that fold out."""
    rng = random.Random(7)
    folds = len(folded)
    streams = [groups(articles[k::folds], rng, (700, 4000)) for k in range(folds)]
    while True:
        rows = []
        for _ in range(size):
            fold = rng.randrange(folds)
            rows.append(prepared(model, next(streams[fold]), folded[fold], rng, memory=rng.random() < 0.7))
        yield {name: torch.from_numpy(np.stack([row[name] for row in rows])) for name in rows[0]}


def loss_of(net: SeamNet, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, float]]:
    """Each end must find its start among its rivals or none, each start its end, and each edge its kind."""
    scores, ends, starts = net(batch)
    partner = batch["partner"]
    cut, size = partner >= 0, scores.shape[-1]
    target = torch.where(cut, partner, size).flatten()
    none = torch.zeros(*scores.shape[:2], 1)
    rows = F.cross_entropy(torch.cat([scores, none], 2).flatten(0, 1), target)
    columns = F.cross_entropy(torch.cat([scores.transpose(1, 2), none], 2).flatten(0, 1), target)
    edges = F.binary_cross_entropy_with_logits(ends, (~cut).float()) + F.binary_cross_entropy_with_logits(
        starts, (~cut).float()
    )
    found = (scores.argmax(2) == partner)[cut].float().mean()
    return rows + columns + edges, {
        "rows": rows.item(),
        "columns": columns.item(),
        "edges": edges.item(),
        "top1": found.item(),
    }


def train(
    net: SeamNet, stream: Iterator[dict[str, torch.Tensor]], steps: int, rate: float, report: int = 200
) -> Iterator[int]:
    """AdamW with a warm-up and a cosine decay; steps done are yielded now and then, and at the end."""
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.05)
    seen: dict[str, float] = defaultdict(float)
    began = time.monotonic()
    for step, batch in zip(range(1, steps + 1), stream, strict=False):
        loss, parts = loss_of(net, batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        for name, value in parts.items():
            seen[name] += value
        if step % report == 0:
            print(
                step,
                f"{time.monotonic() - began:.0f}s",
                {n: round(v / report, 4) for n, v in seen.items()},
                flush=True,
            )
            seen.clear()
            yield step


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=17000)
    parser.add_argument("--groups", type=int, default=12, help="reports in a batch")
    parser.add_argument("--rate", type=float, default=3e-3, help="learning rate at its highest")
    parser.add_argument("--start", type=Path, help="a model file to go on from, with its alphabet")
    every = list(range(10))
    parser.add_argument(
        "--buckets", type=int, nargs="*", default=every, help="tenths of the corpus to train on"
    )
    return parser.parse_args()


def folded_onto(letters: np.ndarray) -> np.ndarray:
    """An alphabet in which a traditional letter has the id of the simplified one, where that has one."""
    simple, out = OpenCC("t2s").convert, letters.copy()
    for code in range(ord(CJK[0]), ord(CJK[1])):
        same = int(letters[min(ord(simple(chr(code))[0]), 65536)])
        out[code] = same if same > 1 else letters[code]
    return out


def main() -> None:
    args = options()
    torch.set_num_threads(1)
    torch.manual_seed(7)
    found = (item for folder in args.folders for item in read_articles(folder))
    articles = [item for item in found if item.paragraphs and item.bucket in args.buckets]
    if len(articles) < FOLDS:
        raise SystemExit(
            f"{len(articles)} articles found, {FOLDS} needed at least: name folders of .jsonl or .txt"
        )
    given = arrays(args.start) if args.start else None
    letters = folded_onto(np.asarray(given["alphabet"])) if given else alphabet(articles)
    net = SeamNet(int(letters.max()) + 1)
    if given:
        net.load_state_dict(taken_up(given))
    probe = ContinuationScorer({"alphabet": letters, "table": np.zeros(2, np.uint8), **shipped(net)})
    folded, whole = tables([[probe.ids(p) for p in item.paragraphs] for item in articles], FOLDS)
    print(len(articles), "articles", len(net.left.embedding.weight), "letters", flush=True)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    grown = trees(args.out) if args.out.exists() else {}
    for done in train(net, batches(probe, articles, folded, args.groups), args.steps, args.rate):
        put(args.out, {"alphabet": letters, "table": whole, **shipped(net)}, grown)
        print(done, args.out, args.out.stat().st_size, "bytes", flush=True)


if __name__ == "__main__":
    main()

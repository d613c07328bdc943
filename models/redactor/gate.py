"""The first stage of `fast`: a linear score a word, from the word, its case and its neighbours, by table.

Sentences whose words all score below the threshold are not given to the model.

    python gate.py --model fast --data DIR --synthetic syn.jsonl

Writes gate.bin, int8 in units of 1/16: four tables over the vocabulary (the word in lower case, the word
otherwise written, the word before, the word after; a word is told by its first subword) and four rows of
eight case classes (own, own of a word in several subwords, before, after). The threshold is the largest at
which the sentences skipped hold at most MISSED of the names' letters, on a quarter of the documents, which did not fit the tables.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import data as D
import text as T
from augment import Augmenter

UNIT = 16
MISSED = 0.002
CASES = len(T.CASE_CLASSES)
NONE = 0  # [PAD]: there is no word before or after


class Gate(nn.Module):
    def __init__(self, vocabulary: int):
        super().__init__()
        self.words = nn.Embedding(4 * vocabulary, 1)
        self.cases = nn.Embedding(4 * CASES, 1)
        nn.init.zeros_(self.words.weight)
        nn.init.zeros_(self.cases.weight)
        self.vocabulary = vocabulary

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """features (words, 6): first subword before, own, after; case and several before: see `features_of`."""
        return self.words(features[:, :3]).sum((1, 2)) + self.cases(features[:, 3:]).sum((1, 2))


def features_of(words: list[T.Word], vocabulary: int) -> np.ndarray:
    """(words, 6): rows of the word tables (own, before, after) and of the case rows."""
    first = np.array([NONE, *(w.ids[0] for w in words), NONE])
    case = np.array([0, *(w.case for w in words), 0])
    several = np.array([len(w.ids) > 1 for w in words])
    line = np.array([-1, *(w.line for w in words), -1])
    before, after = line[1:-1] == line[:-2], line[1:-1] == line[2:]
    own = first[1:-1] + np.where(case[1:-1] == 0, 0, vocabulary)
    return np.stack(
        [
            own,
            np.where(before, first[:-2], NONE) + 2 * vocabulary,
            np.where(after, first[2:], NONE) + 3 * vocabulary,
            case[1:-1] + CASES * several,
            np.where(before, case[:-2], 0) + 2 * CASES,
            np.where(after, case[2:], 0) + 3 * CASES,
        ],
        1,
    )


def sentences(words: list[T.Word]) -> list[tuple[int, int]]:
    ends = [i + 1 for i, w in enumerate(words) if i + 1 == len(words) or words[i + 1].line != w.line or w.text in (".", "!", "?")]
    return list(zip([0, *ends], ends))


def fit(rows: np.ndarray, names: np.ndarray, vocabulary: int, seed: int, passes: int = 5) -> np.ndarray:
    """int8 weights: word tables, then case rows."""
    torch.manual_seed(seed)
    gate = Gate(vocabulary)
    optimizer = torch.optim.Adam(gate.parameters(), lr=0.05, betas=(0.9, 0.99))
    x, y = torch.from_numpy(rows), torch.from_numpy(names.astype(np.float32))
    total, step = passes * (len(x) // 8192), 0
    for _ in range(passes):
        order = torch.randperm(len(x))
        for at in range(0, len(x) - 8191, 8192):
            pick = order[at : at + 8192]
            # What is rare or unseen keeps a weight near zero, so that its case decides.
            loss = F.binary_cross_entropy_with_logits(gate(x[pick]), y[pick]) + 2e-6 * gate.words.weight.pow(2).sum()
            optimizer.zero_grad()
            loss.backward()
            for group in optimizer.param_groups:
                group["lr"] = 0.05 * (1 - step / total)
            optimizer.step()
            step += 1
    weights = torch.cat([gate.words.weight[:, 0], gate.cases.weight[:, 0]]).detach().numpy()
    return np.clip(np.round(weights * UNIT), -127, 127).astype(np.int8)


def scores_of(weights: np.ndarray, rows: np.ndarray, vocabulary: int) -> np.ndarray:
    table = weights.astype(int)
    return table[rows[:, :3]].sum(1) + table[4 * vocabulary + rows[:, 3:]].sum(1)


def skipped(documents: list[D.Document], weights: np.ndarray, wordpiece: T.WordPiece) -> np.ndarray:
    """(sentences, 4): highest score, subwords, names' characters, words of names."""
    out = []
    for doc in documents:
        words = wordpiece.words(doc.text)
        if not words:
            continue
        s = scores_of(weights, features_of(words, len(wordpiece.vocab)), len(wordpiece.vocab))
        inside = T.bio(words, doc.spans)
        for a, b in sentences(words):
            names = [w for w, label in zip(words[a:b], inside[a:b]) if label]
            out.append((s[a:b].max(), sum(len(w.ids) for w in words[a:b]), sum(w.end - w.start for w in names), b - a))
    return np.array(out)


def shares(found: np.ndarray, threshold: float) -> tuple[float, float]:
    """Share of the subwords skipped, share of the names' characters in them."""
    below = found[found[:, 0] < threshold]
    return below[:, 1].sum() / found[:, 1].sum(), below[:, 2].sum() / max(1, found[:, 2].sum())


def threshold_of(found: np.ndarray) -> int:
    return max(t for t in range(-200, 100) if shares(found, t)[1] <= MISSED)


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--model", type=Path, required=True)
    ap.add_argument("--data", type=Path, required=True)
    ap.add_argument("--synthetic", type=Path, required=True)
    ap.add_argument("--copies", type=int, default=1, help="augmented copies of the texts")
    ap.add_argument("--seed", type=int, default=5)
    args = ap.parse_args()
    torch.set_num_threads(1)
    wordpiece = T.WordPiece(str(args.model / "vocab.txt"))
    size = len(wordpiece.vocab)
    corpora = [d for c in ("uner", "wnut", "gum") for d in D.read(args.data / f"{c}_train.jsonl", c)]
    synthetic = D.read(args.synthetic, "synthetic")[:3000]
    augmenter, rng = Augmenter(corpora, 0.5), random.Random(args.seed)

    def rows_of(documents: list[D.Document]) -> tuple[np.ndarray, np.ndarray]:
        rows, names = [], []
        for doc in [*documents, *(augmenter(d, rng) if d.corpus != "synthetic" else augmenter.case_only(d, rng) for _ in range(args.copies) for d in documents)]:
            words = wordpiece.words(doc.text)
            if words:
                rows.append(features_of(words, size))
                names += [label > 0 for label in T.bio(words, doc.spans)]
        return np.concatenate(rows), np.array(names)

    mixed = corpora + synthetic
    rng.shuffle(mixed)
    kept = 3 * len(mixed) // 4
    weights = fit(*rows_of(mixed[:kept]), size, args.seed)
    found = skipped([d for d in mixed[kept:] if d.corpus != "synthetic"], weights, wordpiece)
    threshold = threshold_of(found)
    weights = fit(*rows_of(mixed), size, args.seed)
    (args.model / "gate.bin").write_bytes(weights.tobytes())
    config = json.loads((args.model / "config.json").read_text())
    config["gate"] = {"tables": "gate.bin", "threshold": threshold}
    (args.model / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    digests = json.loads((args.model / "digests.json").read_text())
    digests["gate.bin"] = "sha256:" + hashlib.sha256(weights.tobytes()).hexdigest()
    (args.model / "digests.json").write_text(json.dumps(digests, indent=1) + "\n")
    report = {"threshold": threshold, "heldOut": shares(found, threshold)}
    for c in ("uner", "wnut", "gum"):
        report[c + "_dev"] = shares(skipped(D.read(args.data / f"{c}_dev.jsonl", c), weights, wordpiece), threshold)
    print(json.dumps(report, default=float))


if __name__ == "__main__":
    main()

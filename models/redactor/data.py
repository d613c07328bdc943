"""Reads the corpora, cuts them into windows and batches windows of like length."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import torch

import text as T


@dataclass
class Document:
    id: str
    text: str
    spans: list[dict]
    corpus: str


def read(path: Path, corpus: str) -> list[Document]:
    with open(path, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    return [Document(r["id"], r["text"], r["spans"], corpus) for r in rows]


@dataclass
class Window:
    words: list[T.Word]
    labels: list[int]
    weight: float = 1.0
    soft: torch.Tensor | None = None

    @property
    def size(self) -> int:
        return 2 + sum(min(len(w.ids), T.MAX_SUBWORDS) for w in self.words)


def encode(window: Window) -> tuple[list[int], list[int], list[int]]:
    """Subword ids and case classes with [CLS] and [SEP], and the position of each word's first subword."""
    ids, cases, firsts = [T.CLS], [0], []
    for word in window.words:
        firsts.append(len(ids))
        piece = word.ids[: T.MAX_SUBWORDS]
        ids += piece
        cases += [word.case] * len(piece)
    return ids + [T.SEP], cases + [0], firsts


def batches(windows: list[Window], tokens: int, rng: random.Random | None) -> list[list[int]]:
    """Indices of windows in batches of about `tokens` subwords, neighbours in length together; shuffled when rng is given."""
    order = list(range(len(windows)))
    sizes = [w.size for w in windows]
    order.sort(key=lambda i: sizes[i] + (rng.random() * 8 if rng else 0))
    out, now, width = [], [], 0
    for i in order:
        width = max(width, sizes[i])
        if now and width * (len(now) + 1) > tokens:
            out.append(now)
            now, width = [], sizes[i]
        now.append(i)
    if now:
        out.append(now)
    if rng:
        rng.shuffle(out)
    return out


def collate(chunk: list[Window]) -> dict[str, torch.Tensor]:
    """Padded tensors; labels (batch, time) are -100 except on first subwords."""
    parts = [encode(w) for w in chunk]
    longest = max(len(p[0]) for p in parts)
    out = {k: torch.zeros(len(chunk), longest, dtype=torch.long) for k in ("input_ids", "attention_mask", "token_type_ids")}
    labels = torch.full((len(chunk), longest), -100)
    for row, (window, (ids, cases, firsts)) in enumerate(zip(chunk, parts)):
        n = len(ids)
        out["input_ids"][row, :n] = torch.tensor(ids)
        out["token_type_ids"][row, :n] = torch.tensor(cases)
        out["attention_mask"][row, :n] = 1
        labels[row, firsts] = torch.tensor(window.labels)
    return out | {"labels": labels}


@torch.no_grad()
def predict(model, windows: list[Window], tokens: int = 4096) -> list[torch.Tensor]:
    """Logits (words, labels) for each window, in order."""
    model.eval()
    out: list[torch.Tensor] = [None] * len(windows)
    for chunk in batches(windows, tokens, None):
        batch = collate([windows[i] for i in chunk])
        with torch.autocast("cpu", torch.bfloat16, enabled=False):
            logits = model(batch["input_ids"], batch["attention_mask"], batch["token_type_ids"])
        for row, i in enumerate(chunk):
            out[i] = logits[row][encode(windows[i])[2]]
    return out

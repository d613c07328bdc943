"""Runs a tagger over dev documents and scores its spans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import data as D
import metrics
import text as T

CORPORA = ["uner", "wnut", "gum"]


@dataclass
class Tagged:
    """A document, its words and, per word, gold label and logits (words, labels)."""

    document: D.Document
    words: list[T.Word]
    labels: np.ndarray
    logits: np.ndarray


def tag(model, documents: list[D.Document], wordpiece: T.WordPiece) -> list[Tagged]:
    windows, where, out = [], [], []
    for n, doc in enumerate(documents):
        words = wordpiece.words(doc.text)
        labels = T.bio(words, doc.spans)
        out.append(Tagged(doc, words, np.array(labels, dtype=int), np.zeros((len(words), len(T.LABELS)), dtype=np.float32)))
        for a, b in T.windows(words):
            windows.append(D.Window(words[a:b], labels[a:b]))
            where.append((n, a, b))
    for (n, a, b), logits in zip(where, D.predict(model, windows)):
        out[n].logits[a:b] = logits.float().numpy()
    return out


def decode(tagged: Tagged, bias: float = 0.0) -> list[tuple[int, int, str]]:
    """Spans of the best well-formed labels after `bias` was taken from the logit of O."""
    logits = tagged.logits.copy()
    logits[:, 0] -= bias
    return T.spans_of(tagged.words, T.best_labels(tagged.words, logits.tolist()))


def counts(tagged: list[Tagged], bias: float = 0.0) -> np.ndarray:
    """(documents, types, 5) as metrics.count_document."""
    rows = []
    for t in tagged:
        gold = [(s["start"], s["end"], s["label"]) for s in t.document.spans]
        rows.append(metrics.count_document(t.document.text, gold, decode(t, bias)))
    return np.stack(rows)


def quick_scores(model, data: Path, wordpiece: T.WordPiece, biases=(0.0, 1.0, 2.0, 3.0)) -> dict:
    out = {}
    for corpus in CORPORA:
        tagged = tag(model, D.read(data / f"{corpus}_dev.jsonl", corpus), wordpiece)
        for bias in biases:
            c = counts(tagged, bias).sum(0)
            s = metrics.scores(c.sum(0))
            out[f"{corpus} bias {bias}"] = {k: round(v, 4) for k, v in s.items()} | {t: round(metrics.scores(c[i])["f1"], 3) for i, t in enumerate(metrics.TYPES)}
    return out

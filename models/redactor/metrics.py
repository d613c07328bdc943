"""Scores over spans: strict typed F1, leak, calibration and the review curve, with bootstrap intervals over documents."""

from __future__ import annotations

import numpy as np

TYPES = ["PER", "LOC", "ORG"]


def covered(spans, length: int) -> np.ndarray:
    mask = np.zeros(length, dtype=bool)
    for start, end, *_ in spans:
        mask[start:end] = True
    return mask


def count_document(text: str, gold, predicted) -> np.ndarray:
    """Per type (rows PER, LOC, ORG): true positives, predicted, gold, leaked and all alphanumeric characters of gold spans."""
    out = np.zeros((3, 5))
    alnum = np.fromiter((c.isalnum() for c in text), dtype=bool, count=len(text))
    hidden = covered(predicted, len(text))
    wanted, got = set(gold), set(predicted)
    for row, kind in enumerate(TYPES):
        mine = covered([s for s in gold if s[2] == kind], len(text)) & alnum
        out[row] = [
            sum(1 for s in got if s in wanted and s[2] == kind),
            sum(1 for s in got if s[2] == kind),
            sum(1 for s in wanted if s[2] == kind),
            (mine & ~hidden).sum(),
            mine.sum(),
        ]
    return out


def scores(counts: np.ndarray) -> dict:
    """Precision, recall, F1 and leak from rows of count_document summed over documents (and types)."""
    tp, predicted, gold, leaked, chars = counts
    p, r = tp / max(predicted, 1), tp / max(gold, 1)
    return {"precision": p, "recall": r, "f1": 2 * p * r / max(p + r, 1e-9), "leak": leaked / max(chars, 1)}


def interval(per_document: np.ndarray, key: str, seed: int = 7, rounds: int = 1000) -> list[float]:
    """95% percentile bootstrap over documents; per_document is (documents, 5)."""
    rng = np.random.default_rng(seed)
    n = len(per_document)
    picks = rng.integers(0, n, size=(rounds, n))
    values = [scores(per_document[p].sum(0))[key] for p in picks]
    return [float(np.quantile(values, q)) for q in (0.025, 0.975)]


def ece(confidence: np.ndarray, correct: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error with equal-width bins."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(sum(abs(confidence[which == b].mean() - correct[which == b].mean()) * (which == b).mean() for b in range(bins) if (which == b).any()))

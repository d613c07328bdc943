"""Dev figures of an exported model, as JSON: scores, intervals, calibration and the review curve.

    python figures.py --model thorough --data DIR --out thorough/figures.json

Temperature and safe bias are fitted on four folds of documents and judged on the fifth, so that no figure
comes from texts that fitted it; the values in config.json are fitted on all of dev.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime

import data as D
import evaluate
import metrics
import text as T

FOLDS = 5
BIASES = np.round(np.arange(0, 6.01, 0.25), 2)
SAFE_LEAK = 0.04
REVIEW_SHARES = [0.0, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15]


class OnnxTagger:
    """An exported model with the calling convention of model.Tagger."""

    def __init__(self, path: Path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(path), options)

    def eval(self) -> None:
        pass

    def __call__(self, input_ids, attention_mask, token_type_ids):
        import torch

        out = torch.zeros(*input_ids.shape, len(T.LABELS))
        # One window a call, as the engine does: the int8 scales of a batch are those of all of it.
        for row, size in enumerate(attention_mask.sum(1).tolist()):
            feed = {"input_ids": input_ids[row : row + 1, :size].numpy(), "token_type_ids": token_type_ids[row : row + 1, :size].numpy()}
            out[row, :size] = torch.from_numpy(self.session.run(None, feed)[0])[0]
        return out


def probabilities(logits: np.ndarray, temperature: float) -> np.ndarray:
    z = logits / temperature
    z = np.exp(z - z.max(1, keepdims=True))
    return z / z.sum(1, keepdims=True)


def fit_temperature(tagged: list[evaluate.Tagged]) -> float:
    """The temperature of least negative log-likelihood a word, on a grid."""
    logits, labels = np.concatenate([t.logits for t in tagged]), np.concatenate([t.labels for t in tagged])

    def loss(temperature: float) -> float:
        p = probabilities(logits, temperature)
        return float(-np.log(p[np.arange(len(labels)), labels] + 1e-12).mean())

    return round(float(min(np.arange(0.6, 3.01, 0.05), key=loss)), 2)


def fit_bias(rows: dict[float, np.ndarray]) -> float:
    """The least bias at which the leak of these documents is at most SAFE_LEAK; rows: bias -> (documents, 5)."""
    for bias in BIASES:
        if metrics.scores(rows[bias].sum(0))["leak"] <= SAFE_LEAK:
            return float(bias)
    return float(BIASES[-1])


def folds_of(n: int, seed: int = 20261124) -> np.ndarray:
    return np.random.default_rng(seed).permutation(n) % FOLDS


def with_intervals(rows: np.ndarray) -> dict:
    """Scores overall and by type with 95% intervals; rows: (documents, types, 5)."""
    out = {}
    for name, part in [("all", rows.sum(1)), *((k, rows[:, i]) for i, k in enumerate(metrics.TYPES))]:
        s = metrics.scores(part.sum(0))
        out[name] = {k: round(float(v), 4) for k, v in s.items()} | {f"{k}_95": [round(x, 4) for x in metrics.interval(part, k)] for k in ("f1", "leak")}
    return out


def review_curve(tagged: list[evaluate.Tagged], bias: float) -> dict[str, dict[str, float]]:
    """Leak that remains, overall and by type, after a share of the words was reviewed: those predicted O with the least P(O)."""
    risk, leaks, total = [], [], np.zeros(3)
    for t in tagged:
        gold = [(s["start"], s["end"], s["label"]) for s in t.document.spans]
        hidden = metrics.covered(evaluate.decode(t, bias), len(t.document.text))
        p = probabilities(t.logits, 1.0)[:, 0] if len(t.words) else np.zeros(0)
        kind = np.full(len(t.document.text), -1)
        for start, end, label in gold:
            kind[start:end] = metrics.TYPES.index(label)
        for i, c in enumerate(t.document.text):
            if kind[i] >= 0 and c.isalnum():
                total[kind[i]] += 1
        for word, o in zip(t.words, p):
            row = np.zeros(3)
            for i in range(word.start, word.end):
                if kind[i] >= 0 and not hidden[i] and t.document.text[i].isalnum():
                    row[kind[i]] += 1
            risk.append(-1.0 if hidden[word.start] else 1.0 - o)
            leaks.append(row)
    order = np.argsort(-np.array(risk), kind="stable")
    left = np.array(leaks)[order]
    out = {}
    for share in REVIEW_SHARES:
        rest = left[round(share * len(order)) :].sum(0)
        out[str(share)] = {"all": round(float(rest.sum() / total.sum()), 4)} | {k: round(float(rest[i] / max(total[i], 1)), 4) for i, k in enumerate(metrics.TYPES)}
    return out


def calibration(tagged: list[evaluate.Tagged], temperatures: np.ndarray) -> dict[str, float]:
    """ECE of the best label, and of P(entity), at the temperature of each document's fold; words count alike."""
    best, right, entity, truth = [], [], [], []
    for t, temperature in zip(tagged, temperatures):
        if not len(t.words):
            continue
        p = probabilities(t.logits, temperature)
        best.append(p.max(1))
        right.append(p.argmax(1) == t.labels)
        entity.append(1 - p[:, 0])
        truth.append(t.labels > 0)
    best, right, entity, truth = (np.concatenate(x) for x in (best, right, entity, truth))
    found = (entity > 0.02) | truth
    return {
        "label": round(metrics.ece(best, right), 4),
        "entity": round(metrics.ece(entity, truth), 4),
        "entityWherePossible": round(metrics.ece(entity[found], truth[found]), 4),
    }


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--model", type=Path, required=True, help="folder with config.json")
    ap.add_argument("--data", type=Path, required=True)
    ap.add_argument("--out", type=Path, required=True)
    args = ap.parse_args()
    config = json.loads((args.model / "config.json").read_text())
    wordpiece = T.WordPiece(str(args.model / config["vocabulary"]))
    model = OnnxTagger(args.model / config["model"])
    tagged = {c: evaluate.tag(model, D.read(args.data / f"{c}_dev.jsonl", c), wordpiece) for c in evaluate.CORPORA}
    counted = {c: {float(b): evaluate.counts(t, float(b)) for b in BIASES} for c, t in tagged.items()}
    fold = {c: folds_of(len(t)) for c, t in tagged.items()}
    everything = [t for ts in tagged.values() for t in ts]
    temperature = fit_temperature(everything)
    bias = fit_bias({float(b): counted["uner"][float(b)].sum(1) for b in BIASES})
    crossed_t = [fit_temperature([t for c, ts in tagged.items() for t, k in zip(ts, fold[c]) if k != f]) for f in range(FOLDS)]
    crossed_b = [fit_bias({float(b): counted["uner"][float(b)].sum(1)[fold["uner"] != f] for b in BIASES}) for f in range(FOLDS)]
    result = {"model": config["name"], "temperature": temperature, "biasSafe": bias, "crossFitted": {"temperatures": crossed_t, "biases": crossed_b}, "corpora": {}}
    for c, ts in tagged.items():
        safe = np.stack([counted[c][crossed_b[f]][i] for i, f in enumerate(fold[c])])
        result["corpora"][c] = {
            "documents": len(ts),
            "words": int(sum(len(t.words) for t in ts)),
            "argmax": with_intervals(counted[c][0.0]),
            "safe": with_intervals(safe),
            "byBias": {str(b): {k: round(float(v), 4) for k, v in metrics.scores(counted[c][float(b)].sum((0, 1))).items()} for b in BIASES},
            "ece": {"raw": calibration(ts, np.ones(len(ts))), "tempered": calibration(ts, np.array([crossed_t[f] for f in fold[c]]))},
            "reviewShareToLeak": {"argmax": review_curve(ts, 0.0), "safe": review_curve(ts, bias)},
        }
    args.out.write_text(json.dumps(result, indent=1) + "\n")
    config["temperature"], config["decision"] = temperature, {"biasF1": 0.0, "biasSafe": bias}
    (args.model / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    for c, r in result["corpora"].items():
        print(c, "argmax", {k: r["argmax"]["all"][k] for k in ("f1", "leak")}, "safe", {k: r["safe"]["all"][k] for k in ("f1", "leak")}, r["ece"]["tempered"], r["reviewShareToLeak"]["argmax"]["0.05"]["all"])


if __name__ == "__main__":
    main()

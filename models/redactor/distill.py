"""Cuts a small student out of the teacher and trains it on the teacher's soft labels.

The student keeps some layers, the heads and inner neurons that matter most (first-order Taylor
importance on training windows), and word embeddings factorized by an SVD weighted with token frequency.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import data as D
import model as M
import text as T
from augment import Augmenter
from evaluate import quick_scores
from train import mask_subwords, parameter_groups, rate, windows_of


def importance(teacher: M.Tagger, windows: list[D.Window]) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Per layer: importance of each head (heads,) and of each inner neuron (ffn,), sums of |activation x gradient|."""
    s = teacher.shape
    heads = [torch.zeros(s.heads) for _ in teacher.layers]
    inner = [torch.zeros(s.ffn) for _ in teacher.layers]
    kept: dict[tuple[str, int], torch.Tensor] = {}

    def keep(kind: str, i: int):
        def hook(_, inputs):
            x = inputs[0]
            x.retain_grad()
            kept[kind, i] = x

        return hook

    handles = [h for i, layer in enumerate(teacher.layers) for h in (layer.o.register_forward_pre_hook(keep("o", i)), layer.down.register_forward_pre_hook(keep("down", i)))]
    for chunk in D.batches(windows, 2048, None):
        b = D.collate([windows[i] for i in chunk])
        logits = teacher(b["input_ids"], b["attention_mask"], b["token_type_ids"])
        F.cross_entropy(logits[b["labels"] >= 0], b["labels"][b["labels"] >= 0]).backward()
        for i in range(s.layers):
            x = kept["o", i]
            heads[i] += (x * x.grad).abs().sum((0, 1)).view(s.heads, s.head_dim).sum(1).detach()
            x = kept["down", i]
            inner[i] += (x * x.grad).abs().sum((0, 1)).detach()
    for h in handles:
        h.remove()
    teacher.zero_grad()
    return list(zip(heads, inner))


def cut(teacher: M.Tagger, shape: M.Shape, layers: list[int], windows: list[D.Window], dropout: float = 0.0) -> M.Tagger:
    """The student of `shape` with the teacher's `layers`, best heads and neurons."""
    scores = importance(teacher, windows)
    student = M.Tagger(shape, dropout)
    frequency = torch.ones(shape.vocab)
    for w in windows:
        for word in w.words:
            frequency[word.ids] += 1
    with torch.no_grad():
        root = frequency.sqrt()[:, None]
        _, _, v = torch.linalg.svd(root * teacher.word.weight, full_matrices=False)
        student.word.weight.copy_(teacher.word.weight @ v[: shape.embed].T)
        student.widen.weight.copy_(v[: shape.embed].T)
        for part in ("position", "case", "norm", "head"):
            getattr(student, part).load_state_dict(getattr(teacher, part).state_dict())
        for mine, i in zip(student.layers, layers):
            yours = teacher.layers[i]
            best = scores[i][0].topk(shape.heads).indices.sort().values
            rows = (best[:, None] * shape.head_dim + torch.arange(shape.head_dim)).flatten()
            for part in "qkv":
                getattr(mine, part).weight.copy_(getattr(yours, part).weight[rows])
                getattr(mine, part).bias.copy_(getattr(yours, part).bias[rows])
            mine.o.weight.copy_(yours.o.weight[:, rows])
            mine.o.bias.copy_(yours.o.bias)
            cols = scores[i][1].topk(shape.ffn).indices
            mine.up.weight.copy_(yours.up.weight[cols])
            mine.up.bias.copy_(yours.up.bias[cols])
            mine.down.weight.copy_(yours.down.weight[:, cols])
            mine.down.bias.copy_(yours.down.bias)
            mine.norm1.load_state_dict(yours.norm1.state_dict())
            mine.norm2.load_state_dict(yours.norm2.state_dict())
    return student


def student_windows(documents, synthetic, augmenter, wordpiece, rng, rounds: int) -> list[D.Window]:
    out = [w for _ in range(rounds) for d in documents for w in windows_of(augmenter(d, rng), wordpiece, rng)]
    return out + [w for d in synthetic for w in windows_of(augmenter.case_only(d, rng), wordpiece, rng)]


@torch.no_grad()
def label(teacher: M.Tagger, windows: list[D.Window]) -> None:
    """Keeps the teacher's logits (words, labels) in each window."""
    teacher.eval()
    started, done = time.time(), 0
    for chunk in D.batches(windows, 4096, None):
        batch = D.collate([windows[i] for i in chunk])
        with torch.autocast("cpu", torch.bfloat16):
            logits = teacher(batch["input_ids"], batch["attention_mask"], batch["token_type_ids"])
        for row, i in enumerate(chunk):
            windows[i].soft = logits[row][D.encode(windows[i])[2]].half()
        done += batch["input_ids"].numel()
    print(json.dumps({"labelled": done, "seconds": round(time.time() - started)}), flush=True)


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", type=Path, required=True)
    ap.add_argument("--base", type=Path, required=True)
    ap.add_argument("--teacher", type=Path, required=True)
    ap.add_argument("--student", type=Path, help="go on from this student instead of cutting a new one")
    ap.add_argument("--synthetic", type=Path, required=True)
    ap.add_argument("--layers", default="0,2,5")
    ap.add_argument("--heads", type=int, default=6)
    ap.add_argument("--ffn", type=int, default=384)
    ap.add_argument("--embed", type=int, default=192)
    ap.add_argument("--rounds", type=int, default=2, help="augmented copies of the corpora to label")
    ap.add_argument("--passes", type=float, default=5)
    ap.add_argument("--lr", type=float, default=6e-4)
    ap.add_argument("--hard", type=float, default=0.2, help="weight of the gold labels")
    ap.add_argument("--tokens", type=int, default=2048)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--limit", type=int, default=0)
    ap.add_argument("--out", type=Path, required=True)
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    wordpiece = T.WordPiece(str(args.base / "vocab.txt"))
    teacher = M.load(str(args.teacher), 0.0)
    documents = [d for c in ("uner", "wnut", "gum") for d in D.read(args.data / f"{c}_train.jsonl", c)[: args.limit or None]]
    synthetic = D.read(args.synthetic, "synthetic")[: 20 * args.limit or None]
    windows = student_windows(documents, synthetic, Augmenter(documents, 0.5), wordpiece, rng, args.rounds)
    if args.student:
        student = M.load(str(args.student), 0.0)
    else:
        layers = [int(i) for i in args.layers.split(",")]
        shape = M.Shape(layers=len(layers), heads=args.heads, ffn=args.ffn, embed=args.embed)
        student = cut(teacher, shape, layers, rng.sample(windows, min(len(windows), 300)))
    label(teacher, windows)
    optimizer = torch.optim.AdamW(parameter_groups(student, args.lr, args.lr, args.lr), betas=(0.9, 0.98))
    total = int(len(D.batches(windows, args.tokens, random.Random(0))) * args.passes)
    average = {k: v.clone() for k, v in student.state_dict().items()}
    step, started, losses = 0, time.time(), []
    while step < total:
        for chunk in D.batches(windows, args.tokens, rng):
            if step >= total:
                break
            student.train()
            batch = D.collate([windows[i] for i in chunk])
            soft = torch.cat([windows[i].soft for i in chunk]).float()
            with torch.autocast("cpu", torch.bfloat16):
                logits = student(mask_subwords(batch["input_ids"], 0.03), batch["attention_mask"], batch["token_type_ids"])
            keep = batch["labels"] >= 0
            mine = logits.float()[keep]
            kd = F.kl_div(F.log_softmax(mine, -1), F.softmax(soft, -1), reduction="batchmean")
            loss = (1 - args.hard) * kd + args.hard * F.cross_entropy(mine, batch["labels"][keep])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            for g in optimizer.param_groups:
                g["lr"] = g["base"] * rate(step, total, 60, 0.3)
            optimizer.step()
            step += 1
            with torch.no_grad():
                decay = min(0.99, step / (step + 10))
                for k, v in student.state_dict().items():
                    average[k].mul_(decay).add_(v, alpha=1 - decay)
            losses.append(float(loss.detach()))
            if step % 50 == 0:
                print(json.dumps({"step": step, "of": total, "loss": round(sum(losses[-50:]) / 50, 4), "seconds": round(time.time() - started)}), flush=True)
            if step % 300 == 0:
                M.save(student, str(args.out))
    student.load_state_dict(average)
    M.save(student, str(args.out))
    result = {"args": {k: str(v) for k, v in vars(args).items()}, "seconds": time.time() - started, "dev": quick_scores(student, args.data, wordpiece)}
    print(json.dumps(result["dev"], indent=1), flush=True)
    Path(str(args.out) + ".json").write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()

"""Trains the name tagger: see README.md for the commands and the stages.

Runs on a CPU with one thread (bf16 where the processor has it) or on CUDA.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
from torch.nn import functional as F

import data as D
import model as M
import text as T
from augment import Augmenter
from evaluate import quick_scores

CORPUS_WEIGHT = {"uner": 1.0, "wnut": 1.0, "gum": 0.6, "synthetic": 0.7}


def windows_of(doc: D.Document, wordpiece: T.WordPiece, rng: random.Random) -> list[D.Window]:
    """Cuts a document into windows of varied length, so that a lone line and a full window are both seen."""
    words = wordpiece.words(doc.text)
    labels = T.bio(words, doc.spans)
    limit = rng.choice([24, 48, 80, 126, 126])
    return [D.Window(words[a:b], labels[a:b], CORPUS_WEIGHT[doc.corpus]) for a, b in T.windows(words, limit)]


def parameter_groups(model: M.Tagger, lr: float, fast: float, embeddings: float) -> list[dict]:
    groups = {"encoder": [], "new": [], "embeddings": []}
    for name, p in model.named_parameters():
        kind = "new" if name.startswith(("head", "case")) else "embeddings" if name.startswith(("word", "position")) else "encoder"
        p.requires_grad = kind != "embeddings" or embeddings > 0
        groups[kind].append(p)
    rates = {"encoder": lr, "new": fast, "embeddings": embeddings}
    return [{"params": ps, "lr": rates[k], "base": rates[k], "weight_decay": 0.01 if k == "encoder" else 0.0} for k, ps in groups.items() if rates[k] > 0]


def rate(step: int, total: int, warm: int, floor_from: float) -> float:
    """Linear warm-up, flat until `floor_from` of the run, then linear to zero."""
    if step < warm:
        return (step + 1) / warm
    start = floor_from * total
    return 1.0 if step < start else max(0.0, (total - step) / max(1.0, total - start))


def mask_subwords(ids: torch.Tensor, share: float) -> torch.Tensor:
    drop = (torch.rand(ids.shape, device=ids.device) < share) & (ids > 103)
    return torch.where(drop, torch.full_like(ids, T.MASK), ids)


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", type=Path, required=True)
    ap.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    ap.add_argument("--init", type=Path, help="a checkpoint to go on from")
    ap.add_argument("--synthetic", type=Path, help="JSONL of the generator")
    ap.add_argument("--synthetic-share", type=float, default=0.25, help="of the windows of a pass")
    ap.add_argument("--passes", type=float, default=3)
    ap.add_argument("--lr", type=float, default=2e-4)
    ap.add_argument("--lr-new", type=float, default=1e-3)
    ap.add_argument("--lr-embeddings", type=float, default=0.0)
    ap.add_argument("--flat", type=float, default=0.0, help="share of the run at full rate before the decay")
    ap.add_argument("--gum-weight", type=float, default=CORPUS_WEIGHT["gum"], help="of GUM's heuristic labels in the loss")
    ap.add_argument("--mask", type=float, default=0.05, help="share of subwords masked")
    ap.add_argument("--smoothing", type=float, default=0.0)
    ap.add_argument("--dropout", type=float, default=0.1)
    ap.add_argument("--swap", type=float, default=0.3)
    ap.add_argument("--ema", type=float, default=0.0)
    ap.add_argument("--tokens", type=int, default=1024)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--limit", type=int, default=0, help="documents a corpus, for a trial")
    ap.add_argument("--out", type=Path, required=True)
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    CORPUS_WEIGHT["gum"] = args.gum_weight
    rng = random.Random(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    wordpiece = T.WordPiece(str(args.base / "vocab.txt"))
    model = M.load(str(args.init), args.dropout) if args.init else M.load_minilm(str(args.base / "model.safetensors"), args.dropout, args.seed)
    model.to(device)
    documents = [d for c in ("uner", "wnut", "gum") for d in D.read(args.data / f"{c}_train.jsonl", c)[: args.limit or None]]
    synthetic = D.read(args.synthetic, "synthetic") if args.synthetic else []
    augmenter = Augmenter(documents, args.swap)

    def pass_windows() -> list[D.Window]:
        out = [w for d in documents for w in windows_of(augmenter(d, rng), wordpiece, rng)]
        share = args.synthetic_share
        target = sum(w.size for w in out) * share / (1 - share) if synthetic else 0
        while target > 0:
            more = windows_of(augmenter.case_only(rng.choice(synthetic), rng), wordpiece, rng)
            target -= sum(w.size for w in more)
            out += more
        return out

    groups = parameter_groups(model, args.lr, args.lr_new, args.lr_embeddings)
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98))
    per_pass = len(D.batches(pass_windows(), args.tokens, random.Random(0)))
    total = int(per_pass * args.passes)
    average = {k: v.clone().float() for k, v in model.state_dict().items()} if args.ema else None
    step, started, losses, log = 0, time.time(), [], []
    while step < total:
        windows = pass_windows()
        for chunk in D.batches(windows, args.tokens, rng):
            if step >= total:
                break
            model.train()
            batch = {k: v.to(device) for k, v in D.collate([windows[i] for i in chunk]).items()}
            weight = torch.tensor([windows[i].weight for i in chunk], device=device)[:, None].expand_as(batch["labels"])
            with torch.autocast(device, torch.bfloat16):
                logits = model(mask_subwords(batch["input_ids"], args.mask), batch["attention_mask"], batch["token_type_ids"])
            keep = batch["labels"] >= 0
            each = F.cross_entropy(logits.float()[keep], batch["labels"][keep], reduction="none", label_smoothing=args.smoothing)
            loss = (each * weight[keep]).sum() / weight[keep].sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 1.0)
            for g in optimizer.param_groups:
                g["lr"] = g["base"] * rate(step, total, 60, args.flat)
            optimizer.step()
            step += 1
            if average is not None:
                decay = min(args.ema, step / (step + 10))
                for k, v in model.state_dict().items():
                    average[k].mul_(decay).add_(v.float(), alpha=1 - decay)
            losses.append(float(loss.detach()))
            if step % 50 == 0:
                line = {"step": step, "of": total, "loss": round(sum(losses[-50:]) / 50, 4), "seconds": round(time.time() - started)}
                log.append(line)
                print(json.dumps(line), flush=True)
            if step % 400 == 0:
                M.save(model, str(args.out))
    if average is not None:
        model.load_state_dict(average)
    M.save(model.cpu(), str(args.out))
    result = {"args": {k: str(v) for k, v in vars(args).items()}, "seconds": time.time() - started, "dev": quick_scores(model, args.data, wordpiece)}
    print(json.dumps(result["dev"], indent=1), flush=True)
    Path(str(args.out) + ".json").write_text(json.dumps(result | {"log": log}, indent=1))


if __name__ == "__main__":
    main()

"""Pretrains the tiny base model from scratch on the text that domain/sample writes.

    npm run build
    node scripts/generate-sample.mjs --corpus /tmp/corpus.jsonl
    python models/tiny/pretrain.py --corpus /tmp/corpus.jsonl --out models/tiny/model

The result depends on the seed, the corpus (its SHA-256 is logged), the versions in
requirements.txt and the numeric environment.
"""

import argparse
import copy
import hashlib
import json
import math
import platform
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizer import MAX_LENGTH, train_tokenizer
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

Row = tuple[list[int], list[float]]  # token ids and the weight of each in the loss
# What comes before these is a request: mostly chance (names, numbers, order), so it weighs little.
ANSWER_MARKS = ("### Response:\n", "\nTopic: ")
REQUEST_WEIGHT = 0.1
BATCHES_PER_BUCKET = 50
SHARE_WITHOUT_BOS = 0.15
SNAPSHOT_STEPS = 400


def read_corpus(path: Path) -> tuple[list[str], str]:
    data = path.read_bytes()
    return [json.loads(line) for line in data.splitlines()], hashlib.sha256(data).hexdigest()


def answer_start(text: str) -> int:
    return max((text.find(mark) + len(mark) for mark in ANSWER_MARKS if mark in text), default=0)


def encode(tokenizer: PreTrainedTokenizerFast, documents: list[str]) -> list[Row]:
    """Token ids with BOS and EOS. Some documents go without BOS, for users who add none."""
    encoded = tokenizer(documents, return_offsets_mapping=True)
    every = round(1 / SHARE_WITHOUT_BOS)
    rows = []
    for at, (ids, offsets) in enumerate(zip(encoded["input_ids"], encoded["offset_mapping"])):
        start = answer_start(documents[at])
        weights = [1.0 if begin >= start else REQUEST_WEIGHT for begin, _ in offsets]
        first = 1 if at % every == 0 else 0
        ids, weights = ids[first : MAX_LENGTH - 1], weights[first : MAX_LENGTH - 1]
        rows.append((ids + [tokenizer.eos_token_id], weights + [1.0]))
    return rows


def batches(rows: list[Row], size: int, steps: int, generator: torch.Generator):
    """`steps` batches of rows of like length; an epoch is a new permutation."""
    made = 0
    while True:
        order = torch.randperm(len(rows), generator=generator).tolist()
        for start in range(0, len(order), size * BATCHES_PER_BUCKET):
            bucket = sorted(order[start : start + size * BATCHES_PER_BUCKET], key=lambda at: len(rows[at][0]))
            groups = [bucket[at : at + size] for at in range(0, len(bucket), size)]
            for pick in torch.randperm(len(groups), generator=generator).tolist():
                if made == steps:
                    return
                made += 1
                yield [rows[at] for at in groups[pick]]


def collate(rows: list[Row], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and weights, both [rows, longest]; padding is on the right and weighs nothing."""
    longest = max(len(ids) for ids, _ in rows)
    ids = torch.full((len(rows), longest), pad)
    weights = torch.zeros(len(rows), longest)
    for at, (row, weight) in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row)
        weights[at, : len(row)] = torch.tensor(weight)
    return ids, weights


def loss_of(model: LlamaForCausalLM, ids: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted mean cross-entropy in nats. Causal attention needs no mask for right padding."""
    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    kept = weights[:, 1:] > 0
    losses = F.cross_entropy(model.lm_head(hidden[kept]), ids[:, 1:][kept], reduction="none")
    weight = weights[:, 1:][kept]
    return (losses * weight).sum() / weight.sum()


def make_model(tokenizer: PreTrainedTokenizerFast, layers: int) -> LlamaForCausalLM:
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=192,
            intermediate_size=512,
            num_hidden_layers=layers,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=MAX_LENGTH,
            rms_norm_eps=1e-5,
            tie_word_embeddings=True,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def rate_at(step: int, steps: int, peak: float) -> float:
    """Linear warm-up over 5%, then a cosine to a twentieth of the peak."""
    warm = max(1, steps // 20)
    if step < warm:
        return peak * (step + 1) / warm
    return peak * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * (step - warm) / (steps - warm))))


def token_count(rows: list[Row]) -> int:
    return sum(len(ids) for ids, _ in rows)


@torch.no_grad()
def evaluate(model: LlamaForCausalLM, rows: list[Row], pad: int) -> float:
    model.eval()
    groups = [rows[at : at + 32] for at in range(0, len(rows), 32)]
    losses = [(loss_of(model, *collate(group, pad)).item(), token_count(group)) for group in groups]
    model.train()
    return sum(loss * count for loss, count in losses) / sum(count for _, count in losses)


def save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, out: Path) -> None:
    model = copy.deepcopy(model).to(torch.bfloat16)
    model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        do_sample=True,
        temperature=0.7,
        top_p=0.9,
        max_new_tokens=200,
    )
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    # The name that every version of transformers knows.
    config = out / "tokenizer_config.json"
    settings = json.loads(config.read_text()) | {"tokenizer_class": "PreTrainedTokenizerFast"}
    settings.pop("backend", None)
    config.write_text(json.dumps(settings, indent=2) + "\n")
    (out / "model.safetensors").chmod(0o644)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--log", type=Path, default=Path(__file__).with_name("train-log.json"))
    parser.add_argument("--steps", type=int, default=1700)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)

    documents, digest = read_corpus(arguments.corpus)
    tokenizer = train_tokenizer(documents)
    rows = encode(tokenizer, documents)
    held_out, rows = rows[:500], rows[500:]
    model = make_model(tokenizer, arguments.layers)
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{parameters} parameters, {token_count(rows)} tokens, vocabulary {len(tokenizer)}", flush=True)

    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.95))
    generator = torch.Generator().manual_seed(arguments.seed)
    history, seen, started = [], 0, time.time()
    for step, batch in enumerate(batches(rows, arguments.batch, arguments.steps, generator)):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, arguments.steps, arguments.rate)
        loss = loss_of(model, *collate(batch, tokenizer.pad_token_id))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        seen += token_count(batch)
        if step % 50 == 0 or step == arguments.steps - 1:
            seconds = time.time() - started
            history.append({"step": step, "loss": round(loss.item(), 4), "tokens": seen, "seconds": round(seconds, 1)})
            print(history[-1], f"{seen / seconds:.0f} tokens/s", flush=True)
        if step % SNAPSHOT_STEPS == SNAPSHOT_STEPS - 1:
            save(model, tokenizer, arguments.out)
    seconds = time.time() - started
    save(model, tokenizer, arguments.out)
    model.to(torch.bfloat16).float()
    log = {
        "corpus": {"sha256": digest, "documents": len(documents), "trainTokens": token_count(rows)},
        "parameters": parameters,
        "settings": {k: v for k, v in vars(arguments).items() if k not in ("corpus", "out", "log")},
        "environment": {"torch": torch.__version__, "machine": platform.machine(), "python": platform.python_version()},
        "heldOutLoss": round(evaluate(model, held_out, tokenizer.pad_token_id), 4),
        "seconds": round(seconds),
        "history": history,
    }
    known = json.loads(arguments.log.read_text()) if arguments.log.exists() else {}
    arguments.log.write_text(json.dumps({**known, "pretraining": log}, indent=2) + "\n")


if __name__ == "__main__":
    main()

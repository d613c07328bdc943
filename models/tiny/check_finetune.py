"""Shows that the sample teaches which reply answers which request, and that nothing else does.

    python models/tiny/check_finetune.py

Three LoRA runs with the same settings: on the sample, on the sample with the replies shuffled among
all records, and shuffled inside each file. The measure is the mean cross-entropy of the replies of
samples/data/holdout.jsonl, in nats a token. Personal data is replaced by placeholders as
samples/data/truth.jsonl says, or comes redacted by the pipeline with --records.
"""

import argparse
import csv
import json
import math
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "samples" / "data"
IGNORED = -100
HELD_OUT_FILE = "holdout.jsonl"
MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
Record = tuple[str, str, str]  # file, instruction, output


def read_truth() -> dict[tuple[str, int, str], list[tuple[int, int, str]]]:
    truth: dict[tuple[str, int, str], list[tuple[int, int, str]]] = {}
    for line in (DATA / "truth.jsonl").read_text().splitlines():
        row = json.loads(line)
        key = (row["file"], row["row"], row["field"])
        truth.setdefault(key, []).append((row["start"], row["end"], row["type"]))
    return truth


def redacted(text: str, spans: list[tuple[int, int, str]]) -> str:
    """Offsets are UTF-16 units."""
    units = text.encode("utf-16-le")
    for start, end, kind in sorted(spans, reverse=True):
        units = units[: 2 * start] + f"[{kind}]".encode("utf-16-le") + units[2 * end :]
    return units.decode("utf-16-le")


def rows_of(path: Path):
    """(row, request field, request, reply field, reply) of each well-formed row, copies left out."""
    if path.suffix == ".csv":
        with path.open(newline="") as file:
            for row, cells in enumerate(csv.reader(file), 1):
                if len(cells) == 6 and cells[0].startswith("BNK-0"):
                    yield row, "/prompt", cells[2], "/completion", cells[3]
        return
    for row, line in enumerate(path.read_text().split("\n"), 1):
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if not isinstance(value, dict) or "-0" not in value.get("id", ""):
            continue
        if "messages" in value:
            user, assistant = (message["content"] for message in value["messages"])
            yield row, "/messages/0/content", user, "/messages/1/content", assistant
        else:
            yield row, "/instruction", value["instruction"], "/output", value["output"]


def read_sample() -> list[Record]:
    truth = read_truth()
    return [
        (path.name, redacted(asked, truth.get((path.name, row, a), [])), redacted(reply, truth.get((path.name, row, b), [])))
        for path in sorted([*DATA.glob("*.jsonl"), *DATA.glob("*.csv")])
        if path.name != "truth.jsonl"
        for row, a, asked, b, reply in rows_of(path)
    ]


def read_records(path: Path) -> list[Record]:
    rows = map(json.loads, path.read_text().splitlines())
    return list(dict.fromkeys((row["file"], row["instruction"], row["output"]) for row in rows))


def prompt_of(instruction: str) -> str:
    return f"### Instruction:\n{instruction}\n\n### Response:\n"


def encode(tokenizer, records: list[Record]) -> list[tuple[list[int], int]]:
    """Ids and where the reply begins."""
    rows = []
    for _, instruction, output in records:
        asked = tokenizer(prompt_of(instruction))["input_ids"]
        reply = tokenizer(output, add_special_tokens=False)["input_ids"]
        rows.append((asked + reply + [tokenizer.eos_token_id], len(asked)))
    return rows


def loss_sum(model, rows: list[tuple[list[int], int]], pad: int) -> tuple[torch.Tensor, int]:
    """Summed cross-entropy over the replies' tokens, and their number."""
    longest = max(len(ids) for ids, _ in rows)
    ids = torch.full((len(rows), longest), pad)
    labels = torch.full((len(rows), longest), IGNORED)
    for at, (row, start) in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row)
        labels[at, start : len(row)] = ids[at, start : len(row)]
    logits = model(input_ids=ids).logits[:, :-1]
    kept = labels[:, 1:] != IGNORED
    return F.cross_entropy(logits[kept], labels[:, 1:][kept], reduction="sum"), int(kept.sum())


@torch.no_grad()
def evaluate(model, rows, pad: int) -> float:
    model.eval()
    parts = [loss_sum(model, rows[at : at + 16], pad) for at in range(0, len(rows), 16)]
    return sum(float(loss) for loss, _ in parts) / sum(count for _, count in parts)


def rate_at(step: int, steps: int, peak: float) -> float:
    warm = math.ceil(0.03 * steps)
    if step < warm:
        return peak * step / warm
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def finetune(arguments, tokenizer, records: list[Record], held_out) -> tuple[torch.nn.Module, list[dict]]:
    torch.manual_seed(arguments.seed)
    model = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32)
    config = LoraConfig(r=16, lora_alpha=32, lora_dropout=0.05, target_modules=MODULES, task_type="CAUSAL_LM")
    model = get_peft_model(model, config)
    rows = encode(tokenizer, records)
    random.Random(arguments.seed).shuffle(rows)
    rows = rows * math.ceil(arguments.steps * arguments.batch / len(rows))
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, weight_decay=0.001)
    curve = []
    for step in range(arguments.steps):
        if step % arguments.every == 0 and step > 0:
            curve.append({"step": step, "heldOutLoss": round(evaluate(model, held_out, tokenizer.pad_token_id), 4)})
            print(curve[-1], flush=True)
        model.train()
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, arguments.steps, arguments.rate)
        batch = rows[step * arguments.batch : (step + 1) * arguments.batch]
        loss, count = loss_sum(model, batch, tokenizer.pad_token_id)
        optimizer.zero_grad()
        (loss / count).backward()
        torch.nn.utils.clip_grad_norm_(trained, 0.3)
        optimizer.step()
    curve.append({"step": arguments.steps, "heldOutLoss": round(evaluate(model, held_out, tokenizer.pad_token_id), 4)})
    print(curve[-1], flush=True)
    return model, curve


def shuffled(records: list[Record], seed: int, inside_files: bool) -> list[Record]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record[0] if inside_files else "", []).append(record)
    made = []
    for group in groups.values():
        replies = [reply for _, _, reply in group]
        random.Random(seed).shuffle(replies)
        made += [(file, asked, reply) for (file, asked, _), reply in zip(group, replies)]
    return made


@torch.no_grad()
def answer(model, tokenizer, instruction: str) -> str:
    model.eval()
    ids = tokenizer(prompt_of(instruction), return_tensors="pt")["input_ids"]
    made = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, temperature=None, top_p=None, max_new_tokens=120)
    return tokenizer.decode(made[0, ids.shape[1] :], skip_special_tokens=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, default=HERE / "model")
    parser.add_argument("--records", type=Path, help="JSON Lines of {file, instruction, output}, redacted")
    parser.add_argument("--log", type=Path, default=HERE / "train-log.json")
    parser.add_argument("--section", default="finetune")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--every", type=int, default=20)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--examples", type=int, default=3)
    parser.add_argument("--only", choices=["real", "shuffled", "shuffledInsideFiles"])
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    everything = read_sample() if arguments.records is None else read_records(arguments.records)
    train = [record for record in everything if record[0] != HELD_OUT_FILE]
    held_out_records = [record for record in everything if record[0] == HELD_OUT_FILE]
    held_out = encode(tokenizer, held_out_records)
    base = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32)
    before = evaluate(base, held_out, tokenizer.pad_token_id)
    lengths = [len(ids) for ids, _ in encode(tokenizer, train)]
    print(f"{len(train)} records, {sum(lengths) / len(lengths):.0f} tokens each; base loss {before:.4f}", flush=True)

    arms = {
        "real": train,
        "shuffled": shuffled(train, arguments.seed, False),
        "shuffledInsideFiles": shuffled(train, arguments.seed, True),
    }
    result: dict = {
        "settings": {"steps": arguments.steps, "batch": arguments.batch, "rate": arguments.rate, "seed": arguments.seed,
                     "r": 16, "alpha": 32, "dropout": 0.05, "clip": 0.3, "weightDecay": 0.001, "warmup": 0.03},
        "redaction": "truth.jsonl" if arguments.records is None else "the pipeline's",
        "trainRecords": len(train), "heldOutRecords": len(held_out), "tokensPerRecord": round(sum(lengths) / len(lengths)),
        "baseLoss": round(before, 4),
    }
    for name, records in arms.items():
        if arguments.only not in (None, name):
            continue
        started = time.time()
        model, curve = finetune(arguments, tokenizer, records, held_out)
        reduction = 1 - curve[-1]["heldOutLoss"] / before
        result[name] = {"curve": curve, "reduction": round(reduction, 4), "seconds": round(time.time() - started)}
        print(f"{name}: {reduction:.1%} lower", flush=True)
        if name == "real":
            step = max(1, len(held_out_records) // max(1, arguments.examples))
            asked = [record for record in held_out_records[::step]][: arguments.examples]
            result["examples"] = [
                {"instruction": instruction, "reference": output,
                 "before": answer(base, tokenizer, instruction), "after": answer(model, tokenizer, instruction)}
                for _, instruction, output in asked
            ]
    log = json.loads(arguments.log.read_text()) if arguments.log.exists() else {}
    log.setdefault("checks", {})[arguments.section] = result
    arguments.log.write_text(json.dumps(log, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

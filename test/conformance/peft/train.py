"""Trains with the Trainer of Hugging Face transformers what the engine trained, for one directory.

Reads  DIR/model (config.json, float32 weights), DIR/start (the PEFT adapter before the first step),
DIR/tokens.json, DIR/plan.json (settings, and the order of the sequences in each epoch).
Writes DIR/curve.json: loss, learning rate and gradient norm of each step, and DIR/trained: the
adapter after the last one. The order of the sequences is given; everything else is Trainer's own:
accumulation, normalization of the loss, clipping, schedule, AdamW.
"""

import json
import sys
from pathlib import Path

import accelerate
import peft
import torch
import transformers

directory = Path(sys.argv[1])
torch.set_num_threads(1)
plan = json.loads((directory / "plan.json").read_text())
settings = plan["settings"]
sequences = json.loads((directory / "tokens.json").read_text())
base = transformers.AutoModelForCausalLM.from_pretrained(
    directory / "model", dtype=torch.float32, attn_implementation="eager", local_files_only=True
)
model = peft.PeftModel.from_pretrained(base, directory / "start", is_trainable=True)


def collate(batch):
    longest = max(len(s["ids"]) for s in batch)
    fill = lambda values, value: values + [value] * (longest - len(values))
    labels = [[i if m else -100 for i, m in zip(s["ids"], s["lossMask"])] for s in batch]
    return {
        "input_ids": torch.tensor([fill(s["ids"], 0) for s in batch]),
        "attention_mask": torch.tensor([fill([1] * len(s["ids"]), 0) for s in batch]),
        "labels": torch.tensor([fill(row, -100) for row in labels]),
    }


class Planned(torch.utils.data.Sampler):
    """Gives the sequences of one epoch after another in the engine's order."""

    def __init__(self):
        self.epoch = 0

    def __len__(self):
        return len(sequences)

    def __iter__(self):
        order = plan["epochs"][self.epoch]
        self.epoch += 1
        return iter(order)


curve = []
window = []


class Record(transformers.TrainerCallback):
    def on_pre_optimizer_step(self, args, state, control, **kwargs):
        (rate,) = {group["lr"] for group in kwargs["optimizer"].param_groups}
        curve.append({"loss": sum(window), "learningRate": rate})
        window.clear()


class Trainer(transformers.Trainer):
    def _get_train_sampler(self, *_):
        return Planned()

    def training_step(self, *args, **kwargs):
        loss = super().training_step(*args, **kwargs)
        window.append(loss.item())
        return loss


arguments = transformers.TrainingArguments(
    output_dir=str(directory / "out"),
    max_steps=settings["maxSteps"],
    per_device_train_batch_size=settings["batchSize"],
    gradient_accumulation_steps=settings["accumulation"],
    learning_rate=settings["learningRate"],
    lr_scheduler_type=settings["schedule"],
    warmup_steps=settings["warmupRatio"] if settings["warmupSteps"] is None else settings["warmupSteps"],
    weight_decay=settings["weightDecay"],
    max_grad_norm=settings["maxGradNorm"],
    optim="adamw_torch",
    remove_unused_columns=False,
    use_cpu=True,
    save_strategy="no",
    report_to=[],
    disable_tqdm=True,
    logging_strategy="no",
    dataloader_pin_memory=False,
)
Trainer(
    model=model,
    args=arguments,
    train_dataset=sequences,
    data_collator=collate,
    callbacks=[Record()],
).train()
(directory / "curve.json").write_text(json.dumps(curve))
model.save_pretrained(directory / "trained")
print(json.dumps({m.__name__: m.__version__ for m in (peft, transformers, torch, accelerate)}))

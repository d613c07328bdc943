"""The peer of the training benchmark: torch + peft on the same model, adapter, tokens and optimizer.

Usage: train-peer.py MODEL RECOMPUTE STEPS THREADS
Prints the figures of the steps after the first as JSON.
"""

import json
import resource
import sys
import time

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    folder, recompute, steps, threads = sys.argv[1:5]
    torch.set_num_threads(int(threads))
    base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    model = PeftModel.from_pretrained(base, f"{folder}/adapter", is_trainable=True)
    model.train()
    if recompute == "true":
        model.gradient_checkpointing_enable({"use_reentrant": False})
        model.enable_input_require_grads()
    ids = load_file(f"{folder}/tokens.safetensors")["ids"].long()
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.0)
    losses, seconds, begin = [], [], None
    for _ in range(int(steps)):
        started = time.perf_counter()
        loss = model(input_ids=ids, labels=ids, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - started)
        begin = cpu_seconds() if begin is None else begin
    figures = {
        "tokensPerStep": ids.numel(),
        "losses": losses,
        "secondsPerStep": seconds[1:],
        "cpuSecondsPerStep": (cpu_seconds() - begin) / (len(losses) - 1),
        "peakRssBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(figures))


main()

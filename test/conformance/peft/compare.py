"""Computes with Hugging Face transformers + peft what the engine computed, for one directory.

Reads  DIR/model (config.json, float32 weights), DIR/adapter (a PEFT adapter), DIR/tokens.json.
Writes DIR/peer.safetensors: logits of every sequence one after another, the loss (mean over the
counted tokens) and its gradient for every LoRA tensor, under the adapter file's own names; and
DIR/generated.json: what follows the first tokens of every sequence, greedily.
"""

import json
import sys
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import save_file

directory = Path(sys.argv[1])
torch.set_num_threads(1)
base = transformers.AutoModelForCausalLM.from_pretrained(
    directory / "model", dtype=torch.float32, attn_implementation="eager", local_files_only=True
)
model = peft.PeftModel.from_pretrained(base, directory / "adapter", is_trainable=True).eval()
sequences = json.loads((directory / "tokens.json").read_text())
counted = sum(sum(s["lossMask"][1:]) for s in sequences)

logits, loss = [], torch.zeros(())
for sequence in sequences:
    ids = torch.tensor([sequence["ids"]])
    labels = torch.where(torch.tensor([sequence["lossMask"]]) == 1, ids, -100)
    out = model(input_ids=ids, use_cache=False).logits
    logits.append(out[0].detach())
    loss = loss + torch.nn.functional.cross_entropy(
        out[0, :-1], labels[0, 1:], ignore_index=-100, reduction="sum"
    )
loss = loss / counted
loss.backward()
result = {
    name.replace("vector.default.weight", "vector").replace(".default", ""): parameter.grad.contiguous()
    for name, parameter in model.named_parameters()
    if parameter.grad is not None
}
generated = []
for sequence in sequences:
    prompt = torch.tensor([sequence["ids"][:4]])
    out = model.generate(
        input_ids=prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=16
    )
    generated.append(out[0, 4:].tolist())
(directory / "generated.json").write_text(json.dumps(generated))
result["logits"] = torch.cat(logits).contiguous()
result["loss"] = loss.detach().reshape(1)
save_file(result, directory / "peer.safetensors")
print(json.dumps({"peft": peft.__version__, "transformers": transformers.__version__, "torch": torch.__version__}))

"""Makes random tiny models of every family and computes with transformers + peft what the engine must give.

families.py models DIR       a model directory for each family and dtype, an adapter, peer.safetensors
families.py fixture FILE     the same figures of the float32 models, small enough to commit

Every parameter follows from its name by the generator of lcg.ts, so the fixture holds no weights.
"""

import base64
import json
import sys
from pathlib import Path

import numpy
import peft
import torch
import transformers
from safetensors.torch import save_file

torch.set_num_threads(1)
MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
SIZES = dict(
    vocab_size=40,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=4,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=0,
)
LLAMA3 = dict(
    rope_type="llama3", rope_theta=5e5, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
    original_max_position_embeddings=16,
)
YARN = dict(rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=16)
LINEAR = dict(rope_type="linear", rope_theta=1e4, factor=2.0)
T = transformers
FAMILIES = {
    "llama-2": T.LlamaConfig(**SIZES | dict(num_key_value_heads=4)),
    "llama-3": T.LlamaConfig(**SIZES, rope_parameters=LLAMA3, tie_word_embeddings=True),
    "llama-biased": T.LlamaConfig(**SIZES, rope_parameters=LINEAR, attention_bias=True, mlp_bias=True),
    "mistral": T.MistralConfig(**SIZES, head_dim=12, sliding_window=6),
    "mistral-full": T.MistralConfig(**SIZES, head_dim=16, sliding_window=None),
    "qwen2": T.Qwen2Config(**SIZES, rope_parameters=YARN),
    "qwen2-windowed": T.Qwen2Config(
        **SIZES, use_sliding_window=True, sliding_window=5, max_window_layers=2, tie_word_embeddings=True
    ),
    "qwen3": T.Qwen3Config(**SIZES, head_dim=12, tie_word_embeddings=True),
    "smollm3": T.SmolLM3Config(**SIZES),
    "gemma": T.GemmaConfig(**SIZES, head_dim=12),
    "gemma2": T.Gemma2Config(
        **SIZES, head_dim=12, sliding_window=6, query_pre_attn_scalar=10,
        attn_logit_softcapping=2.0, final_logit_softcapping=4.0,
    ),
    "gemma3": T.Gemma3TextConfig(
        **SIZES, head_dim=12, sliding_window=6, query_pre_attn_scalar=10, layer_types=["sliding_attention", "full_attention"] * 2,
        rope_parameters={
            "sliding_attention": {"rope_type": "default", "rope_theta": 1e4},
            "full_attention": {"rope_type": "linear", "rope_theta": 1e6, "factor": 8.0},
        },
    ),
}
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
SEQUENCES = [[3 + (5 * i * i + 7 * i + s) % 37 for i in range(n)] for s, n in [(1, 21), (4, 9)]]
PROMPT_TOKENS, NEW_TOKENS, MASKED = 5, 14, 3


def lcg(count, seed):
    """lcg.ts: sums of four uniform draws, centred, times 0.05."""
    draws, state = numpy.empty(4 * count), seed
    for i in range(4 * count):
        state = (1664525 * state + 1013904223) & 0xFFFFFFFF
        draws[i] = (state >> 8) / 2**24
    sums = draws[0::4] + draws[1::4] + draws[2::4] + draws[3::4]
    return torch.from_numpy(((sums - 2) * 0.05).astype(numpy.float32))


def gain(name):
    if "norm" in name:
        return 4.0
    return {"lm_head": 20.0, "embed_tokens": 3.0}.get(name.split(".")[-2], 8.0)


def fill(model):
    """Every parameter by its place among the sorted names; norms of w stay around one."""
    one = 0.0 if "Gemma" in type(model).__name__ else 1.0
    tied = model.config.tie_word_embeddings
    names = sorted(n for n, _ in model.named_parameters() if not (tied and n == "lm_head.weight"))
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for seed, name in enumerate(names, 1):
            values = (lcg(parameters[name].numel(), seed) * gain(name)).reshape(parameters[name].shape)
            parameters[name].copy_(values + one if "norm" in name else values)


def adapt(model, config):
    adapted = peft.get_peft_model(model, config).eval()
    lora = sorted((n, p) for n, p in adapted.named_parameters() if "lora_" in n)
    with torch.no_grad():
        for seed, (_, parameter) in enumerate(lora, 1000):
            parameter.copy_(lcg(parameter.numel(), seed).reshape(parameter.shape) * 4)
    return adapted


def lora_config(**changes):
    return peft.LoraConfig(
        r=4, lora_alpha=8, target_modules=MODULES, task_type="CAUSAL_LM", **changes
    )


def compute(model):
    """Logits of every sequence, the mean loss over the counted tokens, its LoRA gradients, a greedy text."""
    logits, loss, counted = [], torch.zeros(()), 0
    for ids in SEQUENCES:
        tokens = torch.tensor([ids])
        labels = tokens.clone()
        labels[0, :MASKED] = -100
        out = model(input_ids=tokens, use_cache=False).logits.float()
        logits.append(out[0].detach())
        loss = loss + torch.nn.functional.cross_entropy(
            out[0, :-1], labels[0, 1:], ignore_index=-100, reduction="sum"
        )
        counted += len(ids) - MASKED
    loss = loss / counted
    loss.backward()
    result = {
        name.replace(".default", ""): parameter.grad.contiguous()
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }
    prompt = torch.tensor([SEQUENCES[0][:PROMPT_TOKENS]])
    text = model.generate(
        input_ids=prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=NEW_TOKENS,
        do_sample=False, eos_token_id=None, pad_token_id=0,
    )
    result["generated"] = text[0, PROMPT_TOKENS:].to(torch.int32).contiguous()
    result["logits"] = torch.cat(logits).contiguous()
    result["loss"] = loss.detach().reshape(1)
    return result


def load(directory, **options):
    return transformers.AutoModelForCausalLM.from_pretrained(
        directory, attn_implementation="eager", local_files_only=True, **options
    )


def new_model(config):
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    fill(model)
    return model.eval()


def write_models(root):
    for family, config in FAMILIES.items():
        for name, dtype in DTYPES.items():
            directory = root / f"{family}-{name}"
            new_model(config).to(dtype).save_pretrained(directory / "model")
            model = adapt(load(directory / "model", dtype=torch.float32), lora_config())
            model.save_pretrained(directory / "adapter")
            save_file(compute(model), directory / "peer.safetensors")
    (root / "sequences.json").write_text(json.dumps(SEQUENCES))


def probe(gradient, seed):
    """The gradient's norm, and its product with a vector of the generator."""
    flat = gradient.flatten().double()
    return [flat.norm().item(), (flat * lcg(flat.numel(), seed).double()).sum().item()]


def write_fixture(path):
    cases = {}
    for family, config in FAMILIES.items():
        result = compute(adapt(new_model(config), lora_config()))
        logits, loss = result.pop("logits"), result.pop("loss")
        generated = result.pop("generated").tolist()
        settings = config.to_diff_dict() | {"architectures": [type(new_model(config)).__name__]}
        cases[family] = {
            "config": settings,
            "logits": base64.b64encode(logits.numpy().tobytes()).decode(),
            "loss": loss.item(),
            "generated": generated,
            "gradients": {n: probe(g, 7 + i) for i, (n, g) in enumerate(sorted(result.items()))},
        }
    source = f"transformers {transformers.__version__}, peft {peft.__version__}, torch {torch.__version__}, eager attention, float32"
    path.write_text(json.dumps({"source": source, "sequences": SEQUENCES, "families": cases}))


if __name__ == "__main__":
    {"models": write_models, "fixture": write_fixture}[sys.argv[1]](Path(sys.argv[2]))

"""A post-norm BERT encoder with case classes and a BIO head, small enough to read at once."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass
class Shape:
    layers: int = 6
    hidden: int = 384
    heads: int = 12
    head_dim: int = 32
    ffn: int = 1536
    embed: int = 384
    vocab: int = 30522
    positions: int = 512
    cases: int = 8
    labels: int = 7
    act: str = "gelu"

    def as_dict(self) -> dict:
        return asdict(self)


class Layer(nn.Module):
    def __init__(self, s: Shape, dropout: float):
        super().__init__()
        inner = s.heads * s.head_dim
        self.heads, self.head_dim, self.act = s.heads, s.head_dim, s.act
        self.q, self.k, self.v = (nn.Linear(s.hidden, inner) for _ in range(3))
        self.o = nn.Linear(inner, s.hidden)
        self.up, self.down = nn.Linear(s.hidden, s.ffn), nn.Linear(s.ffn, s.hidden)
        self.norm1, self.norm2 = nn.LayerNorm(s.hidden, eps=1e-12), nn.LayerNorm(s.hidden, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        b, t, _ = x.shape
        q, k, v = (f(x).view(b, t, self.heads, self.head_dim).transpose(1, 2) for f in (self.q, self.k, self.v))
        # Written out: torch's fused attention is slower on a CPU for heads this small.
        scores = q @ k.transpose(2, 3) * (self.head_dim**-0.5) + bias.to(q.dtype)
        mixed = F.softmax(scores, -1).to(v.dtype) @ v
        x = self.norm1(x + self.drop(self.o(mixed.transpose(1, 2).reshape(b, t, self.heads * self.head_dim))))
        h = self.up(x)
        h = F.relu(h) if self.act == "relu" else F.gelu(h)
        return self.norm2(x + self.drop(self.down(h)))


class Tagger(nn.Module):
    """input_ids, attention_mask, token_type_ids (case classes), each (batch, time) int64 -> logits (batch, time, labels)."""

    def __init__(self, shape: Shape, dropout: float = 0.1):
        super().__init__()
        s = self.shape = shape
        self.word = nn.Embedding(s.vocab, s.embed)
        self.position = nn.Embedding(s.positions, s.hidden)
        self.case = nn.Embedding(s.cases, s.hidden)
        self.widen = nn.Linear(s.embed, s.hidden, bias=False) if s.embed != s.hidden else None
        self.norm = nn.LayerNorm(s.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(s, dropout) for _ in range(s.layers))
        self.head = nn.Linear(s.hidden, s.labels)
        self.drop = nn.Dropout(dropout)

    def hidden(self, input_ids, attention_mask, token_type_ids):
        x = self.word(input_ids)
        if self.widen is not None:
            x = self.widen(x)
        x = x + self.position.weight[: input_ids.shape[1]] + self.case(token_type_ids)
        x = self.drop(self.norm(x))
        bias = (1.0 - attention_mask[:, None, None, :].to(x.dtype)) * -10000.0
        states = [x]
        for layer in self.layers:
            states.append(layer(states[-1], bias))
        return states

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.head(self.drop(self.hidden(input_ids, attention_mask, token_type_ids)[-1]))


def load_minilm(path: str, dropout: float = 0.1, seed: int = 1) -> Tagger:
    """The tagger with the weights of all-MiniLM-L6-v2's safetensors file; head and case rows 1 to 7 are new."""
    from safetensors.torch import load_file

    torch.manual_seed(seed)
    src = {k.removeprefix("bert."): v for k, v in load_file(path).items()}
    model = Tagger(Shape(), dropout)
    names = {
        "word.weight": "embeddings.word_embeddings.weight",
        "position.weight": "embeddings.position_embeddings.weight",
        "norm": "embeddings.LayerNorm",
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "o": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    }
    with torch.no_grad():
        for name, p in model.named_parameters():
            if name.startswith("head") or name.startswith("case"):
                continue
            if name in names:
                key = names[name]
            elif name.startswith("layers."):
                _, i, part, kind = name.split(".")
                key = f"encoder.layer.{i}.{names[part]}.{kind}"
            else:
                part, kind = name.split(".")
                key = f"{names[part]}.{kind}"
            p.copy_(src[key])
        base = src["embeddings.token_type_embeddings.weight"][0]
        model.case.weight.copy_(base + torch.randn_like(model.case.weight) * 0.02)
        nn.init.normal_(model.head.weight, std=0.02)
        model.head.bias.zero_()
        model.head.bias[0] = 2.0
    return model


def save(model: Tagger, path: str) -> None:
    torch.save({"shape": model.shape.as_dict(), "state": {k: v.half() for k, v in model.state_dict().items()}}, path)


def load(path: str, dropout: float = 0.1) -> Tagger:
    blob = torch.load(path, map_location="cpu", weights_only=True)
    model = Tagger(Shape(**blob["shape"]), dropout)
    model.load_state_dict({k: v.float() for k, v in blob["state"].items()})
    return model

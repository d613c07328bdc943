"""Writes a tagger as an ONNX graph: int8 weights (dynamic quantization of activations) or fp32.

Opset 17 and, for attention, com.microsoft 1. Weights keep 7 bits, per output channel, so that
processors without VNNI do not saturate; word embeddings are int8 with a scale a row.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import model as M

OPSET = 17


class Graph:
    def __init__(self, quantized: bool):
        self.quantized, self.nodes, self.constants, self.made = quantized, [], [], 0

    def constant(self, value: np.ndarray, name: str = "c") -> str:
        self.made += 1
        key = f"{name}_{self.made}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), key))
        return key

    def op(self, kind: str, *inputs: str, outputs: int = 1, domain: str = "", **attributes):
        self.made += 1
        names = [f"{kind}_{self.made}" + (f"_{i}" if outputs > 1 else "") for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"{kind}_{self.made}", domain=domain, **attributes))
        return names if outputs > 1 else names[0]

    def quantize(self, x: str) -> tuple[str, str, str]:
        return tuple(self.op("DynamicQuantizeLinear", x, outputs=3))

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None, name: str) -> str:
        """x (…, in) times weight (in, out) plus bias."""
        if not self.quantized:
            y = self.op("MatMul", x, self.constant(weight, name))
        else:
            scale = np.maximum(np.abs(weight).max(0), 1e-8) / 63.0
            codes = np.clip(np.round(weight / scale), -63, 63).astype(np.int8)
            q, a, zero = self.quantize(x)
            product = self.op("MatMulInteger", q, self.constant(codes, name), zero, self.constant(np.zeros(codes.shape[1], np.int8)))
            y = self.op("Mul", self.op("Cast", product, to=TensorProto.FLOAT), self.op("Mul", a, self.constant(scale.astype(np.float32))))
        return self.op("Add", y, self.constant(bias, name + "_b")) if bias is not None else y

    def norm(self, x: str, layer) -> str:
        return self.op("LayerNormalization", x, self.constant(layer.weight.detach().numpy(), "gamma"), self.constant(layer.bias.detach().numpy(), "beta"), axis=-1, epsilon=1e-12)


def embedding(g: Graph, table: np.ndarray, ids: str, name: str) -> str:
    if not g.quantized or table.shape[0] < 1000:
        return g.op("Gather", g.constant(table.astype(np.float32), name), ids)
    scale = (np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / 127.0).astype(np.float32)
    codes = np.clip(np.round(table / scale), -127, 127).astype(np.int8)
    rows = g.op("Cast", g.op("Gather", g.constant(codes, name), ids), to=TensorProto.FLOAT)
    return g.op("Mul", rows, g.op("Gather", g.constant(scale, name + "_scale"), ids))


def activation(g: Graph, x: str, kind: str) -> str:
    if kind == "relu":
        return g.op("Relu", x)
    half, one, root = (g.constant(np.array(v, np.float32)) for v in (0.5, 1.0, 2**0.5))
    erf = g.op("Add", g.op("Erf", g.op("Div", x, root)), one)
    return g.op("Mul", g.op("Mul", x, erf), half)


def build(model: M.Tagger, quantized: bool) -> onnx.ModelProto:
    """input_ids, token_type_ids: int64 (batch, time) -> logits: float (batch, time, labels).

    No mask: the rows of a batch have one length, and without one onnxruntime takes its faster attention.
    """
    s = model.shape
    w = {k: v.detach().float().numpy() for k, v in model.state_dict().items()}
    g = Graph(quantized)
    x = embedding(g, w["word.weight"], "input_ids", "word")
    if model.widen is not None:
        x = g.linear(x, w["widen.weight"].T, None, "widen")
    length = g.op("Slice", g.op("Shape", "input_ids"), g.constant(np.array([1])), g.constant(np.array([2])))
    positions = g.op("Slice", g.constant(w["position.weight"][:128], "position"), g.constant(np.array([0])), length, g.constant(np.array([0])))
    x = g.op("Add", g.op("Add", x, embedding(g, w["case.weight"], "token_type_ids", "case")), positions)
    x = g.norm(x, model.norm)
    for i, layer in enumerate(model.layers):
        p = f"layers.{i}."
        qkv = g.linear(x, np.concatenate([w[p + f"{n}.weight"].T for n in "qkv"], 1), np.concatenate([w[p + f"{n}.bias"] for n in "qkv"]), f"qkv{i}")
        q, k, v = g.op("Split", qkv, axis=-1, outputs=3)
        mixed = g.op("MultiHeadAttention", q, k, v, domain="com.microsoft", num_heads=s.heads)
        x = g.norm(g.op("Add", x, g.linear(mixed, w[p + "o.weight"].T, w[p + "o.bias"], f"o{i}")), layer.norm1)
        h = activation(g, g.linear(x, w[p + "up.weight"].T, w[p + "up.bias"], f"up{i}"), s.act)
        x = g.norm(g.op("Add", x, g.linear(h, w[p + "down.weight"].T, w[p + "down.bias"], f"down{i}")), layer.norm2)
    g.quantized = False  # The head is tiny, and the decision hangs on it.
    y = g.linear(x, w["head.weight"].T, w["head.bias"], "head")
    g.nodes.append(helper.make_node("Identity", [y], ["logits"]))
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "time"]) for n in ("input_ids", "token_type_ids")]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "time", s.labels])
    graph = helper.make_graph(g.nodes, "names", inputs, [output], g.constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)], producer_name="custos-redactor")
    made.ir_version = 8
    return made

"""A BERT sentence encoder as an ONNX graph, written straight from its safetensors weights.

No torch: the graph is spelled out with ONNX Runtime's fused operators (attention, skip layer
normalisation, bias + GELU), so that the optimiser has nothing left to find and a batch costs what
the matrix products cost. Mean pooling and L2 normalisation are part of the graph.

Source of the architecture: Devlin et al., BERT (2019); pooling as sentence-transformers does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

__all__ = ["BertShape", "build_encoder"]

Weights = Callable[[str], npt.NDArray[np.float32]]
"""Gives the tensor of a name of the safetensors file."""

_FUSED = "com.microsoft"
_OPSET = 17


@dataclass(frozen=True, slots=True)
class BertShape:
    """The numbers of ``config.json`` that the graph depends on."""

    layers: int
    heads: int
    epsilon: float


@dataclass(slots=True)
class _Graph:
    """Nodes and constants, collected in order."""

    weights: Weights
    epsilon: float
    nodes: list[NodeProto] = field(default_factory=list[NodeProto])
    constants: list[TensorProto] = field(default_factory=list[TensorProto])

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        """Add ``value`` under ``name``."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        """Add the model's tensor of that name as it is."""
        return self.constant(name, self.weights(name))

    def kernel(self, name: str) -> str:
        """Add a linear layer's weight, turned from (out, in) to (in, out)."""
        return self.constant(name, self.weights(name).T)

    def add(self, op: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add a standard operator with one output."""
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def fused(self, op: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add one of ONNX Runtime's fused operators."""
        self.nodes.append(helper.make_node(op, inputs, [output], domain=_FUSED, **attributes))
        return output


def build_encoder(weights: Weights, shape: BertShape) -> ModelProto:
    """Build the graph: ``input_ids``, ``attention_mask`` (int32, n x t) -> ``embedding`` (n x d).

    Args:
        weights: The model's tensors by name, float32.
        shape: Layers, heads and the epsilon of the layer normalisation.

    Returns:
        The model; its embeddings have length 1.
    """
    graph = _Graph(weights, shape.epsilon)
    hidden = _embed(graph)
    for layer in range(shape.layers):
        hidden = _encode(graph, hidden, f"encoder.layer.{layer}", shape.heads)
    _pool(graph, hidden)
    return _model(graph)


def _embed(graph: _Graph) -> str:
    """Sum word, position and segment embeddings, then normalise."""
    inputs = [
        "input_ids",
        graph.constant("segment_ids", np.zeros((1, 1), np.int32)),
        graph.weight("embeddings.word_embeddings.weight"),
        graph.constant("positions", _positions(graph)),
        "",
        graph.weight("embeddings.LayerNorm.weight"),
        graph.weight("embeddings.LayerNorm.bias"),
    ]
    inputs[1] = ""  # one segment only: its embedding is folded into the positions
    node = helper.make_node(
        "EmbedLayerNormalization",
        inputs,
        ["embedded", "embedded_mask"],
        domain=_FUSED,
        epsilon=graph.epsilon,
    )
    graph.nodes.append(node)
    graph.constants = [item for item in graph.constants if item.name != "segment_ids"]
    return "embedded"


def _positions(graph: _Graph) -> npt.NDArray[np.float32]:
    segment = graph.weights("embeddings.token_type_embeddings.weight")[0]
    return graph.weights("embeddings.position_embeddings.weight") + segment


def _encode(graph: _Graph, hidden: str, layer: str, heads: int) -> str:
    """One transformer layer."""
    parts = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
    kernel = np.concatenate([graph.weights(f"{part}.weight").T for part in parts], axis=1)
    bias = np.concatenate([graph.weights(f"{part}.bias") for part in parts])
    attended = graph.fused(
        "Attention",
        [
            hidden,
            graph.constant(f"{layer}.qkv.weight", kernel),
            graph.constant(f"{layer}.qkv.bias", bias),
            "attention_mask",
        ],
        f"{layer}.attended",
        num_heads=heads,
    )
    mixed = _linear(graph, attended, f"{layer}.attention.output.dense")
    hidden = _add_and_norm(graph, mixed, hidden, f"{layer}.attention.output")
    wide = graph.add(
        "MatMul",
        [hidden, graph.kernel(f"{layer}.intermediate.dense.weight")],
        f"{layer}.wide",
    )
    active = graph.fused(
        "BiasGelu", [wide, graph.weight(f"{layer}.intermediate.dense.bias")], f"{layer}.active"
    )
    return _add_and_norm(
        graph, _linear(graph, active, f"{layer}.output.dense"), hidden, f"{layer}.output"
    )


def _linear(graph: _Graph, hidden: str, name: str) -> str:
    """A product without its bias: ``_add_and_norm`` adds it."""
    return graph.add("MatMul", [hidden, graph.kernel(f"{name}.weight")], f"{name}.product")


def _add_and_norm(graph: _Graph, hidden: str, skip: str, name: str) -> str:
    return graph.fused(
        "SkipLayerNormalization",
        [
            hidden,
            skip,
            graph.weight(f"{name}.LayerNorm.weight"),
            graph.weight(f"{name}.LayerNorm.bias"),
            graph.weight(f"{name}.dense.bias"),
        ],
        f"{name}.normed",
        epsilon=graph.epsilon,
    )


def _pool(graph: _Graph, hidden: str) -> str:
    """Mean over the tokens that the mask keeps, scaled to length 1."""
    token_axis = graph.constant("token_axis", np.array([1], np.int64))
    last_axis = graph.constant("last_axis", np.array([-1], np.int64))
    mask = graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    mask = graph.add("Unsqueeze", [mask, last_axis], "mask_column")
    kept = graph.add("Mul", [hidden, mask], "kept")
    total = graph.add("ReduceSum", [kept, token_axis], "total", keepdims=0)
    return graph.add("LpNormalization", [total], "embedding", axis=-1, p=2)


def _model(graph: _Graph) -> ModelProto:
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT32, ["texts", "tokens"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT32, ["texts", "tokens"])
    out = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", "dimension"])
    body = helper.make_graph(
        graph.nodes, "sentence_encoder", [ids, mask], [out], initializer=graph.constants
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=8)

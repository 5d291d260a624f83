"""A model whose outputs are the results of all its layers, to find the first one that differs."""

from __future__ import annotations

import importlib
from typing import Any

from ._compile import compile
from ._models import is_keras, is_onnx
from ._module import Module


def with_layers(model: object, module: Module) -> tuple[Any, Module, list[str]]:
    """The model with the results of its layers as outputs, the same compiled as `module` was, and the names of the
    layers. Kernels still fuse layers, but write what is between them too.

    Raises TypeError for a model that is none of Keras or ONNX.
    """
    if is_keras(model):
        wide, names = _keras(model)
    elif is_onnx(model):
        wide, names = _onnx(model)
    else:
        raise TypeError(f"layers: expected a keras.Model or an onnx.ModelProto, found {type(model).__name__}")
    batch = module.description.get("batch", 1)
    fixed = batch == 1 or (is_onnx(model) and _has_batch(model))
    batch = None if fixed else "dynamic" if batch is None else batch
    return wide, compile(wide, module.target, batch=batch, threads=module.threads, options=module.options), names


def _keras(model: Any) -> tuple[Any, list[str]]:
    keras: Any = importlib.import_module(type(model).__module__.partition(".")[0])
    layers = [layer for layer in model.layers
              if type(layer).__name__ != "InputLayer" and not isinstance(layer.output, (list, tuple, dict))]
    inputs = model.inputs if len(model.inputs) > 1 else model.inputs[0]
    return keras.Model(inputs, [layer.output for layer in layers]), [layer.name for layer in layers]


def _has_batch(model: Any) -> bool:
    """Whether the file says how many images there are."""
    dimensions = model.graph.input[0].type.tensor_type.shape.dim
    return bool(dimensions) and bool(dimensions[0].HasField("dim_value"))


def _onnx(model: Any) -> tuple[Any, list[str]]:
    onnx: Any = importlib.import_module("onnx.shape_inference")
    wide = onnx.infer_shapes(model)
    known = {value.name: value for value in (*wide.graph.value_info, *wide.graph.output)}
    names = [name for node in wide.graph.node if node.op_type != "Constant" for name in node.output if name in known]
    del wide.graph.output[:]
    wide.graph.output.extend([known[name] for name in names])
    return wide, names

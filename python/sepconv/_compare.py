"""A module beside the model that it was compiled from."""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ._layers import with_layers
from ._models import is_keras, is_onnx, torch_class
from ._module import Module
from ._ports import Array

Sample = Any  # an array, a sequence of arrays, or a mapping from the inputs' names to arrays


@dataclass(frozen=True)
class Difference:
    """Where an output differs most from the reference, over all samples."""

    output: str
    largest: float  # the largest error; NaN if one has a NaN, or an infinity, where the other has none
    relative: float  # the same over the largest magnitude of the reference
    sample: int
    index: tuple[int, ...]
    expected: float
    found: float

    def is_worse(self, other: Difference) -> bool:
        return math.isnan(self.relative) > math.isnan(other.relative) or self.relative > other.relative


def compare(model: object, module: Module, samples: Iterable[Sample], layers: bool = False) -> list[Difference]:
    """The largest error of each output of a module, beside the model in its own framework.

    model: a Keras model or its file, a torch.nn.Module, an onnx.ModelProto or its file (by onnxruntime or else
        onnx's reference), a TFLite model or its file (by LiteRT, or TensorFlow's), another Module, or a
        function of the inputs.
    samples: for each call an array, a sequence of arrays in the order of the inputs, or a mapping by their names.
    layers: compare the results of all layers, in their order; of a Keras model or an onnx.ModelProto, which is
        compiled once more with these as its outputs.

    Raises TypeError for another model, ImportError if its framework is not installed, ValueError for outputs of
    other shapes or if there is no sample.
    """
    names = [port.name for port in module.outputs]
    if layers:
        model, module, names = with_layers(model, module)
    reference = _reference(model)
    worst: dict[str, Difference] = {}
    for number, sample in enumerate(samples):
        inputs = _inputs(module, sample)
        found = module(*inputs)
        expected = reference(*inputs)
        for name, a, b in zip(names, _list(found), _list(expected), strict=True):
            difference = _difference(name, number, np.asarray(a), np.asarray(b))
            if name not in worst or difference.is_worse(worst[name]):
                worst[name] = difference
    if not worst:
        raise ValueError("samples: expected at least one, found none")
    return list(worst.values())


def _inputs(module: Module, sample: Sample) -> list[Any]:
    if isinstance(sample, Mapping):
        return [sample[port.name] for port in module.inputs]
    return list(sample) if isinstance(sample, (list, tuple)) else [sample]


def _list(result: Any) -> list[Any]:
    if isinstance(result, Mapping):
        return list(result.values())
    return list(result) if isinstance(result, (list, tuple)) else [result]


def _difference(output: str, sample: int, found: Array, expected: Array) -> Difference:
    if found.shape != expected.shape:
        raise ValueError(f"output '{output}': expected the shape {expected.shape}, found {found.shape}")
    a, b = found.astype(np.float64), expected.astype(np.float64)
    with np.errstate(invalid="ignore"):
        error = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.abs(a - b))
    error[~np.isfinite(error)] = np.nan
    if not error.size:
        return Difference(output, 0.0, 0.0, sample, (), 0.0, 0.0)
    index = tuple(map(int, np.unravel_index(int(np.argmax(error)), error.shape)))  # of a NaN, if there is one
    largest = float(error[index])
    magnitude = float(np.max(np.abs(b[np.isfinite(b)]), initial=0.0))
    return Difference(output, largest, largest / magnitude if magnitude else largest, sample, index,
                      float(b[index]), float(a[index]))


def _reference(model: object) -> Callable[..., Any]:
    """The model as a function of arrays."""
    if isinstance(model, Module):
        return model
    if isinstance(model, torch_class("nn", "Module")):
        return _torch(model)
    if is_keras(model):
        return _keras(model)
    if is_onnx(model):
        return _onnx(model)
    if isinstance(model, (bytes, bytearray)):
        return _tflite(bytes(model))
    if callable(model):
        return model
    if isinstance(model, (str, Path)):
        path = Path(model)
        if path.suffix in (".keras", ".h5"):
            return _keras(_module("keras.models").load_model(path))
        if path.suffix == ".onnx":
            return _onnx(_module("onnx").load(path))
        if path.suffix == ".tflite":
            return _tflite(path.read_bytes())
    raise TypeError(f"cannot run {model if isinstance(model, str) else type(model).__name__} as a reference: expected "
                    "a model of Keras, torch, ONNX or TFLite, or a function")


def _module(name: str) -> Any:
    """A part of a framework, none of which this package needs otherwise."""
    return importlib.import_module(name)


def _keras(model: Any) -> Callable[..., Any]:
    def run(*inputs: Array) -> Any:
        result = model(list(inputs) if len(inputs) > 1 else inputs[0], training=False)
        return [np.asarray(value) for value in _list(result)]
    return run


def _torch(model: Any) -> Callable[..., Any]:
    torch: Any = sys.modules["torch"]

    def run(*inputs: Array) -> Any:
        with torch.no_grad():
            return [value.numpy() for value in _list(model(*map(torch.as_tensor, inputs)))]
    return run


def _onnx(model: Any) -> Callable[..., Any]:
    names = _names(model)
    try:
        onnxruntime = _module("onnxruntime")
    except ImportError:
        session = _module("onnx.reference").ReferenceEvaluator(model)
    else:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return lambda *inputs: session.run(None, dict(zip(names, inputs, strict=True)))


def _names(model: Any) -> Sequence[str]:
    """Of the inputs that are no weights."""
    weights = {tensor.name for tensor in model.graph.initializer}
    return [value.name for value in model.graph.input if value.name not in weights]


def _tflite(content: bytes) -> Callable[..., Any]:
    try:
        library = _module("ai_edge_litert.interpreter")
    except ImportError:
        library = _module("tensorflow").lite
    interpreter = library.Interpreter(model_content=content)

    def run(*inputs: Array) -> Any:
        for detail, value in zip(interpreter.get_input_details(), inputs, strict=True):
            interpreter.resize_tensor_input(detail["index"], value.shape)
        interpreter.allocate_tensors()
        for detail, value in zip(interpreter.get_input_details(), inputs, strict=True):
            interpreter.set_tensor(detail["index"], value)
        interpreter.invoke()
        return [interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()]
    return run

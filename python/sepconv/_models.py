"""Models of all kinds as files that sepconv-compile reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SUFFIXES = (".keras", ".h5", ".json", ".onnx", ".tflite", ".mlir", ".mlirbc")


@dataclass(frozen=True)
class ModelFile:
    """A file, and what messages call the model."""

    path: Path
    what: str

    @property
    def is_onnx(self) -> bool:
        return self.path.suffix == ".onnx"


def write_model(model: object, folder: Path, example_inputs: Sequence[object] | None, name: str | None) -> ModelFile:
    """The file of a model: its own, or one in the folder, called `name` or as the model is.

    A path; Keras's models; onnx.ModelProto; the bytes of a TFLite file; MLIR as text; torch.nn.Module with example
    inputs. TypeError for anything else.
    """
    if isinstance(model, torch_class("nn", "Module")):
        return _export_torch(model, folder, example_inputs, name)
    if example_inputs is not None:
        raise TypeError("example_inputs has an effect only with a torch.nn.Module")
    if isinstance(model, os.PathLike) or (isinstance(model, str) and "\n" not in model and _is_path(model)):
        path = Path(os.fspath(model))
        return ModelFile(path, f"'{path}'")
    if isinstance(model, str):
        return _write(folder / f"{name or 'model'}.mlir", model.encode(), "MLIR text")
    if isinstance(model, (bytes, bytearray, memoryview)):
        content = bytes(model)
        if content[4:8] != b"TFL3":
            raise TypeError("expected the bytes of a TFLite model, whose fifth to eighth byte are TFL3")
        return _write(folder / f"{name or 'model'}.tflite", content, "TFLite model")
    if is_keras(model):
        return _save_keras(model, folder, name)
    if is_onnx(model):
        return _write_onnx(model, folder, name)
    raise TypeError(f"cannot compile {type(model).__name__}: expected a path, a keras.Model, an onnx.ModelProto, the "
                    "bytes of a TFLite model, MLIR text, or a torch.nn.Module with example_inputs")


def torch_class(*names: str) -> Any:
    """A class of torch if the program has imported torch; otherwise no object is of the one that is returned."""
    found: Any = sys.modules.get("torch")
    for name in names:
        found = getattr(found, name, None)
    return found or ()


def is_keras(model: object) -> bool:
    """Whether it is a model of Keras, which need not be installed."""
    return any(base.__module__.startswith(("keras.", "tf_keras.")) and base.__name__ == "Model"
               for base in type(model).__mro__)


def is_onnx(model: object) -> bool:
    """Whether it is an onnx.ModelProto."""
    return hasattr(model, "SerializeToString") and hasattr(model, "graph")


def _is_path(text: str) -> bool:
    return text.endswith(SUFFIXES) or os.path.exists(text)


def _file_name(text: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in text)[:100]


def _write(path: Path, content: bytes, what: str) -> ModelFile:
    path.write_bytes(content)
    return ModelFile(path, what)


def _save_keras(model: Any, folder: Path, name: str | None) -> ModelFile:
    title = str(name or model.name)
    path = folder / f"{_file_name(title)}.keras"
    model.save(path)
    return ModelFile(path, f"Keras model '{title}'")


def _write_onnx(model: Any, folder: Path, name: str | None) -> ModelFile:
    title = str(name or model.graph.name or "model")
    return _write(folder / f"{_file_name(title)}.onnx", model.SerializeToString(), f"ONNX model '{title}'")


def _export_torch(model: Any, folder: Path, example_inputs: Sequence[object] | None, name: str | None) -> ModelFile:
    """By torch's own export to ONNX, in one file with the weights."""
    if example_inputs is None:
        raise TypeError("a torch.nn.Module needs example_inputs, a tuple of the tensors that its forward takes")
    torch: Any = sys.modules["torch"]
    title = name or type(model).__name__
    path = folder / f"{_file_name(title)}.onnx"
    inputs = tuple(example_inputs)
    if model.training:
        raise ValueError("the torch.nn.Module is in training mode; call its eval() first")
    with torch.no_grad():
        torch.onnx.export(model, inputs, path, dynamo=True, external_data=True, verbose=False)
    return ModelFile(path, f"torch module '{title}'")

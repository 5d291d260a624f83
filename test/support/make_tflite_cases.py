#!/usr/bin/env python3
"""Writes what LiteRT computes of the models in test/Execution/tflite: CASE.npz for each CASE.json.

A case whose operators LiteRT does not have holds a "reference", which computes the same with others.
Needs ai-edge-litert and NumPy. Inputs are random, the same in each run; input0, ... and output0, ... are in the
model's order. usage: make_tflite_cases.py [CASE...]
"""
import json
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from make_tflite import make

CASES = Path(__file__).resolve().parents[1] / "Execution/tflite"


def random_input(detail, rng):
    shape, dtype = tuple(detail["shape"]), detail["dtype"]
    if np.issubdtype(dtype, np.floating):
        return (rng.standard_normal(shape) * 1.5).astype(dtype)
    ends = np.iinfo(dtype)
    if detail["quantization"][0]:
        return rng.integers(ends.min, ends.max, shape, dtype, endpoint=True)
    return rng.integers(0, 100, shape).astype(dtype)


def answer(model, rng):
    """The inputs and outputs of a model, by LiteRT's own kernels; of integers with scales, by its reference kernels."""
    kernels = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    if model.stem.startswith("quantized"):
        kernels = OpResolverType.BUILTIN_REF
    interpreter = Interpreter(str(model), experimental_op_resolver_type=kernels)
    interpreter.allocate_tensors()
    arrays = {}
    for index, detail in enumerate(interpreter.get_input_details()):
        arrays[f"input{index}"] = random_input(detail, rng)
        interpreter.set_tensor(detail["index"], arrays[f"input{index}"])
    interpreter.invoke()
    for index, detail in enumerate(interpreter.get_output_details()):
        arrays[f"output{index}"] = interpreter.get_tensor(detail["index"])
    return arrays


def main():
    names = sys.argv[1:] or sorted(path.stem for path in CASES.glob("*.json"))
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            model = Path(scratch) / f"{name}.tflite"
            description = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
            make(description.get("reference", description), model)
            arrays = answer(model, np.random.default_rng(zlib.crc32(name.encode())))
            np.savez_compressed(CASES / f"{name}.npz", **arrays)
            print(name, ", ".join(f"{key} {list(value.shape)}" for key, value in arrays.items()))


if __name__ == "__main__":
    main()

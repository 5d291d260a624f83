#!/usr/bin/env python3
"""Writes TFLite models that are described briefly.

usage: make_tflite.py FILE.json... | DIR

Each file becomes a .tflite beside it; of a folder, all that end in .json do. A description is the model as flatc takes
it by lib/Import/Tflite/schema.fbs, except that

- the tensors of a graph are an object of names, and what refers to them does it by name, or is null;
- a tensor is its shape, of float32, or an object with the schema's fields, and "data": its numbers, one for all or
  "random", which is the same in each run;
- an operator is [code, inputs, outputs, {options type: options}], the code being a builtin's name, "custom:NAME" or
  either with "@VERSION".
"""
import json
import math
import random
import struct
import subprocess
import sys
from pathlib import Path

SCHEMA = Path(__file__).resolve().parents[2] / "lib/Import/Tflite/schema.fbs"
FORMS = {"FLOAT32": "f", "FLOAT16": "e", "FLOAT64": "d", "INT32": "i", "INT64": "q", "UINT8": "B", "INT8": "b",
         "BOOL": "?", "INT16": "h", "UINT32": "I"}


class Writer:
    """One model."""

    def __init__(self, name):
        self.random = random.Random(name)
        self.buffers = [{}]
        self.codes = []

    def buffer(self, shape, kind, data):
        count = math.prod(shape)
        if data == "random" and FORMS[kind] in "bBhi":
            bits = 8 * struct.calcsize(FORMS[kind])
            ends = (0, 2**bits - 1) if FORMS[kind].isupper() else (-2 ** (bits - 1), 2 ** (bits - 1) - 1)
            data = [self.random.randint(*ends) >> (20 if bits == 32 else 0) for _ in range(count)]
        if data == "random":
            data = [self.random.gauss(0, 1) / max(1, count) ** 0.25 for _ in range(count)]
        if not isinstance(data, list):
            data = [data] * count
        self.buffers.append({"data": list(struct.pack(f"<{len(data)}{FORMS[kind]}", *data))})
        return len(self.buffers) - 1

    def tensor(self, name, given):
        given = {"shape": given} if isinstance(given, list) else dict(given)
        result = {"name": name, "shape": [], "type": "FLOAT32", **given}
        if "data" in given:
            result["buffer"] = self.buffer(result["shape"], result["type"], result.pop("data"))
        return result

    def code(self, text):
        """The index of an operator code."""
        name, _, version = text.partition("@")
        kind, _, custom = name.partition(":")
        code = {"builtin_code": "CUSTOM", "custom_code": custom} if kind == "custom" else {"builtin_code": name}
        code["version"] = int(version or 1)
        if code not in self.codes:
            self.codes.append(code)
        return self.codes.index(code)

    def operator(self, given, indices):
        code, inputs, outputs, options = [*given, {}][:4]
        result = {"opcode_index": self.code(code), "inputs": [indices[name] for name in inputs],
                  "outputs": [indices[name] for name in outputs]}
        for kind, fields in options.items():
            if kind == "custom_options":
                result[kind] = fields
            else:
                union = "builtin_options_2" if kind == "StableHLOCompositeOptions" else "builtin_options"
                result |= {f"{union}_type": kind, union: fields}
        return result

    def graph(self, given):
        indices = {name: index for index, name in enumerate(given["tensors"])} | {None: -1}
        refer = lambda names: [indices[name] for name in names]  # noqa: E731
        return {"tensors": [self.tensor(name, tensor) for name, tensor in given["tensors"].items()],
                "inputs": refer(given["inputs"]), "outputs": refer(given["outputs"]),
                "operators": [self.operator(operator, indices) for operator in given["operators"]]}, indices

    def model(self, given):
        graphs = [self.graph(graph) for graph in given.get("subgraphs", [given])]
        signatures = []
        for signature in given.get("signature_defs", []):
            indices = graphs[signature.get("subgraph_index", 0)][1]
            ports = {key: [{"name": name, "tensor_index": indices[tensor]} for name, tensor in signature[key].items()]
                     for key in ("inputs", "outputs")}
            signatures.append(signature | ports)
        model = {"version": 3, "subgraphs": [graph for graph, _ in graphs], "operator_codes": self.codes,
                 "buffers": self.buffers, "signature_defs": signatures}
        return model | {key: given[key] for key in ("version",) if key in given}


def make(description, path):
    """Writes the model of a description to `path`, which ends in .tflite."""
    text = path.with_suffix(".flatc.json")
    text.write_text(json.dumps(Writer(path.stem).model(description)), encoding="utf-8")
    subprocess.run(["flatc", "--binary", "--force-empty-vectors", "-o", path.parent, SCHEMA, text], check=True)
    path.with_suffix(".flatc.tflite").replace(path)
    text.unlink()


def main():
    for path in map(Path, sys.argv[1:]):
        for source in sorted(path.glob("*.json")) if path.is_dir() else [path]:
            make(json.loads(source.read_text(encoding="utf-8")), source.with_suffix(".tflite"))


if __name__ == "__main__":
    main()

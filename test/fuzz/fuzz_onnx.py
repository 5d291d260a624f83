#!/usr/bin/env python3
"""Feeds mutated ONNX models to the importer and looks for crashes and hangs.

usage: fuzz_onnx.py --build-dir DIR [--seconds N] [--seed S] [--keep DIR]

Each file is one of the models of the tests, or one node of any operator on random tensors, with numbers, names and
whole fields of its text changed, and at times bytes of its message. External data is among what changes.
"""
import argparse
import functools
import re
import subprocess
import sys
from pathlib import Path

from fuzz_import import mutate_bytes
from fuzzing import ROOT, main

PROTO = ROOT / "lib/Import/Onnx"
NUMBERS = ("0", "-1", "1", "2", "3", "7", "17", "255", "65536", "2147483647", "2147483648", "4294967295",
           "9223372036854775807", "-9223372036854775808")
NAMES = ('"x"', '"y"', '"w"', '""', '"nothing"', '"../x"', '"model.onnx"', '"/dev/zero"', '"SAME_UPPER"', '"linear"')
SHAPES = ([], [1], [2, 3], [1, 2, 4, 5], [1, 2, 8], [1, 1, 3, 4, 5], [0], [4, 2, 3, 3], [2])


@functools.cache
def sections():
    """The models of the tests."""
    found = []
    for path in sorted((ROOT / "test/Import/Onnx").glob("*.test")):
        for part in path.read_text(encoding="utf-8").split("//--- ")[1:]:
            name, text = part.split("\n", 1)
            if name.endswith(".txtpb"):
                found.append(text)
    return found


@functools.cache
def operators():
    """Names of operators with those of their attributes."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    tool = parser.parse_known_args()[0].build_dir / "bin/sepconv-compile"
    listed = subprocess.run([tool, "--list-operators=onnx"], capture_output=True, text=True, check=True).stdout
    return [(line.split()[0], line.partition(": ")[2].split(", ") if ": " in line else [])
            for line in listed.splitlines()]


def tensor(name, rng):
    shape, kind = rng.choice(SHAPES), rng.choice((1, 1, 1, 7, 6, 9, 2, 11, 10))
    count = 1
    for size in shape:
        count *= size
    values = ", ".join(rng.choice(("0", "1", "2", "3", "-1", "5")) for _ in range(count))
    field = {1: "float_data", 7: "int64_data", 11: "double_data"}.get(kind, "int32_data")
    dims = " ".join(f"dims: {size}" for size in shape)
    return f'initializer {{ name: "{name}" {dims} data_type: {kind} {field}: [{values}] }}'


def attribute(name, rng):
    value = rng.choice(("i: {}", "f: {}", "ints: [{}, {}]", "ints: [{}, {}, {}, {}]", "s: '{}'", "floats: [{}]"))
    numbers = [rng.choice(("0", "1", "2", "3", "-1", *NUMBERS)) for _ in range(4)]
    return f'attribute {{ name: "{name}" {value.format(*numbers)} }}'


def one_node(rng):
    name, attributes = rng.choice(operators())
    dims = " ".join(f"dim {{ dim_value: {size} }}" for size in rng.choice(SHAPES))
    inputs = ", ".join(rng.choice(('"x"', '"w"', '"v"', '"x"')) for _ in range(rng.randrange(1, 5)))
    chosen = [attribute(key, rng) for key in attributes if key and rng.random() < 0.5]
    return "\n".join([
        f"opset_import {{ version: {rng.choice((1, 6, 7, 9, 11, 13, 18, 21, 24))} }}", "graph {",
        f'input {{ name: "x" type {{ tensor_type {{ elem_type: 1 shape {{ {dims} }} }} }} }}', 'output { name: "y" }',
        tensor("w", rng), tensor("v", rng),
        f'node {{ op_type: "{name}" input: [{inputs}] output: ["y", "z"]', *chosen, "}", "}"])


def mutate_text(text, rng):
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        kind = rng.randrange(4)
        found = list(re.finditer(r'"[^"\n]*"' if kind == 0 else r"-?\b\d+\b", text))
        if kind < 3 and found:
            at = rng.choice(found)
            text = text[:at.start()] + rng.choice(NAMES if kind == 0 else NUMBERS) + text[at.end():]
        else:
            lines = text.splitlines() or [""]
            at = rng.randrange(len(lines))
            lines[at:at + 1] = rng.choice(([], [lines[at]] * 2))
            text = "\n".join(lines)
    return text


def generate(rng, folder):
    text = one_node(rng) if rng.random() < 0.7 else mutate_text(rng.choice(sections()), rng)
    command = ["protoc", "--encode=onnxproto.ModelProto", f"-I{PROTO}", "Model.proto"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    content = done.stdout if done.returncode == 0 else text.encode()
    if rng.random() < 0.1:
        content = mutate_bytes(content, rng)
    (folder / "model.onnx").write_bytes(content)
    return ["sepconv-compile", "model.onnx", "--emit=graph,header" if rng.random() < 0.9 else "--emit=obj,header",
            "-o", "out"]


if __name__ == "__main__":
    sys.exit(main(__doc__.split("\n", maxsplit=1)[0], generate))

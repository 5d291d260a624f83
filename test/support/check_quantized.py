#!/usr/bin/env python3
"""Compile random operators on quantized tensors, and compare their results, bit for bit, with plain loops and LiteRT.

usage: check_quantized.py [--build-dir DIR] [--seed N] [--models N] [--litert] [--target NAME...]

A model has several operators side by side (quantized_cases.py). Each is compiled with schedules and by
--lowering=reference, and run on random integers, among them the least and the greatest. With --litert, which needs
ai-edge-litert, the answers are those of LiteRT's reference kernels.
"""
import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np
from checking import Failure, attempt, finish, run
from make_tflite import make
from quantized_cases import model

OPERATORS = 8  # of a model
NUMBERS = {"INT8": np.int8, "UINT8": np.uint8, "INT16": np.int16}


def random_input(rng, tensor):
    info = np.iinfo(NUMBERS[tensor["type"]])
    numbers = rng.integers(info.min, info.max, tensor["shape"], info.dtype, endpoint=True)
    ends = rng.random(numbers.shape)
    return np.where(ends < 0.03, info.min, np.where(ends > 0.97, info.max, numbers)).astype(info.dtype)


def answers_of_litert(path, arrays):
    from ai_edge_litert.interpreter import Interpreter, OpResolverType  # only here

    interpreter = Interpreter(str(path), experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    for detail in interpreter.get_input_details():
        interpreter.set_tensor(detail["index"], arrays[detail["name"]])
    interpreter.invoke()
    return {detail["name"]: interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()}


def outputs_of(build, path, arrays, names, folder, *options):
    """What a product of the model computes."""
    tools = build / "bin"
    out = folder / "-".join(["out", *options]).replace("=", "")
    run(tools / "sepconv-compile", path, "--name=m", "-o", out, "--emit=shared", *options)
    given = [f"{name}={folder / name}.npy" for name in arrays]
    run(tools / "sepconv-run", out / "libm.so", *given, "-o", out)
    return {name: np.load(out / f"{name}.npy") for name in names}


def compare(description, found, expected, whose):
    for operator in description["operators"]:
        name = operator[2][0]
        wrong = found[name].astype(int) != expected[name].astype(int)
        if found[name].dtype != expected[name].dtype or wrong.any():
            at = tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.any() else ()
            raise Failure(f"{operator}: {wrong.sum()} of {wrong.size} elements are not those of {whose}; at {at}: "
                          f"{found[name][at]}, expected {expected[name][at]}\n" + json.dumps(
                              {key: description['tensors'][key] for key in [*operator[1], name]})[:1500])


def check(options, seed, folder):
    rng = np.random.default_rng(seed)
    description = model(rng, OPERATORS)
    path = folder / "m.tflite"
    make(description, path)
    arrays = {name: random_input(rng, description["tensors"][name]) for name in description["inputs"]}
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    names = description["outputs"]
    expected = outputs_of(options.build_dir, path, arrays, names, folder, "--lowering=reference")
    for target in options.target:
        found = outputs_of(options.build_dir, path, arrays, names, folder, f"--target={target}")
        compare(description, found, expected, f"plain loops, for {target}")
    if options.litert:
        compare(description, expected, answers_of_litert(path, arrays), "LiteRT")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=Path(__file__).resolve().parents[2] / "build")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "little"))
    parser.add_argument("--models", type=int, default=2)
    parser.add_argument("--litert", action="store_true")
    parser.add_argument("--target", nargs="*", default=["host"])
    options = parser.parse_args()
    options.build_dir = options.build_dir.resolve()
    failed = 0
    for seed in range(options.seed, options.seed + options.models):
        _, problem = attempt(check, options, seed)
        if problem:
            failed += 1
            print(f"--seed={seed} --models=1: {problem}")
    print(f"{OPERATORS} operators in each model, from --seed={options.seed} on")
    return finish(options.models - failed, failed)


if __name__ == "__main__":
    sys.exit(main())

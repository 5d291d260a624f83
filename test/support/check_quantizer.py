#!/usr/bin/env python3
"""Quantize networks with sepconv-quantize, and compare what they compute with the networks in float.

usage: check_quantizer.py --build-dir BUILD [MODEL SAMPLES.npy]...

The network of examples/digits keeps its accuracy but for half a percent with 100 samples. A compiled quantized network
gives the same bits as by --lowering=reference. A further MODEL must give the same class as in float for 97 % of the
samples behind the 100 first ones. Ends with a line `N passed, M failed`.
"""

import argparse
import sys
from pathlib import Path

import npy
from checking import Failure, attempt, finish, run

ROOT = Path(__file__).resolve().parents[2]
CALIBRATION = 100


def batch(array, first=0, last=None):
    """Some rows of an array."""
    row = len(array.data) // array.shape[0]
    last = array.shape[0] if last is None else min(last, array.shape[0])
    return npy.Array((last - first, *array.shape[1:]), array.data[first * row:last * row], array.dtype)


def classes(array):
    """Where the greatest number of each row is."""
    columns = array.shape[-1]
    rows = [list(array.data[at:at + columns]) for at in range(0, len(array.data), columns)]
    return [row.index(max(row)) for row in rows]


def answers(tools, model, folder, samples, *options):
    """What a model gives for samples, compiled in some way."""
    run(tools / "sepconv-compile", model, "--name=net", "-o", folder, "--batch=dynamic", "--emit=shared", "-q",
        *options)
    run(tools / "sepconv-run", folder / "libnet.so", samples, "-o", folder / "answers", "-q")
    return npy.read(next((folder / "answers").glob("*.npy")))


def quantize(tools, model, samples, folder, *options):
    """The answers of the network in integers for the samples behind those of the calibration."""
    npy.write(folder / "calibration.npy", batch(samples, 0, CALIBRATION))
    npy.write(folder / "others.npy", batch(samples, CALIBRATION))
    quantized = folder / "quantized.mlir"
    print(run(tools / "sepconv-quantize", model, "--calibration", folder / "calibration.npy", "-o", quantized,
              *options), end="", flush=True)
    found = answers(tools, quantized, folder / "integers", folder / "others.npy")
    plain = answers(tools, quantized, folder / "plain", folder / "others.npy", "--lowering=reference")
    if found.data.tobytes() != plain.data.tobytes():
        raise Failure("other bits than by --lowering=reference")
    return found


def check_digits(tools, folder):
    """The accuracy on held-out images, of which a tenth and more are for the calibration."""
    digits = ROOT / "examples/digits"
    images, labels = npy.read(digits / "images.npy"), npy.read(digits / "labels.npy")
    samples = npy.from_floats("float32", (*images.shape, 1), list(images.data))
    found = classes(quantize(tools, digits / "digits.keras", samples, folder))
    expected = classes(answers(tools, digits / "digits.keras", folder / "float", folder / "others.npy"))
    labels = list(labels.data)[CALIBRATION:]
    right = [sum(a == b for a, b in zip(answer, labels, strict=True)) for answer in (expected, found)]
    if right[0] - right[1] > 0.005 * len(labels):
        raise Failure(f"{right[1]} of {len(labels)} images, in float {right[0]}")


def check_model(tools, model, samples, folder):
    """The same class as in float."""
    found = classes(quantize(tools, model, npy.read(samples), folder))
    expected = classes(answers(tools, model, folder / "float", folder / "others.npy"))
    same = sum(a == b for a, b in zip(found, expected, strict=True))
    print(f"{model}: the same class for {same} of {len(expected)} samples", flush=True)
    if same < 0.97 * len(expected):
        raise Failure(f"the same class for {same} of {len(expected)} samples")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("models", nargs="*", type=Path)
    options = parser.parse_args()
    tools = options.build_dir.resolve() / "bin"
    checks = [("digits", check_digits, ())]
    checks += [(str(model), check_model, (model, samples))
               for model, samples in zip(options.models[::2], options.models[1::2], strict=True)]
    problems = [(name, attempt(check, tools, *arguments)[1]) for name, check, arguments in checks]
    for name, problem in problems:
        if problem:
            print(f"FAILED: {name}: {problem}", flush=True)
    failed = sum(problem is not None for _, problem in problems)
    return finish(len(problems) - failed, failed)


if __name__ == "__main__":
    sys.exit(main())

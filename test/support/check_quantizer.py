#!/usr/bin/env python3
"""Quantize networks with sepconv-quantize, and compare what they compute with the networks in float.

usage: check_quantizer.py --build-dir BUILD [MODEL SAMPLES.npy]...

The network of examples/digits keeps its accuracy but for half a percent with 100 samples. One whose layers have
channels of very different scales in between has an error of at most 5 % with equalization, and at least twice that
without. A compiled quantized network gives the same bits as by --lowering=reference. A further MODEL must give the same
class as in float for 97 % of the samples behind the 100 first ones. Ends with a line `N passed, M failed`.
"""

import argparse
import math
import random
import struct
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


def scaled_network(rng):
    """Blocks of a pointwise, a depthwise and a pointwise layer, whose channels in between differ by up to 256."""
    text, size, value = [], 12, "%x"
    for block in range(3):
        factors = [2.0 ** rng.uniform(-8, 0) for _ in range(16)]
        inputs = 4 if block == 0 else 8
        expand = [rng.gauss(0, inputs ** -0.5) * factors[i % 16] for i in range(inputs * 16)]
        taps = [rng.gauss(0.1, 0.3) for _ in range(9 * 16)]
        project = [rng.gauss(0, 0.25) / factors[i // 8] for i in range(16 * 8)]
        layers = [("conv2d", f"1x1x{inputs}x16", expand, f"1x{size}x{size}x16", inputs),
                  ("depthwise_conv2d", "3x3x16x1", taps, f"1x{size - 2}x{size - 2}x16", 16),
                  ("conv2d", "1x1x16x8", project, f"1x{size - 2}x{size - 2}x8", 16)]
        for index, (name, shape, weights, output, channels) in enumerate(layers):
            words = "".join(struct.pack("<f", weight).hex().upper() for weight in weights)
            activation = " {activation = #sepconv.activation<relu>}" if index < 2 else ""
            before = size - 2 if index == 2 else size
            number = 3 * block + index
            text += [f'%w{number} = arith.constant dense<"0x{words}"> : tensor<{shape}xf32>',
                     f"%v{number} = sepconv.{name}({value}, %w{number}){activation} : "
                     f"(tensor<1x{before}x{before}x{channels}xf32>, tensor<{shape}xf32>) -> tensor<{output}xf32>"]
            value = f"%v{number}"
        size -= 2
    head = ('func.func @main(%x: tensor<1x12x12x4xf32> {sepconv.name = "x"}) -> '
            '(tensor<1x6x6x8xf32> {sepconv.name = "y"}) {')
    return "\n".join([head, *text, f"return {value} : tensor<1x6x6x8xf32>", "}", ""])


def relative_error(expected, found):
    """The root of the sum of the squared errors, by that of the squares."""
    errors = sum((a - b) ** 2 for a, b in zip(expected.data, found.data, strict=True))
    return math.sqrt(errors / sum(a * a for a in expected.data))


def check_scales(tools, folder):
    """Channels of very different scales."""
    rng = random.Random("scales")
    (folder / "net.mlir").write_text(scaled_network(rng), encoding="utf-8")
    shape = (CALIBRATION + 20, 12, 12, 4)
    samples = npy.from_floats("float32", shape, [rng.gauss(0, 1) for _ in range(math.prod(shape))])
    errors = {}
    for equalized in ("true", "false"):
        (folder / equalized).mkdir()
        found = quantize(tools, folder / "net.mlir", samples, folder / equalized, f"--equalize={equalized}")
        expected = answers(tools, folder / "net.mlir", folder / "float", folder / equalized / "others.npy")
        errors[equalized] = relative_error(expected, found)
    print(f"channels of different scales: error {errors['true']:.4f}, without equalization {errors['false']:.4f}")
    if errors["true"] > 0.05 or errors["false"] < 2 * errors["true"]:
        raise Failure(f"error {errors['true']:.4f}, without equalization {errors['false']:.4f}")


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
    checks = [("digits", check_digits, ()), ("scales", check_scales, ())]
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

#!/usr/bin/env python3
"""Run a compiled model (a shared library) on the inputs of an .npz file and compare its outputs.

usage: run_product.py LIBRARY NAME ARRAYS.npz [--weights-file FILE] [--arguments FILE.npz]
                      [--pool N] [--tolerance T]

Besides the numbers it checks what a product promises: it writes nothing outside of its outputs and its
workspace, does not depend on what an earlier call left there, and gives bit-identical results again and
with a pool of N threads. Standard library only; check_keras_cases.py runs it in its own process, so that
a crash is one failure.
"""

import argparse
import math
import sys

import npy
from checking import PROBLEMS, Failure
from product import Product, element_bytes, make_pool


def compare(index, got, expected, tolerance):
    """The largest error of an output's numbers, relative to the largest number expected."""
    largest = max((abs(value) for value in expected), default=0)
    error = 0.0
    for position, (a, b) in enumerate(zip(got, expected, strict=True)):
        if not math.isfinite(a):
            raise Failure(f"output {index}: {a} at element {position}, expected {b}")
        error = max(error, abs(a - b))
    if error > tolerance * largest:
        raise Failure(
            f"output {index}: largest error {error:.3g}, allowed {tolerance * largest:.3g} "
            f"({tolerance:g} of {largest:.3g})"
        )
    return error / largest if largest else error


def check_sizes(kind, described, arrays, batch):
    """`bytes` are those of one image where the batch is None, dynamic."""
    if len(described) != len(arrays):
        raise Failure(f"expected {len(arrays)} {kind}, found {len(described)}")
    for index, (tensor, array) in enumerate(zip(described, arrays)):
        expected = [batch, *array.shape[1:]]
        size = element_bytes(tensor) * math.prod([batch or 1, *array.shape[1:]])
        if tensor["shape"] != expected or tensor["bytes"] != size:
            raise Failure(
                f"{kind[:-1]} {index}: expected shape {expected}, found {tensor['shape']} and "
                f"{tensor['bytes']} bytes"
            )


def split(arrays):
    """The inputs and the outputs in order."""
    count = sum(name.startswith("input") for name in arrays)
    return (
        [arrays[f"input{index}"] for index in range(count)],
        [arrays[f"output{index}"] for index in range(len(arrays) - count)],
    )


def check(product, arrays, tolerance, pool=None):
    """Run the inputs, batch by batch, and return the largest error relative to the output.

    A dynamic batch is all of them, and each alone must give the same bits.
    """
    inputs, outputs = split(arrays)
    count, fixed = inputs[0].shape[0], product.description["batch"]
    batch = fixed or count
    if count % batch:
        raise Failure(f"{count} inputs cannot be run with batch {batch}")
    check_sizes("inputs", product.description["inputs"], inputs, fixed)
    check_sizes("outputs", product.description["outputs"], outputs, fixed)

    def part(value, start, images=batch):
        step = len(value.data) // count
        return value.data[start * step : (start + images) * step]

    worst = 0.0
    for start in range(0, count, batch):
        sources = [part(value, start).tobytes() for value in inputs]
        results = product.run(sources, batch=batch)
        if product.run(sources, fill=0x00, batch=batch) != results:
            raise Failure("a second run gives other bits: it depends on what the workspace held")
        if pool and product.run(sources, pool=pool, batch=batch) != results:
            raise Failure("the outputs with threads differ from the serial ones")
        if not fixed:
            images = [
                product.run([part(value, image, 1).tobytes() for value in inputs])
                for image in range(count)
            ]
            if [b"".join(parts) for parts in zip(*images)] != results:
                raise Failure("the outputs of a batch differ from those of its images")
        for index, (content, value) in enumerate(zip(results, outputs)):
            got = npy.to_floats(product.description["outputs"][index]["dtype"], content)
            expected = npy.to_floats(value.dtype, part(value, start).tobytes())
            worst = max(worst, compare(index, got, expected, tolerance))
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library")
    parser.add_argument("name")
    parser.add_argument("arrays")
    parser.add_argument("--weights-file")
    parser.add_argument("--arguments", help="an .npz file with the weights by name, '|' for '/'")
    parser.add_argument("--pool", type=int, default=0)
    parser.add_argument("--tolerance", type=float, default=1e-5)
    options = parser.parse_args()
    try:
        product = Product(options.library, options.name)
        if options.weights_file and product.description["weights"]["bytes"]:  # a model may have none
            product.use_weights_file(options.weights_file)
        if options.arguments:
            product.use_weight_arguments(options.arguments)
        pool = make_pool(options.pool) if options.pool else None
        error = check(product, npy.read_npz(options.arrays), options.tolerance, pool)
    except PROBLEMS as failure:
        print(
            f"{type(failure).__name__}: {failure}" if not isinstance(failure, Failure) else failure
        )
        return 1
    print(f"largest error {error:.2g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

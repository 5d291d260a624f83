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
import ctypes
import json
import math
import struct
import sys
import threading

import npy
from checking import PROBLEMS, Failure

GUARD = 64
TASK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_size_t)
PARALLEL_FOR = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_size_t, TASK, ctypes.c_void_p)


class Buffer:
    """Aligned memory between two guards; `fill` is what it holds before the call."""

    def __init__(self, size, alignment, fill=0xFF):
        self.size = size
        self.memory = ctypes.create_string_buffer(b"", size + 2 * GUARD + alignment)
        base = ctypes.addressof(self.memory)
        self.address = -(-(base + GUARD) // alignment) * alignment
        ctypes.memset(base, 0xA5, len(self.memory))
        ctypes.memset(self.address, fill, size)

    @classmethod
    def of(cls, content, alignment):
        buffer = cls(len(content), alignment)
        ctypes.memmove(buffer.address, bytes(content), len(content))
        return buffer

    def content(self):
        return ctypes.string_at(self.address, self.size)

    def arguments(self):
        return [ctypes.c_void_p(self.address), ctypes.c_size_t(self.size)]

    def check(self, what):
        guards = ctypes.string_at(self.address - GUARD, GUARD) + ctypes.string_at(
            self.address + self.size, GUARD
        )
        if guards != b"\xa5" * (2 * GUARD):
            raise Failure(f"wrote outside of {what}")


def make_pool(threads):
    """A parallel-for over Python threads; index i is done by thread i % threads."""

    def work(count, task, context, first):
        for index in range(first, count, threads):
            task(context, index)

    def parallel_for(_pool, count, task, context):
        workers = [
            threading.Thread(target=work, args=(count, task, context, t)) for t in range(threads)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    return PARALLEL_FOR(parallel_for)


def element_bytes(port):
    return struct.calcsize(npy.DTYPES[port["dtype"]][1])


class Product:
    def __init__(self, path, name):
        self.library = ctypes.CDLL(path)
        self.run_function = getattr(self.library, name + "_run")
        self.run_function.restype = ctypes.c_int
        self.status_message = getattr(self.library, name + "_status_message")
        self.status_message.restype = ctypes.c_char_p
        description = getattr(self.library, name + "_description")
        description.restype = ctypes.c_char_p
        self.description = json.loads(description().decode())
        self.weights = []  # the arguments for the weights, if it has some
        self.keep = []  # what they point to

    def use_weights_file(self, path):
        with open(path, "rb") as file:
            buffer = Buffer.of(file.read(), 64)
        self.keep.append(buffer)
        self.weights = buffer.arguments()

    def use_weight_arguments(self, path):
        values = npy.read_npz(path)
        for weight in self.description["weights"]["arguments"]:
            content = values[weight["name"].replace("/", "|")].data.tobytes()
            if len(content) != weight["bytes"]:
                raise Failure(f"weight {weight['name']}: expected {weight['bytes']} bytes, found {len(content)}")
            buffer = Buffer.of(content, element_bytes(weight))
            self.keep.append(buffer)
            self.weights += buffer.arguments()

    def run(self, inputs, fill=0xFF, pool=None, batch=1):
        """The outputs, as bytes, for inputs given as bytes; the batch matters if it is dynamic."""
        described = self.description
        images = [ctypes.c_size_t(batch)] if described["batch"] is None else []
        sources = [
            Buffer.of(content, element_bytes(port))
            for content, port in zip(inputs, described["inputs"], strict=True)
        ]
        results = [
            Buffer(port["bytes"] * (batch if images else 1), element_bytes(port))
            for port in described["outputs"]
        ]
        workspace = Buffer(
            described["workspace"]["bytes"], described["workspace"]["alignment"], fill
        )
        buffers = sum((buffer.arguments() for buffer in sources + results), [])
        by_file = described["weights"]["mode"] == "file"
        arguments = images + buffers + ([] if by_file else self.weights) + workspace.arguments()
        arguments += self.weights if by_file else []
        if described["threads"] == "callback":
            arguments += [pool or ctypes.cast(None, PARALLEL_FOR), ctypes.c_void_p(None)]
        status = self.run_function(*arguments)
        if status:
            raise Failure(f"status {status}: {self.status_message(status).decode()}")
        for content, buffer in zip(inputs, sources):
            buffer.check("an input")
            if content != buffer.content():
                raise Failure("wrote into an input")
        for buffer in results:
            buffer.check("an output")
        workspace.check("the workspace")
        return [buffer.content() for buffer in results]


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

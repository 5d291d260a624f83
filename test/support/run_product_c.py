#!/usr/bin/env python3
"""Compare a compiled model with the arrays of an .npz file through a C program.

usage: run_product_c.py DIRECTORY NAME ARRAYS.npz --batch N|dynamic [--cc "CC FLAGS"] [--emulator "COMMAND"]

This is for targets that this machine does not run (--cc aarch64-linux-gnu-gcc --emulator "qemu-aarch64"),
and checks the header and the static library as a user gets them. The program is generated for the shapes at
hand, reads the inputs from stdin and writes the outputs to stdout. Standard library only.
"""

import argparse
import re
import shlex
import sys
from pathlib import Path

import npy
from c_program import Buffer, run, source
from checking import PROBLEMS
from run_product import compare, split


def header_dtypes(header):
    """The types of inputs and outputs, as the comments of a header name them."""
    return re.findall(r"^/\* (?:input|output) .*?: (\w+)\[", header.read_text(encoding="utf-8"), re.MULTILINE)


def check(directory, name, arrays, batch, compiler, emulator, tolerance, threads):
    inputs, outputs = split(arrays)
    count = inputs[0].shape[0]
    dynamic = batch == "dynamic"  # all of them, then
    batch = count if dynamic else int(batch)
    dtypes = iter(header_dtypes(directory / f"{name}.h"))  # what is expected may be more precise
    buffers = [Buffer(f"{kind}{index}", npy.bytes_of(value, next(dtypes)) // count * batch, kind == "output")
               for kind, values in (("input", inputs), ("output", outputs)) for index, value in enumerate(values)]
    program = source(name, buffers, count // batch, [batch] * dynamic, ", NULL, NULL" if threads else "")

    def parts(values):
        for start in range(0, count, batch):
            for index, value in enumerate(values):
                step = len(value.data) // count
                yield index, value.data[start * step : (start + batch) * step]

    stream = b"".join(part.tobytes() for _, part in parts(inputs))
    answer = run(directory, name, program, stream, compiler, ["-static"], emulator)
    dtypes = header_dtypes(directory / f"{name}.h")[len(inputs) :]
    position, worst = 0, 0.0
    for index, part in parts(outputs):
        expected = npy.to_floats(outputs[index].dtype, part.tobytes())
        end = position + npy.bytes_of(npy.Array((), part), dtypes[index])
        got = npy.to_floats(dtypes[index], answer[position:end])
        worst = max(worst, compare(index, got, expected, tolerance))
        position = end
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("name")
    parser.add_argument("arrays")
    parser.add_argument("--batch", default="1")
    parser.add_argument("--cc", type=shlex.split, default=["cc"])
    parser.add_argument("--emulator", type=shlex.split, default=[])
    parser.add_argument("--threads", action="store_true", help="the product takes a parallel-for")
    parser.add_argument("--tolerance", type=float, default=1e-5)
    o = parser.parse_args()
    try:
        arrays = npy.read_npz(o.arrays)
        error = check(
            o.directory, o.name, arrays, o.batch, o.cc, o.emulator, o.tolerance, o.threads
        )
    except PROBLEMS as failure:
        print(failure)
        return 1
    print(f"largest error {error:.2g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Compare a compiled model with the arrays of an .npz file through a C program.

usage: run_product_c.py DIRECTORY NAME ARRAYS.npz --batch N|dynamic [--cc "CC FLAGS"] [--emulator "COMMAND"]

For targets that this machine does not run (--cc aarch64-linux-gnu-gcc --emulator "qemu-aarch64"),
and to check the header and the static library as a user has them. The program is made for the
shapes at hand, reads the inputs from stdin and writes the outputs to stdout. Standard library only.
"""

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

import npy
from run_product import Failure, compare, split

PROGRAM = """#include "{name}.h"
#include <stdio.h>
#include <stdlib.h>

int main(void) {{
  static unsigned char memory[{upper}_WORKSPACE_BYTES + {upper}_WORKSPACE_ALIGNMENT];
  size_t offset = (size_t)memory % {upper}_WORKSPACE_ALIGNMENT;
  unsigned char *workspace = memory + (offset ? {upper}_WORKSPACE_ALIGNMENT - offset : 0);
{declarations}
  for (int i = 0; i < {times}; ++i) {{
{reads}
    {name}_status status = {name}_run({arguments}, workspace, {upper}_WORKSPACE_BYTES{threads});
    if (status != {upper}_OK) {{
      fprintf(stderr, "%s\\n", {name}_status_message(status));
      return 1;
    }}
{writes}
  }}
  return 0;
}}
"""


# Of the header; a model has one element type.
C_TYPES = {"float16": "uint16_t", "bfloat16": "uint16_t", "float32": "float", "float64": "double"}


def make_program(name, batch, arrays, threads, dynamic):
    inputs, outputs = split(arrays)
    element = C_TYPES[inputs[0].dtype]
    sizes = {f"input{i}": len(v.data) for i, v in enumerate(inputs)}
    sizes |= {f"output{i}": len(v.data) for i, v in enumerate(outputs)}
    count = inputs[0].shape[0]
    steps = {tensor: size // count * batch for tensor, size in sizes.items()}
    read = "    if (fread({0}, sizeof {0}, 1, stdin) != 1)\n      return 2;"
    write = "    if (fwrite({0}, sizeof {0}, 1, stdout) != 1)\n      return 2;"
    return PROGRAM.format(
        name=name,
        upper=name.upper(),
        times=count // batch,
        declarations="\n".join(
            f"  static {element} {tensor}[{step}];" for tensor, step in steps.items()
        ),
        reads="\n".join(read.format(tensor) for tensor in sizes if tensor.startswith("input")),
        writes="\n".join(write.format(tensor) for tensor in sizes if tensor.startswith("output")),
        arguments=", ".join([str(batch)] * dynamic + [f"{tensor}, sizeof {tensor}" for tensor in sizes]),
        threads=", NULL, NULL" if threads else "",
    )


def run(command, **arguments):
    result = subprocess.run(command, capture_output=True, **arguments)
    if result.returncode:
        shown = shlex.join(map(str, command))
        raise Failure(f"{shown}: exit status {result.returncode}\n{result.stderr.decode()}")
    return result.stdout


def check(directory, name, arrays, batch, compiler, emulator, tolerance, threads):
    inputs, outputs = split(arrays)
    count = inputs[0].shape[0]
    dynamic = batch == "dynamic"  # all of them, then
    batch = count if dynamic else int(batch)
    source, program = directory / "run.c", directory / "run"
    source.write_text(make_program(name, batch, arrays, threads, dynamic))
    flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-O1", "-static"]
    run([*compiler, *flags, source, directory / f"lib{name}.a", "-lm", "-o", program])

    def parts(values):
        for start in range(0, count, batch):
            for index, value in enumerate(values):
                step = len(value.data) // count
                yield index, value.data[start * step : (start + batch) * step]

    stream = b"".join(part.tobytes() for _, part in parts(inputs))
    answer = npy.to_floats(inputs[0].dtype, run([*emulator, program], input=stream))
    position, worst = 0, 0.0
    for index, part in parts(outputs):
        expected = npy.to_floats(outputs[index].dtype, part.tobytes())
        got = answer[position : position + len(expected)]
        worst = max(worst, compare(index, got, expected, tolerance))
        position += len(expected)
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
    except (Failure, OSError, ValueError) as failure:
        print(failure)
        return 1
    print(f"largest error {error:.2g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

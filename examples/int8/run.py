#!/usr/bin/env python3
"""Quantize the network of examples/digits with some of its images, and classify the others in a C program.

Standard library only.
"""

import argparse
import array
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
import steps  # noqa: E402

DIGITS = HERE.parent / "digits"
SAMPLES = 100
PIXELS = 64


def write_samples(path):
    """The first images as the network reads them: pixels as floats."""
    data = (DIGITS / "images.npy").read_bytes()
    start = 10 + int.from_bytes(data[8:10], "little")
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({SAMPLES}, 8, 8, 1), }}"
    header = header.ljust(-(-(10 + len(header) + 1) // 64) * 64 - 11) + "\n"
    floats = array.array("f", list(data[start:start + SAMPLES * PIXELS]))
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + floats.tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=steps.ROOT / "build")
    parser.add_argument("--target", default="host", help="of sepconv-compile; x86-64-multi runs everywhere")
    arguments = parser.parse_args()
    build = arguments.build_dir.resolve()
    output = build / "int8"
    output.mkdir(exist_ok=True)
    write_samples(output / "samples.npy")
    compiler = steps.compiler(build)
    model = output / "digits_int8.mlir"
    steps.run(compiler.with_name("sepconv-quantize"), DIGITS / "digits.keras", "--calibration",
              output / "samples.npy", "--io=uint8", "-o", model)
    steps.run(compiler, model, "-o", output, "--name=digits_int8", f"--target={arguments.target}")
    steps.build_program([HERE / "main.c"], output, "digits_int8", output / "digits_int8")
    steps.run(output / "digits_int8", DIGITS, SAMPLES)


if __name__ == "__main__":
    main()

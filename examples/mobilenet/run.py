#!/usr/bin/env python3
"""Compile MobileNet for batch sizes 1 and 4, link it into a C program, compare it with Keras.

Make the network first: make_model.py (needs Keras). This script needs only the standard library.
For another machine: --target aarch64 --cc aarch64-linux-gnu-gcc --emulator qemu-aarch64
"""

import argparse
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
import steps  # noqa: E402

VARIANTS = {"mobilenet_logits": "logits.npy", "mobilenet": "probabilities.npy"}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=steps.ROOT / "build")
    parser.add_argument(
        "--model-dir",
        type=Path,
        help="the output of make_model.py (default: mobilenet in the build directory)",
    )
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--softmax", action="store_true", help="also run the network with its softmax")
    parser.add_argument("--target", default="host")
    parser.add_argument(
        "--compile-option", action="append", default=[], help="passed to sepconv-compile"
    )
    parser.add_argument("--cc", default="cc")
    parser.add_argument(
        "--emulator", type=shlex.split, default=[], help="command to run the program with"
    )
    return parser.parse_args()


def code_bytes(library):
    """The size of the instructions in a library, or None where `size` cannot read it."""
    result = subprocess.run(["size", "-A", library], capture_output=True, text=True)
    rows = [line.split() for line in result.stdout.splitlines()]
    sizes = [int(row[1]) for row in rows if len(row) == 3 and row[0].startswith(".text")]
    return sum(sizes) if sizes else None


def run_variant(arguments, build, models, name, batch):
    output = build / "mobilenet" / f"{name}-{arguments.target}-{batch}"
    program = output / "mobilenet-demo"
    options = [f"--target={arguments.target}", f"--batch={batch}", *arguments.compile_option]
    start = time.monotonic()
    steps.run(
        steps.compiler(build), models / f"{name}.keras", "-o", output, "--name=mobilenet", *options
    )
    print(f"compiled in          {time.monotonic() - start:.1f} s")
    static = ["-static"] if arguments.emulator else []
    steps.build_program([HERE / "main.c"], output, "mobilenet", program, *static)
    # An emulator takes seconds for an image, and its times say nothing.
    rounds = ["1"] if arguments.emulator else []
    steps.run(*arguments.emulator, program, models, VARIANTS[name], *rounds)
    code = code_bytes(output / "libmobilenet.a")
    if code:
        print(f"code                 {code} bytes without weights")
    print()


def main():
    arguments = parse_arguments()
    build = arguments.build_dir.resolve()
    models = (arguments.model_dir or build / "mobilenet").resolve()
    os.environ["CC"] = arguments.cc
    if not (models / "mobilenet.keras").is_file():
        sys.exit(
            f"{steps.shown(models)}: no mobilenet.keras; make it with "
            "examples/mobilenet/make_model.py (needs Keras)"
        )
    for name in VARIANTS if arguments.softmax else ["mobilenet_logits"]:
        for batch in arguments.batch:
            run_variant(arguments, build, models, name, batch)


if __name__ == "__main__":
    main()

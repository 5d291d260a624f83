#!/usr/bin/env python3
"""Compile the digits network for threads, and check that threads do not change its results.

The threads are OpenMP's, or pthreadpool's with --pthreadpool (which needs its header and library). Standard library
only.
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
import steps  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=steps.ROOT / "build")
    parser.add_argument("--pthreadpool", action="store_true")
    parser.add_argument(
        "--compile-option", action="append", default=[], help="passed to sepconv-compile"
    )
    arguments = parser.parse_args()
    build = arguments.build_dir.resolve()
    output, digits = build / "threads", HERE.parent / "digits"
    program = output / "threads"

    options = ["--threads=callback", *arguments.compile_option]
    steps.run(steps.compiler(build), digits / "digits.keras", "-o", output, *options)
    flags = (
        ["-DUSE_PTHREADPOOL", "-lpthreadpool", "-pthread"]
        if arguments.pthreadpool
        else ["-fopenmp"]
    )
    steps.build_program([HERE / "threads.c"], output, "digits", program, *flags)
    steps.run(program, digits)


if __name__ == "__main__":
    main()

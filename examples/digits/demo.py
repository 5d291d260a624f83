#!/usr/bin/env python3
"""Compile the trained network, link it into a C program, classify the held-out digits.

`./dev demo` runs this. It shows the commands that a user would type; standard library only.
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
    parser.add_argument(
        "--compile-option", action="append", default=[], help="passed to sepconv-compile"
    )
    arguments = parser.parse_args()
    build = arguments.build_dir.resolve()
    output = build / "demo"
    program = output / "digits-demo"

    steps.run(steps.compiler(build), HERE / "digits.keras", "-o", output, *arguments.compile_option)
    steps.build_program([HERE / "main.c"], output, "digits", program)
    steps.run(program, HERE)
    steps.print_size(program)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Compile the digits network without weights, and train its last layer with a C program.

It shows the commands that a user would type; standard library only.
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
    arguments = parser.parse_args()
    build = arguments.build_dir.resolve()
    output = build / "training"
    program = output / "train-digits"

    steps.run(
        steps.compiler(build),
        HERE / "training.json",
        "-o",
        output,
        "--weights=arguments",
        "--with=init,loss,constraints",
    )
    steps.build_program([HERE / "main.c"], output, "training", program)
    steps.run(program, HERE, HERE.parent / "digits")


if __name__ == "__main__":
    main()

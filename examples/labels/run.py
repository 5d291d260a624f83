#!/usr/bin/env python3
"""Compile a classifier that takes pixels, link it with libjpeg, and print the labels of a picture.

The network is that of examples/digits and the picture three.jpg, unless they are given. Standard library only; the
program needs libjpeg (Debian: libjpeg-dev).
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "common"))
import steps  # noqa: E402

DIGITS = ["--input-scale=0.0627451"]  # the network was trained with pixels from 0 to 16


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=steps.ROOT / "build")
    parser.add_argument("--model", type=Path, default=HERE.parent / "digits/digits.keras")
    parser.add_argument("--size", type=int, default=8, help="height and width of the network's image")
    parser.add_argument("--channels", type=int, default=1)
    parser.add_argument("--preprocess", help="what the network wants of pixels, as sepconv-compile names it")
    parser.add_argument("--labels", type=Path, default=HERE / "digits.txt", help="a line for each class")
    parser.add_argument("--picture", type=Path, default=HERE / "three.jpg")
    arguments = parser.parse_args()
    build = arguments.build_dir.resolve()
    output = build / "labels"
    options = [f"--preprocess={arguments.preprocess}"] if arguments.preprocess else DIGITS
    steps.run(steps.compiler(build), arguments.model, "-o", output, "--name=classifier", "--weights=file", *options)
    flags = [f"-DSIZE={arguments.size}", f"-DCHANNELS={arguments.channels}", "-ljpeg"]
    steps.build_program([HERE / "main.c"], output, "classifier", output / "classify", *flags)
    steps.run(output / "classify", arguments.picture, arguments.labels, output / "classifier.weights")


if __name__ == "__main__":
    main()

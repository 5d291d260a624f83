#!/usr/bin/env python3
"""Compare sepconv.function with TensorFlow's answers (test/Execution/functions).

usage: check_functions.py --build-dir BUILD [--all]

Ends with a line `N passed, M failed`.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from check_function_cases import CASES, golden, read_cases  # noqa: E402 (the path is set above)
from function_calls import Package  # noqa: E402
from function_products import report  # noqa: E402

DAILY = 4  # of each function


def choose(cases):
    """The numbers of the first cases of each function."""
    numbers = {}
    for number, case in enumerate(cases):
        numbers.setdefault(case.function, []).append(number)
    return [number for own in numbers.values() for number in own[:DAILY]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("--all", action="store_true", help=f"not only {DAILY} of each function")
    options = parser.parse_args()
    cases, answers = read_cases(), dict(np.load(CASES / "outputs.npz"))
    chosen = range(len(cases)) if options.all else choose(cases)
    with tempfile.TemporaryDirectory() as cache:
        return report([cases[number] for number in chosen],
                      lambda index: golden(answers, chosen[index], cases[chosen[index]].dtype),
                      Package(options.build_dir, cache))


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Compare compiled calls of the five functions with TensorFlow's answers (test/Execution/functions).

usage: check_function_cases.py --build-dir BUILD [--target TARGET] [--lowering LOWERING] [--dynamic-sizes] [--times N]

Ends with a line `N passed, M failed`.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from function_cases import Case, compare, fewest, sample
from function_products import add_options, report, tools_of

CASES = Path(__file__).resolve().parents[2] / "test" / "Execution" / "functions"


def read_cases():
    cases = json.loads((CASES / "cases.json").read_text(encoding="utf-8"))
    tuples = [{name: tuple(value) if isinstance(value, list) else value for name, value in case.items()}
              for case in cases]
    return [Case(**case) for case in tuples]


def golden(answers, number, dtype):
    """What says what is wrong with the result of a case, by the number of its row in the golden file."""
    shape, values = answers[f"shape{number}"], answers[f"sample{number}"]

    def check(got):
        if list(got.shape) != list(shape):
            return f"expected shape {list(shape)}, found {list(got.shape)}", 0
        return compare(got.flat[sample(shape)], values, dtype)
    return check


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser)
    parser.add_argument("--times", type=int, metavar="N",
                        help="only as many cases as have each two values of two factors N times (default: all)")
    options = parser.parse_args()
    tools = tools_of(parser, options)
    cases, answers = read_cases(), dict(np.load(CASES / "outputs.npz"))
    chosen = fewest(cases, options.times) if options.times else range(len(cases))
    return report([cases[number] for number in chosen],
                  lambda index: golden(answers, chosen[index], cases[chosen[index]].dtype), tools)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Compare compiled calls of the five functions with what TensorFlow answered (test/Execution/functions).

usage: check_function_cases.py --build-dir BUILD [--target TARGET] [--lowering LOWERING]

Ends with a line `N passed, M failed`.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from function_cases import Case, compare, sample
from function_products import Tools, check_all

CASES = Path(__file__).resolve().parent.parent / "test" / "Execution" / "functions"


def read_cases():
    cases = json.loads((CASES / "cases.json").read_text(encoding="utf-8"))
    tuples = [{name: tuple(value) if isinstance(value, list) else value for name, value in case.items()}
              for case in cases]
    return [Case(**case) for case in tuples]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("--target", default="host")
    parser.add_argument("--lowering", default="halide")
    options = parser.parse_args()
    tools = Tools(options.build_dir, options.target, options.lowering)
    if missing := tools.missing():
        sys.exit(f"{parser.prog}: needs {' and '.join(missing)}")
    cases, golden = read_cases(), dict(np.load(CASES / "outputs.npz"))

    def expected(index):
        shape, values = golden[f"shape{index}"], golden[f"sample{index}"]

        def check(got):
            if list(got.shape) != list(shape):
                return f"expected shape {list(shape)}, found {list(got.shape)}", 0
            return compare(got.flat[sample(shape)], values, cases[index].dtype)
        return check

    failed = check_all(cases, expected, tools)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

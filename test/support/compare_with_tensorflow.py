#!/usr/bin/env python3
"""Compare compiled calls of the five functions with TensorFlow's answers, for fresh random cases.

usage: compare_with_tensorflow.py --build-dir BUILD [--cases N] [--seed S] [--target TARGET]
                                  [--lowering LOWERING] [--dynamic-sizes] [--package]

Needs TensorFlow 2 and tf-keras; `./dev test --tensorflow` installs them and calls this. The seed is
printed and repeats the cases. Ends with a line `N passed, M failed`.
"""

import argparse
import random
import sys
import tempfile

import function_cases
from function_calls import Package
from function_products import add_options, report, tools_of
from tensorflow_answers import answers


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_options(parser)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed")
    parser.add_argument("--package", action="store_true", help="call them by the Python package, on this machine")
    options = parser.parse_args()
    if options.package:
        with tempfile.TemporaryDirectory() as cache:
            return compare(options, Package(options.build_dir, cache))
    return compare(options, tools_of(parser, options))


def compare(options, tools):
    seed = options.seed or str(random.SystemRandom().randrange(1 << 32))
    print(f"{options.cases} cases with --seed={seed}", flush=True)
    cases = function_cases.random_cases(seed, options.cases)
    known = [answers(case) for case in cases]

    def expected(index):
        def nearest(got):
            found = [function_cases.compare(got, answer, cases[index].dtype) for answer in known[index]]
            return min(found, key=lambda result: (result[0] is not None, result[1]))
        return nearest

    return report(cases, expected, tools)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Compare sepconv.function with TensorFlow's answers (test/Execution/functions).

usage: check_functions.py --build-dir BUILD [--all]

Ends with a line `N passed, M failed`.
"""

import argparse
import json
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "test/support")]

import sepconv  # noqa: E402 (the path is set above)
from checking import JOBS, finish  # noqa: E402
from function_cases import NN, NUMPY, Case, compare, sample  # noqa: E402

CASES = ROOT / "test/Execution/functions"
DAILY = 4  # of each function


def read_cases(every):
    """The cases and their numbers: all of them, or the first ones of each function."""
    tuples = [{name: tuple(value) if isinstance(value, list) else value for name, value in case.items()}
              for case in json.loads((CASES / "cases.json").read_text(encoding="utf-8"))]
    counts = {}
    for number, case in enumerate(Case(**values) for values in tuples):
        counts[case.function] = counts.get(case.function, 0) + 1
        if every or counts[case.function] <= DAILY:
            yield number, case


def call(case):
    """The result of a case, called as in Python; bfloat16 is in its bits."""
    operands = case.operands()
    if case.dtype == "bf16":
        import ml_dtypes
        operands = {name: value.view(ml_dtypes.bfloat16) for name, value in operands.items()}
    first = case.format == "NCHW"
    last = "channels_first" if first else "channels_last"
    function = sepconv.function(case.function)
    if case.function == NN:
        strides = (1, 1, *case.strides) if first else (1, *case.strides, 1)
        result = function(*operands.values(), strides, case.padding, case.format, case.dilations)
    elif not case.is_layer:
        result = function(*operands.values(), strides=case.strides, padding=case.padding.lower(), data_format=last,
                          dilation_rate=case.dilations)
    else:
        image, *weights = operands.values()
        activation = None if case.activation == "None" else case.activation
        result = function(image, case.filters, case.kernel, case.strides, case.padding.lower(), last, case.dilations,
                          case.multiplier, activation, case.use_bias, weights=weights)
    return result.view(NUMPY[case.dtype])


def problem(case, shape, values):
    """What is wrong with the result of a case, or None."""
    try:
        found = call(case)
    except (sepconv.SepconvError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    if list(found.shape) != list(shape):
        return f"expected shape {list(shape)}, found {list(found.shape)}"
    return compare(found.flat[sample(shape)], values, case.dtype)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("--all", action="store_true", help=f"not only {DAILY} of each function")
    options = parser.parse_args()
    os.environ["SEPCONV_HOME"] = str(options.build_dir.resolve())
    golden = dict(np.load(CASES / "outputs.npz"))
    cases = list(read_cases(options.all))
    with tempfile.TemporaryDirectory() as cache, ThreadPoolExecutor(JOBS) as pool:
        os.environ["SEPCONV_CACHE"] = cache
        problems = list(pool.map(lambda item: problem(item[1], golden[f"shape{item[0]}"], golden[f"sample{item[0]}"]),
                                 cases))
    for (_, case), text in zip(cases, problems):
        if text:
            print(f"FAILED: {case}\n  {text}")
    failed = sum(text is not None for text in problems)
    return finish(len(cases) - failed, failed)


if __name__ == "__main__":
    sys.exit(main())

"""Runs a case of function_cases.py by the Python package: sepconv.function, called as in TensorFlow."""

import os
import sys
from pathlib import Path

from checking import Failure
from function_cases import NN, NUMPY

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

import sepconv  # noqa: E402 (the path is set above)


class Package:
    """Runs cases as function_products.Tools does, with a cache of its own."""

    dynamic_sizes = False

    def __init__(self, build_dir, cache):
        os.environ["SEPCONV_HOME"] = str(Path(build_dir).resolve())
        os.environ["SEPCONV_CACHE"] = str(cache)

    def run(self, case, folder):
        """The output of a case."""
        del folder
        try:
            return call(case)
        except (sepconv.SepconvError, TypeError) as error:
            raise Failure(f"{type(error).__name__}: {error}") from error


def call(case):
    """The result of a case; bfloat16 is in its bits."""
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

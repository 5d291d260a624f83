#!/usr/bin/env python3
"""Feeds random calls of TensorFlow's functions to the compiler and looks for crashes and hangs.

usage: fuzz_functions.py --build-dir DIR [--seconds N] [--seed S] [--keep DIR]

Each command line is a call that TensorFlow could take, with some of its options changed. Half of the calls with large
numbers are only imported.
"""
import re
import sys

from fuzzing import ROOT, main

sys.path.insert(0, str(ROOT / "test/support"))
from function_cases import generate as generate_case  # noqa: E402

FUNCTIONS = ("tf.nn.separable_conv2d", "tf.keras.backend.separable_conv2d", "tf.keras.backend.depthwise_conv2d",
             "tf.keras.layers.SeparableConv2D", "tf.layers.separable_conv2d", "tf.keras.layers.SeparableConvolution2D",
             "tf.nn.conv2d", "", "None")
NAMES = ("input", "x", "inputs", "depthwise_filter", "pointwise_filter", "depthwise_kernel", "filters", "kernel_size",
         "strides", "padding", "data_format", "dilations", "dilation_rate", "depth_multiplier", "activation",
         "use_bias", "name", "reuse", "trainable", "depthwise_initializer", "bias_constraint", "activity_regularizer",
         "", "kernel", "emit", "é")
SMALL = (0, 1, 2, 3, 4, 7, 16, 33)
LARGE = (-1, 99999, 2**31 - 1, 2**31, 2**32, 2**62, 2**63 - 1, 2**63, 2**64, 10**40, -(2**63))
DTYPES = ("f32", "f64", "f16", "bf16", "i8", "i32", "f8E4M3FN", "index", "F32", "")
WORDS = ("", "None", "none", "True", "false", "same", "VALID", "causal", "NHWC", "channels_first", "NCHW_VECT_C",
         "relu", "tf.nn.relu", "keras.activations.", "softmax", "leaky_relu", "'gelu'", '"tanh"', "'", '"', "''", "tf.",
         "()", "(,)", "((1, 1), (2, 2))", "[[[1]]]", "(1, 2", "1, 2)", "[1, 2)", ",", ",,,", "1,", "x", "xxxx",
         "1x1x1xx",
         "1e3", "0x10", "+1", " 1 ", "1;2", "é", "\u202e1", "1\n1", "\t", "%s%n", "$(false)", "-", "--", "=", "a=b",
         "1..8", "8..1", "0..4", "4..8/3", "1..2147483647/1", "64..4096/64", "..", "1../2",
         "tf.zeros_initializer()", "x" * 10000, "(" * 5000, "1," * 5000, "1x" * 5000)
ELSE = ("--batch=2", "--weights=arguments", "--weights=file", "--threads=callback", "--lowering=reference", "--name=f",
        "--name=", "--name=1", "--name=main", "--target=aarch64", "--target=x86-64-multi", "--target=x86-64-v2",
        "--remarks", "model.keras", "--height=1..9", "--width=4..64/4", "--height=3", "--width=2..",
        "--arg", "--arg=", "--arg==", "--", "--unknown", "--unknown=1",
        "--function=tf.nn.separable_conv2d", "--help-function", "--emit=loops,llvm,asm,report-json", "--schedules=none")


def number(rng):
    return str(rng.choice((*SMALL, "?") if rng.random() < 0.6 else LARGE))


def change_value(value, rng):
    """Another value of an argument."""
    numbers = list(re.finditer(r"\d+", value))
    kind = rng.randrange(8)
    if kind < 3 and numbers:
        place = rng.choice(numbers)
        return value[:place.start()] + number(rng) + value[place.end():]
    if kind == 3:
        return "x".join(number(rng) for _ in range(rng.randrange(7))) + rng.choice(("", "x")) + rng.choice(DTYPES)
    if kind == 4:
        return re.sub("f32$", rng.choice(DTYPES), value)
    if kind == 5:
        return ",".join(number(rng) for _ in range(rng.randrange(6)))
    if kind == 6 and value:
        at = rng.randrange(len(value))
        return value[:at] + rng.choice("()[],x'\"=-. 0\x01é") + value[at + rng.randrange(2):]
    return rng.choice(WORDS)


def change(options, rng):
    at = rng.randrange(len(options))
    name, _, value = options[at].rpartition("=")
    kind = rng.randrange(12)
    if kind == 0:
        del options[at]
    elif kind == 1:
        options.insert(at, options[at])
    elif kind == 2:
        options[at] = f"--{rng.choice(('', 'arg='))}{rng.choice(NAMES)}={value}"
    elif kind == 3:
        options.append(rng.choice(ELSE))
    elif kind == 4:
        options.append(f"--{rng.choice(('', 'arg='))}{rng.choice(NAMES)}={change_value(value, rng)}")
    elif kind == 5:
        options[0] = f"--function={rng.choice(FUNCTIONS)}"
    else:
        options[at] = f"{name}={change_value(value, rng)}"


def generate(rng, _):
    options = generate_case(rng).command_line(dynamic_sizes=rng.random() < 0.3)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3, 8))):
        if options:
            change(options, rng)
    is_large = any(len(digits) > 2 for option in options for digits in re.findall(r"\d+", option))
    what = "import" if is_large and rng.random() < 0.5 else "header,lib"
    return ["sepconv-compile", *options, f"--emit={what}", "-o", "out"]


if __name__ == "__main__":
    sys.exit(main(__doc__.split("\n", maxsplit=1)[0], generate))

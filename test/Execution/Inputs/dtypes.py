#!/usr/bin/env python3
"""Write a module with every layer in one element type, its inputs, and its outputs as computed by NumPy.

usage: dtypes.py float64|float32|float16|bfloat16 DIRECTORY [--arguments]

The folder gets module.mlir, arrays.npz with the inputs and the outputs, and weights.npz. Inputs and weights
are numbers of the element type; the outputs are computed in float64 and not rounded. With --arguments the
weights are arguments of the module.
"""

import argparse
import math
from pathlib import Path

import numpy as np

MLIR = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16"}
erf = np.vectorize(math.erf)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softplus(x):
    return np.log1p(np.exp(x))


def gelu_tanh(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + float(np.float32(0.044715)) * x**3)))


ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "elu, alpha = 1.0": lambda x: np.where(x > 0, x, np.expm1(x)),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "silu": lambda x: x * sigmoid(x),
    "hard_sigmoid": lambda x: np.clip(x + 3, 0, 6) / 6,
    "hard_silu": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "gelu": lambda x: x / 2 * (1 + erf(x * float(np.float32(math.sqrt(0.5))))),
    "gelu_tanh": gelu_tanh,
    "softplus": softplus,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "exponential": np.exp,
    "mish": lambda x: x * np.tanh(softplus(x)),
    "log_sigmoid": lambda x: -softplus(-x),
}


def windows(x, size, strides, dilations, padding, value=0.0):
    """[ky][kx]: the elements of NHWC images under that element of each window."""
    top, bottom, left, right = padding
    x = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=value)
    spans = [(k - 1) * d + 1 for k, d in zip(size, dilations)]
    counts = [(n - span) // s + 1 for n, span, s in zip(x.shape[1:3], spans, strides)]

    def at(offset, axis):
        begin = offset * dilations[axis]
        return slice(begin, begin + (counts[axis] - 1) * strides[axis] + 1, strides[axis])

    return [[x[:, at(ky, 0), at(kx, 1)] for kx in range(size[1])] for ky in range(size[0])]


def depthwise(x, filters, *window):
    parts = windows(x, filters.shape[:2], *window)
    taps = [(parts[i][j][..., None] * filters[i, j]) for i, j in np.ndindex(filters.shape[:2])]
    return sum(taps).reshape(*taps[0].shape[:3], -1)


def conv(x, filters, *window):
    parts = windows(x, filters.shape[:2], *window)
    return sum(parts[i][j] @ filters[i, j] for i, j in np.ndindex(filters.shape[:2]))


def pool(x, reduce, size, strides, padding):
    parts = windows(x, size, strides, (1, 1), padding, np.nan)
    return reduce(np.stack([part for row in parts for part in row]), axis=0)


class Module:
    """The text of the module beside the arrays of what it computes. Tensors are (name, array)."""

    def __init__(self, dtype, arguments):
        self.dtype, self.arguments = dtype, arguments
        self.random = np.random.default_rng(1)
        self.inputs, self.weights, self.outputs, self.lines, self.signature = [], {}, [], [], []

    def type(self, array):
        return f"tensor<{'x'.join(map(str, array.shape))}x{MLIR[self.dtype]}>"

    def draw(self, shape, least):
        """Random numbers of the type: as it stores them, and in float64."""
        values = self.random.uniform(least, 1, shape)
        if self.dtype != "bfloat16":
            stored = values.astype(self.dtype)
            return stored, stored.astype("f8")
        whole = values.astype("<f4").view("<u4")
        bits = (whole + 0x7FFF + (whole >> 16 & 1)) >> 16
        return bits.astype("<u2").view("V2"), (bits << 16).view("<f4").astype("f8")

    def input(self, *shape):
        stored, values = self.draw(shape, -1)
        name = f"%in{len(self.inputs)}"
        self.signature.append(f'{name}: {self.type(values)} {{sepconv.name = "{name[1:]}"}}')
        self.inputs.append(stored)
        return name, values

    def weight(self, *shape, least=-1):
        stored, values = self.draw(shape, least)
        name = f"%w{len(self.weights)}"
        self.weights[name[1:]] = stored
        if self.arguments:
            attributes = f'{{sepconv.name = "{name[1:]}", sepconv.weight}}'
            self.signature.append(f"{name}: {self.type(values)} {attributes}")
        else:
            data = stored.tobytes().hex().upper()
            self.lines.append(f'{name} = arith.constant dense<"0x{data}"> : {self.type(values)}')
        return name, values

    def output(self, line, result):
        self.lines.append(f"%out{len(self.outputs)} = {line}")
        self.outputs.append(result)

    def layer(self, name, operands, attributes, result):
        names = ", ".join(name for name, _ in operands)
        types = ", ".join(self.type(array) for _, array in operands)
        self.output(f"sepconv.{name}({names}) {{{attributes}}} : ({types}) -> {self.type(result)}", result)

    def linalg(self, name, operands, result):
        """An operation of linalg, which names the type of each operand after all of them."""
        empty, out = f"%empty{len(self.outputs)}", self.type(result)
        self.lines.append(f"{empty} = tensor.empty() : {out}")
        names = ", ".join(name for name, _ in operands)
        types = ", ".join(self.type(array) for _, array in operands)
        self.output(f"linalg.{name} ins({names} : {types}) outs({empty} : {out}) -> {out}", result)

    def text(self):
        results = ", ".join(f'{self.type(array)} {{sepconv.name = "output{n}"}}'
                            for n, array in enumerate(self.outputs))
        values = ", ".join(f"%out{n}" for n in range(len(self.outputs)))
        body = "\n  ".join([*self.lines, f"return {values} : {', '.join(map(self.type, self.outputs))}"])
        return f"func.func @main({', '.join(self.signature)}) -> ({results}) {{\n  {body}\n}}\n"


def integers(**lists):
    return ", ".join(f"{name} = array<i64: {', '.join(map(str, values))}>" for name, values in lists.items())


NCHW = "data_format = #sepconv.data_format<NCHW>, "
PLAIN = ((1, 1), (1, 1), (0, 0, 0, 0))


def activation(kind):
    return f"activation = #sepconv.activation<{kind}>, "


def first(array):
    """Channels first."""
    return np.moveaxis(array, 3, 1)


def add_convolutions(module, x, nchw):
    window = ((2, 1), (1, 2), (1, 0, 2, 1))
    attributes = integers(strides=window[0], dilations=window[1], padding=window[2])
    images = np.moveaxis(nchw[1], 1, 3)

    d, p, b = module.weight(3, 3, 6, 2), module.weight(1, 1, 12, 20), module.weight(20)
    result = ACTIVATIONS["silu"](conv(depthwise(x[1], d[1], *window), p[1], *PLAIN) + b[1])
    module.layer("separable_conv2d", [x, d, p, b], activation("silu") + attributes, result)
    module.layer("depthwise_conv2d", [nchw, d], NCHW + attributes, first(depthwise(images, d[1], *window)))
    f, k = module.weight(4, 2, 6, 17), module.weight(17)
    result = ACTIVATIONS["gelu"](conv(images, f[1], *window) + k[1])
    module.layer("conv2d", [nchw, f, k], NCHW + activation("gelu") + attributes, first(result))
    f = module.weight(1, 1, 6, 40)
    module.layer("conv2d", [x, f], "", conv(x[1], f[1], *PLAIN))


def add_others(module, x, matrix):
    window = ((3, 2), (2, 2), (1, 1, 0, 1))
    attributes = integers(window=window[0], strides=window[1], padding=window[2])
    for kind, reduce in (("max", np.nanmax), ("average", np.nanmean)):
        text = f"kind = #sepconv.pool_kind<{kind}>, {attributes}"
        module.layer("pool2d", [x], text, pool(x[1], reduce, *window))
    one = module.input(2, 9, 7, 1)  # no vectors
    text = f"kind = #sepconv.pool_kind<max>, {attributes}"
    module.layer("pool2d", [one], text, pool(one[1], np.nanmax, *window))
    f, b = module.weight(33, 19), module.weight(19)
    module.layer("dense", [matrix, f, b], activation("tanh")[:-2], np.tanh(matrix[1] @ f[1] + b[1]))

    gamma, beta, mean, variance = vectors = [module.weight(6, least=0.1) for _ in range(4)]
    result = gamma[1] * (x[1] - mean[1]) / np.sqrt(variance[1] + 1e-3) + beta[1]
    names = ", ".join(name for name, _ in [x, *vectors])
    types = f"{module.type(x[1])}, {module.type(gamma[1])}"
    module.output(f"sepconv.batch_norm({names}) {{axis = 3, epsilon = 1.0e-3}} : {types}", result)
    for kind, function in ACTIVATIONS.items():
        attribute = f"{{function = #sepconv.activation<{kind}>}}"
        module.output(f"sepconv.activation({matrix[0]}) {attribute} : {module.type(matrix[1])}",
                      function(matrix[1]))

    exponentials = np.exp(matrix[1])
    module.linalg("softmax dimension(1)", [matrix], exponentials / exponentials.sum(1, keepdims=True))
    other = module.input(*x[1].shape)
    module.linalg("add", [x, other], x[1] + other[1])
    joined = np.concatenate([one[1], x[1], other[1]], 3)
    types = f"({', '.join(module.type(array) for _, array in (one, x, other))}) -> {module.type(joined)}"
    module.output(f"tensor.concat dim(3) {one[0]}, {x[0]}, {other[0]} : {types}", joined)
    element, (b, h, w, c) = MLIR[module.dtype], x[1].shape
    module.lines.append(f"%half = arith.constant 0.5 : {element}")
    module.output(
        f"tensor.pad {x[0]} low[0, 1, 0, 0] high[0, 0, 2, 3] {{\n"
        "  ^bb0(%a: index, %b: index, %c: index, %d: index):\n"
        f"    tensor.yield %half : {element}\n"
        f"  }} : {module.type(x[1])} to tensor<{b}x{h + 1}x{w + 2}x{c + 3}x{element}>",
        np.pad(x[1], ((0, 0), (1, 0), (0, 2), (0, 3)), constant_values=0.5))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dtype", choices=MLIR)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--arguments", action="store_true")
    options = parser.parse_args()
    module = Module(options.dtype, options.arguments)
    x, nchw, matrix = module.input(2, 9, 7, 6), module.input(2, 6, 9, 7), module.input(2, 33)
    add_convolutions(module, x, nchw)
    add_others(module, x, matrix)
    options.directory.mkdir(parents=True, exist_ok=True)
    (options.directory / "module.mlir").write_text(module.text(), encoding="utf-8")
    arrays = {f"input{n}": array for n, array in enumerate(module.inputs)}
    arrays |= {f"output{n}": array for n, array in enumerate(module.outputs)}
    np.savez(options.directory / "arrays.npz", **arrays)
    np.savez(options.directory / "weights.npz", **module.weights)


if __name__ == "__main__":
    main()

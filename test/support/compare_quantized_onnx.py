#!/usr/bin/env python3
"""Compare quantized ONNX models with ONNX Runtime: a small separable network, quantized by ONNX Runtime's own tools.

usage: compare_quantized_onnx.py --build-dir DIR [--keep DIR] [-v]

Each combination of format (QDQ, QOperator), types of activations and weights, scales per tensor or per channel is a
model. Of its outputs at most one element in a thousand may differ, by one step of their scale, from what ONNX Runtime
computes node by node; what its fused kernels differ from that is only shown. Needs onnx and onnxruntime, in any virtual
environment.
"""
import argparse
import itertools
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from checking import Failure, attempt, execute, finish
from product import Product

INPUT = (1, 8, 24, 20)
IMAGES = 8  # of which each element of the outputs is compared
ALLOWED = 1e-3  # of the elements may differ


class Network:
    """Nodes and weights of a network that has what separable ones have."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.weights = [], []

    def weight(self, shape, scale):
        name = f"w{len(self.weights)}"
        values = (self.random.standard_normal(shape) * scale).astype(np.float32)
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def node(self, kind, *inputs, **attributes):
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def convolution(self, x, channels, filters, size=1, stride=1, groups=1):
        depth = channels // groups
        # Channels of different scales, which one scale for all would not fit.
        weight = self.weight((filters, depth, size, size), (depth * size * size) ** -0.5)
        return self.node("Conv", x, weight, self.weight((filters,), 0.2), kernel_shape=[size, size],
                         strides=[stride] * 2, pads=[size // 2] * 4, group=groups)

    def dense(self, x, channels, units):
        weight = self.weight((units, channels), channels ** -0.5)
        return self.node("Gemm", x, weight, self.weight((units,), 0.2), transB=1)


def network():
    n = Network(7)
    zero, six = (helper.make_tensor(name, TensorProto.FLOAT, [], [value]) for name, value in (("zero", 0), ("six", 6)))
    n.weights += [zero, six]
    x = n.node("Relu", n.convolution("x", 8, 16, 3, 2))
    block = n.node("Clip", n.convolution(x, 16, 16, 3, groups=16), "zero", "six")
    block = n.node("Add", x, n.convolution(block, 16, 16))
    pooled = n.node("GlobalAveragePool", block)
    gate = n.node("Sigmoid", n.convolution(n.node("Relu", n.convolution(pooled, 16, 4)), 4, 16))
    block = n.node("Mul", block, gate)
    block = n.node("Concat", block, n.node("LeakyRelu", n.convolution(block, 16, 8), alpha=0.1), axis=1)
    block = n.node("MaxPool", block, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    # The mean of an odd number of integers is never in the middle of two, where kernels round as they like.
    block = n.node("AveragePool", n.convolution(block, 24, 24, 5, groups=24), kernel_shape=[3, 3], strides=[1, 1])
    flat = n.node("Flatten", n.node("GlobalAveragePool", block))
    hidden = n.node("Relu", n.dense(flat, 24, 32))
    product = n.node("MatMul", hidden, n.weight((32, 10), 32 ** -0.5))
    outputs = [block, n.node("Softmax", product, axis=-1)]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, INPUT)]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    graph = helper.make_graph(n.nodes, "net", inputs, outputs, n.weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


class Images(CalibrationDataReader):
    def __init__(self, count, seed):
        random = np.random.default_rng(seed)
        self.images = [random.standard_normal(INPUT).astype(np.float32) for _ in range(count)]
        self.left = iter([{"x": image} for image in self.images])

    def get_next(self):
        return next(self.left, None)


def combinations():
    byte, unsigned = QuantType.QInt8, QuantType.QUInt8
    kinds = ((byte, byte), (unsigned, byte), (unsigned, unsigned))
    formats = (QuantFormat.QDQ, QuantFormat.QOperator)
    for form, (of, weights), per_channel in itertools.product(formats, kinds, (False, True)):
        # ONNX Runtime adds up unsigned weights of convolutions with one zero point only.
        if not (per_channel and weights == QuantType.QUInt8):
            yield form, of, weights, per_channel


def steps_of(model):
    """The scales of the outputs, which DequantizeLinear makes numbers."""
    scales = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    made = {node.output[0]: node for node in model.graph.node}
    for output in model.graph.output:
        if made[output.name].op_type != "DequantizeLinear":
            raise Failure(f"the output {output.name} is not quantized")
        yield float(scales[made[output.name].input[1]])


def session(path, level):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def check(tools, form, of, weights, per_channel, keep, folder):
    """Elements that differ, those of ONNX Runtime's fused kernels that do, and all."""
    source, path = folder / "float.onnx", (keep or folder) / "net.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(network(), source)
    quantize_static(source, path, Images(16, 1), quant_format=form, activation_type=of, weight_type=weights,
                    per_channel=per_channel)
    execute(tools / "sepconv-compile", path, "-o", path.parent, "--name=m", "--emit=shared")
    product = Product(str(path.parent / "libm.so"), "m")
    single, fused = session(path, "ORT_DISABLE_ALL"), session(path, "ORT_ENABLE_ALL")
    counts, steps = np.zeros(3, int), list(steps_of(onnx.load(path)))
    for image in Images(IMAGES, 2).images:
        results = [np.frombuffer(content, np.float32) for content in product.run([image.tobytes()])]
        answers = zip(results, single.run(None, {"x": image}), fused.run(None, {"x": image}), steps, strict=True)
        for result, expected, other, step in answers:
            distance = np.abs(result - expected.ravel()) / step
            if distance.max() > 1.01:
                raise Failure(f"{distance.max():.3g} steps between two numbers")
            counts += [(distance > 0.01).sum(), (np.abs(other - expected) / step > 0.01).sum(), distance.size]
    if counts[0] > ALLOWED * counts[2]:
        raise Failure(f"{counts[0]} of {counts[2]} numbers differ by a step, allowed {ALLOWED:g} of them")
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="a folder for the models and products")
    options = parser.parse_args()
    passed = failed = 0
    for form, of, weights, per_channel in combinations():
        name = f"{form.name}-{of.name}-{weights.name}-{'channel' if per_channel else 'tensor'}".lower()
        keep = options.keep and options.keep / name
        counts, problem = attempt(check, options.build_dir / "bin", form, of, weights, per_channel, keep)
        said = problem or f"{counts[0]} of {counts[2]} numbers differ by a step; of the fused kernels' {counts[1]}"
        print(f"{name}: {said}", flush=True)
        passed, failed = passed + (not problem), failed + bool(problem)
    return finish(passed, failed)


if __name__ == "__main__":
    sys.exit(main())

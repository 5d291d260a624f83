#!/usr/bin/env python3
"""Write MobileNetV2 with random weights in ONNX, as PyTorch exports it or as tf2onnx does.

usage: make_onnx_mobilenet.py pytorch|tf2onnx OUT.onnx [--size N]

PyTorch: NCHW, batch normalization folded into the convolutions, Clip, padding of 1 on each side. tf2onnx: NHWC with
transposes around what is NCHW, SAME padding, BatchNormalization. Needs the package onnx.
"""
import argparse

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

# Expansion, channels, blocks, stride: table 2 of the paper (Sandler et al., 2018).
STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


class Writer:
    def __init__(self, like_pytorch):
        self.like_pytorch = like_pytorch
        self.random = np.random.default_rng(1)
        self.nodes, self.initializers = [], []
        self.clip = [self.constant("zero", np.float32(0)), self.constant("six", np.float32(6))]

    def constant(self, name, value):
        self.initializers.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, op, inputs, name, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def transposed(self, value, name, to_first):
        return self.node("Transpose", [value], name, perm=(0, 3, 1, 2) if to_first else (0, 2, 3, 1))

    def conv(self, x, channels, filters, size, stride, group, name, relu):
        shape = (filters, channels // group, size, size)
        weights = self.random.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape).astype(np.float32)
        inputs = [x, self.constant(name + ".weight", weights)]
        attributes = {"group": group, "kernel_shape": (size, size), "strides": (stride, stride)}
        if self.like_pytorch:
            inputs.append(self.constant(name + ".bias", self.random.normal(0, 0.1, filters).astype(np.float32)))
            x = self.node("Conv", inputs, name, pads=[size // 2] * 4, **attributes)
        else:
            inputs[0] = self.transposed(x, name + ".first", True)
            x = self.node("Conv", inputs, name, auto_pad="SAME_UPPER", **attributes)
            vectors = [self.constant(f"{name}.{part}", self.random.uniform(0.5, 1.5, filters).astype(np.float32))
                       for part in ("gamma", "beta", "mean", "variance")]
            x = self.node("BatchNormalization", [x, *vectors], name + ".norm", epsilon=1e-3)
            x = self.transposed(x, name + ".last", False)
        return self.node("Clip", [x, *self.clip], name + ".relu6") if relu else x

    def network(self, x):
        x = self.conv(x, 3, 32, 3, 2, 1, "stem", True)
        channels = 32
        for stage, (expansion, filters, blocks, first) in enumerate(STAGES):
            for block in range(blocks):
                name, stride = f"block{stage}_{block}", first if block == 0 else 1
                hidden, y = channels * expansion, x
                if expansion > 1:
                    y = self.conv(y, channels, hidden, 1, 1, 1, name + ".expand", True)
                y = self.conv(y, hidden, hidden, 3, stride, hidden, name + ".depthwise", True)
                y = self.conv(y, hidden, filters, 1, 1, 1, name + ".project", False)
                x = self.node("Add", [x, y], name + ".add") if stride == 1 and channels == filters else y
                channels = filters
        x = self.conv(x, channels, 1280, 1, 1, 1, "head", True)
        if self.like_pytorch:
            x = self.node("Flatten", [self.node("GlobalAveragePool", [x], "pool")], "flat", axis=1)
        else:
            x = self.node("ReduceMean", [x], "flat", axes=(1, 2), keepdims=0)
        weights = self.random.normal(0, 0.05, (1000, 1280)).astype(np.float32)
        bias = self.constant("classes.bias", self.random.normal(0, 0.1, 1000).astype(np.float32))
        if self.like_pytorch:
            return self.node("Gemm", [x, self.constant("classes.weight", weights), bias], "y", transB=1)
        x = self.node("MatMul", [x, self.constant("classes.weight", weights.T.copy())], "product")
        return self.node("Softmax", [self.node("Add", [x, bias], "scores")], "y", axis=-1)


def write(path, convention, size):
    """Write the network, for images of this size."""
    writer = Writer(convention == "pytorch")
    shape = [3, size, size] if writer.like_pytorch else [size, size, 3]
    y = writer.network("x")
    graph = helper.make_graph(
        writer.nodes, "mobilenet_v2", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", *shape])],
        [helper.make_tensor_value_info(y, TensorProto.FLOAT, ["batch", 1000])], writer.initializers)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("convention", choices=["pytorch", "tf2onnx"])
    parser.add_argument("out")
    parser.add_argument("--size", type=int, default=224)
    options = parser.parse_args()
    write(options.out, options.convention, options.size)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Compile MobileNetV2 from each format, and compare the kernels: what a network is read from must not matter.

usage: check_formats.py --build-dir DIR

Keras, TFLite and ONNX as tf2onnx writes it must give the same kernels, word for word. PyTorch pads strided convolutions
on both sides, so of its network the patterns and the schedules must be the same. Needs the package onnx.
"""
import argparse
import json
import re
import sys
from pathlib import Path

from checking import attempt, execute, finish
from make_tflite import make

try:
    from make_onnx_mobilenet import STAGES, write
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(finish(0, 0, 1))

SIZE = 64


def blocks():
    """What every format has in the middle: the channels and the kind of each layer, in order."""
    channels = 32
    for expansion, filters, count, first in STAGES:
        for block in range(count):
            stride, hidden = first if block == 0 else 1, channels * expansion
            yield channels, hidden, filters, stride
            channels = filters


class Keras:
    """The network as the config of a Keras model, whose weights come from their initializers."""

    def __init__(self):
        self.layers = []
        self.layer("InputLayer", [], batch_shape=[None, SIZE, SIZE, 3])

    def layer(self, kind, inputs, **config):
        name = f"layer{len(self.layers)}"
        tensors = [{"class_name": "__keras_tensor__", "config": {"keras_history": [x, 0, 0]}} for x in inputs]
        arguments = [tensors] if len(tensors) > 1 else tensors
        entry = {"class_name": kind, "name": name, "config": {"name": name, **config}}
        self.layers.append(entry | {"inbound_nodes": [{"args": arguments, "kwargs": {}}] if tensors else []})
        return name

    def conv(self, x, kind, relu, **config):
        x = self.layer(kind, [x], padding="same", use_bias=False, **config)
        x = self.layer("BatchNormalization", [x], axis=-1, epsilon=1e-3)
        return self.layer("ReLU", [x], max_value=6.0) if relu else x

    def write(self, path):
        x = self.conv("layer0", "Conv2D", True, filters=32, kernel_size=3, strides=2)
        for channels, hidden, filters, stride in blocks():
            y = self.conv(x, "Conv2D", True, filters=hidden, kernel_size=1) if hidden > channels else x
            y = self.conv(y, "DepthwiseConv2D", True, kernel_size=3, strides=stride)
            y = self.conv(y, "Conv2D", False, filters=filters, kernel_size=1)
            x = self.layer("Add", [x, y]) if stride == 1 and channels == filters else y
        x = self.conv(x, "Conv2D", True, filters=1280, kernel_size=1)
        x = self.layer("GlobalAveragePooling2D", [x])
        x = self.layer("Dense", [x], units=1000, activation="softmax")
        config = {"name": "m", "layers": self.layers, "input_layers": [["layer0", 0, 0]], "output_layers": [[x, 0, 0]]}
        path.write_text(json.dumps({"class_name": "Functional", "config": config}))


class Tflite:
    """The network as a description for make_tflite.py, with its normalizations folded into the convolutions."""

    def __init__(self):
        self.tensors, self.operators = {"x": [1, SIZE, SIZE, 3]}, []

    def tensor(self, shape, **fields):
        name = f"t{len(self.tensors)}"
        self.tensors[name] = {"shape": shape, **fields} if fields else shape
        return name

    def operator(self, code, inputs, shape, options):
        self.operators.append([code, inputs, [self.tensor(shape)], options])
        return self.operators[-1][2][0]

    def conv(self, x, filters, size, stride, relu, depthwise=False):
        shape = self.tensors[x]
        filter_shape = [1, size, size, filters] if depthwise else [filters, size, size, shape[3]]
        code = "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D"
        options = {"padding": "SAME", "stride_h": stride, "stride_w": stride,
                   "fused_activation_function": "RELU6" if relu else "NONE"}
        kind = "DepthwiseConv2DOptions" if depthwise else "Conv2DOptions"
        options |= {"depth_multiplier": 1} if depthwise else {}
        inputs = [x, self.tensor(filter_shape, data="random"), self.tensor([filters], data="random")]
        output = [1, -(-shape[1] // stride), -(-shape[2] // stride), filters]
        return self.operator(code, inputs, output, {kind: options})

    def write(self, path):
        x = self.conv("x", 32, 3, 2, True)
        for channels, hidden, filters, stride in blocks():
            y = self.conv(x, hidden, 1, 1, True) if hidden > channels else x
            y = self.conv(y, hidden, 3, stride, True, depthwise=True)
            y = self.conv(y, filters, 1, 1, False)
            same = stride == 1 and channels == filters
            x = self.operator("ADD", [x, y], self.tensors[y], {"AddOptions": {}}) if same else y
        x = self.conv(x, 1280, 1, 1, True)
        axes = self.tensor([2], type="INT32", data=[1, 2])
        x = self.operator("MEAN", [x, axes], [1, 1280], {"ReducerOptions": {}})
        inputs = [x, self.tensor([1000, 1280], data="random"), self.tensor([1000], data="random")]
        x = self.operator("FULLY_CONNECTED", inputs, [1, 1000], {"FullyConnectedOptions": {}})
        y = self.operator("SOFTMAX", [x], [1, 1000], {"SoftmaxOptions": {"beta": 1}})
        make({"tensors": self.tensors, "inputs": ["x"], "outputs": [y], "operators": self.operators}, path)


def kernels(tools, model, folder, *options):
    """The functions of the kernels, without names and places, and what was chosen for each."""
    execute(tools / "sepconv-compile", model, "-o", folder, "--name=m", "--emit=scheduled", *options)
    text = (folder / "m.scheduled.mlir").read_text()
    maps = dict(re.findall(r"^(#map\d*) = (.*)$", text, re.M))
    text = re.sub(r"#map\d*", lambda match: maps[match[0]], text)
    functions = [function.split("\n  }")[0] for function in text.split("\n  func.func private ")[1:]]
    bare = {re.sub(r"@\w+_\d+\(", "@(", re.sub(r"%\w+(:\d)?(#\d)?", "%", function)) for function in functions}
    return bare, sorted(re.search(r"sepconv.schedule = @(\w+)", function + "sepconv.schedule = @none")[1]
                        for function in functions)


def check(tools, folder):
    Keras().write(folder / "keras.json")
    Tflite().write(folder / "m.tflite")
    write(folder / "tf.onnx", "tf2onnx", SIZE)
    write(folder / "torch.onnx", "pytorch", SIZE)
    wanted, schedules = kernels(tools, folder / "keras.json", folder, "--seed=1")
    for name in ("m.tflite", "tf.onnx"):
        found, _ = kernels(tools, folder / name, folder)
        if found != wanted:
            raise ValueError(f"{name}: {len(found ^ wanted)} kernels differ from those of Keras:\n"
                             + "\n".join(sorted(found ^ wanted)))
    _, found = kernels(tools, folder / "torch.onnx", folder, "--layout=NHWC")
    if [name for name in schedules if name != "none"] != found:
        raise ValueError(f"torch.onnx: expected the schedules {schedules}, found {found}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, required=True)
    _, problem = attempt(check, parser.parse_args().build_dir.resolve() / "bin")
    if problem:
        print(problem)
    return finish(int(not problem), int(bool(problem)))


if __name__ == "__main__":
    sys.exit(main())

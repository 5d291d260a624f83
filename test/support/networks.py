"""The networks of bench/shapes/blocks.json as modules of sepconv operations, at any size of the image.

Layers as in keras.applications, batch normalizations folded into a bias; the weights are variables, for
`sepconv-compile --seed`.
"""

import functools
import json
import math
from pathlib import Path

TABLES = Path(__file__).resolve().parents[2] / "bench/shapes/blocks.json"
RELU6 = "relu, max_value = 6.0"
ACTIVATIONS = {"relu6": RELU6, "silu": "silu"}
SIZE = 224  # of the images that the tables are for


def same_padding(extents, kernel, stride):
    """Before and behind each extent."""
    padding = []
    for extent in extents:
        total = max((-(-extent // stride) - 1) * stride + kernel - extent, 0)
        padding += [total // 2, total - total // 2]
    return padding


class Network:
    """Writes operations one after the other; `shape` is that of the last value, `products` of all."""

    def __init__(self, size, channels=3, batch=1):
        self.lines, self.count, self.products = [], 0, 0
        self.value, self.shape = "%x", [batch, size, size, channels]
        self.input = self.type(self.shape)

    @staticmethod
    def type(shape):
        return f"tensor<{'x'.join(map(str, shape))}xf32>"

    def name(self):
        self.count += 1
        return f"%v{self.count}"

    def variable(self, shape, initializer):
        name = self.name()
        self.lines.append(f'{name} = sepconv.variable "w{self.count}" {{initializer = #sepconv.initializer<'
                          f"{initializer}>}} : {self.type(shape)}")
        return name

    def window(self, op, filters, channels, kernel, stride, activation):
        """A convolution with the padding of SAME."""
        _, height, width, _ = self.shape
        padding = same_padding((height, width), kernel, stride)
        result = [self.shape[0], -(-height // stride), -(-width // stride), channels]
        weights = self.variable(filters, "variance_scaling, scale = 2.0")
        bias = self.variable([channels], "random_uniform")
        attributes = [f"strides = array<i64: {stride}, {stride}>",
                      f"padding = array<i64: {', '.join(map(str, padding))}>"]
        if activation:
            attributes.append(f"activation = #sepconv.activation<{activation}>")
        value = self.name()
        self.lines.append(
            f"{value} = sepconv.{op}({self.value}, {weights}, {bias}) {{{', '.join(attributes)}}} : "
            f"({self.type(self.shape)}, {self.type(filters)}, {self.type([channels])}) -> {self.type(result)}")
        self.value, self.shape = value, result
        self.products += math.prod(result) * math.prod(filters[:2] if op == "depthwise_conv2d" else filters[:3])

    def conv(self, channels, kernel=1, stride=1, activation=None):
        self.window("conv2d", [kernel, kernel, self.shape[3], channels], channels, kernel, stride, activation)

    def depthwise(self, kernel, stride, activation):
        channels = self.shape[3]
        self.window("depthwise_conv2d", [kernel, kernel, channels, 1], channels, kernel, stride, activation)

    def pool(self):
        """The mean of the image."""
        _, height, width, channels = self.shape
        value, result = self.name(), [self.shape[0], 1, 1, channels]
        self.lines.append(
            f"{value} = sepconv.pool2d({self.value}) {{kind = #sepconv.pool_kind<average>, "
            f"window = array<i64: {height}, {width}>}} : ({self.type(self.shape)}) -> {self.type(result)}")
        self.value, self.shape = value, result

    def combine(self, operation, other, other_shape):
        """With each element of another value, which may have one for each channel only."""
        value, empty, shape = self.name(), self.name(), self.type(self.shape)
        identity = "affine_map<(b, y, x, c) -> (b, y, x, c)>"
        place = identity if other_shape == self.shape else "affine_map<(b, y, x, c) -> (b, 0, 0, c)>"
        self.lines.append(f"{empty} = tensor.empty() : {shape}")
        self.lines.append(
            f"{value} = linalg.generic {{indexing_maps = [{identity}, {place}, {identity}], iterator_types = "
            f'["parallel", "parallel", "parallel", "parallel"]}} ins({self.value}, {other} : {shape}, '
            f"{self.type(other_shape)}) outs({empty} : {shape}) {{\n    ^bb0(%a: f32, %b: f32, %o: f32):\n"
            f"      %r = arith.{operation} %a, %b : f32\n      linalg.yield %r : f32\n    }} -> {shape}")
        self.value = value

    def squeeze_excite(self, channels):
        value, shape = self.value, self.shape
        self.pool()
        self.conv(channels, activation="silu")
        self.conv(shape[3], activation="sigmoid")
        scale, scale_shape = self.value, self.shape
        self.value, self.shape = value, shape
        self.combine("mulf", scale, scale_shape)

    def text(self):
        body = "\n    ".join(self.lines)
        result = self.type(self.shape)
        return (f'module {{\n  func.func @main(%x: {self.input} {{sepconv.name = "x"}}) '
                f'-> ({result} {{sepconv.name = "y"}}) {{\n'
                f"    {body}\n    return {self.value} : {result}\n  }}\n}}\n")


class Pairs(Network):
    """Collects the pairs of a depthwise and the pointwise convolution behind it."""

    def __init__(self, size, channels=3, batch=1):
        super().__init__(size, channels, batch)
        self.pairs, self.depthwise_layer = [], None

    def conv(self, channels, kernel=1, stride=1, activation=None):
        super().conv(channels, kernel, stride, activation)
        if self.depthwise_layer and kernel == 1:
            self.pairs.append((*self.depthwise_layer, channels, activation))
        self.depthwise_layer = None

    def depthwise(self, kernel, stride, activation):
        self.depthwise_layer = self.shape[1], self.shape[3], stride
        super().depthwise(kernel, stride, activation)


def separable(net, table, block, stride, activation):
    net.depthwise(3, stride, activation)
    net.conv(block["channels_out"], activation=activation)


def inverted_residual(net, table, block, stride, activation):
    source, shape = net.value, net.shape
    if block["expansion"] > 1:
        net.conv(shape[3] * block["expansion"], activation=activation)
    net.depthwise(block.get("kernel", 3), stride, activation)
    if "squeeze" in table:
        net.squeeze_excite(max(1, shape[3] // table["squeeze"]))
    net.conv(block["channels_out"])
    if net.shape == shape:
        net.combine("addf", source, shape)


KINDS = {"separable": separable, "inverted_residual": inverted_residual}


def build(table, size, batch=1, builder=Network):
    net, activation = builder(size, batch=batch), ACTIVATIONS[table["activation"]]
    net.conv(table["stem"], 3, 2, activation)
    for block in table["blocks"]:
        for number in range(block.get("repeats", 1)):
            stride = 1 if number else block.get("stride", 1)
            KINDS[table["kind"]](net, table, block, stride, activation)
    if "head" in table:
        net.conv(table["head"], activation=activation)
    net.pool()
    net.conv(1000)
    return net


NETWORKS = {table["name"]: functools.partial(build, table)
            for table in json.loads(TABLES.read_text(encoding="utf-8"))["networks"]}
# (Height and width, channels, stride, output channels, activation) of each distinct pair of a 3x3 depthwise and a
# pointwise convolution.
LAYERS = list(dict.fromkeys(pair for name in ("mobilenet", "mobilenet_v2")
                            for pair in NETWORKS[name](SIZE, builder=Pairs).pairs))

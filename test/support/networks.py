"""MobileNet, MobileNetV2 and EfficientNetB0 as modules of sepconv operations, at any size of the image.

Layers as in keras.applications, batch normalizations folded into a bias; the weights are variables, for
`sepconv-compile --seed`. Tables: Howard et al., arXiv 1704.04861, table 1; Sandler et al., arXiv 1801.04381,
table 2; Tan and Le, arXiv 1905.11946, table 1.
"""

import math


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


RELU6 = "relu, max_value = 6.0"


def mobilenet(size, batch=1, builder=Network):
    net = builder(size, batch=batch)
    net.conv(32, 3, 2, RELU6)
    for channels, stride in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2),
                             (1024, 1)]:
        net.depthwise(3, stride, RELU6)
        net.conv(channels, activation=RELU6)
    net.pool()
    net.conv(1000)
    return net


def inverted_residual(net, expansion, channels, kernel, stride, activation, squeeze=0):
    source, shape = net.value, net.shape
    if expansion > 1:
        net.conv(shape[3] * expansion, activation=activation)
    net.depthwise(kernel, stride, activation)
    if squeeze:
        net.squeeze_excite(squeeze)
    net.conv(channels)
    if net.shape == shape:
        net.combine("addf", source, shape)


def mobilenet_v2(size, batch=1, builder=Network):
    net = builder(size, batch=batch)
    net.conv(32, 3, 2, RELU6)
    for expansion, channels, repeats, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                                                 (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
        for n in range(repeats):
            inverted_residual(net, expansion, channels, 3, 1 if n else stride, RELU6)
    net.conv(1280, activation=RELU6)
    net.pool()
    net.conv(1000)
    return net


def efficientnet_b0(size, batch=1, builder=Network):
    net = builder(size, batch=batch)
    net.conv(32, 3, 2, "silu")
    for expansion, channels, repeats, stride, kernel in [(1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5),
                                                         (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5),
                                                         (6, 320, 1, 1, 3)]:
        for n in range(repeats):
            inverted_residual(net, expansion, channels, kernel, 1 if n else stride, "silu", max(1, net.shape[3] // 4))
    net.conv(1280, activation="silu")
    net.pool()
    net.conv(1000)
    return net


NETWORKS = {"mobilenet": mobilenet, "mobilenet_v2": mobilenet_v2, "efficientnet_b0": efficientnet_b0}

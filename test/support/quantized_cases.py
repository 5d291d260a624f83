"""Random operators on integers that have scales, as make_tflite.py takes them.

A case is (tensors, operator, the names of its inputs, the names of its outputs); names begin with a prefix, so that one
model holds several of them. Scales are such that some of the results are clamped, and most are not.
"""
import math

DTYPES = {"INT8": (-128, 127), "UINT8": (0, 255), "INT16": (-32768, 32767)}
FUSED = ["NONE", "NONE", "RELU", "RELU6", "RELU_N1_TO_1"]


class Draw:
    """The tensors of one case."""

    def __init__(self, rng, prefix, kind):
        self.rng = rng
        self.prefix = prefix
        self.kind = kind
        self.tensors = {}
        self.inputs = []

    def integer(self, least, greatest):
        return int(self.rng.integers(least, greatest, endpoint=True))

    def scale(self, around=0.05):
        return float(around * math.exp(self.rng.uniform(-1.5, 1.5)))

    def zero(self):
        least, greatest = DTYPES[self.kind]
        return 0 if self.kind == "INT16" else self.integer(least, greatest)

    def add(self, name, shape, kind, **fields):
        self.tensors[self.prefix + name] = {"shape": list(shape), "type": kind, **fields}
        return self.prefix + name

    def quantized(self, name, shape, scale=None, zero=None, kind=None):
        quantization = {"scale": [scale or self.scale()], "zero_point": [self.zero() if zero is None else zero]}
        return self.add(name, shape, kind or self.kind, quantization=quantization)

    def input(self, name, shape, **fields):
        self.inputs.append(self.quantized(name, shape, **fields))
        return self.inputs[-1]

    def weights(self, name, shape, dim, per_channel):
        """Bytes with a sign around zero, or those without one around any zero point."""
        least, greatest = DTYPES["UINT8" if self.kind == "UINT8" else "INT8"]
        numbers = self.rng.integers(least, greatest, math.prod(shape), endpoint=True).tolist()
        count = shape[dim] if per_channel and self.kind != "UINT8" else 1
        zeros = [self.integer(90, 160)] if self.kind == "UINT8" else [0] * count
        quantization = {"scale": [self.scale(0.01) for _ in range(count)], "zero_point": zeros,
                        "quantized_dimension": dim if count > 1 else 0}
        return self.add(name, shape, "UINT8" if self.kind == "UINT8" else "INT8", data=numbers,
                        quantization=quantization)

    def bias(self, source, weights, count):
        """With the scales that the kernels expect."""
        x = self.tensors[source]["quantization"]["scale"][0]
        scales = [x * scale for scale in self.tensors[weights]["quantization"]["scale"]]
        numbers = self.rng.integers(-3000, 3000, count).tolist()
        kind = "INT64" if self.kind == "INT16" else "INT32"
        return self.add("bias", [count], kind, data=numbers,
                        quantization={"scale": scales, "zero_point": [0] * len(scales)})

    def result(self, shape, terms=1.0, **fields):
        return self.quantized("y", shape, scale=self.scale(0.05 * terms), **fields)

    def fused(self):
        return FUSED[self.integer(0, len(FUSED) - 1)]


def output_size(size, window, stride, dilation, padding):
    span = (window - 1) * dilation + 1
    return -(-size // stride) if padding == "SAME" else (size - span) // stride + 1


def window_of(draw, height, width, dilates=True):
    """Sizes of a window that fits, its options, and those of its output."""
    window = [draw.integer(1, min(4, height)), draw.integer(1, min(4, width))]
    strides = [draw.integer(1, 3), draw.integer(1, 3)]
    dilations = [1, 1]
    if dilates and strides == [1, 1]:
        dilations = [draw.integer(1, max(1, (n - 1) // max(1, k - 1))) for n, k in zip((height, width), window)]
        dilations = [min(3, dilation) for dilation in dilations]
    padding = "SAME" if draw.integer(0, 1) else "VALID"
    options = {"padding": padding, "stride_h": strides[0], "stride_w": strides[1],
               "fused_activation_function": draw.fused()}
    if dilates:
        options |= {"dilation_h_factor": dilations[0], "dilation_w_factor": dilations[1]}
    sizes = [output_size(*numbers, padding) for numbers in zip((height, width), window, strides, dilations)]
    return window, options, sizes


def image(draw, channels=None):
    return [draw.integer(1, 2), draw.integer(3, 12), draw.integer(3, 12), channels or draw.integer(1, 21)]


def conv(draw):
    shape = image(draw)
    filters = draw.integer(1, 37)
    window, options, sizes = window_of(draw, *shape[1:3])
    x = draw.input("x", shape)
    w = draw.weights("w", [filters, *window, shape[3]], 0, draw.integer(0, 2))
    inputs = [x, w, draw.bias(x, w, filters)]
    y = draw.result([shape[0], *sizes, filters], math.sqrt(math.prod(window) * shape[3]))
    return ["CONV_2D@3", inputs, [y], {"Conv2DOptions": options}]


def depthwise(draw):
    shape = image(draw)
    multiplier = draw.integer(1, 3)
    window, options, sizes = window_of(draw, *shape[1:3])
    x = draw.input("x", shape)
    filters = shape[3] * multiplier
    w = draw.weights("w", [1, *window, filters], 3, draw.integer(0, 2))
    options["depth_multiplier"] = multiplier
    y = draw.result([shape[0], *sizes, filters], math.sqrt(math.prod(window)))
    return ["DEPTHWISE_CONV_2D@3", [x, w, draw.bias(x, w, filters)], [y], {"DepthwiseConv2DOptions": options}]


def fully_connected(draw):
    rows, channels, units = draw.integer(1, 5), draw.integer(1, 70), draw.integer(1, 40)
    x = draw.input("x", [rows, channels])
    w = draw.weights("w", [units, channels], 0, draw.kind == "INT8" and draw.integer(0, 1))
    y = draw.result([rows, units], math.sqrt(channels))
    options = {"fused_activation_function": draw.fused()}
    return ["FULLY_CONNECTED@4", [x, w, draw.bias(x, w, units)], [y], {"FullyConnectedOptions": options}]


def transposed(draw):
    shape = [1, draw.integer(2, 6), draw.integer(2, 6), draw.integer(1, 9)]
    filters = draw.integer(1, 9)
    window, strides = [draw.integer(1, 4) for _ in "hw"], [draw.integer(1, 3) for _ in "hw"]
    x = draw.input("x", shape)
    w = draw.weights("w", [filters, *window, shape[3]], 0, draw.integer(0, 1))
    output = [1, *(size * stride for size, stride in zip(shape[1:3], strides)), filters]
    sizes = draw.add("sizes", [4], "INT32", data=output)
    y = draw.result(output, math.sqrt(math.prod(window) * shape[3]))
    options = {"padding": "SAME", "stride_h": strides[0], "stride_w": strides[1]}
    return ["TRANSPOSE_CONV@2", [sizes, w, x], [y], {"TransposeConvOptions": options}]


def pool(draw):
    shape = image(draw)
    window, options, sizes = window_of(draw, *shape[1:3], dilates=False)
    x = draw.input("x", shape)
    same = draw.tensors[x]["quantization"]
    y = draw.quantized("y", [shape[0], *sizes, shape[3]], same["scale"][0], same["zero_point"][0])
    options |= {"filter_height": window[0], "filter_width": window[1]}
    code = ["AVERAGE_POOL_2D@2", "MAX_POOL_2D@2"][draw.integer(0, 1)]
    return [code, [x], [y], {"Pool2DOptions": options}]


def binary(draw):
    code, options = [("ADD@2", "AddOptions"), ("SUB@2", "SubOptions"), ("MUL@2", "MulOptions")][draw.integer(0, 2)]
    shape = image(draw)
    other = [shape, shape, [shape[3]], [1, 1, 1, 1], [shape[0], 1, 1, shape[3]]][draw.integer(0, 4)]
    x, z = draw.input("x", shape), draw.input("z", other)
    y = draw.result(shape, 0.3 if code == "MUL@2" else 2)
    fields = {"fused_activation_function": draw.fused()}
    return [code, [x, z], [y], {options: fields}]


def relu(draw):
    x = draw.input("x", image(draw))
    y = draw.result(draw.tensors[x]["shape"])
    return [["RELU@2", "RELU6@2", "RELU_N1_TO_1"][draw.integer(0, 1 if draw.kind == "INT16" else 2)], [x], [y]]


def leaky(draw):
    x = draw.input("x", image(draw))
    y = draw.result(draw.tensors[x]["shape"])
    return ["LEAKY_RELU@2", [x], [y], {"LeakyReluOptions": {"alpha": float(draw.rng.uniform(0, 1))}}]


def prelu(draw):
    shape = image(draw)
    x, alpha = draw.input("x", shape), draw.input("alpha", [1, 1, shape[3]])
    return ["PRELU", [x, alpha], [draw.result(shape)]]


def table(draw):
    code = ["LOGISTIC@2", "TANH@2", "HARD_SWISH"][draw.integer(0, 2)]
    shape = image(draw)
    x = draw.input("x", shape)
    least = DTYPES[draw.kind][0]
    fixed = {"LOGISTIC@2": (1 / 256, least), "TANH@2": (1 / 128, least + 128)}.get(code)
    y = draw.quantized("y", shape, *fixed) if fixed else draw.quantized("y", shape, draw.scale(0.08))
    return [code, [x], [y]]


def softmax(draw):
    shape = [draw.integer(1, 9), draw.integer(1, 50)]
    x = draw.input("x", shape)
    y = draw.quantized("y", shape, 1 / 256, DTYPES[draw.kind][0])
    return ["SOFTMAX@2", [x], [y], {"SoftmaxOptions": {"beta": [1.0, 0.7][draw.integer(0, 1)]}}]


def requantize(draw):
    x = draw.input("x", image(draw))
    kind = draw.kind if draw.kind == "INT16" else ["INT8", "UINT8"][draw.integer(0, 1)]
    zero = 0 if kind == "INT16" else draw.integer(*DTYPES[kind])
    y = draw.quantized("y", draw.tensors[x]["shape"], draw.scale(0.08), zero, kind)
    return ["QUANTIZE@2", [x], [y]]


def mean(draw):
    shape = image(draw)
    dims = [[1, 2], [1], [2], [3], [1, 2, 3]][draw.integer(0, 4)]
    x = draw.input("x", shape)
    axes = draw.add("axes", [len(dims)], "INT32", data=dims)
    y = draw.result([1 if dim in dims else size for dim, size in enumerate(shape)])
    return ["MEAN@2", [x, axes], [y], {"ReducerOptions": {"keep_dims": True}}]


def pad(draw):
    shape = image(draw)
    margins = [0, 0] + [draw.integer(0, 3) for _ in range(4)] + [0, 0]
    x = draw.input("x", shape)
    same = draw.tensors[x]["quantization"]
    paddings = draw.add("paddings", [4, 2], "INT32", data=margins)
    sizes = [size + sum(margins[2 * dim : 2 * dim + 2]) for dim, size in enumerate(shape)]
    y = draw.quantized("y", sizes, same["scale"][0], same["zero_point"][0])
    return ["PAD", [x, paddings], [y]]


def concatenation(draw):
    shape = image(draw)
    wide = [*shape[:3], draw.integer(1, 9)]
    x = draw.input("x", shape)
    same = {} if draw.kind == "UINT8" else {"scale": draw.tensors[x]["quantization"]["scale"][0],
                                            "zero": draw.tensors[x]["quantization"]["zero_point"][0]}
    z = draw.input("z", wide, **same)
    y = draw.quantized("y", [*shape[:3], shape[3] + wide[3]], same.get("scale"), same.get("zero"))
    return ["CONCATENATION@2", [x, z], [y], {"ConcatenationOptions": {"axis": -1}}]


LAYERS = [conv, conv, depthwise, depthwise, fully_connected]
OTHERS = [transposed, pool, pool, binary, binary, relu, leaky, prelu, table, softmax, requantize, mean, pad,
          concatenation]
OF_16_BITS = [conv, depthwise, fully_connected, binary, relu, leaky, requantize, pad]


def case(rng, prefix):
    """A random case."""
    kind = ["INT8", "INT8", "INT8", "UINT8", "INT16"][int(rng.integers(5))]
    makers = OF_16_BITS if kind == "INT16" else [LAYERS, OTHERS][int(rng.integers(2))]
    draw = Draw(rng, prefix, kind)
    operator = makers[int(rng.integers(len(makers)))](draw)
    return draw.tensors, operator, draw.inputs, operator[2]


def model(rng, count):
    """A description of a model with as many cases side by side."""
    result = {"tensors": {}, "inputs": [], "outputs": [], "operators": []}
    for index in range(count):
        tensors, operator, inputs, outputs = case(rng, f"c{index}_")
        result["tensors"] |= tensors
        result["operators"].append(operator)
        result["inputs"] += inputs
        result["outputs"] += outputs
    return result

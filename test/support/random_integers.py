"""Random convolutions of bytes, each with its requantization, as modules of MLIR."""

import array
import math
import struct

import npy

UNARY = """
    %{n}a = arith.sitofp %{n}s : i32 to f32
    %{n}b = arith.mulf %{n}a, %{n}f : f32
    %{n}c = math.roundeven %{n}b : f32
    %{n}d = arith.maximumf %{n}c, %least : f32
    %{n}e = arith.minimumf %{n}d, %most : f32
    %{n}r = arith.fptosi %{n}e : f32 to {wide}"""
FIXED_POINT = """
    %{n}a = arith.extsi %{n}s : i32 to i64
    %{n}b = arith.extsi %{n}m : i32 to i64
    %{n}c = arith.muli %{n}a, %{n}b : i64
    %{n}d = arith.addi %{n}c, %half : i64
    %{n}e = arith.shrsi %{n}d, %shift : i64
    %{n}g = arith.maxsi %{n}e, %lowest : i64
    %{n}r = arith.minsi %{n}g, %highest : i64"""


class Module:
    """Layers whose results are the outputs of one function."""

    def __init__(self, rng):
        self.rng = rng
        self.arguments, self.results, self.lines, self.constants = [], [], [], []
        self.arrays = {}
        self.count = 0

    def name(self):
        self.count += 1
        return f"v{self.count}"

    def constant(self, kind, shape):
        """Random bytes; of words numbers that sums of bytes may begin with, of floats small scales."""
        size, name = math.prod(shape), self.name()
        if kind == "i8":
            content = self.rng.randbytes(size)
        elif kind == "i32":
            content = array.array("i", [self.rng.randint(-9000, 9000) for _ in range(size)]).tobytes()
        else:
            content = struct.pack(f"<{size}f", *(self.rng.uniform(1e-4, 2e-2) for _ in range(size)))
        text = f"tensor<{'x'.join(map(str, shape))}x{kind}>"
        self.constants.append(f'%{name} = arith.constant dense<"0x{content.hex()}"> : {text}')
        return name, text

    def input(self, shape, unsigned):
        name = f"x{len(self.arguments)}"
        dtype = "uint8" if unsigned else "int8"
        self.arrays[name] = npy.Array(tuple(shape), array.array("B" if unsigned else "b", self.rng.randbytes(
            math.prod(shape))), dtype)
        kind = f"tensor<{'x'.join(map(str, shape))}xi8>"
        attributes = f'sepconv.name = "{name}"' + (', sepconv.dtype = "uint8"' if unsigned else "")
        self.arguments.append(f"%{name}: {kind} {{{attributes}}}")
        return name

    def output(self, name, shape):
        self.results.append((name, f"tensor<{'x'.join(map(str, shape))}xi8>"))

    def layer(self, kind, x, shape, unsigned, weights, attributes, result, bias=True):
        """A layer's sums, in 32 bits."""
        name = self.name()
        operands = [(x, f"tensor<{'x'.join(map(str, shape))}xi8>"), self.constant("i8", weights)]
        if bias:
            operands.append(self.constant("i32", result[-1:]))
        if unsigned:
            attributes = [*attributes, "unsigned_input"]
        self.lines.append(
            f"%{name} = sepconv.{kind}({', '.join('%' + o for o, _ in operands)}) {{{', '.join(attributes)}}} : "
            f"({', '.join(t for _, t in operands)}) -> tensor<{'x'.join(map(str, result))}xi32>")
        return name

    def requantize(self, sums, shape, unsigned, residual=None, by_float=None):
        """Bytes of sums: by a float and rounding to even, or by an integer and a rounding shift; or either."""
        name, rank = self.name(), len(shape)
        if by_float is None:
            by_float = self.rng.random() < 0.5
        factor, factor_type = self.constant("f32" if by_float else "i32", shape[-1:])
        dims = ", ".join(f"d{i}" for i in range(rank))
        whole, last = f"affine_map<({dims}) -> ({dims})>", f"affine_map<({dims}) -> (d{rank - 1})>"
        kinds = "x".join(map(str, shape))
        least, most = (0, 255) if unsigned else (-128, 127)
        number, number_type = ("f", "f32") if by_float else ("m", "i32")
        operands = [(f"%{sums}", f"tensor<{kinds}xi32>"), (f"%{factor}", factor_type)]
        maps, block = [whole, last], [f"%{name}t: i32", f"%{name}{number}: {number_type}"]
        if residual:
            operands.append((f"%{residual}", f"tensor<{kinds}xi8>"))
            maps.append(whole)
            block.append(f"%{name}q: i8")
        parallel = ", ".join(['"parallel"'] * rank)
        text = (f"%{name}_empty = tensor.empty() : tensor<{kinds}xi8>\n  %{name} = linalg.generic {{indexing_maps = "
                f"[{', '.join([*maps, whole])}],\n      iterator_types = [{parallel}]}}\n      "
                f"ins({', '.join(o for o, _ in operands)} : {', '.join(t for _, t in operands)}) "
                f"outs(%{name}_empty : tensor<{kinds}xi8>) {{\n  ^bb0({', '.join(block)}, %{name}o: i8):\n    ")
        if residual:
            text += f"%{name}w = arith.extsi %{name}q : i8 to i32\n    %{name}s = arith.addi %{name}t, %{name}w : i32"
        else:
            text += f"%{name}z = arith.constant 0 : i32\n    %{name}s = arith.addi %{name}t, %{name}z : i32"
        if by_float:
            text += (f"\n    %least = arith.constant {least}.0 : f32\n    %most = arith.constant {most}.0 : f32"
                     + UNARY.format(n=name, wide="i32"))
        else:
            text += (f"\n    %half = arith.constant 524288 : i64\n    %shift = arith.constant 20 : i64\n    %lowest = "
                     f"arith.constant {least} : i64\n    %highest = arith.constant {most} : i64"
                     + FIXED_POINT.format(n=name))
        text += (f"\n    %{name}y = arith.trunci %{name}r : {'i32' if by_float else 'i64'} to i8"
                 f"\n    linalg.yield %{name}y : i8\n  }} -> tensor<{kinds}xi8>")
        self.lines.append(text)
        return name

    def text(self):
        results = ", ".join(f'{kind} {{sepconv.name = "out{i}"}}' for i, (_, kind) in enumerate(self.results))
        returned = ", ".join("%" + name for name, _ in self.results)
        kinds = ", ".join(kind for _, kind in self.results)
        body = "\n  ".join([*self.constants, *self.lines, f"return {returned} : {kinds}"])
        return f"func.func @main({', '.join(self.arguments)})\n    -> ({results}) {{\n  {body}\n}}\n"


def window(rng, size, kernel):
    """(stride, dilation, padding before and after, result's size) of one dimension, which has a result."""
    while True:
        stride, dilation = rng.choice((1, 1, 2, 3)), rng.choice((1, 1, 1, 2))
        before, after = rng.randint(0, kernel - 1), rng.randint(0, kernel - 1)
        extent = size + before + after - (kernel - 1) * dilation
        if extent > 0:
            return stride, dilation, before, after, (extent - 1) // stride + 1


def image_layer(module, kind, x, shape, unsigned, channels):
    """A convolution of an image; (sums, their shape)."""
    rng = module.rng
    batch, height, width, depth = shape
    kernel = (1, 1) if kind == "pointwise" else (rng.choice((1, 2, 3, 3, 5)), rng.choice((1, 2, 3, 3, 5)))
    (sy, dy, top, bottom, oy), (sx, dx, left, right, ox) = (
        window(rng, size, k) for size, k in zip((height, width), kernel, strict=True))
    attributes = [f"strides = array<i64: {sy}, {sx}>", f"dilations = array<i64: {dy}, {dx}>",
                  f"padding = array<i64: {top}, {bottom}, {left}, {right}>",
                  f"padding_value = {rng.randint(0, 255) if unsigned else rng.randint(-128, 127)}"]
    if kind == "depthwise":
        multiplier = rng.choice((1, 1, 1, 2))
        result = [batch, oy, ox, depth * multiplier]
        sums = module.layer("depthwise_conv2d", x, shape, unsigned, [*kernel, depth, multiplier], attributes, result)
    else:
        result = [batch, oy, ox, channels]
        sums = module.layer("conv2d", x, shape, unsigned, [*kernel, depth, channels], attributes, result)
    return sums, result


def generate(rng, layers):
    """A module; its inputs' arrays are in `arrays`."""
    module = Module(rng)
    for _ in range(layers):
        unsigned = rng.random() < 0.5
        kind = rng.choice(("pointwise", "pointwise", "conv", "conv", "depthwise", "separable", "separable", "dense"))
        depth, channels = (rng.choice((1, 3, 4, 7, 8, 16, 19, 24, 32, 48, 65, 100)) for _ in range(2))
        if kind == "dense":
            shape, result = [rng.randint(1, 5), 7 * depth], [0, channels]
            result[0] = shape[0]
            x = module.input(shape, unsigned)
            sums = module.layer("dense", x, shape, unsigned, [shape[1], channels], [], result)
        else:
            shape = [rng.choice((1, 1, 2)), rng.randint(1, 12), rng.randint(1, 17), depth]
            x = module.input(shape, unsigned)
            first = "depthwise" if kind == "separable" else kind
            sums, result = image_layer(module, first, x, shape, unsigned, channels)
            if kind == "separable":
                unsigned = rng.random() < 0.5
                x = module.requantize(sums, result, unsigned)
                sums, result = image_layer(module, "pointwise", x, result, unsigned, channels)
        residual = module.input(result, False) if rng.random() < 0.2 else None
        module.output(module.requantize(sums, result, rng.random() < 0.5, residual), result)
    return module

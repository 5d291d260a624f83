"""Writes a module of convolutions of integers, its inputs, and what plain NumPy computes of them."""

import itertools
import sys
from pathlib import Path

import numpy as np

out = Path(sys.argv[1])
rng = np.random.default_rng(11)


def random(dtype, *shape):
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, shape, dtype, endpoint=True)


def convolve(x, f, bias, strides, dilations, padding, value, groups):
    """In int64; of integers that wrap around, the lower bits are those of the result."""
    x = np.pad(x.astype(np.int64), ((0, 0), padding[:2], padding[2:], (0, 0)), constant_values=value)
    (kh, kw, q, k), (b, h, w, _) = f.shape, x.shape
    oh = (h - (kh - 1) * dilations[0] - 1) // strides[0] + 1
    ow = (w - (kw - 1) * dilations[1] - 1) // strides[1] + 1
    result = np.tile(bias.astype(np.int64), (b, oh, ow, 1))
    for i, j, g in itertools.product(range(kh), range(kw), range(groups)):
        y, z, per = i * dilations[0], j * dilations[1], k // groups
        part = x[:, y : y + oh * strides[0] : strides[0], z : z + ow * strides[1] : strides[1], g * q : g * q + q]
        result[..., g * per : g * per + per] += part @ f[i, j, :, g * per : g * per + per].astype(np.int64)
    return result


def grouped(f):
    """The filter of a depthwise convolution as that of one with as many groups as channels."""
    kh, kw, c, m = f.shape
    return f.reshape(kh, kw, 1, c * m)


def requantized(sums, scales):
    """As the module's elementwise operation does: a product rounded by an addition and a shift, clamped."""
    return np.clip((sums * scales + (1 << 19)) >> 20, -128, 127).astype(np.int8)


inputs = {"u": random(np.uint8, 2, 9, 11, 5), "s": random(np.int8, 2, 9, 11, 5), "w": random(np.int16, 1, 6, 5, 4)}
inputs["d"] = random(np.int8, 3, 37)
shapes = {"f": (3, 3, 5, 19), "dw": (3, 2, 5, 2), "pw": (1, 1, 5, 17), "sp": (1, 1, 10, 6), "fd": (37, 10)}
weights = {name: random(np.int8, *shape) for name, shape in (shapes | {"fw": (2, 2, 2, 6)}).items()}
weights["f16"] = random(np.int16, 2, 3, 5, 3) // 128
weights["b"] = random(np.int32, 19) // 1024
weights["bw"] = random(np.int64, 6) // 1024
weights["scales"] = rng.integers(200, 9000, 19, np.int32)
sums = convolve(inputs["u"], weights["f"], weights["b"], (2, 1), (1, 1), (1, 2, 0, 1), 131, 1)
depthwise = convolve(inputs["s"], grouped(weights["dw"]), np.zeros(10), (1, 1), (2, 3), (2, 1, 0, 3), -7, 5)
answers = {
    "sums": sums.astype(np.int32),
    "narrow": requantized(sums, weights["scales"]),
    "depthwise": depthwise.astype(np.int32),
    "pointwise": convolve(inputs["s"], weights["pw"], np.zeros(17), (2, 2), (1, 1), (0,) * 4, 0, 1).astype(np.int32),
    "separable": (depthwise @ weights["sp"][0, 0].astype(np.int64)).astype(np.int32),
    "dense": (inputs["d"].astype(np.int32) @ weights["fd"].astype(np.int32)),
    "wide": convolve(inputs["w"], weights["fw"], weights["bw"], (1, 1), (1, 1), (1, 0, 0, 1), 0, 2),
    "wider": convolve(inputs["s"], weights["f16"], np.zeros(3), (1, 1), (1, 1), (0, 1, 1, 1), 5, 1).astype(np.int32),
}
windows = [inputs["u"][:, i : i + 8 : 2, j : j + 10 : 2] for i in (0, 1) for j in (0, 1)]
answers["most"] = np.maximum.reduce(windows)

types = {np.dtype(f"{sign}int{bits}"): f"i{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}


def type_of(array):
    return f"tensor<{'x'.join(map(str, array.shape))}x{types[array.dtype]}>"


def operation(result, name, operands, attributes):
    values = ", ".join("%" + operand for operand in operands)
    given = ", ".join(type_of((inputs | weights)[operand]) for operand in operands)
    return f"  %{result} = sepconv.{name}({values}) {{{attributes}}} : ({given}) -> {type_of(answers[result])}\n"


def signature(arrays, arrow):
    def attributes(name, array):
        dtype = ', sepconv.dtype = "uint8"' if array.dtype == np.uint8 else ""
        return f'{{sepconv.name = "{name}"{dtype}}}'

    return ", ".join(f"{arrow(name)}{type_of(a)} {attributes(name, a)}" for name, a in arrays.items())


arguments, results = signature(inputs, lambda name: f"%{name}: "), signature(answers, lambda _: "")
text = f"func.func @main({arguments})\n    -> ({results}) {{\n"
for name, array in weights.items():
    text += f'  %{name} = arith.constant dense<"0x{array.tobytes().hex()}"> : {type_of(array)}\n'
text += operation("sums", "conv2d", ["u", "f", "b"], "strides = array<i64: 2, 1>, "
                  "padding = array<i64: 1, 2, 0, 1>, padding_value = 131, unsigned_input")
dilated = "dilations = array<i64: 2, 3>, padding = array<i64: 2, 1, 0, 3>, padding_value = -7"
text += operation("depthwise", "depthwise_conv2d", ["s", "dw"], dilated)
text += operation("pointwise", "conv2d", ["s", "pw"], "strides = array<i64: 2, 2>")
text += operation("separable", "separable_conv2d", ["s", "dw", "sp"], dilated)
text += operation("dense", "dense", ["d", "fd"], "")
text += operation("wide", "conv2d", ["w", "fw", "bw"], "groups = 2, padding = array<i64: 1, 0, 0, 1>")
text += operation("wider", "conv2d", ["s", "f16"], "padding = array<i64: 0, 1, 1, 1>, padding_value = 5")
text += operation("most", "pool2d", ["u"], "kind = #sepconv.pool_kind<max>, window = array<i64: 2, 2>, "
                  "strides = array<i64: 2, 2>, unsigned_input")
text += f"""  %again = sepconv.conv2d(%u, %f, %b) {{strides = array<i64: 2, 1>, padding = array<i64: 1, 2, 0, 1>,
      padding_value = 131, unsigned_input}} : ({type_of(inputs["u"])}, {type_of(weights["f"])}, tensor<19xi32>)
      -> {type_of(answers["sums"])}
  %empty = tensor.empty() : {type_of(answers["narrow"])}
  %narrow = linalg.generic {{indexing_maps = [affine_map<(b, y, x, c) -> (b, y, x, c)>,
      affine_map<(b, y, x, c) -> (c)>, affine_map<(b, y, x, c) -> (b, y, x, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}}
      ins(%again, %scales : {type_of(answers["sums"])}, tensor<19xi32>) outs(%empty : {type_of(answers["narrow"])}) {{
  ^bb0(%sum: i32, %scale: i32, %out: i8):
    %half = arith.constant 524288 : i64
    %shift = arith.constant 20 : i64
    %least = arith.constant -128 : i64
    %most_ = arith.constant 127 : i64
    %0 = arith.extsi %sum : i32 to i64
    %1 = arith.extsi %scale : i32 to i64
    %2 = arith.muli %0, %1 : i64
    %3 = arith.addi %2, %half : i64
    %4 = arith.shrsi %3, %shift : i64
    %5 = arith.maxsi %4, %least : i64
    %6 = arith.minsi %5, %most_ : i64
    %7 = arith.trunci %6 : i64 to i8
    linalg.yield %7 : i8
  }} -> {type_of(answers["narrow"])}
"""
results = ", ".join("%" + name for name in answers)
text += f"  return {results} : {', '.join(map(type_of, answers.values()))}\n}}\n"

(out / "convolutions.mlir").write_text(text, encoding="utf-8")
for name, value in inputs.items():
    np.save(out / f"in_{name}.npy", value)
for name, value in answers.items():
    np.save(out / f"{name}.npy", value)

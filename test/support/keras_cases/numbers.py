"""What kind numbers are, and those that are none."""

import numpy as np
from keras import Input, Model, layers, ops

from . import case


@case
def operations_numbers():
    x, counts = Input((5, 4), name="x"), Input((6,), name="counts", dtype="int32")
    root = ops.sqrt(x)  # of which many are NaN
    outputs = [ops.nanargmax(root, axis=-1), ops.nanargmin(root, axis=1, keepdims=True), ops.nancumsum(root, axis=1)]
    outputs += [ops.nancumprod(root, axis=-1), ops.nan_to_num(ops.nanmin(root, axis=2), nan=-3.0)]
    outputs += [ops.nan_to_num(ops.nanmax(root, axis=2, keepdims=True), nan=-2.0)]
    outputs += [ops.angle(x), ops.signbit(x), ops.isreal(x), ops.conjugate(x), ops.imag(x)]
    outputs += [ops.ldexp(x, counts[:, :1, None])]
    outputs += [ops.isin(counts, np.array([1, 5, 30, 31, 32, 33], "int32"), invert=True)]
    return Model([x, counts], outputs)


@case
def operations_nan_quantiles():
    x = Input((5, 7), name="x")
    root = ops.sqrt(x + 0.4)
    outputs = [ops.nanmedian(root, axis=-1), ops.nanquantile(root, 0.3, axis=2, keepdims=True)]
    outputs += [ops.nanpercentile(root, 65.0, axis=2, method=method) for method in ("lower", "higher", "nearest")]
    return Model(x, [ops.nan_to_num(each, nan=-3.0) for each in outputs])


@case
def discretization():
    x = Input((5,), name="x")
    modes = ["int", "one_hot", "multi_hot", "count"]
    return Model(x, [layers.Discretization([-0.5, 0.0, 1.0], output_mode=mode, name=mode)(x) for mode in modes])


@case
def scale_and_translate():
    x = Input((7, 6, 3), name="x")
    outputs = []
    methods = [("linear", True, 0.6), ("cubic", False, 1.7), ("lanczos3", True, 0.8), ("lanczos5", False, 1.2)]
    for method, antialias, scale in methods:
        scales = np.array([scale, scale * 1.1], "float32")
        moved = np.array([0.4, -1.3], "float32")
        outputs += [ops.image.scale_and_translate(x, (2, 8, 5, 3), scales, moved, (1, 2), method, antialias)]
    return Model(x, outputs)

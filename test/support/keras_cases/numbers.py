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
def discretization():
    x = Input((5,), name="x")
    modes = ["int", "one_hot", "multi_hot", "count"]
    return Model(x, [layers.Discretization([-0.5, 0.0, 1.0], output_mode=mode, name=mode)(x) for mode in modes])

"""Operations of keras.ops that move elements, and sums over them."""

import numpy as np
from keras import Input, Model, layers, ops

from . import case


@case
def operations_slices():
    x = Input((8, 6, 4), name="x")
    outputs = [x[:, 1:-1, ::2, :3], x[..., 1], x[:, ::-2, 1], x[:, None, -3:, 5:0:-2]]
    outputs += ops.split(x, 2, axis=-1) + ops.split(x, [1, 4], axis=2) + ops.unstack(x, axis=3)[1:3]
    outputs += [ops.flip(x, axis=[1, 2]), ops.roll(x, 3, axis=1), ops.repeat(x, 2, axis=2)]
    outputs += [ops.tile(x, (1, 2, 1, 3)), ops.stack([x, x * 2], axis=2)]
    outputs += [ops.concatenate([x, x + 1], axis=1), ops.zeros_like(x) + x[:, :1]]
    margins = ((0, 0), (1, 2), (3, 0), (0, 1))
    outputs += [ops.pad(x, margins, mode=mode) for mode in ("reflect", "symmetric")]
    outputs += [ops.pad(x, margins, constant_values=0.25)]
    return Model(x, outputs)


@case
def operations_shapes():
    x = Input((8, 6, 4), name="x")
    outputs = [ops.reshape(x, (-1, 8, 24)), ops.transpose(x, (0, 3, 1, 2)), ops.expand_dims(x, 1)]
    outputs += [ops.squeeze(ops.expand_dims(x, -1), -1), ops.moveaxis(x, 1, 3), ops.swapaxes(x, 1, 2)]
    outputs += [ops.depth_to_space(x, 2), ops.space_to_depth(x, 2)]
    outputs += [ops.where(x > 0, x, 0.1 * x), x * ops.cast(ops.less(x, 0.5), "float32")]
    outputs += [ops.cast(ops.logical_and(x > -1, ops.not_equal(x, 0)), "float32"), ops.sign(x), ops.round(x)]
    outputs += [x // 0.3, x % 0.7, ops.logaddexp(x, -x), ops.arctan(x), ops.log2(ops.abs(x) + 1)]
    return Model(x, outputs)


@case
def operations_reductions():
    x = Input((8, 6, 4), name="x")
    y = layers.Dense(5, name="dense")(x)
    kinds = (ops.mean, ops.max, ops.min, ops.sum, ops.prod, ops.var, ops.std, ops.logsumexp)
    outputs = [kind(x, axis=-1, keepdims=True) for kind in kinds]
    outputs += [kind(x, axis=(1, 2)) for kind in kinds[:4]] + [ops.max(x, axis=(1, 3)), ops.mean(x, axis=1)]
    outputs += [ops.norm(x, ord=2, axis=-1), ops.norm(x, ord=1, axis=2), ops.normalize(x, axis=-1)]
    outputs += [ops.matmul(ops.transpose(x, (0, 1, 3, 2)), y), ops.einsum("bhwc,bhwd->bhcd", x, y)]
    outputs += [ops.log_softmax(x, axis=-1), ops.softmax(x, axis=-2), *ops.moments(x, axes=[1, 2])]
    return Model(x, outputs)


@case
def operations_windows():
    x = Input((9, 7, 4), name="x")
    rng = np.random.default_rng(3)
    depthwise, full = (rng.normal(0, 0.3, shape).astype("float32") for shape in ((3, 3, 4, 2), (2, 3, 4, 5)))
    outputs = [ops.depthwise_conv(x, depthwise, padding="same"), ops.conv(x, full, strides=2)]
    outputs += [ops.max_pool(x, 3, 2, padding="same"), ops.average_pool(x, 2)]
    return Model(x, outputs)


@case
def activation_functions():
    x = Input((7, 5, 4), name="x")
    names = ("hard_tanh", "soft_shrink", "hard_shrink", "tanh_shrink", "log_softmax", "squareplus")
    outputs = [layers.Conv2D(3, 1, activation=name)(x) for name in names]
    outputs += [layers.PReLU()(x), layers.PReLU(shared_axes=[1, 2])(x), layers.Softmax(axis=(1, 2))(x)]
    outputs += [ops.celu(x, 0.5), ops.glu(x, axis=-1), ops.soft_shrink(x, 0.3), ops.hard_shrink(x, 0.7)]
    outputs += [ops.threshold(x, 0.2, -1.0), ops.squareplus(x, 2.0), ops.sparse_sigmoid(x)]
    return Model(x, outputs)

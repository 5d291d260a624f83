"""Operations of keras.ops between and on tensors, and with numbers."""

import numpy as np
from keras import Input, Model, layers, ops

from . import case


@case
def operations_arithmetic():
    x, gate = Input((5, 6, 3), name="x"), Input((1, 1, 3), name="gate")
    y = layers.Conv2D(3, 1, name="conv")(x)
    array = np.array([[0.5, -2, 3]], "float32")
    outputs = [x + y, x - y, x * gate, gate / (ops.abs(y) + 0.5)]
    outputs += [ops.maximum(x, y), ops.minimum(gate, y), ops.add(x1=x, x2=y)]
    outputs += [1.5 + x, 3 - x, x * array, ops.subtract(array, x), 2 / (ops.abs(x) + 1)]
    outputs += [ops.maximum(x, 0.25), ops.minimum(-0.5, x), -x, ops.clip(x, -0.5, 0.75)]
    outputs += [(ops.abs(x) + 0.1) ** 1.5, x**2]
    return Model([x, gate], outputs)


@case
def operations_functions():
    x = Input((5, 6, 3), name="x")
    above = ops.abs(x) + 0.25
    kinds = (ops.ceil, ops.cos, ops.erf, ops.exp, ops.expm1, ops.floor, ops.sin, ops.square)
    positive = (ops.log, ops.log1p, ops.reciprocal, ops.rsqrt, ops.sqrt)
    return Model(x, [kind(x) for kind in kinds] + [kind(above) for kind in positive])


@case
def operations_activations():
    x = Input((5, 6, 3), name="x")
    kinds = (ops.hard_sigmoid, ops.hard_silu, ops.log_sigmoid, ops.relu, ops.relu6, ops.selu)
    kinds += (ops.sigmoid, ops.silu, ops.softplus, ops.softsign, ops.tanh)
    outputs = [kind(x) for kind in kinds]
    outputs += [ops.elu(x, 0.7), ops.gelu(x), ops.gelu(x, False), ops.leaky_relu(x, 0.1)]
    outputs += [ops.softmax(x, axis=-1)]
    return Model(x, outputs)


@case
def operations_mobilenet_v3_block():
    x = Input((9, 7, 4), name="x")
    y = layers.Conv2D(8, 1, name="expand")(x)
    y = y * (layers.ReLU(6.0)(y + 3.0) * (1.0 / 6.0))
    y = layers.DepthwiseConv2D(3, padding="same", name="depthwise")(y)
    gate = layers.GlobalAveragePooling2D(keepdims=True)(y)
    gate = layers.ReLU(6.0)(layers.Conv2D(8, 1, name="squeeze")(gate) + 3.0) * (1.0 / 6.0)
    return Model(x, layers.Conv2D(4, 1, name="project")(layers.Multiply()([y, gate])) + x)

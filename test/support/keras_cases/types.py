"""Policies of layers, integers and truth values."""

import keras
from keras import Input, Model, layers, ops

from . import case


def network(policy, last=None):
    """A small network of layers with a policy; its input is float32, as Keras has it."""
    x = Input((10, 10, 3), name="x")
    y = layers.SeparableConv2D(8, 3, name="separable", dtype=policy)(x)
    y = layers.BatchNormalization(name="norm", dtype=policy)(y)
    y = layers.ReLU(name="relu", dtype=policy)(y)
    y = layers.DepthwiseConv2D(3, padding="same", name="depthwise", dtype=policy)(y)
    y = layers.GlobalAveragePooling2D(name="pool", dtype=policy)(y)
    return Model(x, layers.Dense(4, activation="softmax", name="answer", dtype=last or policy)(y))


@case
def float16_mixed():
    return network("mixed_float16", last="float32")


@case
def float16_policy():
    return network("float16")


@case
def bfloat16_mixed():
    return network("mixed_bfloat16", last="float32")


@case
def bfloat16_policy():
    return network("bfloat16")


@case
def float64_policy():
    x = Input((6, 6, 3), name="x", dtype="float64")
    y = layers.SeparableConv2D(4, 3, activation="silu", name="separable", dtype="float64")(x)
    y = layers.LayerNormalization(name="norm", dtype="float64")(y)
    return Model(x, layers.Dense(3, name="answer", dtype="float64")(y))


@case
def uint8_image():
    x = Input((8, 8, 3), name="image", dtype="uint8")
    y = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(x)
    y = layers.SeparableConv2D(4, 3, activation="relu", name="separable")(y)
    return Model(x, [layers.Dense(2, name="answer")(y), ops.mean(x, axis=(1, 2))])


@case
def integers_between():
    """Sums, quotients, comparisons and extrema of integers, and what becomes of a float."""
    x, y = Input((5, 3), name="x", dtype="int32"), Input((5, 3), name="y", dtype="int8")
    z = Input((5, 3), name="z")
    outputs = [x + 1, x * ops.cast(y, "int32"), ops.maximum(x, 3), -x, ops.abs(x - 20), x / 7, x // 7]
    outputs += [x % 5, ops.cast(z * 3, "int32"), ops.cast(z, "bool"), ops.cast(z * 40 + 300, "uint8")]
    outputs += [ops.greater(x, 8), ops.logical_and(z > 0, x > 4), ops.where(x > 8, x, -x), x + z]
    outputs += [ops.sum(x, axis=1), ops.max(x, axis=-1), ops.mean(x, axis=1), ops.any(x > 60, axis=-1)]
    return Model([x, y, z], outputs)


@case
def embedding():
    x = Input((12,), name="tokens", dtype="int32")
    y = layers.Embedding(100, 6, name="table")(x)
    y = layers.SeparableConv1D(8, 3, activation="relu", padding="same", name="separable")(y)
    return Model(x, layers.Dense(3, name="answer")(layers.GlobalMaxPooling1D()(y)))


@case
def places():
    """Indices of extrema, and elements at them."""
    x = Input((5, 7), name="x")
    first = ops.argmax(x, axis=-1)
    outputs = [first, ops.argmin(x, axis=1, keepdims=True), ops.one_hot(first, 7)]
    outputs += [ops.take_along_axis(x, ops.expand_dims(first, -1), axis=-1)]
    outputs += [ops.argmax(ops.reshape(x, (-1, 5, 7, 1)), axis=2)]
    return Model(x, outputs)


@case
def attention():
    x, y = Input((6, 8), name="x"), Input((4, 8), name="y")
    z = layers.MultiHeadAttention(2, 4, name="self")(x, x)
    outputs = [z, layers.MultiHeadAttention(2, 3, value_dim=5, output_shape=6, name="cross")(z, y)]
    outputs += [layers.MultiHeadAttention(1, 4, use_bias=False, name="causal")(x, x, use_causal_mask=True)]
    image = layers.Reshape((2, 3, 8))(x)
    outputs += [layers.MultiHeadAttention(2, 4, attention_axes=(2,), name="rows")(image, image)]
    outputs += layers.MultiHeadAttention(2, 4, name="scores")(x, value=y, return_attention_scores=True)
    return Model([x, y], outputs)

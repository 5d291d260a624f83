"""The blocks of shapes/compound.json as Keras models, in Keras's environment."""

import zlib

import keras
import numpy as np


def squeeze(x, filters, activation, gate):
    channels = x.shape[-1]
    scale = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
    scale = keras.layers.Conv2D(filters, 1, activation=activation)(scale)
    scale = keras.layers.Conv2D(channels, 1, activation=gate)(scale)
    return keras.layers.Multiply()([x, scale])


def apply(x, layer, start):
    """One layer of a block that reads `start`."""
    layer = dict(layer)
    op, kernel, stride = layer.pop("op"), layer.pop("kernel", 1), layer.pop("stride", 1)
    activation, filters = layer.pop("activation", None), layer.pop("filters", None)
    window = {"strides": stride, "padding": "same"}
    if op == "conv":
        x = keras.layers.Conv2D(filters, kernel, **window)(x)
    elif op == "depthwise":
        x = keras.layers.DepthwiseConv2D(kernel, **window)(x)
    elif op == "pool":
        x = keras.layers.AveragePooling2D(kernel, **window)(x)
    elif op == "squeeze":
        return squeeze(x, filters, activation, layer["gate"])
    elif op == "add":
        x = keras.layers.Add()([x, start])
    elif op == "concat":
        x = keras.layers.Concatenate()([chain(x, branch) for branch in layer["branches"]])
    elif op == "mean":
        x = keras.layers.GlobalAveragePooling2D()(x)
    elif op == "dense":
        x = keras.layers.Dense(filters)(x)
    else:
        raise ValueError(f"unknown operation '{op}'")
    if activation == "gelu_tanh":
        return keras.ops.gelu(x)
    return keras.layers.Activation(activation)(x) if activation else x


def chain(x, layers):
    start = x
    for layer in layers:
        x = apply(x, layer, start)
    return x


def keras_block(block):
    """With Keras's initial weights, and biases that are not 0, as they are where batch norms are folded into them."""
    keras.utils.set_random_seed(zlib.crc32(block.name.encode()))
    inputs = keras.Input(block.input_shape[1:], name="input")
    model = keras.Model(inputs, chain(inputs, block.layers))
    random = np.random.default_rng(zlib.crc32(block.name.encode()))
    for layer in model.layers:
        weights = layer.get_weights()
        biases = [random.uniform(-0.1, 0.1, w.shape).astype(np.float32) for w in weights if w.ndim == 1]
        layer.set_weights([w for w in weights if w.ndim > 1] + biases)
    return model

"""Valid files with models that are not supported."""

import keras
import numpy as np
from keras import layers

from . import file, saved, small


def functional(shape, *stack):
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    x = y = keras.Input(shape, name="image")
    for layer in stack:
        y = layer(y)
    return keras.Model(x, y)


@file("unsupported-layers.keras")
def unsupported_layers():
    """memory and bins are of unsupported classes, among supported ones: both are reported."""
    return saved(
        functional(
            (4, 4, 2),
            layers.Conv2DTranspose(3, 2, name="transposed"),
            layers.ReLU(name="fine"),
            layers.LayerNormalization(name="layer_norm"),
            layers.Reshape((-1, 3), name="rows"),
            layers.RNN(layers.SimpleRNNCell(4, recurrent_initializer="zeros"), name="memory"),
            layers.UnitNormalization(name="unit"),
            layers.Discretization([0.0, 1.0], name="bins"),
        ),
        stored=False,
    )


@file("unsupported-arguments.keras")
def unsupported_arguments():
    """Supported layers with unsupported arguments: made's and odd's activation."""
    return saved(
        functional(
            (4, 4, 2),
            layers.UpSampling2D(2, interpolation="bicubic", name="resize"),
            layers.Conv2D(3, 3, activation="sparsemax", name="made"),
            layers.ReLU(name="fine"),
            layers.Activation("threshold", name="odd"),
            layers.UpSampling2D(2, interpolation="lanczos3", name="resize_again"),
        ),
        stored=False,
    )


@file("quantized.keras")
def quantized():
    """Keras's own int8 quantization of the layer answer is not supported."""
    model = small()
    model.quantize("int8")
    return saved(model, stored=False)


@file("unknown-shape.keras")
def unknown_shape():
    """The input image has no static height and width: the message says which dimensions."""
    model = functional(
        (None, None, 3),
        layers.SeparableConv2D(4, 3, name="features"),
        layers.GlobalAveragePooling2D(name="pool"),
    )
    return saved(model, stored=False)


@file("operations.keras")
def operations():
    """The operation i0 of keras.ops is not supported, and an array of float64 is added: both are
    reported.
    """
    keras.utils.clear_session()
    x = keras.Input((4, 4, 2), name="image")
    y = layers.Conv2D(2, 1, name="conv")(x)
    y = keras.ops.flip(keras.ops.i0(x + y))
    return saved(keras.Model(x, y + np.ones(2, "float64")), stored=False)


@file("nested-unsupported.keras")
def nested_unsupported():
    """The unsupported layer memory is two models deep: the message names the way,
    outer/inner/memory.
    """
    keras.utils.clear_session()
    inner = keras.Sequential(
        [
            layers.Flatten(name="flat"),
            layers.RepeatVector(2, name="repeat"),
            layers.RNN(layers.SimpleRNNCell(3, recurrent_initializer="zeros"), name="memory"),
        ],
        name="inner",
    )
    outer = keras.Sequential([layers.ReLU(name="fine"), inner], name="outer")
    return saved(keras.Sequential([keras.Input((4, 4, 2), name="image"), outer]), stored=False)


@keras.saving.register_keras_serializable(package="shop")
class Squash(layers.Layer):
    def call(self, x):
        return x / 2


@keras.saving.register_keras_serializable(package="shop")
def clamp(x):
    return keras.ops.clip(x, 0, 1)


@keras.saving.register_keras_serializable(package="shop")
class Subclassed(keras.Model):
    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.dense = layers.Dense(2)

    def call(self, x):
        return self.dense(x)


@file("custom.keras")
def custom():
    """A custom layer shop>Squash and a custom activation shop>clamp: both are reported."""
    model = functional(
        (4, 4, 2), Squash(name="squash"), layers.Conv2D(2, 1, activation=clamp, name="conv")
    )
    return saved(model, stored=False)


@file("subclassed.keras")
def subclassed():
    """A subclassed model has no graph in its file: the message says that Sequential and Functional
    models are read.
    """
    keras.utils.clear_session()
    model = Subclassed(name="mine")
    model(np.zeros((1, 3), "float32"))
    return saved(model, stored=False)

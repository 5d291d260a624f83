"""Dense layers, and layers that scale."""

import keras
from keras import Input, Sequential, layers

from . import branches, case


@case
def dense():
    return Sequential(
        [
            Input((19,)),
            layers.Dense(33, activation="relu"),
            layers.Dense(7, use_bias=False, activation="tanh"),
            layers.Dense(1),
        ]
    )


@case
def dense_on_images():
    return Sequential([Input((3, 5, 7)), layers.Dense(11, activation="gelu"), layers.Dense(4)])


@case
def batch_normalization():
    bn = layers.BatchNormalization
    return branches(
        (5, 4, 6),
        bn(name="alone"),
        bn(axis=1, name="rows"),
        bn(axis=2, name="columns"),
        bn(center=False, epsilon=0.1, name="no_beta"),
        bn(scale=False, name="no_gamma"),
        bn(center=False, scale=False, name="neither"),
        [layers.Flatten(), bn(name="vectors"), layers.ReLU()],
    )


@case
def batch_normalization_folded():
    bn, pad = layers.BatchNormalization, layers.ZeroPadding2D
    return branches(
        (6, 7, 4),
        [layers.Conv2D(5, 3, name="conv"), bn(name="after_conv")],
        [
            layers.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False, name="dw"),
            bn(name="after_dw"),
        ],
        [layers.SeparableConv2D(5, 3, padding="same", name="sep"), bn(name="after_sep")],
        [layers.Dense(5, name="fc"), bn(name="after_fc")],
        # Not foldable: an activation between, or a reader of the convolution beside it.
        [layers.Conv2D(5, 3, activation="relu", name="relu_conv"), bn(name="after_relu")],
        # Before a padded convolution it must not move: the padding is 0, not -mean.
        [bn(name="before"), layers.Conv2D(3, 3, padding="same", name="padded")],
        [bn(name="before_pad"), pad(1), layers.DepthwiseConv2D(3, name="dw_padded")],
    )


@case
def rescaling():
    return branches(
        (4, 3, 3),
        layers.Rescaling(1 / 127.5, offset=-1, name="scalar"),
        layers.Rescaling([0.5, 2.0, 3.0], offset=[0.1, -0.2, 0.3], name="per_channel"),
        [layers.Rescaling(1 / 255.0), layers.Conv2D(4, 3, padding="same", name="conv")],
    )


@case
def normalization():
    norm = layers.Normalization
    model = branches(
        (4, 3, 3),
        norm(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 0.5], name="given"),
        norm(mean=0.5, variance=4.0, axis=None, name="scalar"),
        norm(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 0.5], invert=True, name="inverted"),
        norm(axis=-1, name="adapted"),
        norm(axis=(1, 3), name="adapted_two_axes"),
        norm(axis=None, name="adapted_no_axis"),
    )
    data = keras.random.normal((8, 4, 3, 3), mean=1.0, stddev=2.0, seed=1)
    for layer in model.layers:
        if layer.name.startswith("adapted"):
            layer.adapt(data)
    return model

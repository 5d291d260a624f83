"""Layers of one spatial dimension."""

from keras import Input, Model, layers

from . import branches, case


@case
def signals_convolutions():
    return branches(
        (19, 5),
        layers.Conv1D(7, 3, padding="causal", dilation_rate=2, activation="relu"),
        layers.Conv1D(6, 4, strides=3, padding="same", use_bias=False),
        layers.DepthwiseConv1D(3, depth_multiplier=2, padding="same"),
        layers.SeparableConv1D(9, 5, padding="same", activation="tanh"),
        layers.SeparableConv1D(4, 3, strides=2),
        layers.Conv1DTranspose(3, 4, strides=3, padding="same", output_padding=1),
    )


@case
def signals_pools():
    return branches(
        (19, 5),
        layers.MaxPooling1D(3, strides=2, padding="same"),
        layers.AveragePooling1D(4, padding="same"),
        layers.GlobalMaxPooling1D(),
        layers.GlobalAveragePooling1D(keepdims=True),
        [layers.ZeroPadding1D((2, 1)), layers.Cropping1D((1, 3)), layers.UpSampling1D(3)],
        [layers.GlobalAveragePooling1D(), layers.RepeatVector(4)],
    )


@case
def time_distributed():
    x = Input((3, 7, 6, 2), name="x")
    each = layers.TimeDistributed(layers.SeparableConv2D(4, 3, name="conv"), name="each")(x)
    return Model(x, layers.TimeDistributed(layers.GlobalAveragePooling2D(), name="means")(each))


@case
def spectral_normalization():
    return branches((7, 6, 3), layers.SpectralNormalization(layers.Conv2D(4, 3, name="conv")))

"""Layers of one spatial dimension."""

from keras import Input, Model, layers, ops

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


@case
def signals_fourier():
    x, image = Input((44,), name="x"), Input((6, 9), name="image")
    parts = ops.fft((image, ops.sin(image)))
    outputs = [*parts, *ops.fft2(parts), *ops.ifft2(parts), ops.irfft(parts), ops.irfft(parts, fft_length=11)]
    pieces = ops.stft(x, 12, 5, 16, center=False)
    outputs += [ops.istft(ops.stft(x, 12, 5, 16), 12, 5, 16), ops.istft(pieces, 12, 5, 16, length=40, center=False)]
    outputs += [ops.istft(pieces, 16, 4, 16, window=None)]
    return Model([x, image], outputs)


@case
def signals_spectrograms(runnable):
    x = Input((50, 2), name="x")
    modes = ["log", "magnitude", "psd", "real", "imag", "angle", "stft"]
    layer = layers.STFTSpectrogram
    outputs = [layer(mode, 12, 5, name=mode)(x) for mode in modes]
    outputs += [layer("magnitude", 11, fft_length=20, padding="same", expand_dims=True, name="image")(x)]
    y, order, data_format = ops.transpose(x, (0, 2, 1)), (0, 2, 3, 1), "channels_first"
    if runnable:
        y, order, data_format = x, (0, 1, 2, 3), "channels_last"
    first = layer("log", 8, window="hamming", expand_dims=True, data_format=data_format, name="first")
    return Model(x, [*outputs, ops.transpose(first(y), order)])

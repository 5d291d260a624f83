"""Operations of keras.ops on matrices, in order, scattered, and volumes and sequences."""

import numpy as np
from keras import Input, Model, layers, ops

from . import branches, case


@case
def operations_products():
    x, y = Input((4, 3), name="x"), Input((3, 5), name="y")
    weights = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]], "float32")
    mean, variance, offset = (np.array(list(v), "float32") for v in ((0.1, 0.2, -0.3), (1, 2, 0.5), (1, 0, 2)))
    outputs = [ops.tensordot(x, weights, axes=[[2], [1]]), ops.tensordot(x, weights[0], axes=1)]
    outputs += [ops.cross(x, x[:, ::-1] + 1), ops.cross(x[..., :2], x[..., 1:])]
    outputs += [ops.tril(x, 1), ops.triu(x, -1), ops.trace(x, 0, 1, 2), ops.diagonal(y, 1, 1, 2)]
    outputs += [ops.batch_normalization(x, mean, variance, axis=-1, offset=offset, scale=variance)]
    return Model([x, y], outputs)


@case
def operations_order():
    x = Input((5, 7), name="x")
    top, places = ops.top_k(x, 3)
    bins = np.array([-0.5, 0.0, 0.7], "float32")
    outputs = [ops.cumsum(x, axis=1), ops.cumprod(x, axis=-1), ops.sort(x, axis=1), ops.argsort(x), top, places]
    outputs += [ops.median(x, axis=1), ops.quantile(x, 0.3, axis=-1)]
    outputs += [ops.percentile(x, 75.0, axis=(1, 2), keepdims=True)]
    outputs += [ops.digitize(x, bins)]
    outputs += [ops.slice_update(x, (0, 1, 2), x[:, :2, :2] * 10)]
    return Model(x, outputs)


@case
def operations_parts():
    x, image = Input((4, 6), name="x"), Input((5, 7, 3), name="image")
    first, second, third, fourth = ops.array_split(x, 4, axis=2)
    outputs = [first, second, third, fourth, *ops.hsplit(x, 2), *ops.dsplit(x, [1, 4]), ops.append(x, x * 2, axis=1)]
    outputs += [ops.rot90(image, 1, axes=(1, 2)), ops.rot90(image[:, :, :5], 2, axes=(2, 1))]
    outputs += [ops.rot90(image, 3, axes=(1, 2))]
    outputs += [ops.diff(x), ops.diff(x, 2, axis=1), ops.trapezoid(x, dx=0.5), ops.isclose(x, x + 1e-6)]
    root = ops.sqrt(x)  # NaN where it is negative
    outputs += [ops.nan_to_num(root, nan=0.5), ops.nansum(root, axis=1), ops.nanmax(root, axis=-1)]
    outputs += [ops.nanmean(ops.nan_to_num(x), axis=2), ops.nanvar(x, axis=1, keepdims=True)]
    outputs += [ops.nanprod(root, axis=2)]
    return Model([x, image], outputs)


@case
def volumes():
    x = Input((5, 6, 7, 2), name="x")
    y = layers.Conv3D(3, (2, 3, 3), padding="same", strides=(1, 2, 1), activation="relu", name="conv")(x)
    z = layers.Conv3DTranspose(2, 3, strides=2, padding="same", name="transposed")(y)
    grouped = layers.Conv3D(4, 2, groups=2, dilation_rate=(1, 2, 1), name="grouped")(x)
    outputs = [z, layers.MaxPooling3D(2, padding="same")(x), layers.AveragePooling3D((2, 3, 2), 1, padding="same")(x)]
    outputs += [layers.GlobalAveragePooling3D()(y), layers.GlobalMaxPooling3D(keepdims=True)(y), grouped]
    outputs += [layers.ZeroPadding3D(((1, 0), (0, 2), (1, 1)))(y), layers.Cropping3D(1)(x)]
    outputs += [layers.UpSampling3D((1, 2, 3))(y)]
    return Model(x, outputs)


@case
def recurrent():
    x = Input((6, 5), name="x")
    lstm, hidden, cell = layers.LSTM(4, return_sequences=True, return_state=True, name="lstm")(x)
    outputs = [lstm, hidden, cell, layers.GRU(3, name="gru")(lstm)]
    outputs += [layers.LSTM(4, recurrent_activation="relu", name="next")(x, initial_state=[hidden, cell])]
    outputs += [layers.GRU(3, reset_after=False, return_sequences=True, go_backwards=True, name="older")(x)]
    outputs += [layers.SimpleRNN(4, use_bias=False, return_sequences=True, name="simple")(x)]
    both = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="both")(x)
    outputs += [both, layers.Bidirectional(layers.GRU(2), merge_mode="sum", name="sum")(both)]
    return Model(x, outputs)


@case
def adaptive_volumes():
    return branches((4, 5, 6, 2), layers.AdaptiveAveragePooling3D((2, 5, 3)), layers.AdaptiveMaxPooling3D((2, 3, 4)))


@case
def signals_spectrum():
    x = Input((200,), name="x")
    mel = {"fft_length": 32, "sequence_stride": 16, "sampling_rate": 8000, "num_mel_bins": 6}
    outputs = [layers.MelSpectrogram(**mel, sequence_length=24, power_to_db=False, name="mel")(x)]
    outputs += [*ops.stft(x, 20, 10, 32), *ops.stft(x, 32, 16, 32, window="hamming", center=False)]
    outputs += [*ops.rfft(x, fft_length=48), ops.extract_sequences(x, 16, 8)]
    return Model(x, outputs)


@case
def operations_patches():
    x, tokens = Input((7, 8, 3), name="x"), Input((4,), name="tokens", dtype="int32")
    kernel = np.linspace(-1, 1, 3 * 3 * 3 * 2, dtype="float32")
    pointwise = np.linspace(-0.5, 1, 6 * 4, dtype="float32").reshape(1, 1, 6, 4)
    outputs = [ops.image.extract_patches(x, (3, 2)), ops.image.extract_patches(x, 3, 2, padding="same")]
    outputs += [ops.unfold(ops.transpose(x, (0, 3, 1, 2)), (3, 2), padding=1, stride=2)]
    outputs += [ops.separable_conv(x, kernel.reshape(3, 3, 3, 2), pointwise, padding="same")]
    outputs += [ops.multi_hot(tokens, 100), ops.sparsemax(x), ops.saturate_cast(x * 300, "int8")]
    rows = x[:, :, 0]
    outputs += [ops.sqrt(ops.sum((rows[:, :, None] - rows[:, None]) ** 2, axis=-1) + 1.0)]
    return Model([x, tokens], outputs)


@case
def operations_colors():
    x = Input((6, 7, 3), name="x")
    y = ops.image.hsv_to_rgb(ops.sigmoid(x))
    outputs = [ops.image.rgb_to_hsv(y), y, ops.image.rgb_to_hsv(ops.relu(x - 0.5))]
    outputs += [ops.image.rgb_to_hsv(x[..., :1] + x * 0)]
    outputs += [ops.image.gaussian_blur(x), ops.image.gaussian_blur(x, (5, 3), (0.8, 1.5))]
    return Model(x, outputs)

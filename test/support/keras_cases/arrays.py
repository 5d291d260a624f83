"""Operations that others are made of, and layers that look up, pool by numbers or attend."""

import numpy as np
from keras import Input, Model, layers, ops

from . import branches, case


@case
def adaptive_pools():
    return branches((7, 10, 3), layers.AdaptiveAveragePooling2D((3, 4)), layers.AdaptiveMaxPooling2D((2, 4)),
                    layers.AdaptiveAveragePooling2D((7, 5)), layers.AdaptiveMaxPooling2D(1))


@case
def array_operations():
    x, image = Input((4, 6), name="x"), Input((5, 7, 3), name="image")
    outputs = [ops.hstack([x, x * 2]), ops.fliplr(x), ops.full_like(x, 1.5), ops.ptp(x, axis=1)]
    outputs += [ops.select([x > 0.5, x > 0], [x, x * 2], -1.0), ops.count_nonzero(x > 0, axis=-1)]
    outputs += [ops.layer_normalization(x), ops.rms_normalization(x), ops.stop_gradient(x)]
    outputs += [ops.image.rgb_to_grayscale(image), ops.image.crop_images(image, 1, 2, target_height=3, target_width=4)]
    outputs += [ops.image.pad_images(image, 1, 2, target_height=8, target_width=9)]
    heads = ops.reshape(x, (-1, 4, 2, 3))
    outputs += [ops.dot_product_attention(heads, heads, heads, is_causal=True)]
    outputs += [ops.heaviside(x, np.array([0.5], "float32"))]
    outputs += [ops.cbrt(x), ops.hypot(x, x + 1), ops.sinc(x), ops.trunc(x * 3)]
    outputs += [ops.fmod(x, 0.7)]
    outputs += [ops.divide_no_nan(x, ops.relu(x)), ops.erfc(x), ops.exp2(x), ops.logaddexp2(x, -x), ops.deg2rad(x)]
    return Model([x, image], outputs)


@case
def attention_layers():
    x, y = Input((5, 6), name="x"), Input((3, 6), name="y")
    outputs = [layers.Attention(use_scale=True, name="attention")([x, y]), layers.AdditiveAttention(name="sum")([x, y])]
    einsum = layers.EinsumDense("abc,cde->abde", (None, 2, 4), bias_axes="de", activation="relu", name="einsum")
    outputs += [einsum(x)]
    outputs += [layers.Dot(axes=(2, 2))([x, y]), layers.Dot(axes=-1, normalize=True)([x, x])]
    outputs += [layers.Masking(mask_value=0.0)(ops.relu(x))]
    tokens = Input((4,), name="tokens", dtype="int32")
    outputs += [layers.CategoryEncoding(100, name="encoding")(tokens)]
    return Model([x, y, tokens], outputs)

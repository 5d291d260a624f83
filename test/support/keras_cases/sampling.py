"""Images that are read at other places, and put together of patches."""

import numpy as np
from keras import Input, Model, ops

from . import case

PROJECTION = np.array([1.1, 0.2, -0.7, -0.1, 0.9, 0.6, 0.01, -0.02], "float32")


@case
def operations_sampling():
    x, each = Input((6, 7, 3), name="x"), Input((8,), name="each")
    outputs = []
    for interpolation, outside in (("bilinear", "constant"), ("bilinear", "reflect"), ("nearest", "wrap")):
        arguments = {"interpolation": interpolation, "fill_mode": outside, "fill_value": 0.25}
        outputs += [ops.image.affine_transform(x, PROJECTION, **arguments)]
    moved = ops.tanh(each) * np.array([0.1] * 6 + [0] * 2, "float32") + PROJECTION
    outputs += [ops.image.affine_transform(x, moved), ops.image.sobel_edges(x)]
    return Model([x, each], outputs)


@case
def operations_places():
    x = Input((2, 9), name="x")
    image = ops.convert_to_tensor(np.random.default_rng(1).normal(size=(5, 4)).astype("float32"))
    places = 3 * ops.transpose(x, (1, 0, 2)) + 1
    outputs = [ops.image.map_coordinates(image, places, order=0, fill_value=0.5)]
    outputs += [ops.image.map_coordinates(image, places, order=1, fill_mode=mode) for mode in ("nearest", "wrap")]
    return Model(x, outputs)


@case
def operations_patches_back():
    x, y = Input((2 * 6, 20), name="x"), Input((9, 9), name="y")
    outputs = [ops.fold(x, (6, 6), (3, 2)), ops.fold(y, (8, 7), 3, dilation=2, padding=1, stride=2)]
    return Model([x, y], outputs)

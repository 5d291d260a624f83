"""Valid archives with the wrong weights."""

import io

import h5py
import numpy as np

from . import edited, file


def weights_edited(edit):
    def edit_parts(parts):
        content = io.BytesIO(parts["model.weights.h5"])
        with h5py.File(content, "r+") as weights:
            edit(weights)
        parts["model.weights.h5"] = content.getvalue()

    return edited(edit_parts)


def replace(group, name, value):
    del group[name]
    group[name] = value


@file("weight-shape.keras")
def weight_shape():
    """features/pointwise_kernel is 1x1x5x3 for 1x1x2x3, answer/bias has 4 elements for 2: both are
    reported.
    """

    def edit(weights):
        replace(weights["layers/separable_conv2d/vars"], "1", np.ones((1, 1, 5, 3), "float32"))
        replace(weights["layers/dense/vars"], "1", np.ones(4, "float32"))

    return weights_edited(edit)


@file("weight-dtype.keras")
def weight_dtype():
    """features/depthwise_kernel is int32, answer/bias a string: both are reported; answer/kernel is
    float64, which is read.
    """

    def edit(weights):
        replace(weights["layers/separable_conv2d/vars"], "0", np.ones((3, 3, 2, 1), "int32"))
        replace(weights["layers/dense/vars"], "0", np.ones((12, 2), "float64"))
        replace(weights["layers/dense/vars"], "1", "zeros")

    return weights_edited(edit)


@file("weight-missing.keras")
def weight_missing():
    """The datasets of features/bias and the whole group of the layer answer are missing: both are
    reported.
    """

    def edit(weights):
        del weights["layers/separable_conv2d/vars/2"]
        del weights["layers/dense"]

    return weights_edited(edit)


@file("weight-extra.keras")
def weight_extra():
    """answer has three weights for two: perhaps the weights of another model."""
    return weights_edited(
        lambda weights: weights["layers/dense/vars"].create_dataset("2", data=np.ones(2, "float32"))
    )


@file("weight-group.keras")
def weight_group():
    """Where the dataset of answer/kernel should be there is a group."""

    def edit(weights):
        del weights["layers/dense/vars/0"]
        weights["layers/dense/vars"].create_group("0")

    return weights_edited(edit)


@file("weight-not-finite.keras")
def weight_not_finite():
    """answer/kernel holds a NaN and an infinity (a warning is enough)."""

    def edit(weights):
        weights["layers/dense/vars/0"][0, 0] = np.nan
        weights["layers/dense/vars/0"][1, 1] = np.inf

    return weights_edited(edit)

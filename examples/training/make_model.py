#!/usr/bin/env python3
"""Make the network that main.c trains, and its training data.

Needs Keras 3 and scikit-learn. It writes, next to this file,
  training.json  the digits network without weights (examples/digits/train.py), with two outputs: the
                 features that the last layer reads, and the probabilities
  images.npy     the images that examples/digits does not hold out, uint8, N x 8 x 8
  labels.npy     their digits, uint8, N
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
from keras import constraints, initializers, layers, regularizers

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "digits"))
import train  # noqa: E402


def with_initializers(layer):
    """The layer, initialized so that its output is about as large as its input."""
    config = layer.get_config()
    for part in ("kernel", "pointwise"):
        if f"{part}_initializer" in config:
            config[f"{part}_initializer"] = initializers.HeNormal()
    if "depthwise_initializer" in config:  # one channel is summed over its window only
        config["depthwise_initializer"] = initializers.VarianceScaling(
            input_axes=[0, 1], output_axes=[3]
        )
    return type(layer).from_config(config)


def make_model():
    """The digits network; all but its last layer stays as it is initialized."""
    digits = keras.models.clone_model(train.make_model(), clone_function=with_initializers)
    digits.trainable = False
    features = next(layer for layer in digits.layers if isinstance(layer, layers.Flatten)).output
    probabilities = layers.Dense(
        10,
        activation="softmax",
        kernel_regularizer=regularizers.L2(1e-4),
        kernel_constraint=constraints.MaxNorm(3),
        name="probabilities",
    )(features)
    outputs = {"features": features, "probabilities": probabilities}
    return keras.Model(digits.inputs, outputs, name="training")


def main():
    images, _, labels, _ = train.load()
    np.save(HERE / "images.npy", images[..., 0].astype("uint8"))
    np.save(HERE / "labels.npy", labels.astype("uint8"))
    (HERE / "training.json").write_text(make_model().to_json(indent=1) + "\n")
    print(f"{len(images)} images, {make_model().count_params()} parameters")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Generate networks of keras.applications with random weights, and Keras's outputs for them.

Needs Keras 3 with TensorFlow. The files are those of make_keras_cases.py, and as large as the networks
(20 to 400 MB); check_keras_cases.py --cases DIR compiles and compares them.
"""

import argparse
import zlib
from pathlib import Path

from make_keras_cases import keras, np, randomize, save_case  # sets up TensorFlow first

# The height and width of the image: the least or a small one, to be quick.
SIZES = {
    "MobileNet": 96,
    "MobileNetV2": 96,
    "MobileNetV3Small": 96,
    "MobileNetV3Large": 96,
    "EfficientNetB0": 96,
    "EfficientNetV2B0": 96,
    "Xception": 75,
    "NASNetMobile": 96,
    "DenseNet121": 75,
    "ResNet50": 75,
    "ResNet50V2": 75,
    "InceptionV3": 75,
}
SCALE = 64  # some networks rescale an image of 0 to 255 themselves


def make(name, directory):
    keras.utils.clear_session()
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    build = getattr(keras.applications, name)
    size = SIZES[name]
    model = build(input_shape=(size, size, 3), weights=None, classifier_activation=None)
    randomize(model, rng)
    # The statistics that there are with these weights keep activations near 1 at any depth. A channel
    # that hardly varies gets more variance than it has: its own would only amplify rounding.
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in norms:
        layer.momentum = 0.0
    model((SCALE * rng.standard_normal((4, size, size, 3))).astype("float32"), training=True)
    for layer in norms:
        variance = np.asarray(layer.moving_variance)
        layer.moving_variance.assign(variance + variance.mean() * rng.uniform(0.2, 1, variance.shape))
    save_case(model, lambda inputs: [model(inputs[0], training=False)], name, directory, rng, SCALE)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(SIZES)} (default: all)")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(SIZES):
        parser.error(f"unknown network {', '.join(sorted(unknown))}")
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or SIZES:
        print(name, flush=True)
        make(name, arguments.output)


if __name__ == "__main__":
    main()
